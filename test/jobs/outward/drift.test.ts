import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { webhooksDeliver } from "../../../jobs/handlers/webhooks-deliver.ts";
import { moveWatermark } from "../../../prisma/connections.ts";
import { listDrifts, resumeListing } from "../../../prisma/drifts.ts";
import { createEndpoint } from "../../../prisma/webhooks.ts";
import { isSignedWith, startReceiver } from "../../support/receiver.ts";
import { type House, Merchant, openHouse, ring, silent } from "./house.ts";
import { Marketplace } from "./marketplace.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** A merchant whose marketplace accepted 9 of tea and, if the test wants, has shown it. */
async function pushed({ seen = true } = {}) {
  const marketplace = new Marketplace("shopify");
  const merchant = await Merchant.open(house.db, ["tea"], [marketplace], 10);
  await merchant.hear(merchant.book.receive(merchant.item("tea"), 9));
  if (!seen) marketplace.visible.set("L-tea", 10);
  await merchant.push("shopify");
  merchant.now += 300;
  await merchant.readBack("shopify");
  const id = merchant.id("shopify");
  const { shop } = merchant;
  return {
    merchant,
    marketplace,
    listing: () => merchant.listing("shopify", "tea"),
    drifts: () => listDrifts(house.db, shop, { connection: id, limit: 10 }),
    /** Somebody sets the live number, and it is noticed. */
    async edit(quantity: number) {
      marketplace.numbers.set("L-tea", quantity);
      await house.db.listing.updateMany({ where: { shopId: shop }, data: { shown: null } });
      merchant.now += 60_000;
      await merchant.readBack("shopify");
    },
    /** A sweep has passed, and the number is read again. */
    async ordersKnown() {
      merchant.now += 60_000;
      await moveWatermark(house.db, shop, id, new Date(merchant.now));
      merchant.now += 60_000;
      await merchant.readBack("shopify");
    },
  };
}

describe("H5: a live number that disagrees", () => {
  test("waits for the orders that might explain it before anything is judged", async () => {
    const { merchant, edit, drifts, listing } = await pushed();
    merchant.asked.length = 0;
    await edit(25);
    expect(await drifts()).toMatchObject([{ state: "suspected", expected: 9, found: 25 }]);
    expect(await listing()).toMatchObject({ dirty: false, trouble: null });
    expect(merchant.asked).toContainEqual({
      name: "orders.sweep",
      connection: merchant.id("shopify"),
      ms: 0,
    });
  });

  test("is put right once, with its cause, and closed when it is right again", async () => {
    const { merchant, marketplace, edit, ordersKnown, drifts, listing } = await pushed();
    await edit(25);
    await ordersKnown();
    expect(await drifts()).toMatchObject([{ state: "open", cause: "manual-edit", found: 25 }]);
    expect((await listing()).trouble).toBe(
      "Drift: shows 25 instead of the accepted 9: somebody changed it there by hand, or another app did",
    );
    await merchant.push("shopify");
    expect(marketplace.numbers.get("L-tea")).toBe(9);
    merchant.now += 60_000;
    await merchant.readBack("shopify");
    expect(await drifts()).toMatchObject([{ state: "healed", cause: "manual-edit" }]);
    expect(await listing()).toMatchObject({ trouble: null, shown: 9 });
  });

  test("is told to the merchant's own programs, once, signed and with its cause", async () => {
    const receiver = await startReceiver();
    const { merchant, edit, ordersKnown } = await pushed();
    const { shop } = merchant;
    const fields = { url: receiver.url, description: "", events: ["listing.drifted"] as const };
    const made = await createEndpoint(house.db, ring, shop, "drifts", fields);
    if (made.outcome !== "created") throw new Error(made.outcome);
    const deps = {
      ...{ db: house.db, keyring: ring, allowLoopback: true, log: silent },
      later() {},
    };
    const { signal } = new AbortController();
    const deliver = () =>
      webhooksDeliver(
        { ...deps, live: { publish() {} }, now: () => merchant.now, signal },
        { endpoint: made.endpoint.id },
      );
    try {
      await edit(25);
      await deliver();
      expect(receiver.received, "suspected is not yet told").toEqual([]);
      await ordersKnown();
      await merchant.readBack("shopify");
      await deliver();
      expect(receiver.received.map(({ body }) => [body.type, body.data])).toEqual([
        [
          "listing.drifted",
          {
            ...{ sku: "tea", channel: "shopify", listing: "L-tea" },
            ...{ expected: 9, found: 25, cause: "manual-edit" },
          },
        ],
      ]);
      const [event] = receiver.received;
      expect(event && isSignedWith(made.secret, event)).toBe(true);
    } finally {
      await receiver.stop();
    }
  });

  test("is only reported where the owner wants that", async () => {
    const { merchant, marketplace, edit, ordersKnown, drifts, listing } = await pushed();
    await house.db.connection.updateMany({
      where: { shopId: merchant.shop },
      data: { driftPolicy: "report" },
    });
    await edit(25);
    await ordersKnown();
    await merchant.push("shopify");
    expect(marketplace.numbers.get("L-tea")).toBe(25);
    expect(await drifts()).toMatchObject([{ state: "open", cause: "manual-edit" }]);
    expect((await listing()).trouble).toMatch(/^Drift: shows 25/);
  });

  test("a push that never appeared is told from an edit, and pushed again", async () => {
    const { merchant, marketplace, drifts, ordersKnown } = await pushed({ seen: false });
    merchant.now += 600_000;
    await merchant.readBack("shopify");
    await ordersKnown();
    expect(await drifts()).toMatchObject([{ state: "open", found: 10 }]);
    await merchant.push("shopify");
    expect(marketplace.sent.map((line) => line.quantity)).toEqual([9, 9]);
  });

  test("a channel that comes back by itself was no drift", async () => {
    const { merchant, marketplace, edit, drifts } = await pushed();
    await edit(25);
    marketplace.numbers.set("L-tea", 9);
    merchant.now += 60_000;
    await merchant.readBack("shopify");
    expect(await drifts()).toMatchObject([{ state: "agreed" }]);
  });

  test("orders that stay unknown do not hold a number up for ever", async () => {
    const { merchant, edit, drifts } = await pushed();
    await edit(4);
    merchant.now += 16 * 60_000;
    await merchant.readBack("shopify");
    expect(await drifts()).toMatchObject([{ state: "open", cause: "lost-order" }]);
  });

  test("two systems that fight are stopped and named, until a person resumes", async () => {
    const { merchant, marketplace, edit, ordersKnown, drifts, listing } = await pushed();
    const heal = async () => {
      await edit(25);
      await ordersKnown();
      await merchant.push("shopify");
      merchant.now += 60_000;
      await merchant.readBack("shopify");
    };
    await heal();
    await heal();
    expect((await drifts()).map((one) => one.state)).toEqual(["healed", "healed"]);
    await heal();
    expect(marketplace.numbers.get("L-tea"), "not fed a third time").toBe(25);
    expect(await drifts()).toMatchObject([
      { state: "open", cause: "other-tool" },
      { state: "healed" },
      { state: "healed" },
    ]);
    expect((await listing()).trouble).toMatch(/another system keeps changing it/);
    const { id } = await listing();
    const now = new Date(merchant.now);
    const own = { connection: merchant.id("shopify"), listing: id };
    expect(await resumeListing(house.db, "another shop", own, now)).toEqual({ outcome: "gone" });
    expect(
      await resumeListing(house.db, merchant.shop, { ...own, connection: "other" }, now),
    ).toEqual({ outcome: "gone" });
    expect(await resumeListing(house.db, merchant.shop, own, now)).toEqual({ outcome: "resumed" });
    await merchant.push("shopify");
    expect(marketplace.numbers.get("L-tea")).toBe(9);
    expect(await listDrifts(house.db, "another shop", { limit: 5 })).toEqual([]);
  });
});
