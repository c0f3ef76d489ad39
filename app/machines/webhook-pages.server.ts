import { randomUUID } from "node:crypto";
import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import { exhaustive } from "../../inventory/assert.ts";
import { WEBHOOK_EVENTS } from "../../inventory/webhook.ts";
import {
  type DeliveryRow,
  type EndpointFigures,
  endpointFigures,
  listDeliveries,
} from "../../prisma/webhook-deliveries.ts";
import {
  deleteEndpoint,
  type EndpointRow,
  findEndpoint,
  listEndpoints,
} from "../../prisma/webhooks.ts";
import type { Merchant } from "../access/person.ts";
import type { Services } from "../services.ts";
import { WEBHOOK_ERRORS, type WebhooksResult } from "./webhook-texts.ts";
import {
  addWebhook,
  changeWebhook,
  replayWebhook,
  rotateWebhook,
  testWebhook,
} from "./webhooks.server.ts";

export type EndpointView = EndpointRow & { figures: EndpointFigures | null };

export async function readWebhooks(
  { services }: AppLoadContext,
  shop: string,
): Promise<{ endpoints: EndpointView[] }> {
  const [rows, figures] = await Promise.all([
    listEndpoints(services.db, shop),
    endpointFigures(services.db, shop),
  ]);
  const byId = new Map(figures.map((one) => [one.endpoint, one]));
  return { endpoints: rows.map((row) => ({ ...row, figures: byId.get(row.id) ?? null })) };
}

const LOG_PAGE = 50;

/** An endpoint and a page of its log. Throws the answer for one that is not there. */
export async function readWebhook(
  { services: { db } }: AppLoadContext,
  shop: string,
  id: string,
  before: string | undefined,
): Promise<{ endpoint: EndpointRow; deliveries: DeliveryRow[]; older: string | undefined }> {
  const endpoint = await findEndpoint(db, shop, id);
  if (!endpoint) throw new Response("This endpoint is not there any more.", { status: 404 });
  const rows = await listDeliveries(db, shop, id, {
    limit: LOG_PAGE + 1,
    ...(before === undefined ? {} : { before }),
  });
  const deliveries = rows.slice(0, LOG_PAGE);
  const older = rows.length > LOG_PAGE ? deliveries.at(-1)?.sequence : undefined;
  return { endpoint, deliveries, older };
}

const fields = {
  url: z.string().trim().min(1).max(2_000),
  description: z.string().trim().max(200).default(""),
  events: z.array(z.enum(WEBHOOK_EVENTS)).min(1),
};
const creation = z.object({ key: z.uuid(), ...fields });
const sequence = z.coerce.number().int().min(0);
const decision = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("save"), ...fields }),
  z.object({ intent: z.enum(["rotate", "test"]), key: z.uuid() }),
  z.object({ intent: z.enum(["enable", "disable", "delete"]) }),
  z.object({ intent: z.literal("replay"), key: z.uuid(), sequence }),
  z.object({ intent: z.literal("replay-since"), key: z.uuid(), sequence }),
]);

function read(form: FormData) {
  // Polaris names a list of many choices so.
  return { ...Object.fromEntries(form), events: form.getAll("events[]") };
}

function invalid(error: z.ZodError): WebhooksResult {
  const named = error.issues.map(({ path }) => String(path[0]));
  const known = (["url", "events", "description"] as const).filter((name) => named.includes(name));
  if (known.length === 0) return { outcome: "gone" };
  const errors = Object.fromEntries(known.map((name) => [name, WEBHOOK_ERRORS[name]]));
  return { outcome: "invalid", errors };
}

/** Makes an endpoint, as an owner decided. */
export async function createWebhook(
  { services }: AppLoadContext,
  { id: shop, person }: Merchant,
  form: FormData,
): Promise<WebhooksResult> {
  const parsed = creation.safeParse(read(form));
  if (!parsed.success) return invalid(parsed.error);
  const { key, ...wanted } = parsed.data;
  const made = await addWebhook(services, shop, key, wanted);
  switch (made.outcome) {
    case "created":
      services.log.info({ shop, by: person.id, endpoint: made.endpoint.id }, "a webhook was made");
      return { outcome: "created", secret: made.secret };
    case "refused":
      return { outcome: "invalid", errors: { url: made.why } };
    case "reused-key":
      return { outcome: "gone" };
    default:
      return exhaustive(made);
  }
}

/** Does with an endpoint what its page's forms say. */
export async function decideWebhook(
  { services }: AppLoadContext,
  { id: shop, person }: Merchant,
  id: string,
  form: FormData,
): Promise<WebhooksResult> {
  const parsed = decision.safeParse(read(form));
  if (!parsed.success) return invalid(parsed.error);
  const { data } = parsed;
  services.log.info({ shop, by: person.id, endpoint: id, intent: data.intent }, "a webhook");
  switch (data.intent) {
    case "save": {
      const { intent: _intent, ...wanted } = data;
      return change(services, shop, id, wanted, "saved");
    }
    case "enable":
      return change(services, shop, id, { enabled: true }, "enabled");
    case "disable":
      return change(services, shop, id, { enabled: false }, "disabled");
    case "rotate": {
      const rotated = await rotateWebhook(services, shop, id, data.key);
      return rotated ? { outcome: "rotated", secret: rotated.secret } : { outcome: "gone" };
    }
    case "test":
      return (await testWebhook(services, shop, id, data.key)) === null
        ? { outcome: "gone" }
        : { outcome: "tested" };
    case "delete":
      return { outcome: (await deleteEndpoint(services.db, shop, id)) ? "deleted" : "gone" };
    case "replay":
      return replay(services, shop, id, data.key, { sequences: [data.sequence] });
    case "replay-since":
      return replay(services, shop, id, data.key, { since: data.sequence });
    default:
      return exhaustive(data);
  }
}

async function change(
  services: Services,
  shop: string,
  id: string,
  wanted: Parameters<typeof changeWebhook>[3],
  outcome: "saved" | "enabled" | "disabled",
): Promise<WebhooksResult> {
  const changed = await changeWebhook(services, shop, id, wanted);
  if (changed.outcome === "refused") return { outcome: "invalid", errors: { url: changed.why } };
  return changed.outcome === "gone" ? changed : { outcome };
}

async function replay(
  services: Services,
  shop: string,
  id: string,
  key: string,
  which: Parameters<typeof replayWebhook>[4],
): Promise<WebhooksResult> {
  const again = await replayWebhook(services, shop, id, key, which);
  return again === null ? { outcome: "gone" } : { outcome: "replayed", ...again };
}

/** A form's own key: sent twice by an impatient hand, it is one wish. */
export function newKey(): string {
  return randomUUID();
}
