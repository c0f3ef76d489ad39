import { Worker } from "bullmq";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openQueues, QUEUE_PREFIX, type Queues } from "../../../jobs/queues.ts";
import { freshRedis } from "../../support/servers.ts";

let redis: Awaited<ReturnType<typeof freshRedis>>;
let queues: Queues;

beforeAll(async () => {
  redis = await freshRedis();
  queues = openQueues(redis.url);
});

afterAll(async () => {
  await queues.close();
  await redis.stop();
});

test("a hundred requests to push a connection become the run under way and one more", async () => {
  let release = () => {};
  const held = new Promise<void>((done) => {
    release = done;
  });
  let runs = 0;
  const worker = new Worker(
    "push.connection",
    async () => {
      runs += 1;
      if (runs === 1) await held;
    },
    {
      connection: { url: redis.url, maxRetriesPerRequest: null },
      prefix: QUEUE_PREFIX,
      concurrency: 8,
    },
  );
  await queues.enqueue("push.connection", { connection: "c1" });
  await vi.waitFor(() => expect(runs).toBe(1));
  for (let n = 0; n < 100; n += 1) await queues.enqueue("push.connection", { connection: "c1" });
  release();
  await vi.waitFor(() => expect(runs).toBe(2));
  await queues.enqueue("push.connection", { connection: "c2" });
  await vi.waitFor(() => expect(runs).toBe(3));
  await worker.close();
});

test("a payload that is not the kind's own is refused before it is stored", async () => {
  const wrong = { connection: 7 } as unknown as { connection: string };
  await expect(queues.enqueue("push.connection", wrong)).rejects.toThrow();
});

test("while Redis is away an add fails instead of waiting for ever", async () => {
  const away = openQueues("redis://127.0.0.1:1");
  await expect(away.enqueue("push.connection", { connection: "c1" })).rejects.toThrow();
  await away.close();
});
