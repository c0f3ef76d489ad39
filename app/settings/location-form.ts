import { z } from "zod";
import type { LocationChange } from "../../prisma/locations.ts";
import { fieldErrors } from "./field-errors.ts";
import type { LocationFields } from "./location-fields.ts";
import { LOCATION_ERRORS } from "./settings-texts.ts";

const schema = z.object({
  code: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9._-]{1,50}$/),
  name: z.string().trim().min(1).max(100),
  priority: z
    .string()
    .trim()
    .regex(/^\d{1,3}$/)
    .transform(Number),
  serves: z.enum(["all", "some"]),
});

export type ParsedLocation =
  | { outcome: "parsed"; location: LocationChange }
  | { outcome: "invalid"; errors: Partial<Record<string, string>> };

/** Reads the location form; `known` are the channels there are. */
export function parseLocation(fields: LocationFields, known: readonly string[]): ParsedLocation {
  const parsed = schema.safeParse(fields);
  const { channels, active } = fields;
  if (!parsed.success || channels.some((channel) => !known.includes(channel))) {
    const errors = parsed.error && fieldErrors(parsed.error, LOCATION_ERRORS);
    return { outcome: "invalid", errors: errors ?? { serves: LOCATION_ERRORS.serves } };
  }
  const { code, name, priority, serves } = parsed.data;
  const location = { code, name, priority, active, serves: serves === "all" ? null : channels };
  return { outcome: "parsed", location };
}

export function fieldsOf(form: FormData): LocationFields {
  const text = (name: string) => String(form.get(name) ?? "");
  return {
    ...{ id: text("id"), code: text("code"), name: text("name"), priority: text("priority") },
    serves: text("serves"),
    // Polaris names a list of boxes so.
    channels: form.getAll("channel[]").map(String),
    active: text("active") === "on",
  };
}
