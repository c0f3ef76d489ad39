import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import type { PushLine } from "../../../connectors/connector.ts";
import { nextDay, revisionDay } from "../../../connectors/ebay/revision-day.ts";
import { lineFor, listingOf, openChannel, PUSH_SEEN_MS, shownOf } from "../harness.ts";
import { API, craftedSession, NOW, trading } from "./crafted.ts";

const line = (handle: Record<string, string>, quantity = 5): PushLine => ({
  ...{ externalId: "x", handle, quantity, expected: null, key: "k" },
});
const modern = (sku: string, quantity?: number) =>
  line({ world: "inventory", sku, offerId: `offer-${sku}`, listingId: "1" }, quantity);
const old = (itemId: string, sku = "", quantity?: number) =>
  line({ world: "legacy", itemId, sku }, quantity);

const BULK = `${API}/sell/inventory/v1/bulk_update_price_quantity`;

interface Asked {
  requests: { sku: string }[];
}

/** bulk_update_price_quantity, answered with these rows; what it was asked is noted. */
function bulk(answer: (asked: Asked) => { status: number; body: object }) {
  const asked: Asked[] = [];
  const handler = http.post(BULK, async ({ request }) => {
    const body = (await request.json()) as Asked;
    asked.push(body);
    const { status, body: said } = answer(body);
    return HttpResponse.json(said, { status });
  });
  return { asked, handler };
}

const error = (errorId: number, message = "") => [{ errorId, message }];

test("F: a push sets the offer's number and the item's, in one call for 25", async () => {
  const { asked, handler } = bulk(({ requests }) => ({
    status: 200,
    body: { responses: requests.map(({ sku }) => ({ sku, statusCode: 200 })) },
  }));
  const lines = Array.from({ length: 25 }, (_, n) => modern(`S${n}`, n));
  const results = await craftedSession([handler]).push(lines);
  expect(results).toEqual(lines.map(() => ({ outcome: "accepted" })));
  expect(asked).toHaveLength(1);
  expect(asked[0]?.requests[7]).toEqual({
    sku: "S7",
    shipToLocationAvailability: { quantity: 7 },
    offers: [{ offerId: "offer-S7", availableQuantity: 7 }],
  });
});

test.each([
  ["1", 25],
  ["10", 3],
  ["25", 1],
  ["99", 1],
  ["none", 1],
])("F: rowsPerCall %s makes %i calls of 25 lines", async (rowsPerCall, calls) => {
  const { asked, handler } = bulk(({ requests }) => ({
    status: 200,
    body: { responses: requests.map(({ sku }) => ({ sku, statusCode: 200 })) },
  }));
  const lines = Array.from({ length: 25 }, (_, n) => modern(`S${n}`));
  await craftedSession([handler], { rowsPerCall }).push(lines);
  expect(asked).toHaveLength(calls);
});

const PACIFIC_MIDNIGHT = Date.UTC(2026, 10, 25, 8);

test("D9: every row of a 207 has its own outcome", async () => {
  const { handler } = bulk(() => ({
    status: 207,
    body: {
      responses: [
        { sku: "bad", offerId: "offer-bad", statusCode: 400, errors: error(25002, "not yours") },
        { sku: "field", statusCode: 400, errors: error(25709, "Invalid value") },
        { sku: "auction", statusCode: 400, errors: error(25759, "auction allocation") },
        { sku: "system", statusCode: 500, errors: error(25001, "A system error") },
        { sku: "often", statusCode: 400, errors: error(25002, "250 revisions are the limit") },
        // The item is set, its offer is not.
        { sku: "half", statusCode: 200 },
        { sku: "half", offerId: "offer-half", statusCode: 400, errors: error(25002, "no offer") },
        { offerId: "offer-good", statusCode: 200, errors: [], warnings: error(25401) },
      ],
    },
  }));
  const skus = ["good", "bad", "field", "auction", "system", "often", "half", "left-out"];
  const results = await craftedSession([handler]).push(skus.map((sku) => modern(sku)));
  expect(results).toEqual([
    { outcome: "accepted" },
    { outcome: "rejected", why: "25002 not yours" },
    { outcome: "rejected", why: "25709 Invalid value" },
    { outcome: "rejected", why: "25759 auction allocation" },
    { outcome: "unknown", why: "25001 A system error" },
    { outcome: "exhausted", until: PACIFIC_MIDNIGHT, why: "25002 250 revisions are the limit" },
    { outcome: "rejected", why: "25002 no offer" },
    { outcome: "unknown", why: "eBay answered without this row" },
  ]);
});

test("F: where an auction keeps the item's number up, the offer's alone is set", async () => {
  const { asked, handler } = bulk(({ requests }) => {
    const responses = requests.map(({ sku }) =>
      sku === "b"
        ? { sku, statusCode: 400, errors: error(25759, "auction allocation") }
        : { sku, offerId: sku ? `offer-${sku}` : "offer-b", statusCode: 200 },
    );
    return { status: 207, body: { responses } };
  });
  const results = await craftedSession([handler]).push([modern("a"), modern("b", 0)]);
  expect(results).toEqual([{ outcome: "accepted" }, { outcome: "accepted" }]);
  expect(asked[1]?.requests).toEqual([{ offers: [{ offerId: "offer-b", availableQuantity: 0 }] }]);
});

test("D9: rows that come with a 400 are rows all the same", async () => {
  const responses = [{ sku: "a", statusCode: 400, errors: error(25002, "no") }];
  const { asked, handler } = bulk(() => ({ status: 400, body: { responses } }));
  const results = await craftedSession([handler]).push([modern("a")]);
  expect(results).toEqual([{ outcome: "rejected", why: "25002 no" }]);
  expect(asked).toHaveLength(1);
});

test("D9: a call refused as a whole is halved until the row that it is about is alone", async () => {
  const { asked, handler } = bulk(({ requests }) =>
    requests.some(({ sku }) => sku === "S5")
      ? { status: 400, body: { errors: error(25002, "S5 is bad") } }
      : { status: 200, body: { responses: requests.map(({ sku }) => ({ sku, statusCode: 200 })) } },
  );
  const lines = Array.from({ length: 8 }, (_, n) => modern(`S${n}`));
  const results = await craftedSession([handler]).push(lines);
  const bad = { outcome: "rejected", why: "HTTP 400: 25002 S5 is bad" };
  const good = { outcome: "accepted" };
  expect(results).toEqual(lines.map((_, n) => (n === 5 ? bad : good)));
  expect(asked.map(({ requests }) => requests.length)).toEqual([8, 4, 4, 2, 1, 1, 2]);
});

test("F: a batch of both worlds is answered in its order, four to a Trading call", async () => {
  const { asked, handler } = bulk(({ requests }) => ({
    status: 200,
    body: { responses: requests.map(({ sku }) => ({ sku, statusCode: 200 })) },
  }));
  const nodes: number[] = [];
  const session = craftedSession([
    handler,
    trading({
      ReviseInventoryStatus: (xml) => {
        nodes.push(xml.split("<InventoryStatus>").length - 1);
        return "<Ack>Success</Ack>";
      },
    }),
  ]);
  const lines = Array.from({ length: 18 }, (_, n) => (n % 2 ? old(`1${n}`) : modern(`S${n}`)));
  expect(await session.push(lines)).toEqual(lines.map(() => ({ outcome: "accepted" })));
  expect(asked.map(({ requests }) => requests.length)).toEqual([9]);
  expect(nodes).toEqual([4, 4, 1]);
});

const failed = (code: number, message: string) =>
  `<Errors><ErrorCode>${code}</ErrorCode><LongMessage>${message}</LongMessage>
   <SeverityCode>Error</SeverityCode></Errors>`;
const WARNED = `<Errors><ErrorCode>21917091</ErrorCode><SeverityCode>Warning</SeverityCode></Errors>`;

test.each([
  ["Success", "<Ack>Success</Ack>", { outcome: "accepted" }],
  ["Warning", `<Ack>Warning</Ack>${WARNED}`, { outcome: "accepted" }],
  [
    "Failure",
    `<Ack>Failure</Ack>${WARNED}${failed(17, "no such item")}`,
    { outcome: "rejected", why: "17 no such item" },
  ],
  [
    "too many revisions",
    `<Ack>Failure</Ack>${failed(1, "You have exceeded the limit of revisions")}`,
    { outcome: "exhausted", until: PACIFIC_MIDNIGHT },
  ],
  [
    "an error inside",
    `<Ack>Failure</Ack>${failed(10007, "Internal error")}`,
    { outcome: "unknown" },
  ],
  ["usage", `<Ack>Failure</Ack>${failed(518, "usage limit")}`, { outcome: "throttled" }],
  ["Failure without a reason", "<Ack>Failure</Ack>", { outcome: "unknown" }],
  ["no Ack at all", "<Hello>world</Hello>", { outcome: "unknown" }],
])("D9: a Trading answer of HTTP 200: %s", async (_what, inner, outcome) => {
  const session = craftedSession([trading({ ReviseInventoryStatus: () => inner })]);
  expect(await session.push([old("11", "A")])).toMatchObject([outcome]);
});

test("D9: of a PartialFailure the revised are done, and the others are asked alone", async () => {
  const asked: string[] = [];
  const session = craftedSession([
    trading({
      ReviseInventoryStatus: (xml) => {
        const skus = [...xml.matchAll(/<SKU>(.*?)<\/SKU>/g)].map(([, sku = ""]) => sku);
        asked.push(skus.join());
        if (skus.includes("B")) {
          const done = skus.filter((sku) => sku !== "B");
          if (done.length === 0) return `<Ack>Failure</Ack>${failed(515, "B is bad")}`;
          const named = done.map(
            (sku) => `<InventoryStatus><ItemID>11</ItemID><SKU>${sku}</SKU></InventoryStatus>`,
          );
          return `<Ack>PartialFailure</Ack>${named.join("")}${failed(515, "B is bad")}`;
        }
        return "<Ack>Success</Ack>";
      },
    }),
  ]);
  const results = await session.push(["A", "B", "C"].map((sku) => old("11", sku)));
  expect(results).toEqual([
    { outcome: "accepted" },
    { outcome: "rejected", why: "515 B is bad" },
    { outcome: "accepted" },
  ]);
  expect(asked).toEqual(["A,B,C", "B"]);
});

test("F: a revision names a listing by its id, and a variation by its SKU too", async () => {
  let xml = "";
  const session = craftedSession([
    trading({
      ReviseInventoryStatus: (asked) => {
        xml = asked;
        return "<Ack>Success</Ack>";
      },
    }),
  ]);
  await session.push([old("11", "A&B", 3), old("12", "", 0)]);
  expect(xml).toContain(
    "<InventoryStatus><ItemID>11</ItemID><SKU>A&amp;B</SKU><Quantity>3</Quantity></InventoryStatus>" +
      "<InventoryStatus><ItemID>12</ItemID><Quantity>0</Quantity></InventoryStatus>",
  );
});

test("F: what nobody let through is not tried for the lines behind it", async () => {
  let calls = 0;
  const handler = http.post(BULK, () => {
    calls += 1;
    return new HttpResponse(null, { status: 503 });
  });
  const lines = ["a", "b", "c"].map((sku) => modern(sku));
  const results = await craftedSession([handler], { rowsPerCall: "1" }).push(lines);
  expect(results.map(({ outcome }) => outcome)).toEqual(lines.map(() => "unavailable"));
  expect(calls).toBe(1);
});

test("F: the 251st revision of a listing waits for the next day, in either world", async () => {
  const bench = openChannel("ebay");
  for (const sku of ["JACKET-ALPINE-M", "SOCK-HIKE-2P"]) {
    bench.sandbox.stock([{ sku, title: sku, quantity: 1 }]);
    const row = await listingOf(bench, sku);
    for (let n = 1; n <= 250; n += 1) {
      expect(await bench.session.push([lineFor(row, n)])).toEqual([{ outcome: "accepted" }]);
    }
    const [last] = await bench.session.push([lineFor(row, 0)]);
    if (last?.outcome !== "exhausted") throw new Error(JSON.stringify(last));
    expect(revisionDay(last.until)).not.toBe(revisionDay(bench.clock.now()));
    expect(revisionDay(last.until - 1)).toBe(revisionDay(bench.clock.now()));
    bench.clock.advance(last.until - bench.clock.now());
    expect(await bench.session.push([lineFor(row, 0)])).toEqual([{ outcome: "accepted" }]);
  }
  bench.close();
});

test("F: an item's number alone changes nothing for buyers; the offer's does", async () => {
  const bench = openChannel("ebay");
  bench.sandbox.stock([{ sku: "JACKET-ALPINE-M", title: "Jacket", quantity: 9 }]);
  const row = await listingOf(bench, "JACKET-ALPINE-M");
  const token = await fetch(`${API}/identity/v1/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(appOf(bench))}` },
    body: new URLSearchParams({
      grant_type: "refresh_token",
      refresh_token: bench.account.secrets.refreshToken ?? "",
      scope: "https://api.ebay.com/oauth/api_scope/sell.inventory",
    }),
  }).then((answer) => answer.json() as Promise<{ access_token: string }>);
  const requests = [{ sku: row.sku, shipToLocationAvailability: { quantity: 2 } }];
  const headers = { authorization: `Bearer ${token.access_token}` };
  await fetch(BULK, { method: "POST", headers, body: JSON.stringify({ requests }) });
  bench.clock.advance(PUSH_SEEN_MS);
  expect(await shownOf(bench.session, row)).toBe(9);
  bench.close();
});

const appOf = ({ account }: ReturnType<typeof openChannel>) =>
  `${account.secrets.clientId}:${account.secrets.clientSecret}`;

test.each([
  ["2026-11-24T12:00:00Z", "2026-11-24", "2026-11-25T08:00:00Z"],
  ["2026-11-24T07:59:59Z", "2026-11-23", "2026-11-24T08:00:00Z"],
  ["2026-11-24T08:00:00Z", "2026-11-24", "2026-11-25T08:00:00Z"],
  ["2026-07-01T12:00:00Z", "2026-07-01", "2026-07-02T07:00:00Z"],
  ["2026-11-01T07:30:00Z", "2026-11-01", "2026-11-02T08:00:00Z"],
])("F: at %s it is the %s, until %s", (at, day, next) => {
  expect(revisionDay(Date.parse(at))).toBe(day);
  expect(new Date(nextDay(Date.parse(at))).toISOString()).toBe(next.replace("Z", ".000Z"));
  expect(NOW).toBe(Date.parse("2026-11-24T12:00:00Z"));
});
