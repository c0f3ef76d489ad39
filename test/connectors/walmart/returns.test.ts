import { afterEach, beforeEach, expect, test } from "vitest";
import { returnMessage } from "../../../connectors/walmart/message.ts";
import { apiReturnSchema, keepApiReturn } from "../../../connectors/walmart/return.ts";
import { translateMessage } from "../../../connectors/walmart/translate.ts";
import { type Bench, buyOne, JACKET, messageOf, openChannel, START } from "../harness.ts";

const line = (status: string, more: object = {}) => ({
  returnOrderLineNumber: 1,
  purchaseOrderId: "1796277083022",
  item: { sku: "S" },
  quantity: { unitOfMeasure: "EACH", measurementValue: 1 },
  status,
  statusTime: "2026-11-24T12:00:00.000Z",
  ...more,
});

function facts(returnOrderLines: unknown) {
  const back = apiReturnSchema.parse({ returnOrderId: "103738048909818825", returnOrderLines });
  const kept = keepApiReturn(back);
  if (!kept) return null;
  return translateMessage(returnMessage(kept)).map((one) =>
    one.fact === "return" ? `${one.quantity} of ${one.sku} ${one.stage}` : one.fact,
  );
}

const tag = (eventTag: string) => ({ returnTrackingDetail: [{ sequenceNo: 1, eventTag }] });

const rows: [title: string, lines: unknown, expected: string[] | null][] = [
  ["started", [line("INITIATED")], ["1 of S announced"]],
  ["on its way", [line("INITIATED", tag("RETURN_IN_TRANSIT"))], ["1 of S announced"]],
  ["delivered", [line("DELIVERED")], ["1 of S arrived"]],
  [
    "delivered, and paid back",
    [line("COMPLETED", tag("DELIVERED_AFTER_INVOICE"))],
    ["1 of S arrived"],
  ],
  [
    "delivered, as another field says",
    [line("COMPLETED", { currentDeliveryStatus: "DELIVERED" })],
    ["1 of S arrived"],
  ],
  [
    "paid back, and still on its way",
    [line("COMPLETED", tag("INTRANSIT_AFTER_INVOICE"))],
    ["1 of S announced"],
  ],
  ["paid back, and never sent", [line("COMPLETED", tag("REFUND_ISSUED"))], ["1 of S closed"]],
  ["given up", [line("COMPLETED", tag("RETURN_CANCELLED"))], ["1 of S closed"]],
  [
    "two units in two lines, one here",
    [line("DELIVERED"), line("INITIATED")],
    ["2 of S announced"],
  ],
  ["a single line without brackets", line("DELIVERED"), ["1 of S arrived"]],
  ["to Walmart's warehouse", [line("DELIVERED", { isWFSEnabled: "Y" })], null],
];

test.each(rows)("F: a return %s", (_title, lines, expected) => {
  expect(facts(lines)).toEqual(expected);
});

let bench: Bench;
beforeEach(() => {
  bench = openChannel("walmart");
  bench.sandbox.stock([JACKET]);
});
afterEach(() => bench.close());

test("F: a return is announced by an event that names no SKU, looked up, and swept", async () => {
  const { order } = buyOne(bench, 2);
  bench.sandbox.ship(order.id, null);
  await bench.news();
  const announced = bench.sandbox.announceReturn(order.id, [{ sku: JACKET.sku, quantity: 1 }]);
  if (announced.outcome !== "returned") throw new Error(JSON.stringify(announced));
  const [event] = (await bench.news()).map(messageOf);
  if (!event) throw new Error("nothing heard");
  const hints = bench.connector.hint?.(event) ?? [];
  expect(hints).toEqual([`return/${announced.back.id}`]);
  const asked = await bench.session.orders?.(hints);
  if (asked?.outcome !== "orders") throw new Error(JSON.stringify(asked));
  const told = asked.messages.flatMap(bench.connector.translate);
  expect(told).toEqual([
    {
      fact: "return",
      id: announced.back.id,
      order: order.id,
      listing: JACKET.sku,
      sku: JACKET.sku,
      quantity: 1,
      stage: "announced",
      at: START,
    },
  ]);
  const swept = await bench.session.returnsSince?.(START - 1_000, null);
  expect(swept).toMatchObject({ outcome: "swept", messages: asked.messages, next: null });
  expect(JSON.stringify(asked), "nobody's name is kept").not.toMatch(/Ada|example\.com/);
  bench.clock.advance(60_000);
  bench.sandbox.moveReturn(announced.back.id, "arrived");
  const later = await bench.session.returnsSince?.(START + 1_000, null);
  if (later?.outcome !== "swept") throw new Error(JSON.stringify(later));
  const [activity] = later.messages.flatMap(bench.connector.translate);
  expect(activity).toMatchObject({ fact: "return", stage: "arrived", at: START + 60_000 });
});

test("F: no return in the window is no failure", async () => {
  expect(await bench.session.returnsSince?.(START - 1_000, null)).toEqual({
    outcome: "swept",
    messages: [],
    knownTo: START,
    next: null,
  });
});
