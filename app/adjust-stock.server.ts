import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import { exhaustive } from "../inventory/assert.ts";
import type { Stock } from "../inventory/stock.ts";
import { findItemBySku } from "../prisma/items.ts";
import { listLocations } from "../prisma/locations.ts";
import { movementBody, movementCommand } from "./api/movement-body.ts";
import { actorOf, type Merchant } from "./person.ts";
import { type RecordedAnswer, recordMovement } from "./record-movement.ts";

/** What became of a movement that a person asked for. */
export type AdjustResult =
  | { outcome: "done"; key: string; seq: number }
  /** Stock moved since the person read it: what it is now. */
  | { outcome: "conflict"; key: string; stock: Stock }
  /** By field of the form, each with its sentence. */
  | { outcome: "invalid"; errors: Record<string, string> }
  | { outcome: "refused"; why: string };

const KEY = z.uuid();

/** Receives or adjusts stock as the item page's form says. The same way in as the API's. */
export async function adjustStock(
  { services }: AppLoadContext,
  shop: Merchant,
  sku: string,
  form: FormData,
): Promise<AdjustResult> {
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
  const known =
    "location" in body && locations.some(({ code, active }) => active && code === body.location);
  if (!known) return { outcome: "invalid", errors: { location: "Choose a location." } };
  const who = { shop: shop.id, actor: actorOf(shop) };
  const context = { ...who, item: item.id, activity: `page/${key.data}` };
  const answer = await recordMovement(services, movementCommand(body, context));
  return result(answer, key.data);
}

function bodyOf(sku: string, form: FormData) {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const whole = (name: string) => (text(name) === "" ? Number.NaN : Number(text(name)));
  const type = text("type");
  return {
    type,
    sku,
    location: text("location"),
    quantity: whole("quantity"),
    reason: text("reason"),
    expectedVersion: whole("expectedVersion"),
    ...(type === "adjust" ? { bucket: text("bucket") } : {}),
    ...(text("reference") === "" ? {} : { reference: text("reference") }),
  };
}

const SENTENCES: Record<string, string> = {
  type: "Choose what to do.",
  location: "Choose a location.",
  quantity: "Enter a whole number of units other than 0; a receipt is at least 1.",
  reason: "Say why, in up to 500 characters.",
  reference: "A reference has up to 200 characters.",
  bucket: "Choose a bucket.",
  expectedVersion: "Load the page again and retry.",
};

function fieldErrors(error: z.ZodError): Record<string, string> {
  const fields = error.issues.map((issue) => String(issue.path[0] ?? "type"));
  return Object.fromEntries(fields.map((field) => [field, SENTENCES[field] ?? "Not valid."]));
}

function result(answer: RecordedAnswer, key: string): AdjustResult {
  switch (answer.outcome) {
    case "applied":
      return { outcome: "done", key, seq: answer.seq };
    case "version-conflict":
      return { outcome: "conflict", key, stock: answer.stock };
    case "insufficient":
      return { outcome: "refused", why: `Only ${answer.available} can be set aside.` };
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
