import type { AppLoadContext } from "@remix-run/node";
import { mayGoAhead } from "../../inventory/blast-radius.ts";
import { formatFor } from "../../inventory/format.ts";
import { isRestricted, type Place } from "../../inventory/location.ts";
import { previewRules, type RulePreview } from "../../jobs/rule-preview.ts";
import { listRules } from "../../prisma/buffers.ts";
import { readBlastLimits } from "../../prisma/guard.ts";
import {
  addLocation,
  changeLocation,
  type LocationChange,
  type LocationRow,
  listLocations,
  unitsAt,
} from "../../prisma/locations.ts";
import { channelColumns } from "../access/merchant.server.ts";
import type { Merchant } from "../access/person.ts";
import { replanNow } from "../guard/replan-now.server.ts";
import type { LocationFields } from "./location-fields.ts";
import { fieldsOf, parseLocation } from "./location-form.ts";
import { GONE, LOCATION_ERRORS, occupiedText, RELOAD } from "./settings-texts.ts";

export type LocationResult =
  | { outcome: "invalid"; errors: Partial<Record<string, string>> }
  | { outcome: "refused"; why: string }
  | { outcome: "preview"; fields: LocationFields; preview: RulePreview }
  /** `listings` are planned anew: now, or by the worker when they are many. */
  | { outcome: "saved"; name: string; listings: number; by: "now" | "worker" };

export async function readLocations(context: AppLoadContext, shop: string) {
  const [locations, columns] = await Promise.all([
    listLocations(context.services.db, shop),
    channelColumns(context, shop),
  ]);
  return { locations, columns, channels: titledChannels(context) };
}

/** Every marketplace there is: a location may be meant for one that is connected later. */
function titledChannels({ services }: AppLoadContext) {
  return services.channels.map((channel) => {
    return { channel, title: services.connectorOf(channel)?.title ?? channel };
  });
}

/**
 * Adds or changes a location. What would change numbers that shoppers see is shown first and saved
 * when it is sent again with the intent "save"; what changes none is saved at once.
 */
export async function changeLocations(
  context: AppLoadContext,
  merchant: Merchant,
  form: FormData,
): Promise<LocationResult> {
  const { services } = context;
  const { db } = services;
  const intent = form.get("intent");
  if (intent !== "preview" && intent !== "save") return { outcome: "refused", why: RELOAD };
  const fields = fieldsOf(form);
  const parsed = parseLocation(fields, services.channels);
  if (parsed.outcome === "invalid") return parsed;
  const { location } = parsed;
  const locations = await listLocations(db, merchant.id);
  const problem = await problemWith(context, merchant, fields, location, locations);
  if (problem) return problem;
  const before = planned(locations);
  const after = planned([...locations.filter(({ id }) => id !== fields.id), location]);
  const rules = await listRules(db, merchant.id);
  const setup = { before: { rules, places: before }, after: { rules, places: after } };
  const limits = await readBlastLimits(db, merchant.id);
  const guard = { subject: JSON.stringify(location), limits };
  const preview = await previewRules(db, merchant.id, setup, {}, guard);
  const { radius } = preview;
  const confirmed = form.get("confirm");
  const seen = mayGoAhead(radius, typeof confirmed === "string" ? confirmed : null);
  const shown = intent === "save" && seen;
  if (radius.changed > 0 && !shown) return { outcome: "preview", fields, preview };
  const saved = await save(context, merchant.id, fields, location);
  if (saved) return saved;
  const replanned = await replanNow(services, merchant.id, {}, preview);
  return { outcome: "saved", name: location.name, ...replanned };
}

function planned(places: readonly Place[]): readonly Place[] | null {
  return isRestricted(places) ? places : null;
}

/** Why it cannot be so, or null. */
async function problemWith(
  { services: { db } }: AppLoadContext,
  merchant: Merchant,
  { id }: LocationFields,
  { code, active }: LocationChange,
  locations: readonly LocationRow[],
): Promise<LocationResult | null> {
  const known = locations.find((one) => one.id === id);
  if (id === "") {
    const taken = locations.some((one) => one.code.toLowerCase() === code.toLowerCase());
    return taken ? { outcome: "invalid", errors: { code: LOCATION_ERRORS.codeTaken } } : null;
  }
  if (!known) return { outcome: "refused", why: GONE };
  if (active || !known.active) return null;
  const units = await unitsAt(db, merchant.id, known.code);
  if (units === 0) return null;
  return { outcome: "refused", why: occupiedText(units, formatFor(merchant)) };
}

/** Null when it is saved. Somebody else may have been faster. */
async function save(
  { services: { db } }: AppLoadContext,
  shop: string,
  { id }: LocationFields,
  location: LocationChange,
): Promise<LocationResult | null> {
  if (id === "") {
    if (await addLocation(db, shop, location)) return null;
    return { outcome: "invalid", errors: { code: LOCATION_ERRORS.codeTaken } };
  }
  return (await changeLocation(db, shop, id, location)) ? null : { outcome: "refused", why: GONE };
}
