import { afterAll, beforeAll, expect, test } from "vitest";
import { createLedger } from "../../ledger/client.ts";
import { itemOn, openLedger, type TestLedger } from "./open-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await openLedger({ partitions: 1 });
});
afterAll(() => ledger.close());

const receive = { type: "receive", location: "main", quantity: 5 } as const;
const hold = (id: string) => ({ type: "hold", hold: id, quantity: 1, ttlMs: 60_000 }) as const;

test("D5: no answer in time is a timeout; the same activity tells later what became of it", async () => {
  const hasty = createLedger({ url: ledger.url, partitions: 1, timeoutMs: 200 });
  await hasty.whenConnected();
  const patient = itemOn(ledger);
  await patient.do(receive);
  const item = itemOn(hasty, patient.shop, patient.item);
  await ledger.connection.redis.client("PAUSE", 600, "ALL");
  const asked = { ...hold("slow"), activity: "slow" };
  const first = item.ask(asked);
  await new Promise((done) => setImmediate(done));
  // Asked while the first is on its way, and never sent: nobody has to wonder about it.
  const second = item.ask(hold("behind"));
  expect(await first).toEqual({ outcome: "unavailable", why: "timeout" });
  expect(await second).toEqual({ outcome: "unavailable", why: "away" });
  expect(await patient.do(asked)).toMatchObject({ repeated: true });
  await hasty.close();
});

test("a broken rule stops its own command and no other, and leaves nothing behind", async () => {
  const [broken, sound] = [itemOn(ledger), itemOn(ledger)];
  for (const item of [broken, sound]) await item.do(receive);
  await broken.do(hold("h"));
  // Somebody has been at Redis with a tool of their own.
  await ledger.connection.redis.hset(ledger.keys.item(broken.shop, broken.item), "held", 0);
  const [fine, failed, fineToo] = await Promise.allSettled([
    sound.do(hold("a")),
    broken.do({ type: "release", hold: "h" }),
    sound.do(hold("b")),
  ]);
  expect([fine.status, fineToo.status]).toEqual(["fulfilled", "fulfilled"]);
  expect(String((failed as PromiseRejectedResult).reason)).toContain("held is a count");
  expect((await broken.events()).map(({ type }) => type)).toEqual(["receive", "hold"]);
  expect(await sound.stock()).toMatchObject({ held: 2 });
});
