import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Stands before a server. While it hangs it takes everything and passes nothing on. */
export interface BlackHole {
  /** The server's address, by way of this. */
  url: string;
  hang(): void;
  passOn(): void;
  stop(): Promise<void>;
}

export async function blackHoleBefore(url: string): Promise<BlackHole> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let hangs = false;
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    if (hangs) socket.pause();
  };
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on("data", (chunk) => to.write(chunk));
      from.once("close", () => to.destroy());
      track(from);
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const by = new URL(url);
  by.port = String((server.address() as AddressInfo).port);
  by.hostname = "127.0.0.1";
  return {
    url: by.href,
    hang: () => {
      hangs = true;
      for (const socket of sockets) socket.pause();
    },
    passOn: () => {
      hangs = false;
      for (const socket of sockets) socket.resume();
    },
    stop: async () => {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
