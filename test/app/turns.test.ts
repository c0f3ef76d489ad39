import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, expect, test } from "vitest";
import { inTurn, type TurnLimits } from "../../app/turns.ts";

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
});

/** A route that answers when it is told to, behind turns. */
async function open(limits: TurnLimits) {
  const waiting: (() => void)[] = [];
  const app = express();
  app.use(inTurn(limits, (response) => response.status(429).end()));
  app.get("/", (_request, response) => {
    waiting.push(() => response.status(200).end());
  });
  server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const ask = async (signal?: AbortSignal) => {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: signal ?? null });
    return response.status;
  };
  const working = (count: number) => expect.poll(() => waiting.length).toBe(count);
  return { ask, waiting, working, finish: () => waiting.shift()?.() };
}

test("C1: so many are worked on, so many wait for their turn, and the rest are sent away", async () => {
  const { ask, working, finish } = await open({ atOnce: 2, waiting: 1, patienceMs: 60_000 });
  const first = [ask(), ask()];
  await working(2);
  const third = ask();
  // Whoever comes when the line is full hears so at once, while the others still wait.
  await expect.poll(() => ask()).toBe(429);
  finish();
  await working(2);
  finish();
  finish();
  expect(await Promise.all([...first, third])).toEqual([200, 200, 200]);
});

test("C1: whoever hung up while waiting takes nobody's turn", async () => {
  const { ask, working, finish } = await open({ atOnce: 1, waiting: 5, patienceMs: 60_000 });
  const first = ask();
  await working(1);
  const gone = new AbortController();
  const second = ask(gone.signal).catch(() => "gone");
  const third = ask();
  await new Promise((done) => setTimeout(done, 100));
  gone.abort();
  expect(await second).toBe("gone");
  await new Promise((done) => setTimeout(done, 100));
  finish();
  await working(1);
  finish();
  expect(await Promise.all([first, third])).toEqual([200, 200]);
});
