import { expect } from "vitest";
import { type BenchTest, buyOne, JACKET, START, SWEEPABLE_MS, sweepAll } from "../harness.ts";

/** What a connector takes at its door and keeps. */
export function messagesBattery(test: BenchTest): void {
  test("G: a message that the marketplace did not send is refused", async ({ rig }) => {
    const body = Buffer.from(JSON.stringify({ id: 1, line_items: [] }));
    const headers = { "X-Shopify-Hmac-Sha256": "bm90IGl0", "X-Shopify-Topic": "orders/create" };
    const verify = (headers: Record<string, string>) =>
      rig.connector.verify({ headers, body }, rig.account, { now: rig.clock.now });
    expect(await verify(headers)).toMatchObject({ outcome: "forged" });
    expect(await verify({})).toMatchObject({ outcome: "forged" });
  });

  test("G: no personal data is kept of an order, whoever tells of it", async ({ rig }) => {
    buyOne(rig);
    rig.clock.advance(SWEEPABLE_MS);
    const kept = JSON.stringify([await rig.news(), await sweepAll(rig.session, START - 1_000)]);
    expect(kept).toContain(JACKET.sku);
    expect(kept).not.toMatch(/Ada|Buyer|example\.com|555|Sample Street|20001|[Pp]ostal/);
  });

  test("G: a payload that is not ours is a defect, not an empty order", ({ rig }) => {
    const message = { externalId: "x", topic: "x", payload: { hello: "world" } };
    expect(() => rig.connector.translate(message)).toThrow();
  });
}
