import type { RuleKey } from "../../prisma/buffers.ts";

/** What a rule applies to: "SKU CAP on Amazon". `sku` is that of the item it names. */
export function ruleScopeText(
  rule: RuleKey,
  sku: string | undefined,
  title: (channel: string) => string,
): string {
  const channel = rule.channel === undefined ? "all channels" : title(rule.channel);
  if (rule.item !== undefined) return `SKU ${sku ?? rule.item} on ${channel}`;
  if (rule.category !== undefined) return `Category ${rule.category} on ${channel}`;
  return rule.channel === undefined ? "All channels" : channel;
}
