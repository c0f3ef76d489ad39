import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readItemHistory } from "../../app/items/item-history.server.ts";
import { HISTORY_SPANS, type HistorySpan, historySpanOf } from "../../app/items/item-history.ts";
import { ensureConnection } from "../../prisma/connections.ts";
import { itemListings } from "../../prisma/item-page.ts";
import { RING, startWorld, type World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let world: World;
let item: string;
let listing: string;
/** When the tests look at it: what was just recorded has been moved to before this. */
const NOW = Date.UTC(2026, 10, 25, 9, 40);

beforeAll(async () => {
  world = await startWorld();
  const { db } = world.services;
  const { id: shop } = world.shop;
  const account = { channel: "amazon", name: "US", account: "a", settings: {}, secrets: {} };
  const { id: connectionId } = await ensureConnection(db, RING, shop, account);
  await world.stock("TEA", 100);
  await world.stock("OTHER", 7);
  item = await world.item("TEA");
  const names = { externalId: "L-TEA", sku: "TEA", title: "Tea" };
  ({ id: listing } = await db.listing.create({
    data: { shopId: shop, connectionId, itemId: item, ...names },
  }));
  const command = { shop, item, activity: "o1", type: "sell", order: "1" } as const;
  await world.apply({ ...command, connection: connectionId, channel: "amazon", quantity: 30 });
  await world.apply({
    ...{ shop, item, activity: "a1", type: "adjust", bucket: "sellable", location: "MAIN" },
    ...{ delta: -10, actor: "person:Ann", reason: "broken" },
  });
  await world.apply({
    ...{ shop, item, activity: "d1", type: "adjust", bucket: "damaged", location: "MAIN" },
    ...{ delta: 4, actor: "person:Ann", reason: "broken" },
  });
  const times = { "seed/1": 40 * DAY, o1: 5 * HOUR, a1: 50 * MINUTE, d1: 50 * MINUTE };
  for (const [activity, ago] of Object.entries(times)) {
    await db.movement.updateMany({ where: { activity }, data: { at: new Date(NOW - ago) } });
  }
  await pushed(90, 39 * DAY);
  await pushed(60, 5 * HOUR - MINUTE);
  await pushed(55, 5 * HOUR - 2 * MINUTE, "rejected");
  await pushed(54, 40 * MINUTE);
}, 60_000);

afterAll(() => world.stop());

let pushes = 0;
async function pushed(quantity: number, ago: number, outcome = "accepted"): Promise<void> {
  const at = new Date(NOW - ago);
  await world.services.db.push.create({
    data: {
      ...{ shopId: world.shop.id, listingId: listing, seq: ++pushes, quantity, outcome },
      ...{ sentAt: at, answeredAt: at },
    },
  });
}

async function history(span: HistorySpan, shop = world.shop.id) {
  const { db } = world.services;
  const listings = await itemListings(db, world.shop.id, item);
  const read = await readItemHistory({ db, now: () => NOW }, { shop, item }, listings, span);
  return read.points;
}

describe("an item's numbers over time", () => {
  test("are counted back from now through every step of a day", async () => {
    const points = await history("day");
    expect(points).toHaveLength(48);
    expect(points.at(-1)).toMatchObject({ at: NOW, onHand: 94, available: 60 });
    const changes = points.filter(({ changed }) => changed);
    expect(changes.map(({ onHand, available, shown }) => [onHand, available, shown[listing]]))
      // Before, after the sale, after what broke, and after the marketplace heard of it.
      .toEqual([
        [100, 100, 90],
        [100, 70, 60],
        [94, 60, 60],
        [94, 60, 54],
      ]);
    const ends = changes.map(({ at }) => new Date(at).toISOString().slice(11, 16));
    expect(ends.slice(1)).toEqual(["05:00", "09:00", "09:30"]);
  });

  test("reach as far as the span, before which there was nothing", async () => {
    for (const span of ["week", "month"] as const) {
      const points = await history(span);
      expect(points).toHaveLength(HISTORY_SPANS[span].steps);
      expect(points[0]).toMatchObject({ onHand: 100, available: 100, shown: { [listing]: 90 } });
      expect(points.at(-1)).toMatchObject({ onHand: 94, available: 60, shown: { [listing]: 54 } });
    }
    const quarter = await history("quarter");
    expect(quarter[0]).toMatchObject({ onHand: 0, available: 0, shown: { [listing]: null } });
    const changed = quarter.filter((point) => point.changed);
    expect(changed.map(({ onHand }) => onHand)).toEqual([0, 100, 100, 94]);
  });

  test("invariant 11: nothing of another shop's", async () => {
    const points = await history("day", "nobody");
    expect(points.at(-1)).toMatchObject({ onHand: 0, available: 0, shown: { [listing]: null } });
  });

  test("an address that was typed wrongly shows the last day", () => {
    const span = (search: string) => historySpanOf(new URL(`http://a/app/items/TEA${search}`));
    expect(["?span=quarter", "?span=toString", ""].map(span)).toEqual(["quarter", "day", "day"]);
  });
});
