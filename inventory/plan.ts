import { assert, exhaustive } from "./assert.ts";
import type { BufferPolicy, RuleInForce } from "./buffer.ts";
import { deliverable, type Shipping } from "./location.ts";
import { allocatedElsewhere, heldElsewhere, onHand, type Stock, unitsIn } from "./stock.ts";

/** Why a listing shows less than what is on hand: one line of the explanation. Row B6. */
export interface Reason {
  code: ReasonCode;
  /** Signed units this line adds (+) or takes away (-). */
  change: number;
  /** Units left after this line. */
  remaining: number;
  /** What the sentence on the page needs besides the numbers. */
  detail?: Record<string, string | number>;
}

export const REASON_CODES = [
  "on-hand",
  "not-sellable",
  "committed",
  "held",
  "allocated-elsewhere",
  "other-locations",
  "only-allocated",
  "buffer",
  "last-unit",
  "pack-size",
  "cap",
  "oversold",
  "scarcest-part",
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

export interface PlanInput {
  stock: Stock;
  channel: string;
  rule: RuleInForce;
  /** Units of the item one sale of the listing takes. 1 unless the listing is a pack. */
  unitsPerSale: number;
  /** Where it ships from; absent where every place ships for every channel. */
  shipping?: Shipping;
}

/** What a listing should show, and the ordered reasons that led there. */
export interface Plan {
  /** Sales the listing may offer, a whole number of at least 0. */
  quantity: number;
  reasons: Reason[];
}

/**
 * What a listing should show: pure, so that the page which explains a number prints exactly the
 * reasons that made it. The changes of the reasons sum to the quantity (in units of the item, up
 * to "pack-size", which turns units into sales). Percentages round down: less is safe.
 */
export function plan(input: PlanInput): Plan {
  assert(input.unitsPerSale >= 1, "a sale takes at least one unit");
  const trail = new Trail();
  takeClaims(trail, input);
  takeBuffer(trail, input);
  if (trail.remaining < 0) trail.to("oversold", 0, { units: -trail.remaining });
  takePack(trail, input.unitsPerSale);
  const { cap } = input.rule;
  if (cap !== undefined && trail.remaining > cap) trail.to("cap", cap, { cap });
  return { quantity: trail.remaining, reasons: trail.reasons };
}

/** One item of a kit: what is needed to plan it alone, and what a page calls it. */
export interface KitPart extends PlanInput {
  sku: string;
}

/**
 * What a kit should show: what its scarcest part allows, with that part's reasons. Of equally
 * scarce parts the first one explains. Row B7.
 */
export function planKit(parts: readonly KitPart[]): Plan {
  const [first, ...others] = parts.map((part) => ({ part, plan: plan(part) }));
  assert(first !== undefined, "a kit has parts");
  const scarcest = others.reduce(
    (least, one) => (one.plan.quantity < least.plan.quantity ? one : least),
    first,
  );
  const { quantity, reasons } = scarcest.plan;
  const detail = { sku: scarcest.part.sku, parts: parts.length };
  const limit: Reason = { code: "scarcest-part", change: 0, remaining: quantity, detail };
  return { quantity, reasons: [...reasons, limit] };
}

function takeClaims(trail: Trail, { stock, channel, rule, shipping }: PlanInput): void {
  const here = onHand(stock);
  trail.to("on-hand", here);
  trail.take("not-sellable", here - unitsIn(stock, "sellable"));
  trail.take("committed", stock.committed);
  // A channel goes on showing what its own carts hold: at 0, their shoppers could not pay.
  const own = stock.heldFor?.[channel] ?? 0;
  trail.take("held", heldElsewhere(stock, channel), own > 0 ? { own } : undefined);
  trail.take("allocated-elsewhere", allocatedElsewhere(stock, channel));
  if (shipping) takeOtherPlaces(trail, own + deliverable(stock, channel, shipping));
  if (rule.buffer.kind !== "allocated") return;
  // Its own virtual warehouse: what the pool could still offer is not this channel's to sell.
  const carved = stock.allocated[channel] ?? 0;
  if (trail.remaining > carved) trail.to("only-allocated", carved);
}

/** Never more than all places together have, and never below zero because of where units are. */
function takeOtherPlaces(trail: Trail, units: number): void {
  const left = Math.min(trail.remaining, Math.max(0, units));
  if (left < trail.remaining && trail.remaining > 0) trail.to("other-locations", left);
}

function takeBuffer(trail: Trail, { rule }: PlanInput): void {
  const available = trail.remaining;
  if (available <= 0) return;
  const units = Math.min(available, holdback(rule, available));
  trail.take("buffer", units, bufferDetail(rule));
  // Only rounding may be undone: a floor is a merchant's word that these units are not shown.
  const rounded = rule.buffer.kind === "percent" && rule.buffer.show > 0 && !rule.floor;
  if (rule.showLastUnit && rounded && trail.remaining === 0) trail.to("last-unit", 1);
}

/** Units a policy holds back of `available` ones (more than 0). */
function holdback(policy: BufferPolicy, available: number): number {
  return Math.max(policy.floor ?? 0, byKind(policy.buffer, available));
}

function byKind(buffer: BufferPolicy["buffer"], available: number): number {
  switch (buffer.kind) {
    case "percent":
      // Whole hundredths, so that 0.07 * 100 = 7.000000000000001 cannot cost a unit.
      return available - Math.floor((available * Math.round(buffer.show * 100)) / 10_000);
    case "fixed":
      return buffer.units;
    case "allocated":
      return 0;
    default:
      return exhaustive(buffer);
  }
}

function bufferDetail(rule: RuleInForce): Record<string, string | number> {
  const detail: Record<string, string | number> = { kind: rule.buffer.kind, level: rule.level };
  if (rule.buffer.kind === "percent") detail.show = rule.buffer.show;
  if (rule.buffer.kind === "fixed") detail.units = rule.buffer.units;
  if (rule.floor !== undefined) detail.floor = rule.floor;
  return detail;
}

function takePack(trail: Trail, unitsPerSale: number): void {
  if (unitsPerSale === 1) return;
  trail.to("pack-size", Math.floor(trail.remaining / unitsPerSale), { unitsPerSale });
}

/** The running number and the lines that explain it. Lines that change nothing are left out. */
class Trail {
  remaining = 0;
  readonly reasons: Reason[] = [];

  take(code: ReasonCode, units: number, detail?: Reason["detail"]): void {
    if (units !== 0) this.to(code, this.remaining - units, detail);
  }

  to(code: ReasonCode, remaining: number, detail?: Reason["detail"]): void {
    const change = remaining - this.remaining;
    this.remaining = remaining;
    this.reasons.push(detail ? { code, change, remaining, detail } : { code, change, remaining });
  }
}
