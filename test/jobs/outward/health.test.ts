import { afterAll, beforeAll, expect, test } from "vitest";
import type { CallFailure, Session } from "../../../connectors/connector.ts";
import { connectionHealth } from "../../../jobs/handlers/connection-health.ts";
import { markDisconnected } from "../../../prisma/connecting.ts";
import { letIn, reportTrouble, shutOut } from "../../../prisma/connections.ts";
import { type House, Merchant, openHouse, silent } from "./house.ts";
import { Marketplace } from "./marketplace.ts";

const NOW = Date.UTC(2026, 10, 24);
let house: House;

beforeAll(async () => {
  house = await openHouse();
});

afterAll(() => house.close());

type Health = Awaited<ReturnType<Session["health"]>>;

/** A connection whose marketplace answers this; what it was asked, and what is then known of it. */
async function patient(health: Health, door: CallFailure | null = null) {
  const { db } = house;
  const merchant = await Merchant.open(db, [], [new Marketplace("shopify")]);
  const [id, { shop }] = [merchant.id("shopify"), merchant];
  const asked: string[] = [];
  const later: number[] = [];
  const session = {
    health: async () => {
      asked.push("health");
      return health;
    },
    places: async () => ({ outcome: "none" as const }),
    subscribe: async (url: string) => {
      asked.push(url);
      return door ?? { outcome: "subscribed" };
    },
  } as unknown as Session;
  const check = ({ publicUrl }: { publicUrl?: string } = { publicUrl: "https://app.example/" }) =>
    connectionHealth(
      {
        later: (_, ms) => later.push(ms),
        ...{ db, publicUrl, now: () => NOW, log: silent, live: { publish: () => {} } },
        session: async ({ disconnected }) => (disconnected ? null : session),
      },
      { connection: id },
    );
  const row = () => db.connection.findUniqueOrThrow({ where: { id } });
  return { id, shop, asked, later, check, row };
}

test("F: a healthy connection is noted, its door registered anew, and being shut out ends", async () => {
  const reconnectBy = NOW + 5_000;
  const one = await patient({ outcome: "healthy", reconnectBy });
  await shutOut(house.db, one.shop, one.id, "expired", "the token is old");
  expect(await one.row()).toMatchObject({
    ...{ shutOut: "expired", trouble: "Access: the token is old" },
  });
  await one.check();
  expect(one.asked).toEqual(["health", `https://app.example/webhooks/shopify/${one.id}`]);
  expect(await one.row()).toMatchObject({
    ...{ shutOut: null, trouble: null },
    ...{ healthyAt: new Date(NOW), reconnectBy: new Date(reconnectBy) },
  });
});

test.each(["expired", "revoked", "forbidden"] as const)("F: %s is told apart", async (cause) => {
  const one = await patient({ outcome: "unauthorized", cause, why: "invalid_grant" });
  await one.check();
  expect(await one.row()).toMatchObject({
    ...{ shutOut: cause, trouble: "Access: invalid_grant", healthyAt: null },
  });
});

test("F: a marketplace that does not answer shuts nobody out", async () => {
  const one = await patient({ outcome: "unavailable", why: "HTTP 503" });
  await one.check();
  const trouble = "Access: the marketplace gave no answer: HTTP 503";
  expect(await one.row()).toMatchObject({ shutOut: null, trouble });
  expect(one.later).toEqual([300_000]);
  const busy = await patient({ outcome: "throttled", why: "HTTP 429", retryAt: NOW + 7_000 });
  await busy.check();
  expect(busy.later).toEqual([7_000]);
  expect(await busy.row()).toMatchObject({ shutOut: null, trouble: null });
});

test("F: an end the consent told stays, and trouble of other work too", async () => {
  const one = await patient({ outcome: "healthy", reconnectBy: null });
  const reconnectBy = new Date(NOW + 9_000);
  await house.db.connection.update({ where: { id: one.id }, data: { reconnectBy } });
  await reportTrouble(house.db, one.shop, one.id, "Pushing quantities", "rejected");
  await one.check();
  const kept = { reconnectBy, trouble: "Pushing quantities: rejected" };
  expect(await one.row()).toMatchObject(kept);
});

test("F: a door that is not taken is said, and said no more when it is", async () => {
  const shut = await patient(
    { outcome: "healthy", reconnectBy: null },
    { outcome: "unavailable", why: "HTTP 500" },
  );
  await shut.check();
  expect(await shut.row()).toMatchObject({ trouble: "Receiving messages: HTTP 500" });
  expect(shut.later).toEqual([300_000]);
  const busy = await patient(
    { outcome: "healthy", reconnectBy: null },
    { outcome: "throttled", why: "HTTP 429", retryAt: NOW + 4_000 },
  );
  await busy.check();
  expect(await busy.row()).toMatchObject({ trouble: null });
  expect(busy.later).toEqual([4_000]);
  const refused = await patient(
    { outcome: "healthy", reconnectBy: null },
    { outcome: "not-supported", why: "the door knows another token" },
  );
  await refused.check();
  const trouble = "Receiving messages: the door knows another token";
  expect(await refused.row()).toMatchObject({ shutOut: null, trouble });
  expect(refused.later, "asking again mends nothing").toEqual([]);
  const open = await patient({ outcome: "healthy", reconnectBy: null });
  await reportTrouble(house.db, open.shop, open.id, "Receiving messages", "HTTP 500");
  await open.check();
  expect(await open.row()).toMatchObject({ trouble: null });
});

test("without a public address nobody is asked to send anywhere; who is out is asked nothing", async () => {
  const one = await patient({ outcome: "healthy", reconnectBy: null });
  await one.check({});
  expect(one.asked).toEqual(["health"]);
  one.asked.length = 0;
  await markDisconnected(house.db, one.shop, one.id, new Date(NOW));
  await one.check();
  expect(one.asked).toEqual([]);
});

test("a shop's access is its own: another shop neither shuts out nor lets in", async () => {
  const [mine, theirs] = await Promise.all([
    patient({ outcome: "healthy", reconnectBy: null }),
    patient({ outcome: "healthy", reconnectBy: null }),
  ]);
  await shutOut(house.db, theirs.shop, mine.id, "revoked", "not yours");
  expect(await mine.row()).toMatchObject({ shutOut: null });
  await shutOut(house.db, mine.shop, mine.id, "revoked", "yours");
  await letIn(house.db, theirs.shop, mine.id);
  expect(await mine.row()).toMatchObject({ shutOut: "revoked" });
});
