import { z } from "zod";
import { WEBHOOK_EVENTS } from "../../inventory/webhook.ts";
import type { DeliveryRow } from "../../prisma/webhook-deliveries.ts";
import { DELIVERY_STATES } from "../../prisma/webhook-deliveries.ts";
import type { EndpointRow } from "../../prisma/webhooks.ts";
import type { Example } from "./route.ts";
import { limit, moment, named, pageOf } from "./schemas.ts";

const url = z.string().min(1).max(2_000).describe("A public address that begins with https://.");
const events = z
  .array(z.enum(WEBHOOK_EVENTS))
  .min(1)
  .refine((types) => new Set(types).size === types.length, "names an event twice")
  .describe("What it wants to hear of.");
const description = z.string().trim().max(200).describe("What it is for.");

export const newWebhook = named(
  "NewWebhook",
  z.strictObject({ url, events, description: description.default("") }),
);
export const changedWebhook = named(
  "ChangedWebhook",
  z.strictObject({
    url: url.optional(),
    events: events.optional(),
    description: description.optional(),
    enabled: z.boolean().optional().describe("While it is not, it gets no new events."),
  }),
);
export const replayBody = named(
  "Replay",
  z.union([
    z.strictObject({
      since: z.int().min(0).describe("Everything finished from this place of the log on."),
    }),
    z.strictObject({
      sequences: z.array(z.int().min(0)).min(1).max(1_000).describe("These places of the log."),
    }),
  ]),
);
export const logQuery = z.object({
  after: z
    .string()
    .regex(/^\d{1,18}$/, "must be a page's next")
    .optional()
    .describe("The log is read from its end: older ones follow."),
  state: z.enum(DELIVERY_STATES).optional(),
  limit,
});

export const webhookId = z.object({
  id: z.string().min(1).max(100).describe("The endpoint's id."),
});

const endpointFields = {
  id: z.string(),
  url: z.string(),
  description: z.string(),
  events: z.array(z.enum(WEBHOOK_EVENTS)),
  enabled: z.boolean(),
  createdAt: moment,
};
export const webhookSchema = named("Webhook", z.object(endpointFields));
export const webhookList = named("WebhookList", z.object({ data: z.array(webhookSchema) }));
const secret = z.string().describe("Signs what is sent. Shown now and never again.");
export const createdWebhook = named("CreatedWebhook", z.object({ ...endpointFields, secret }));
export const rotatedSecret = named(
  "RotatedSecret",
  z.object({ secret, oldSecretUntil: moment.describe("The old one signs as well until then.") }),
);
export const replayed = named(
  "Replayed",
  z.object({
    events: z.int().min(0).describe("So many are sent again."),
    next: z.int().nullable().describe("Ask again with since = next; null when this was all."),
  }),
);
export const queued = named("Queued", z.object({ event: z.string() }));

export const deliverySchema = named(
  "Delivery",
  z.object({
    sequence: z.int().describe("Its place in the endpoint's log."),
    event: z.string().describe("The header webhook-id: the same at every try and replay."),
    type: z.string(),
    sku: z.string().nullable(),
    at: moment,
    data: z.record(z.string(), z.unknown()),
    state: z.enum(DELIVERY_STATES),
    tries: z.int().min(0),
    nextTryAt: moment.nullable().describe("Null when it is finished."),
    status: z.int().nullable().describe("What the endpoint answered last; null for no answer."),
    latencyMs: z.int().nullable(),
    answer: z.string().nullable().describe("The beginning of its answer, or why there is none."),
  }),
);
export const deliveryPage = pageOf("DeliveryPage", deliverySchema);

export function webhookView({ createdAt, ...endpoint }: EndpointRow) {
  return { ...endpoint, createdAt: createdAt.toISOString() };
}

export function deliveryView(row: DeliveryRow) {
  const { sequence, event, type, sku, at, data, state, tries, status, latencyMs, answer } = row;
  const finished = state === "delivered" || state === "dead";
  return {
    ...{ sequence: Number(sequence), event, type, sku, at: at.toISOString() },
    data: data as Record<string, unknown>,
    ...{ state, tries, nextTryAt: finished ? null : row.nextTryAt.toISOString() },
    ...{ status, latencyMs, answer },
  };
}

const FIELDS = {
  id: "wh_5b0e4c1d2f3a",
  url: "https://example.com/ballast",
  description: "The warehouse's screen",
  events: ["stock.changed" as const, "oversold" as const],
  enabled: true,
  createdAt: "2026-11-27T08:00:00.000Z",
};
const { url: exampleUrl, events: exampleEvents, description: exampleText } = FIELDS;
const SECRET = `whsec_${"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".padEnd(43, "A")}=`;

export const CREATE_EXAMPLE: Example = {
  summary: "Hear of every change of stock",
  body: { url: exampleUrl, events: exampleEvents, description: exampleText },
  answer: { ...FIELDS, secret: SECRET },
};
export const PRIVATE_EXAMPLE: Example = {
  summary: "An address nobody else can reach",
  body: { url: "https://192.168.0.10/ballast", events: ["oversold"] },
  refused: { problem: "address-refused", detail: "192.168.0.10 is not a public address." },
};
export const LIST_EXAMPLE: Example = { summary: "All of them", answer: { data: [FIELDS] } };
export const ONE_EXAMPLE: Example = { summary: "One of them", answer: FIELDS };
export const CHANGE_EXAMPLE: Example = {
  summary: "Hear of oversales alone",
  body: { events: ["oversold"] },
  answer: { ...FIELDS, events: ["oversold"] },
};
export const ROTATE_EXAMPLE: Example = {
  summary: "A new secret",
  answer: { secret: SECRET, oldSecretUntil: "2026-11-28T08:00:00.000Z" },
};
export const TEST_EXAMPLE: Example = {
  summary: "See whether it works",
  answer: { event: "evt_test_5f0c7b1e" },
};
export const REPLAY_EXAMPLE: Example = {
  summary: "Everything from a place of the log on",
  body: { since: 42 },
  answer: { events: 17, next: null },
};
export const LOG_EXAMPLE: Example = {
  summary: "What became of the newest events",
  query: { limit: 10 },
  answer: {
    data: [
      {
        ...{ sequence: 42, event: "evt_3_421_stock_changed", type: "stock.changed" },
        ...{ sku: "TEE-BLK-M", at: "2026-11-27T12:00:00.000Z", data: { version: 421, ats: 34 } },
        ...{ state: "delivered", tries: 1, nextTryAt: null, status: 204, latencyMs: 87 },
        answer: "",
      },
    ],
    next: "42",
    more: false,
  },
};
