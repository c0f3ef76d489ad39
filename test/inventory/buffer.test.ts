import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BufferRule } from "../../inventory/buffer.ts";
import { ruleInForce } from "../../inventory/rule-book.ts";

const rule = (id: string, scope: Partial<BufferRule>): BufferRule => ({
  id,
  buffer: { kind: "fixed", units: 1 },
  ...scope,
});
const jacket = { channel: "amazon", category: "outerwear", item: "i1" };

describe("B1: the most specific rule wins", () => {
  const shop = rule("shop", {});
  const channel = rule("channel", { channel: "amazon" });
  const category = rule("category", { category: "outerwear" });
  const both = rule("both", { channel: "amazon", category: "outerwear" });
  const sku = rule("sku", { item: "i1" });
  const skuThere = rule("sku-there", { item: "i1", channel: "amazon" });
  const elsewhere = rule("elsewhere", { item: "i1", channel: "shopify" });

  test.each([
    [[shop], "shop", "shop"],
    [[shop, channel], "channel", "channel"],
    [[shop, channel, category], "category", "category"],
    [[shop, channel, category, both], "both", "category"],
    [[shop, channel, both, sku], "sku", "sku"],
    [[sku, skuThere], "sku-there", "sku"],
    [[elsewhere, shop], "shop", "shop"],
  ])("of %j it is %s, at level %s", (rules, winner, level) => {
    const inForce = ruleInForce(rules, jacket);
    expect([inForce.rule, inForce.level]).toEqual([winner, level]);
  });

  test("whatever the order of reading the rules", () => {
    const rules = [shop, channel, category, both, sku, rule("sku-b", { item: "i1" })];
    fc.assert(
      fc.property(fc.shuffledSubarray(rules, { minLength: rules.length }), (shuffled) => {
        expect(ruleInForce(shuffled, jacket).rule).toBe("sku");
      }),
    );
  });

  test.each([
    ["shopify", 100],
    ["amazon", 90],
    ["walmart", 85],
    ["tiktok", 50],
    ["a marketplace of tomorrow", 90],
  ])("without a rule, %s shows %i %%", (name, percent) => {
    const inForce = ruleInForce([], { ...jacket, channel: name });
    expect(inForce).toMatchObject({ rule: null, level: "default" });
    expect(inForce.buffer).toEqual({ kind: "percent", show: percent });
  });
});
