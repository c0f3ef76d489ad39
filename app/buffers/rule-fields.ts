import type { BufferRule } from "../../inventory/buffer.ts";

/** The rule form's fields by name: text, empty where nothing is said. */
export interface RuleFields {
  [name: string]: string;
  channel: string;
  level: string;
  category: string;
  sku: string;
  kind: string;
  value: string;
  floor: string;
  cap: string;
  showLastUnit: string;
}

export const EMPTY_RULE: RuleFields = {
  channel: "",
  level: "channel",
  category: "",
  sku: "",
  kind: "percent",
  value: "90",
  floor: "",
  cap: "",
  showLastUnit: "",
};

/** A stored rule as the form's fields; `sku` is that of the item it names. */
export function ruleFields(rule: BufferRule, sku: string | undefined): RuleFields {
  const { buffer, floor, cap } = rule;
  return {
    channel: rule.channel ?? "",
    level: rule.item !== undefined ? "sku" : rule.category !== undefined ? "category" : "channel",
    category: rule.category ?? "",
    sku: sku ?? "",
    kind: buffer.kind,
    value: policyValue(buffer),
    floor: floor === undefined ? "" : String(floor),
    cap: cap === undefined ? "" : String(cap),
    showLastUnit: rule.showLastUnit ? "on" : "",
  };
}

function policyValue(buffer: BufferRule["buffer"]): string {
  switch (buffer.kind) {
    case "percent":
      return String(buffer.show);
    case "fixed":
      return String(buffer.units);
    case "allocated":
      return "";
  }
}

/** The form's fields, however they were sent. */
export function ruleFieldsOf(form: FormData | URLSearchParams): RuleFields {
  const text = (name: string) => String(form.get(name) ?? "");
  return {
    channel: text("channel"),
    level: text("level"),
    category: text("category"),
    sku: text("sku"),
    kind: text("kind"),
    value: text("value"),
    floor: text("floor"),
    cap: text("cap"),
    showLastUnit: text("showLastUnit"),
  };
}
