import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  createLivePublisher,
  createLiveSubscriber,
  type LiveChange,
  type LivePublisher,
  type LiveSubscriber,
} from "../../../jobs/live.ts";
import { freshRedis } from "../../support/servers.ts";

let redis: Awaited<ReturnType<typeof freshRedis>>;
let publisher: LivePublisher;
let subscriber: LiveSubscriber;

beforeAll(async () => {
  redis = await freshRedis();
  publisher = createLivePublisher(redis.url);
  subscriber = createLiveSubscriber(redis.url);
});

afterAll(async () => {
  await publisher.close();
  await subscriber.close();
  await redis.stop();
});

/** Publishes until it is heard: a subscription takes a moment to reach the server. */
async function listening(shop: string): Promise<LiveChange[]> {
  const heard: LiveChange[] = [];
  subscriber.subscribe(shop, (change) => heard.push(change));
  await vi.waitFor(() => {
    publisher.publish(shop, { items: ["first"] });
    expect(heard.length).toBeGreaterThan(0);
  });
  return heard;
}

test("a burst of changes is told in few messages that name every item", async () => {
  const heard = await listening("s1");
  const items = Array.from({ length: 100 }, (_, n) => `i${n}`);
  for (const item of items) publisher.publish("s1", { items: [item] });
  const named = () => new Set(heard.flatMap((change) => change.items ?? []));
  await vi.waitFor(() => expect([...named()]).toEqual(expect.arrayContaining(items)));
  expect(heard.length).toBeLessThan(10);
});

test("a change without items stands for all that were gathered", async () => {
  const heard = await listening("s2");
  publisher.publish("s2", { items: ["a"] });
  publisher.publish("s2", {});
  publisher.publish("s2", { items: ["b"] });
  await vi.waitFor(() => expect(heard).toContainEqual({}));
});

test("invariant 11: a shop hears nothing of another, and nothing after it stopped listening", async () => {
  const mine: LiveChange[] = [];
  const stop = subscriber.subscribe("s3", (change) => mine.push(change));
  const other = await listening("s4");
  expect(other.length).toBeGreaterThan(0);
  expect(mine).toEqual([]);
  stop();
  publisher.publish("s3", { items: ["late"] });
  const before = other.length;
  await vi.waitFor(() => {
    publisher.publish("s4", { items: ["after"] });
    expect(other.length).toBeGreaterThan(before);
  });
  expect(mine).toEqual([]);
});
