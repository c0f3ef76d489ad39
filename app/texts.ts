import { allocationChannel } from "../inventory/bucket.ts";
import type { BufferPolicy } from "../inventory/buffer.ts";
import type { Reason, ReasonCode } from "../inventory/plan.ts";

/*
 * Every sentence that explains a number, in one place, so that a page and the API say the same.
 * Plain text: no markup, no address.
 */

const NUMBER = new Intl.NumberFormat("en-US");

/** 1234 as "1,234". */
export function number(value: number): string {
  return NUMBER.format(value);
}

/** "1 unit", "2 units". */
export function units(count: number): string {
  return counted(count, "unit");
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** Milliseconds as a person reads them: "240 ms", "1.4 s", "3 min". */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}

/** A signed change: "+12", "−3". */
export function change(value: number): string {
  return value > 0 ? `+${number(value)}` : value < 0 ? `−${number(-value)}` : "0";
}

type Detail = NonNullable<Reason["detail"]>;

const REASONS: Record<ReasonCode, (units: number, channel: string, detail: Detail) => string> = {
  "on-hand": (count) => `${units(count)} on hand at all locations`,
  "not-sellable": (count) =>
    `${units(count)} on hand cannot be sold: in inspection, in quarantine or damaged`,
  committed: (count) => `${units(count)} sold and not shipped yet`,
  held: (count) => `${units(count)} held in carts and checkouts`,
  "allocated-elsewhere": (count) => `${units(count)} set aside for other channels`,
  "only-allocated": (count, channel) =>
    `${units(count)} belong to the other channels: ${channel} sells only what is set aside for it`,
  buffer: (_count, channel, detail) => bufferText(channel, detail),
  "last-unit": (_count, channel) =>
    `Rounding had hidden the last unit: ${channel}'s rule says to show it`,
  "scarcest-part": (_count, _channel, { sku = "", parts = 0 }) =>
    `Scarcest of the ${parts} items of this kit: ${sku}`,
  "pack-size": (_count, _channel, { unitsPerSale = 1 }) =>
    `One sale takes ${units(Number(unitsPerSale))}: counted in whole packs`,
  cap: (_count, channel, { cap = 0 }) => `${channel} never shows more than ${number(Number(cap))}`,
  oversold: (_count, _channel, { units: short = 0 }) =>
    `Oversold by ${units(Number(short))}: a listing cannot show less than 0`,
};

/** One line of a plan as a sentence. `channel` is what the marketplace is called on pages. */
export function reasonText(reason: Reason, channel: string): string {
  return REASONS[reason.code](Math.abs(reason.change), channel, reason.detail ?? {});
}

const LEVELS: Record<string, string> = {
  sku: "rule of this SKU",
  category: "rule of this category",
  channel: "rule of this channel",
  shop: "rule of the whole shop",
  default: "Ballast's default for this channel",
};

function bufferText(channel: string, detail: Detail): string {
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
  extend: "Hold extended",
  commit: "Hold became an order",
  release: "Hold released",
  expire: "Hold expired",
  sell: "Sold",
  cancel: "Cancelled",
  ship: "Shipped",
  receive: "Received",
  adjust: "Adjusted",
  transfer: "Transferred",
  allocate: "Set aside",
};

export function movementText(type: string): string {
  return MOVEMENTS[type] ?? type;
}

/** Why a movement of that many units was refused; `available` is how many there could be. */
export function tooMany(type: string, available: number): string {
  const most = `Only ${units(available)}`;
  return type === "transfer" ? `${most} can be moved from there.` : `${most} can be set aside.`;
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
export function policyText({ buffer, floor, cap, showLastUnit }: BufferPolicy): string {
  const parts = [bufferKindText(buffer)];
  if (floor !== undefined) parts.push(`holds back at least ${units(floor)}`);
  if (cap !== undefined) parts.push(`shows at most ${number(cap)}`);
  if (showLastUnit) parts.push("shows the last unit");
  return parts.join(", ");
}

function bufferKindText(buffer: BufferPolicy["buffer"]): string {
  switch (buffer.kind) {
    case "percent":
      return `Shows ${number(buffer.show)} % of what is available`;
    case "fixed":
      return `Holds back ${units(buffer.units)}`;
    case "allocated":
      return "Shows only stock set aside for it";
  }
}
