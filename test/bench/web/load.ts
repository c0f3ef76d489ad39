/**
 * The load, in a process of its own: sockets that each send their next request when the one before
 * it is answered. Requests are made before the clock runs, so that it costs the machine little.
 */
import { connect } from "node:net";
import { type Kind, requestBytes, type Target } from "./requests.ts";
import { AnswerReader, askTogether } from "./together.ts";

export interface Plan {
  kind: Kind;
  target: Target;
  connections: number;
  seconds: number;
  /** Requests that are made beforehand; a run ends when they are used up. */
  requests: number;
  /** All holds are of this SKU, when it is given. */
  sku?: string;
  /** All requests are open at once, each on a connection of its own. */
  together?: true;
}

export interface Measured {
  /** Right answers a second. */
  rps: number;
  right: number;
  wrong: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers by status. */
  statuses: Record<string, number>;
}

const plan: Plan = JSON.parse(process.argv[2] ?? "");
process.stdout.write(JSON.stringify(await run(plan)));

async function run(plan: Plan): Promise<Measured> {
  const { kind, target, connections, seconds, requests, sku, together } = plan;
  const made = Array.from({ length: requests }, (_, n) => requestBytes(kind, n, target, sku));
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  const start = performance.now();
  const end = start + seconds * 1_000;
  let next = 0;
  const take = () => {
    if (performance.now() >= end) return undefined;
    return made[next++];
  };
  const heard = (status: string, ms: number) => {
    statuses[status] = (statuses[status] ?? 0) + 1;
    latencies.push(ms);
  };
  if (together) for (const { status, ms } of await askTogether(target, made)) heard(status, ms);
  else await Promise.all(Array.from({ length: connections }, () => shopper(target, take, heard)));
  const elapsed = (performance.now() - start) / 1_000;
  const sorted = Float64Array.from(latencies).sort();
  const quantile = (q: number) => sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
  const right = (statuses["200"] ?? 0) + (statuses["201"] ?? 0);
  return {
    ...{ rps: right / elapsed, right, wrong: latencies.length - right },
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    statuses,
  };
}

/** One connection, until there is nothing more to ask. */
function shopper(
  { host, port }: Target,
  take: () => Buffer | undefined,
  heard: (status: string, ms: number) => void,
): Promise<void> {
  return new Promise((done, fail) => {
    const socket = connect({ host, port, noDelay: true });
    let asked = 0;
    const answer = new AnswerReader();
    const ask = () => {
      const request = take();
      if (!request) return socket.end();
      asked = performance.now();
      socket.write(request);
    };
    socket.setEncoding("latin1");
    socket.once("connect", ask);
    socket.on("data", (chunk: string) => {
      const status = answer.read(chunk);
      if (status === undefined) return;
      heard(status, performance.now() - asked);
      ask();
    });
    socket.once("close", () => done());
    socket.once("error", fail);
  });
}
