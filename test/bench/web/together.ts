import { connect, type Socket } from "node:net";

export interface Place {
  host: string;
  port: number;
}

/** Connections that are opened at a time: more than a server lines up to be accepted are lost. */
const OPENED_AT_ONCE = 200;

export interface Told {
  status: string;
  ms: number;
}

/**
 * Sends requests that are all open at once: each on a connection of its own, and each begun before
 * any of them is complete, so that none can be answered before the last has arrived.
 */
export async function askTogether(
  { host, port }: Place,
  requests: readonly Buffer[],
): Promise<Told[]> {
  const sockets: Socket[] = [];
  while (sockets.length < requests.length) {
    const count = Math.min(OPENED_AT_ONCE, requests.length - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: count }, () => open(host, port)))));
  }
  // No server answers a request before it has read the end of its headers.
  await Promise.all(requests.map((request, at) => send(sockets[at], request.subarray(0, BEGUN))));
  const told = Promise.all(sockets.map(answerOn));
  requests.forEach((request, at) => void sockets[at]?.write(request.subarray(BEGUN)));
  return told;
}

/** Bytes of a request that do not yet say what it wants. */
const BEGUN = 4;

function open(host: string, port: number): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect({ host, port, noDelay: true }, () => done(socket));
    socket.once("error", fail);
  });
}

function send(socket: Socket | undefined, bytes: Buffer): Promise<void> {
  return new Promise((done) => socket?.write(bytes, () => done()));
}

function answerOn(socket: Socket): Promise<Told> {
  const start = performance.now();
  return new Promise((done, fail) => {
    const answer = new AnswerReader();
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      const status = answer.read(chunk);
      if (status === undefined) return;
      done({ status, ms: performance.now() - start });
      socket.destroy();
    });
    socket.once("close", () => fail(new Error("a connection ended without its answer")));
  });
}

/** Puts answers together from their pieces, one after the other; they say their length. */
export class AnswerReader {
  #gathered = "";

  /** The status of an answer that is complete with this piece. */
  read(chunk: string): string | undefined {
    this.#gathered += chunk;
    const head = this.#gathered.indexOf("\r\n\r\n");
    if (head < 0) return undefined;
    const said = /content-length: (\d+)/i.exec(this.#gathered.slice(0, head))?.[1];
    if (this.#gathered.length < head + 4 + Number(said ?? 0)) return undefined;
    const status = this.#gathered.slice(9, 12);
    this.#gathered = "";
    return status;
  }
}
