import { allocationChannel } from "../inventory/bucket.ts";
import type { BufferPolicy } from "../inventory/buffer.ts";
import type { Format } from "../inventory/format.ts";
import type { Reason, ReasonCode } from "../inventory/plan.ts";

/*
 * Every sentence that explains a number, in one place, so that a page and the API say the same.
 * Plain text: no markup, no address. Numbers, money and times are written by a `Format`, as the shop
 * writes them: components have it from `useFormat()`.
 */

type Detail = NonNullable<Reason["detail"]>;

type ReasonSentence = (format: Format, count: number, channel: string, detail: Detail) => string;

const REASONS: Record<ReasonCode, ReasonSentence> = {
  "on-hand": (format, count) => `${format.units(count)} on hand at all locations`,
  "not-sellable": (format, count) =>
    `${format.units(count)} on hand cannot be sold: in inspection, in quarantine or damaged`,
  committed: (format, count) => `${format.units(count)} sold and not shipped yet`,
  held: (format, count, channel, { own = 0 }) =>
    own === 0
      ? `${format.units(count)} held in carts and checkouts`
      : `${format.units(count)} held in carts elsewhere; what ${channel}'s own carts hold stays shown`,
  "allocated-elsewhere": (format, count) => `${format.units(count)} set aside for other channels`,
  "other-locations": (format, count, channel) =>
    `${format.units(count)} cannot be sent to buyers on ${channel}: at locations that do not serve it, or owed by those that do`,
  "only-allocated": (format, count, channel) =>
    `${format.units(count)} belong to the other channels: ${channel} sells only what is set aside for it`,
  buffer: (format, _count, channel, detail) => bufferText(format, channel, detail),
  "last-unit": (_format, _count, channel) =>
    `Rounding had hidden the last unit: ${channel}'s rule says to show it`,
  "scarcest-part": (_format, _count, _channel, { sku = "", parts = 0 }) =>
    `Scarcest of the ${parts} items of this kit: ${sku}`,
  "pack-size": (format, _count, _channel, { unitsPerSale = 1 }) =>
    `One sale takes ${format.units(Number(unitsPerSale))}: counted in whole packs`,
  cap: (format, _count, channel, { cap = 0 }) =>
    `${channel} never shows more than ${format.number(Number(cap))}`,
  oversold: (format, _count, _channel, { units: short = 0 }) =>
    `Oversold by ${format.units(Number(short))}: a listing cannot show less than 0`,
};

/** One line of a plan as a sentence. `channel` is what the marketplace is called on pages. */
export function reasonText(reason: Reason, channel: string, format: Format): string {
  return REASONS[reason.code](format, Math.abs(reason.change), channel, reason.detail ?? {});
}

const LEVELS: Record<string, string> = {
  sku: "rule of this SKU",
  category: "rule of this category",
  channel: "rule of this channel",
  shop: "rule of the whole shop",
  default: "Ballast's default for this channel",
};

function bufferText({ number, units }: Format, channel: string, detail: Detail): string {
  const level = LEVELS[String(detail.level)] ?? "rule";
  const floor = detail.floor === undefined ? "" : `, at least ${units(Number(detail.floor))}`;
  if (detail.kind === "percent") {
    return `${channel} is shown ${number(Number(detail.show))} % of what is available${floor} (${level})`;
  }
  if (detail.kind === "fixed") {
    return `${units(Number(detail.units))} held back from ${channel}${floor} (${level})`;
  }
  return `Held back from ${channel}${floor} (${level})`;
}

const MOVEMENTS: Record<string, string> = {
  hold: "Held",
  resize: "Hold changed",
  extend: "Hold extended",
  commit: "Hold became an order",
  release: "Hold released",
  expire: "Hold expired",
  sell: "Sold",
  cancel: "Cancelled",
  ship: "Shipped",
  unship: "Shipment taken back",
  receive: "Received",
  adjust: "Adjusted",
  transfer: "Transferred",
  allocate: "Set aside",
};

export function movementText(type: string): string {
  return MOVEMENTS[type] ?? type;
}

/** Why a movement of that many units was refused; `available` is how many there could be. */
export function tooMany(type: string, available: number, { units }: Format): string {
  const most = `Only ${units(available)}`;
  if (type === "transfer") return `${most} can be moved from there.`;
  return type === "give-back" ? `${most} can be given back.` : `${most} can be set aside.`;
}

const BUCKETS: Record<string, string> = {
  sellable: "Sellable",
  inspection: "In inspection",
  quarantine: "In quarantine",
  damaged: "Damaged",
  incoming: "Incoming",
  committed: "Committed",
  held: "Held",
};

/** What a bucket is called; `title` names the channel that stock is set aside for. */
export function bucketText(bucket: string, title: (channel: string) => string): string {
  const channel = allocationChannel(bucket);
  return channel === undefined ? (BUCKETS[bucket] ?? bucket) : `Set aside for ${title(channel)}`;
}

/** A buffer rule as a sentence: "Shows 90 %, holds back at least 2 units, shows at most 50". */
export function policyText(policy: BufferPolicy, format: Format): string {
  const { buffer, floor, cap, showLastUnit } = policy;
  const { number, units } = format;
  const parts = [bufferKindText(buffer, format)];
  if (floor !== undefined) parts.push(`holds back at least ${units(floor)}`);
  if (cap !== undefined) parts.push(`shows at most ${number(cap)}`);
  if (showLastUnit) parts.push("shows the last unit");
  return parts.join(", ");
}

function bufferKindText(buffer: BufferPolicy["buffer"], { number, units }: Format): string {
  switch (buffer.kind) {
    case "percent":
      return `Shows ${number(buffer.show)} % of what is available`;
    case "fixed":
      return `Holds back ${units(buffer.units)}`;
    case "allocated":
      return "Shows only stock set aside for it";
  }
}

/** Asked before a page is left with something unsaved. */
export const LEAVING = {
  title: "Leave without saving?",
  text: "What you have changed here is not saved, and would be lost.",
  action: "Leave",
  keep: "Stay",
} as const;
