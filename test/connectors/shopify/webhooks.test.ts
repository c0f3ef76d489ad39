import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bench, JACKET, messageOf, openChannel } from "../harness.ts";

let bench: Bench;
beforeEach(() => {
  bench = openChannel("shopify");
  bench.sandbox.stock([JACKET]);
});
afterEach(() => bench.close());

test("F: a door that is in trouble is tried again, with the same webhook", async () => {
  bench.door.status = 503;
  bench.sandbox.buy({ sku: JACKET.sku, quantity: 1 });
  const [first] = await bench.news();
  bench.clock.advance(500);
  const [second] = await bench.news();
  expect(messageOf(second)).toEqual(messageOf(first));
  bench.door.status = 200;
  bench.clock.advance(1_000);
  expect(await bench.news()).toHaveLength(1);
  bench.clock.advance(600_000);
  expect(await bench.news(), "delivered is delivered").toEqual([]);
});

test("F: a door that stays shut is given up after eight more tries", async () => {
  bench.door.status = 500;
  bench.sandbox.buy({ sku: JACKET.sku, quantity: 1 });
  let heard = 0;
  for (let n = 0; n < 12; n += 1) {
    heard += (await bench.news()).length;
    bench.clock.advance(600_000);
  }
  expect(heard).toBe(9);
  // The order's message, and the one about the number it changed.
  expect(bench.sandbox.describe()).toMatchObject({
    messages: { waiting: 0 },
    stats: { sent: 0, dropped: 2 },
  });
});

test("F: nobody is told where nobody listens", async () => {
  bench.sandbox.market().connection = null;
  bench.sandbox.buy({ sku: JACKET.sku, quantity: 1 });
  expect(await bench.news()).toEqual([]);
  expect(bench.sandbox.describe().messages.waiting).toBe(0);
});
