import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import { exhaustive } from "../../inventory/assert.ts";
import { formatFor } from "../../inventory/format.ts";
import type { Stock } from "../../inventory/stock.ts";
import { findItemBySku } from "../../prisma/items.ts";
import { type LocationRow, listLocations } from "../../prisma/locations.ts";
import { actorOf, type Merchant } from "../access/person.ts";
import { type MovementBody, movementBody, movementCommand } from "../api/movement-body.ts";
import { tooMany } from "../texts.ts";
import { FIELD_ERRORS } from "./move-texts.ts";
import { type RecordedAnswer, recordMovement } from "./record-movement.ts";

/** What became of a movement that a person asked for. */
export type MoveResult =
  | { outcome: "done"; key: string; seq: number }
  /** Stock moved since the person read it: what it is now. */
  | { outcome: "conflict"; key: string; stock: Stock }
  /** By field of the form, each with its sentence. */
  | { outcome: "invalid"; errors: Record<string, string> }
  | { outcome: "refused"; why: string };

const KEY = z.uuid();

/** Moves stock as the item page's form says. The same way in as the API's. */
export async function moveStock(
  { services }: AppLoadContext,
  shop: Merchant,
  sku: string,
  form: FormData,
): Promise<MoveResult> {
  const key = KEY.safeParse(form.get("key"));
  const parsed = movementBody.safeParse(bodyOf(sku, form));
  if (!parsed.success) return { outcome: "invalid", errors: fieldErrors(parsed.error) };
  if (!key.success) return { outcome: "refused", why: "Load the page again and retry." };
  const body = parsed.data;
  const [item, locations] = await Promise.all([
    findItemBySku(services.db, shop.id, sku),
    listLocations(services.db, shop.id),
  ]);
  if (!item) return { outcome: "refused", why: `There is no item ${sku} any more.` };
  const errors = placeErrors(body, locations);
  if (errors) return { outcome: "invalid", errors };
  const who = { shop: shop.id, actor: actorOf(shop) };
  const context = { ...who, item: item.id, activity: `page/${key.data}` };
  const answer = await recordMovement(services, movementCommand(body, context));
  const tooFew = (available: number) =>
    tooMany(String(form.get("type")), available, formatFor(shop));
  return result(answer, key.data, tooFew);
}

/** New stock goes where stock is kept; what a closed location still has may be moved away. */
function placeErrors(
  body: MovementBody,
  locations: readonly LocationRow[],
): Record<string, string> | undefined {
  const open = body.type === "transfer" ? body.to : "location" in body ? body.location : undefined;
  const from = body.type === "transfer" ? body.location : undefined;
  const has = (code: string | undefined, wanted: boolean) =>
    code === undefined || locations.some((one) => one.code === code && (one.active || !wanted));
  if (!has(from, false)) return { location: FIELD_ERRORS.location ?? "" };
  if (has(open, true)) return undefined;
  const field = body.type === "transfer" ? "to" : "location";
  return { [field]: FIELD_ERRORS[field] ?? "" };
}

/** The form in the words of the API. Setting aside and giving back are one movement there. */
function bodyOf(sku: string, form: FormData) {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const whole = (name: string) => (text(name) === "" ? Number.NaN : Number(text(name)));
  const shared = {
    sku,
    reason: text("reason"),
    expectedVersion: whole("expectedVersion"),
    ...(text("reference") === "" ? {} : { reference: text("reference") }),
  };
  const [type, quantity] = [text("type"), whole("quantity")];
  switch (type) {
    case "set-aside":
    case "give-back": {
      // Fewer than none would be the other of the two.
      const units = quantity > 0 ? quantity : Number.NaN;
      const signed = type === "give-back" ? -units : units;
      return { ...shared, type: "allocate", channel: text("channel"), quantity: signed };
    }
    case "transfer": {
      const places = { location: text("location"), to: text("to"), bucket: text("bucket") };
      return { ...shared, ...places, type, quantity };
    }
    case "adjust":
      return { ...shared, type, location: text("location"), bucket: text("bucket"), quantity };
    default:
      return { ...shared, type, location: text("location"), quantity };
  }
}

function fieldErrors(error: z.ZodError): Record<string, string> {
  const fields = error.issues.map((issue) => String(issue.path[0] ?? "type"));
  return Object.fromEntries(fields.map((field) => [field, FIELD_ERRORS[field] ?? "Not valid."]));
}

function result(
  answer: RecordedAnswer,
  key: string,
  tooFew: (available: number) => string,
): MoveResult {
  switch (answer.outcome) {
    case "applied":
      return { outcome: "done", key, seq: answer.seq };
    case "version-conflict":
      return { outcome: "conflict", key, stock: answer.stock };
    case "insufficient":
      return { outcome: "refused", why: tooFew(answer.available) };
    case "reused-activity":
      return { outcome: "refused", why: "This was sent before with other values. Load again." };
    case "not-recorded":
      return {
        outcome: "refused",
        why: "Taken, but not in the record yet. Sending again is safe.",
      };
    case "unavailable":
      return { outcome: "refused", why: "The ledger is being checked. Nothing moved; try again." };
    case "unknown-hold":
    case "hold-over":
      throw new Error(`the ledger answered ${answer.outcome} to a movement`);
    default:
      return exhaustive(answer);
  }
}
