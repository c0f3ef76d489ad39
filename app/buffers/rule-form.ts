import { z } from "zod";
import type { BufferRule } from "../../inventory/buffer.ts";
import type { RuleFields } from "./rule-fields.ts";

const UNITS_MAX = 1_000_000_000;

/** What the form sends: text, empty where nothing is said. */
const optionalUnits = (sentence: string) =>
  z
    .string()
    .trim()
    .refine((text) => text === "" || /^\d{1,10}$/.test(text), sentence)
    .transform((text) => (text === "" ? undefined : Math.min(Number(text), UNITS_MAX)));

const schema = z
  .object({
    channel: z.string().max(50),
    level: z.enum(["channel", "category", "sku"]),
    category: z.string().trim().max(200),
    sku: z.string().trim().max(200),
    kind: z.enum(["percent", "fixed", "allocated"]),
    value: z.string().trim(),
    floor: optionalUnits("Enter whole units, or nothing."),
    cap: optionalUnits("Enter whole units, or nothing."),
    showLastUnit: z.enum(["on", ""]).transform((value) => value === "on"),
  })
  .superRefine(({ level, category, sku, kind, value }, context) => {
    const fail = (field: string, message: string) =>
      context.addIssue({ code: "custom", path: [field], message });
    if (level === "category" && category === "") fail("category", "Choose a category.");
    if (level === "sku" && sku === "") fail("sku", "Enter a SKU.");
    if (kind === "percent" && !isPercent(value)) {
      fail("value", "Enter a percentage from 0 to 100, with up to two decimals.");
    }
    if (kind === "fixed" && !/^\d{1,9}$/.test(value)) fail("value", "Enter whole units.");
  });

function isPercent(text: string): boolean {
  return /^\d{1,3}(\.\d{1,2})?$/.test(text) && Number(text) <= 100;
}

/** A rule as the merchant typed it: the SKU is not looked up yet. */
export type TypedRule = Omit<BufferRule, "id" | "item"> & { sku?: string };

export type ParsedRule =
  | { outcome: "parsed"; rule: TypedRule }
  | { outcome: "invalid"; errors: Partial<Record<string, string>> };

/** Reads the rule form. Every field that is wrong gets its sentence. */
export function parseRule(fields: RuleFields): ParsedRule {
  const parsed = schema.safeParse(fields);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message]);
    return { outcome: "invalid", errors: Object.fromEntries(lines) };
  }
  const { channel, level, category, sku, kind, value, floor, cap, showLastUnit } = parsed.data;
  const rule: TypedRule = { buffer: bufferOf(kind, Number(value)), showLastUnit };
  if (channel !== "") rule.channel = channel;
  if (level === "category") rule.category = category;
  if (level === "sku") rule.sku = sku;
  if (floor !== undefined) rule.floor = floor;
  if (cap !== undefined) rule.cap = cap;
  return { outcome: "parsed", rule };
}

function bufferOf(kind: "percent" | "fixed" | "allocated", value: number): BufferRule["buffer"] {
  switch (kind) {
    case "percent":
      return { kind, show: value };
    case "fixed":
      return { kind, units: value };
    case "allocated":
      return { kind };
  }
}
