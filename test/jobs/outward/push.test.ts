import { afterAll, beforeAll, expect, test } from "vitest";
import type { UnauthorizedCause } from "../../../connectors/connector.ts";
import { letIn } from "../../../prisma/connections.ts";
import {
  discardDeadLetter,
  openDeadLetters,
  retryDeadLetter,
} from "../../../prisma/dead-letters.ts";
import { type House, Merchant, openHouse } from "./house.ts";
import { Marketplace } from "./marketplace.ts";
import { type OpenShop, sale, shopOn } from "./shop.ts";

let house: House;
const shopify: OpenShop = (...how) => shopOn(house, ...how);

beforeAll(async () => {
  house = await openHouse();
});

afterAll(() => house.close());

test("a hundred sales become one call that carries the newest number", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 500);
  for (let n = 0; n < 50; n += 1) await merchant.hear(sale(merchant, "tea"));
  await merchant.push("shopify");
  expect(marketplace.sent, "a listing that shows plenty rests between two numbers").toEqual([]);
  expect(merchant.wishes("push.connection")).toEqual([500]);
  for (let n = 0; n < 50; n += 1) await merchant.hear(sale(merchant, "tea"));
  merchant.now += 500;
  await merchant.push("shopify");
  expect(marketplace.sent.map((line) => line.quantity)).toEqual([400]);
  expect(await merchant.listing("shopify", "tea")).toMatchObject({
    planned: 400,
    accepted: 400,
    acceptedSeq: BigInt(merchant.book.seq),
  });
});

test("what lowers is sent before what raises, and the least covered first", async () => {
  const { merchant, marketplace } = await shopify(["a", "b", "c", "d"], 10, { pushBatch: 1 });
  const { book } = merchant;
  await merchant.hear(book.receive(merchant.item("a"), 5));
  await merchant.hear(sale(merchant, "b", 3), sale(merchant, "c", 9), sale(merchant, "d", 6));
  await merchant.push("shopify");
  expect(marketplace.sent.map((line) => line.externalId)).toEqual(["L-c", "L-d", "L-b", "L-a"]);
});

test("a plan that comes back to what the marketplace has pushes nothing", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10);
  await merchant.hear(sale(merchant, "tea", 2));
  await merchant.hear(merchant.book.receive(merchant.item("tea"), 2));
  await merchant.push("shopify");
  expect(marketplace.sent).toEqual([]);
  expect(await merchant.listing("shopify", "tea")).toMatchObject({
    planned: 10,
    acceptedSeq: BigInt(merchant.book.seq),
    dirty: false,
  });
});

test("a partial failure is tried again alone", async () => {
  const { merchant, marketplace } = await shopify(["a", "b", "c"], 10);
  await merchant.hear(sale(merchant, "a", 1), sale(merchant, "b", 2), sale(merchant, "c", 3));
  marketplace.answers.push(
    () => undefined,
    () => ({ outcome: "rejected", why: "no such place" }),
  );
  await merchant.push("shopify");
  expect(marketplace.batches.map((batch) => batch.length)).toEqual([3]);
  expect(await merchant.listing("shopify", "b")).toMatchObject({
    ...{ tries: 1, trouble: "no such place", accepted: 10 },
  });
  expect(merchant.wishes("push.connection")).toEqual([1_000]);
  merchant.now += 1_000;
  await merchant.push("shopify");
  expect(marketplace.batches[1]?.map((line) => line.externalId)).toEqual(["L-b"]);
  expect(await merchant.listing("shopify", "b")).toMatchObject({ tries: 0, trouble: null });
});

test("what one listing has used up holds no other back, and waits for its own day", async () => {
  const { merchant, marketplace } = await shopify(["a", "b", "c"], 10, { pushBatch: 1 });
  const until = merchant.now + 3_600_000;
  marketplace.answers.push(() => ({ outcome: "exhausted", until, why: "250 revisions" }));
  await merchant.hear(sale(merchant, "a", 9), sale(merchant, "b", 2), sale(merchant, "c", 3));
  await merchant.push("shopify");
  expect(marketplace.sent.map((line) => line.externalId)).toEqual(["L-a", "L-c", "L-b"]);
  expect(await merchant.listing("shopify", "a")).toMatchObject({
    ...{ tries: 0, trouble: "250 revisions", accepted: 10, notBefore: new Date(until) },
  });
  await merchant.hear(sale(merchant, "b", 1));
  merchant.now += 1_000;
  await merchant.push("shopify");
  expect(marketplace.sent.at(-1)).toMatchObject({ externalId: "L-b", quantity: 7 });
});

/** Rejects the next three tries of a listing, and runs the job as its back-off allows. */
async function rejectThrice(merchant: Merchant, marketplace: Marketplace) {
  for (let n = 0; n < 3; n += 1) {
    marketplace.answers.push(() => ({ outcome: "rejected", why: "not for sale" }));
    await merchant.push("shopify");
    merchant.now += 4_000;
  }
}

test("D9: after three failed tries a push is kept as a dead letter and left alone", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10);
  await merchant.hear(sale(merchant, "tea"));
  await rejectThrice(merchant, marketplace);
  merchant.now += 1_000_000;
  await merchant.push("shopify");
  expect(marketplace.sent).toHaveLength(3);
  const [letter] = await openDeadLetters(house.db, merchant.shop, { limit: 10 });
  const { id: listing } = await merchant.listing("shopify", "tea");
  expect(letter).toMatchObject({ kind: "push", subject: listing, error: "not for sale" });
});

test("D9: a retried dead letter is pushed again, and is closed by one person only", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10);
  await merchant.hear(sale(merchant, "tea"));
  await rejectThrice(merchant, marketplace);
  const [letter] = await openDeadLetters(house.db, merchant.shop, { limit: 10 });
  const retried = await retryDeadLetter(house.db, merchant.shop, letter?.id ?? "", "fixed there");
  expect(retried).toEqual({
    outcome: "retried",
    job: { name: "push.connection", payload: { connection: merchant.id("shopify") } },
  });
  await merchant.push("shopify");
  expect(marketplace.numbers.get("L-tea")).toBe(9);
  expect(await openDeadLetters(house.db, merchant.shop, { limit: 10 })).toEqual([]);
  expect(await retryDeadLetter(house.db, merchant.shop, letter?.id ?? "", "again")).toEqual({
    outcome: "gone",
  });
});

const ENDED = { by: "person:p1", why: "listing ended" };

test("D9: a discarded push stays undone until the listing gets another number", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10);
  await merchant.hear(sale(merchant, "tea"));
  await rejectThrice(merchant, marketplace);
  const [letter] = await openDeadLetters(house.db, merchant.shop, { limit: 10 });
  expect(await discardDeadLetter(house.db, merchant.shop, letter?.id ?? "", ENDED)).toBe(true);
  await merchant.push("shopify");
  expect(marketplace.sent).toHaveLength(3);
  await merchant.hear(sale(merchant, "tea"));
  await merchant.push("shopify");
  expect(marketplace.numbers.get("L-tea")).toBe(8);
});

test("an accepted number closes the dead letter of one before it", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10);
  await merchant.hear(sale(merchant, "tea"));
  await rejectThrice(merchant, marketplace);
  await merchant.hear(sale(merchant, "tea"));
  await merchant.push("shopify");
  expect(await openDeadLetters(house.db, merchant.shop, { limit: 10 })).toEqual([]);
});

test("invariant 11: nobody retries or discards another shop's dead letter", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10);
  await merchant.hear(sale(merchant, "tea"));
  await rejectThrice(merchant, marketplace);
  const [letter] = await openDeadLetters(house.db, merchant.shop, { limit: 10 });
  const other = await Merchant.open(house.db, ["tea"], []);
  const id = letter?.id ?? "";
  expect(await openDeadLetters(house.db, other.shop, { limit: 10 })).toEqual([]);
  expect(await retryDeadLetter(house.db, other.shop, id, "mine")).toEqual({ outcome: "gone" });
  expect(await discardDeadLetter(house.db, other.shop, id, ENDED)).toBe(false);
});

test("a stale number is sent again at once, expecting what is there, under a new key", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10, {}, true);
  marketplace.numbers.set("L-tea", 7); // three were bought there, and nobody told us yet
  await merchant.hear(sale(merchant, "tea", 5));
  await merchant.push("shopify");
  expect(marketplace.sent.map(({ quantity, expected }) => [quantity, expected])).toEqual([
    [5, 10],
    [2, 7],
  ]);
  expect(new Set(marketplace.sent.map((line) => line.key)).size).toBe(2);
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ accepted: 2, tries: 0 });
});

test("a stale answer that does not say the number is read back first", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10, {}, true);
  marketplace.numbers.set("L-tea", 7);
  marketplace.reads.length = 0;
  marketplace.answers.push(() => ({ outcome: "stale", current: null }));
  await merchant.hear(sale(merchant, "tea", 5));
  await merchant.push("shopify");
  expect(marketplace.reads).toEqual([["L-tea"]]);
  expect(marketplace.sent.at(-1)).toMatchObject({ quantity: 5, expected: 7 });
});

test("a number that somebody else keeps changing is not fought over without a pause", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10, {}, true);
  const fight = () => ({ outcome: "stale", current: 99 }) as const;
  marketplace.answers.push(...Array.from({ length: 20 }, () => fight));
  await merchant.hear(sale(merchant, "tea"));
  await merchant.push("shopify");
  expect(marketplace.sent).toHaveLength(4);
  expect(merchant.wishes("push.connection")).toEqual([1_000]);
});

test("a sale on the channel itself is expected by compare-and-set: one call", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10, {}, true);
  marketplace.numbers.set("L-tea", 8); // it lowered its own number
  const own = { channel: "shopify", connection: merchant.id("shopify") };
  await merchant.hear({ ...merchant.book.sell(merchant.item("tea"), "o", 2), ...own });
  await merchant.push("shopify");
  expect(marketplace.sent.map(({ quantity, expected }) => [quantity, expected])).toEqual([[8, 8]]);
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ accepted: 8, soldSince: 0 });
});

test("a throttled connection waits as long as it was told, without spending a try", async () => {
  const { merchant, marketplace } = await shopify(["a", "b"], 10, { pushBatch: 1 });
  await merchant.hear(sale(merchant, "a", 2), sale(merchant, "b", 1));
  const retryAt = merchant.now + 7_000;
  marketplace.answers.push(() => ({ outcome: "throttled", retryAt, why: "slow down" }));
  await merchant.push("shopify");
  await merchant.push("shopify");
  expect(marketplace.sent.length).toBeLessThanOrEqual(2); // calls already under way may follow
  expect(merchant.wishes("push.connection")).toEqual([7_000, 7_000]);
  expect(await merchant.listing("shopify", "a")).toMatchObject({ tries: 0, inDoubt: false });
  merchant.now = retryAt;
  await merchant.push("shopify");
  expect(marketplace.numbers).toEqual(new Map(Object.entries({ "L-a": 8, "L-b": 9 })));
});

test("our own pace keeps calls inside the limit and says when to go on", async () => {
  const rate = { perSecond: 5, burst: 2 };
  const calls = { push: rate, readBack: rate, orders: rate, listings: rate };
  const marketplace = new Marketplace("shopify", { pushBatch: 1, calls });
  const merchant = await Merchant.open(house.db, ["a", "b", "c"], [marketplace]);
  for (const sku of ["a", "b", "c"]) {
    await merchant.hear(merchant.book.receive(merchant.item(sku), 10));
  }
  await merchant.push("shopify");
  expect(marketplace.sent).toHaveLength(2);
  expect(merchant.wishes("push.connection").at(-1)).toBe(200);
  merchant.now += 200;
  await merchant.push("shopify");
  expect(marketplace.sent).toHaveLength(3);
});

test("an outage spends no try, backs off, and is read back before the next write", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10);
  marketplace.reads.length = 0;
  await merchant.hear(sale(merchant, "tea"));
  marketplace.answers.push(() => ({ outcome: "unavailable", why: "HTTP 503" }));
  await merchant.push("shopify");
  expect(merchant.wishes("push.connection")).toEqual([1_000]);
  marketplace.readFailure = { outcome: "unavailable", why: "HTTP 503" };
  merchant.now += 1_000;
  await merchant.push("shopify");
  expect(merchant.wishes("push.connection")).toEqual([1_000, 4_000]);
  expect(marketplace.sent).toHaveLength(1);
  marketplace.readFailure = undefined;
  merchant.now += 4_000;
  await merchant.push("shopify");
  expect(marketplace.reads).toEqual([["L-tea"], ["L-tea"]]);
  expect(marketplace.numbers.get("L-tea")).toBe(9);
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ tries: 0, trouble: null });
});

test("a push whose answer was lost, but which counted, is not sent again", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10);
  await merchant.hear(sale(merchant, "tea"));
  marketplace.answers.push((line) => {
    marketplace.numbers.set(line.externalId, line.quantity);
    return { outcome: "unknown", why: "no answer: TIMEOUT" };
  });
  await merchant.push("shopify");
  merchant.now += 1_000;
  await merchant.push("shopify");
  expect(marketplace.sent).toHaveLength(1);
  expect(await merchant.listing("shopify", "tea")).toMatchObject({
    ...{ accepted: 9, inDoubt: false, dirty: false, acceptedSeq: BigInt(merchant.book.seq) },
  });
  const pushes = await house.db.push.findMany({ where: { shopId: merchant.shop } });
  expect(pushes.map((push) => push.outcome)).toEqual(["accepted", "accepted"]);
});

test("near the end every sale is told at once", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 50);
  merchant.now += 500;
  for (const left of [49, 48, 47]) {
    await merchant.hear(sale(merchant, "tea"));
    await merchant.push("shopify");
    expect(marketplace.sent.at(-1)?.quantity).toBe(left);
  }
});

test("a crash between sending and recording is noticed: read back first, then go on", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10);
  marketplace.reads.length = 0;
  await merchant.hear(sale(merchant, "tea"));
  marketplace.beforeAnswer = () => Promise.reject(new Error("the process died here"));
  await expect(merchant.push("shopify")).rejects.toThrow("died here");
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ inDoubt: true, accepted: 10 });
  marketplace.beforeAnswer = async () => {};
  await merchant.push("shopify");
  expect(marketplace.reads[0]).toEqual(["L-tea"]);
  expect(marketplace.numbers.get("L-tea")).toBe(9);
  expect(marketplace.sent).toHaveLength(2);
});

const refusal = (cause: UnauthorizedCause) => () =>
  ({ outcome: "unauthorized", why: `it is ${cause}`, cause }) as const;

test("F: a merchant's consent that has ended stops the connection until he agrees again", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10);
  await merchant.hear(sale(merchant, "tea"));
  marketplace.answers.push(refusal("expired"));
  await merchant.push("shopify");
  await merchant.push("shopify");
  expect(marketplace.sent).toHaveLength(1);
  const id = merchant.id("shopify");
  const row = () => house.db.connection.findUniqueOrThrow({ where: { id } });
  expect(await row()).toMatchObject({ shutOut: "expired", trouble: "Access: it is expired" });
  await letIn(house.db, merchant.shop, id);
  expect(await row()).toMatchObject({ shutOut: null, trouble: null });
  await merchant.push("shopify");
  expect(marketplace.numbers.get("L-tea")).toBe(9);
});

test.each(["revoked", "forbidden"] as const)(
  "F: one call that is answered %s shuts nobody out: the health check is asked, and the call waits",
  async (cause) => {
    const { merchant, marketplace } = await shopify(["tea"], 10);
    const id = merchant.id("shopify");
    const row = () => house.db.connection.findUniqueOrThrow({ where: { id } });
    await merchant.hear(sale(merchant, "tea"));
    marketplace.answers.push(refusal(cause), refusal(cause));
    await merchant.push("shopify");
    await merchant.push("shopify");
    expect(marketplace.sent, "it is not asked again at once").toHaveLength(1);
    const trouble = `Pushing quantities: it is ${cause}`;
    expect(await row()).toMatchObject({ shutOut: null, trouble });
    expect(merchant.wishes("connection.health")).toEqual([1]);
    merchant.now += 2_000;
    await merchant.push("shopify");
    merchant.now += 2_000;
    await merchant.push("shopify");
    expect(marketplace.sent, "and ever more rarely").toHaveLength(2);
    merchant.now += 6_000;
    await merchant.push("shopify");
    expect(marketplace.numbers.get("L-tea")).toBe(9);
    expect(await row()).toMatchObject({ shutOut: null, trouble: null });
  },
);

test("a sale during a push is in the next one, not lost behind its answer", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10);
  await merchant.hear(sale(merchant, "tea"));
  marketplace.beforeAnswer = async () => {
    marketplace.beforeAnswer = async () => {};
    await merchant.hear(sale(merchant, "tea"));
  };
  await merchant.push("shopify");
  expect(marketplace.sent.map((line) => line.quantity)).toEqual([9, 8]);
});

test("E4: the listing knows how long the latest sale elsewhere took to be accepted", async () => {
  const { merchant, marketplace } = await shopify(["tea"], 10);
  expect(
    await merchant.listing("shopify", "tea"),
    "nothing sold, nothing waited for",
  ).toMatchObject({ saleToAckMs: null, saleToShownMs: null });
  const soldAt = merchant.now;
  await merchant.hear({ ...sale(merchant, "tea"), occurredAt: soldAt });
  marketplace.beforeAnswer = async () => {
    merchant.now += 120;
  };
  await merchant.push("shopify");
  expect(await merchant.listing("shopify", "tea")).toMatchObject({
    ...{ saleToAckMs: 120, saleToShownMs: null, saleAt: new Date(soldAt) },
  });
  merchant.now += 380;
  await merchant.readBack("shopify");
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ saleToShownMs: 500 });
});

test("what the marketplace ships from its own warehouse is counted, never pushed", async () => {
  const { merchant, marketplace } = await shopify(["FBA-tea", "tea"], 10);
  await merchant.hear(sale(merchant, "FBA-tea"), sale(merchant, "tea"));
  await merchant.push("shopify");
  expect(marketplace.sent.map((line) => line.externalId)).toEqual(["L-tea"]);
  expect(await merchant.listing("shopify", "FBA-tea")).toMatchObject({ planned: 9, pushed: false });
});
