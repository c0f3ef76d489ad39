import { afterEach, beforeEach, expect, test } from "vitest";
import { PLANS } from "../../../connectors/amazon/limits.ts";
import {
  allListings,
  type Bench,
  JACKET,
  KEPT_ELSEWHERE,
  lineFor,
  listingOf,
  openChannel,
  SOCKS,
  START,
  sweepAll,
} from "../harness.ts";
import { modelTroubles } from "./checked.ts";
import { amazonModel, modelPlans, notificationModel } from "./model.ts";

const check = amazonModel();
const checkNotification = notificationModel();

let bench: Bench;
beforeEach(() => {
  bench = openChannel("amazon");
  bench.sandbox.stock([JACKET, SOCKS, KEPT_ELSEWHERE]);
});
afterEach(() => bench.close());

test("F: every call of ours and every answer of the sandbox keep Amazon's model", async () => {
  const rows = await allListings(bench.session);
  const [row] = rows;
  if (!row) throw new Error("no listing");
  await bench.session.push([lineFor(row, 3)]);
  await bench.session.push([lineFor(row, -3)]);
  await bench.session.readBack([row]);
  await bench.session.readBack(rows);
  const bought = bench.sandbox.buy({ sku: JACKET.sku, quantity: 2 });
  const shipped = bench.sandbox.buy({ sku: SOCKS.sku, quantity: 2 });
  if (bought.outcome === "sold") bench.sandbox.cancel(bought.order.id, null);
  if (shipped.outcome === "sold") {
    bench.sandbox.ship(shipped.order.id, [{ sku: SOCKS.sku, quantity: 1 }]);
  }
  bench.clock.advance(300_000);
  expect(await sweepAll(bench.session, START - 1)).toHaveLength(2);
  expect(bench.calls.filter(({ request }) => request.url.includes("sellingpartner"))).toHaveLength(
    8,
  );
  expect(await modelTroubles(bench)).toEqual([]);
});

test("F: so is every refusal of the sandbox", async () => {
  const row = await listingOf(bench, JACKET.sku);
  const line = lineFor(row, 3);
  for (const fault of ["failNext", "throttleNext"] as const) {
    bench.sandbox.setFaults({ [fault]: 1 });
    await bench.session.push([line]);
  }
  await bench.session.readBack([{ ...row, externalId: "GONE" }]);
  const tooYoung = JSON.stringify({ token: "0", before: bench.clock.now() });
  await bench.session.ordersSince(START - 1, tooYoung);
  for (const fault of ["outage", "revoked"] as const) {
    bench.sandbox.setFaults({ [fault]: true });
    await bench.session.readBack([row]);
    bench.sandbox.setFaults({ [fault]: false });
  }
  const statuses = bench.calls.map(({ response }) => response.status);
  expect(statuses).toEqual(expect.arrayContaining([200, 400, 403, 404, 429, 500, 503]));
  expect(await modelTroubles(bench)).toEqual([]);
});

test("F: every notification of the sandbox keeps Amazon's schema", () => {
  const bought = bench.sandbox.order({
    lines: [
      { sku: JACKET.sku, quantity: 2 },
      { sku: SOCKS.sku, quantity: 1 },
    ],
  });
  if (bought.outcome !== "sold") throw new Error(JSON.stringify(bought));
  bench.sandbox.ship(bought.order.id, [{ sku: SOCKS.sku, quantity: 1 }]);
  bench.sandbox.ship(bought.order.id, null);
  const other = bench.sandbox.buy({ sku: SOCKS.sku, quantity: 1 });
  if (other.outcome === "sold") bench.sandbox.cancel(other.order.id, null);
  const bodies = bench.sandbox.market().outgoing.map((message) => JSON.parse(message.body));
  expect(bodies).toHaveLength(5);
  expect(bodies.flatMap((body) => checkNotification?.(body) ?? [])).toEqual([]);
});

test("F: the model check notices what is wrong", async () => {
  if (!check || !checkNotification) return expect(check).toBeNull();
  const url =
    "https://sellingpartnerapi-na.amazon.com/listings/2021-08-01/items/A/S?marketplaceIds=M&x=1";
  const patch = { productType: "P", patches: [{ op: "add to", path: "/a" }] };
  const request = new Request(url, { method: "PATCH", body: JSON.stringify(patch) });
  const troubles = await check(request, Response.json({ sku: "S", status: "MAYBE" }));
  expect(troubles.join("\n")).toMatch(/query x is not known/);
  expect(troubles.join("\n")).toMatch(/request \/patches\/0\/op/);
  expect(troubles.join("\n")).toMatch(/response 200 \/status/);
  expect(checkNotification({})).not.toEqual([]);
});

test("F: every rate that we keep is the one that Amazon writes down", () => {
  const plans = modelPlans();
  if (!plans) return expect(check).toBeNull();
  const written = Object.keys(PLANS).map((name) => [name, plans.get(name)]);
  expect(Object.fromEntries(written)).toEqual(PLANS);
});
