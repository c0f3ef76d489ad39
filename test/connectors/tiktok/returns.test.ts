import { afterEach, beforeEach, expect, test } from "vitest";
import { hintOf } from "../../../connectors/tiktok/message.ts";
import { apiReturnSchema, keepReturn } from "../../../connectors/tiktok/return.ts";
import { isOrderActivity } from "../../../inventory/activity.ts";
import { type Bench, buyOne, JACKET, messageOf, openChannel, START } from "../harness.ts";

let bench: Bench;
beforeEach(() => {
  bench = openChannel("tiktok");
  bench.sandbox.stock([JACKET]);
});
afterEach(() => bench.close());

async function told() {
  const hints = (await bench.news()).map(messageOf).flatMap(hintOf);
  const answer = await bench.session.orders?.(hints);
  if (answer?.outcome !== "orders") throw new Error(JSON.stringify(answer));
  const all = answer.messages.flatMap(bench.connector.translate);
  return all.filter((one) => !isOrderActivity(one));
}

test("F: a return is announced, arrives, and moves no stock", async () => {
  const { order } = buyOne(bench, 3);
  bench.sandbox.ship(order.id, null);
  await bench.news();
  const result = bench.sandbox.announceReturn(order.id, [{ sku: JACKET.sku, quantity: 2 }]);
  if (result.outcome !== "returned") throw new Error(JSON.stringify(result));
  const announced = await told();
  expect(announced).toMatchObject([
    {
      fact: "return",
      order: order.id,
      sku: JACKET.sku,
      quantity: 2,
      stage: "announced",
      at: START,
    },
  ]);
  bench.clock.advance(5_000);
  bench.sandbox.moveReturn(result.back.id, "arrived");
  expect(await told()).toMatchObject([{ quantity: 2, stage: "arrived", at: START + 5_000 }]);
});

test("F: a return whose message was lost is found by the sweep, under the same id", async () => {
  const { order } = buyOne(bench);
  bench.sandbox.ship(order.id, null);
  await bench.news();
  bench.sandbox.announceReturn(order.id, null);
  const heard = await told();
  bench.clock.advance(60_000);
  const swept = await bench.session.returnsSince?.(START - 1_000, null);
  if (swept?.outcome !== "swept") throw new Error(JSON.stringify(swept));
  expect(swept.messages.flatMap(bench.connector.translate)).toEqual(heard);
  expect(swept).toMatchObject({ knownTo: START + 60_000, next: null });
});

const rows: [status: string, stage: string][] = [
  ["RETURN_OR_REFUND_REQUEST_PENDING", "announced"],
  ["AWAITING_BUYER_SHIP", "announced"],
  ["BUYER_SHIPPED_ITEM", "announced"],
  ["RETURN_OR_REFUND_REQUEST_SUCCESS", "arrived"],
  ["RETURN_OR_REFUND_REQUEST_COMPLETE", "arrived"],
  ["REJECT_RECEIVE_PACKAGE", "arrived"],
  ["RETURN_OR_REFUND_REQUEST_CANCEL", "closed"],
  ["REFUND_OR_RETURN_REQUEST_REJECT", "closed"],
  ["REPLACEMENT_REQUEST_COMPLETE", "closed"],
  ["A_STATUS_OF_TOMORROW", "announced"],
];

const back = (return_type: string, return_status: string) =>
  keepReturn(
    apiReturnSchema.parse({
      ...{ return_id: "4035", order_id: "5766", return_type, return_status, update_time: 1 },
      return_line_items: [{ sku_id: "1729", seller_sku: "S" }, { sku_id: "1729" }],
    }),
  );

test.each(rows)("F: %s is %s", (status, stage) => {
  expect(back("RETURN_AND_REFUND", status)).toMatchObject({
    stage,
    lines: [{ listing: "1729", sku: "S", quantity: 2 }],
  });
});

test("F: where only money goes back, nothing is announced", () => {
  expect(back("REFUND", "RETURN_OR_REFUND_REQUEST_PENDING")).toBeNull();
});
