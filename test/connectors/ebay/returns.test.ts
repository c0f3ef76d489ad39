import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import type { Message, Session, Sweep } from "../../../connectors/connector.ts";
import { ebay } from "../../../connectors/ebay/connector.ts";
import { listingOf, openChannel } from "../harness.ts";
import { API, craftedSession, NOW } from "./crafted.ts";

async function returnsOf(session: Session, since: number) {
  const messages: Message[] = [];
  for (let cursor: string | null = null, first = true; first || cursor; first = false) {
    const page: Sweep | undefined = await session.returnsSince?.(since, cursor);
    if (page?.outcome !== "swept") throw new Error(JSON.stringify(page));
    messages.push(...page.messages);
    cursor = page.next;
  }
  return messages;
}

test("F: a return is announced, arrives and closes, for the listing that was sold", async () => {
  const bench = openChannel("ebay");
  bench.sandbox.stock([{ sku: "SOCK-HIKE-2P", title: "Socks", quantity: 9 }]);
  const row = await listingOf(bench, "SOCK-HIKE-2P");
  const bought = bench.sandbox.buy({ sku: row.sku, quantity: 3 });
  if (bought.outcome !== "sold") throw new Error("not sold");
  bench.sandbox.ship(bought.order.id, null);
  const wanted = [{ sku: row.sku, quantity: 2 }];
  const announced = bench.sandbox.announceReturn(bought.order.id, wanted);
  if (announced.outcome !== "returned") throw new Error("not returned");
  const stages = [];
  for (const stage of ["announced", "arrived", "closed"] as const) {
    bench.sandbox.moveReturn(announced.back.id, stage);
    const messages = await returnsOf(bench.session, bench.clock.now() - 1);
    expect(JSON.stringify(messages)).not.toContain("ada");
    expect(await returnsOf(bench.session, bench.clock.now() - 1)).toEqual(messages);
    stages.push(...messages.flatMap(ebay.translate));
    bench.clock.advance(24 * 60 * 60_000);
  }
  const same = { fact: "return", order: bought.order.id, listing: row.externalId, sku: row.sku };
  expect(stages).toMatchObject(
    ["announced", "arrived", "closed"].map((stage) => ({ ...same, quantity: 2, stage })),
  );
  bench.close();
});

const member = (n: number, state = "ITEM_SHIPPED") => ({
  returnId: n,
  state,
  creationInfo: {
    item: { itemId: 110, transactionId: n, returnQuantity: 1 },
    creationDate: { value: new Date(NOW - n * 60_000).toISOString() },
  },
});

test("F: more returns than a page holds are found by halving the time they are asked for", async () => {
  const all = Array.from({ length: 900 }, (_, n) => member(n));
  const session = craftedSession([
    http.get(`${API}/post-order/v2/return/search`, ({ request }) => {
      const query = new URL(request.url).searchParams;
      expect(query.has("offset")).toBe(false);
      const from = Date.parse(query.get("creation_date_range_from") ?? "");
      const to = Date.parse(query.get("creation_date_range_to") ?? "");
      expect(to - from).toBeLessThanOrEqual(90 * 24 * 60 * 60_000);
      const found = all.filter(({ creationInfo: { creationDate } }) => {
        const at = Date.parse(creationDate.value);
        return at >= from && at <= to;
      });
      const paginationOutput = { totalEntries: found.length };
      return HttpResponse.json({ members: found.slice(0, 200), paginationOutput });
    }),
    http.get(`${API}/sell/fulfillment/v1/order`, () => HttpResponse.json({ orders: [] })),
  ]);
  const messages = await returnsOf(session, NOW - 1);
  expect(new Set(messages.map((one) => one.externalId)).size).toBe(900);
  const [first] = messages.flatMap(ebay.translate);
  expect(first).toMatchObject({ listing: "110", order: expect.stringMatching(/^110-/) });
});

test.each([
  ["RETURN_REQUESTED", "announced"],
  ["ITEM_SHIPPED", "announced"],
  ["A_STATE_OF_TOMORROW", "announced"],
  ["ITEM_DELIVERED", "arrived"],
  ["CLOSED", "closed"],
])("F: %s is %s", async (state, stage) => {
  const session = craftedSession([
    http.get(`${API}/post-order/v2/return/search`, () =>
      HttpResponse.json({ members: [member(1, state)], total: 1 }),
    ),
    http.get(`${API}/sell/fulfillment/v1/order`, () => HttpResponse.json({ orders: [] })),
  ]);
  const messages = await returnsOf(session, NOW - 1);
  expect(messages.flatMap(ebay.translate)).toMatchObject([{ stage }]);
});
