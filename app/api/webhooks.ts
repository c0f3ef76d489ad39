import { z } from "zod";
import { listDeliveries } from "../../prisma/webhook-deliveries.ts";
import { deleteEndpoint, findEndpoint, listEndpoints } from "../../prisma/webhooks.ts";
import {
  addWebhook,
  changeWebhook,
  replayWebhook,
  rotateWebhook,
  testWebhook,
} from "../machines/webhooks.server.ts";
import type { Services } from "../services.ts";
import { Problem } from "./problem.ts";
import { reusedKey } from "./refusals.ts";
import { type Route, route } from "./route.ts";
import { page } from "./schemas.ts";
import {
  CHANGE_EXAMPLE,
  CREATE_EXAMPLE,
  changedWebhook,
  createdWebhook,
  deliveryPage,
  deliveryView,
  LIST_EXAMPLE,
  LOG_EXAMPLE,
  logQuery,
  newWebhook,
  ONE_EXAMPLE,
  PRIVATE_EXAMPLE,
  queued,
  REPLAY_EXAMPLE,
  ROTATE_EXAMPLE,
  replayBody,
  replayed,
  rotatedSecret,
  TEST_EXAMPLE,
  webhookId,
  webhookList,
  webhookSchema,
  webhookView,
} from "./webhook-bodies.ts";

const COMMON = { tag: "Webhooks", scope: "webhooks:manage" } as const;
const LINKS = Object.fromEntries(
  [
    ...["getWebhook", "changeWebhook", "deleteWebhook", "rotateWebhook", "testWebhook"],
    ...["listDeliveries", "replayWebhook"],
  ].map((id) => [id, { id: "id" }]),
);

/** Endpoints that are told of events: made, changed, tried out, and their logs read and replayed. */
export function webhookRoutes(services: Services): Route[] {
  return [
    createWebhook(services),
    ...readWebhooks(services),
    updateWebhook(services),
    removeWebhook(services),
    ...secretAndTest(services),
    ...logOfWebhook(services),
  ];
}

function gone(id: string): Problem {
  return new Problem("unknown-webhook", `There is no webhook endpoint ${id}.`);
}

function refusedAddress(why: string): Problem {
  return new Problem("address-refused", why, { errors: [{ pointer: "#/url", detail: why }] });
}

function createWebhook(services: Services): Route {
  return route({
    ...COMMON,
    ...{ id: "createWebhook", method: "post", path: "/webhooks", body: newWebhook },
    summary: "Be told of events",
    description:
      "Events are sent as POST, signed as Standard Webhooks says (webhook-id, webhook-timestamp, " +
      "webhook-signature), in order for each SKU. What is not answered with 2xx is tried again " +
      "for 24 hours. A change of stock that is still waiting is replaced by the next one of its SKU.",
    answer: {
      ...{ status: 201, description: "It is told from now on.", schema: createdWebhook },
      links: LINKS,
    },
    problems: ["address-refused", "idempotency-key-reused"],
    examples: [CREATE_EXAMPLE, PRIVATE_EXAMPLE],
    async handle({ caller: { shop }, key, body }) {
      const made = await addWebhook(services, shop, key, body);
      if (made.outcome === "refused") throw refusedAddress(made.why);
      if (made.outcome === "reused-key") throw reusedKey();
      return { ...webhookView(made.endpoint), secret: made.secret };
    },
  });
}

function readWebhooks({ db }: Services): Route[] {
  const listWebhooks = route({
    ...COMMON,
    ...{ id: "listWebhooks", method: "get", path: "/webhooks", problems: [] },
    summary: "List the endpoints",
    answer: { status: 200, description: "All of them, oldest first.", schema: webhookList },
    examples: [LIST_EXAMPLE],
    async handle({ caller: { shop } }) {
      return { data: (await listEndpoints(db, shop)).map(webhookView) };
    },
  });
  const getWebhook = route({
    ...COMMON,
    ...{ id: "getWebhook", method: "get", path: "/webhooks/{id}", params: webhookId },
    summary: "Read an endpoint",
    answer: { status: 200, description: "The endpoint.", schema: webhookSchema },
    problems: ["unknown-webhook"],
    examples: [ONE_EXAMPLE],
    async handle({ caller: { shop }, params: { id } }) {
      const found = await findEndpoint(db, shop, id);
      if (!found) throw gone(id);
      return webhookView(found);
    },
  });
  return [listWebhooks, getWebhook];
}

function updateWebhook(services: Services): Route {
  return route({
    ...COMMON,
    ...{ id: "changeWebhook", method: "patch", path: "/webhooks/{id}" },
    ...{ params: webhookId, body: changedWebhook },
    summary: "Change an endpoint",
    answer: { status: 200, description: "As it is now.", schema: webhookSchema },
    problems: ["unknown-webhook", "address-refused"],
    examples: [CHANGE_EXAMPLE],
    async handle({ caller: { shop }, params: { id }, body }) {
      const changed = await changeWebhook(services, shop, id, body);
      if (changed.outcome === "refused") throw refusedAddress(changed.why);
      if (changed.outcome === "gone") throw gone(id);
      return webhookView(changed.endpoint);
    },
  });
}

function removeWebhook({ db }: Services): Route {
  return route({
    ...COMMON,
    ...{ id: "deleteWebhook", method: "delete", path: "/webhooks/{id}", params: webhookId },
    summary: "Remove an endpoint",
    description: "With its log, and with what it was still to be told.",
    answer: { status: 204, description: "It is told nothing more.", schema: z.undefined() },
    problems: ["unknown-webhook"],
    examples: [{ summary: "Remove it" }],
    async handle({ caller: { shop }, params: { id } }) {
      if (!(await deleteEndpoint(db, shop, id))) throw gone(id);
      return undefined;
    },
  });
}

function secretAndTest(services: Services): Route[] {
  const rotate = route({
    ...COMMON,
    ...{ id: "rotateWebhook", method: "post", path: "/webhooks/{id}/rotate", params: webhookId },
    summary: "Get a new secret",
    description: "For a day the old secret signs beside the new one.",
    answer: { status: 200, description: "The new secret.", schema: rotatedSecret },
    problems: ["unknown-webhook"],
    examples: [ROTATE_EXAMPLE],
    async handle({ caller: { shop }, params: { id }, key }) {
      const rotated = await rotateWebhook(services, shop, id, key);
      if (!rotated) throw gone(id);
      return { secret: rotated.secret, oldSecretUntil: rotated.oldUntil.toISOString() };
    },
  });
  const test = route({
    ...COMMON,
    ...{ id: "testWebhook", method: "post", path: "/webhooks/{id}/test", params: webhookId },
    summary: "Send a test event",
    answer: { status: 202, description: "It is on its way: see the log.", schema: queued },
    problems: ["unknown-webhook"],
    examples: [TEST_EXAMPLE],
    async handle({ caller: { shop }, params: { id }, key }) {
      const event = await testWebhook(services, shop, id, key);
      if (event === null) throw gone(id);
      return { event };
    },
  });
  return [rotate, test];
}

function logOfWebhook(services: Services): Route[] {
  const { db } = services;
  const list = route({
    ...COMMON,
    ...{ id: "listDeliveries", method: "get", path: "/webhooks/{id}/deliveries" },
    ...{ params: webhookId, query: logQuery },
    summary: "Read an endpoint's log",
    description: "The newest first, with what was answered and how long that took. Kept 30 days.",
    answer: { status: 200, description: "A page of the log.", schema: deliveryPage },
    problems: ["unknown-webhook"],
    examples: [LOG_EXAMPLE],
    async handle({ caller: { shop }, params: { id }, query: { after, state, limit } }) {
      if (!(await findEndpoint(db, shop, id))) throw gone(id);
      const wanted = { before: after, state, limit: limit + 1 };
      const rows = await listDeliveries(db, shop, id, wanted);
      return page(rows.map(deliveryView), limit, (row) => String(row.sequence));
    },
  });
  const replay = route({
    ...COMMON,
    ...{ id: "replayWebhook", method: "post", path: "/webhooks/{id}/replay" },
    ...{ params: webhookId, body: replayBody },
    summary: "Send events again",
    description:
      "Finished ones, in their old order and under their old ids, ten thousand at most at once: " +
      "when there are more, next is where to go on. " +
      "Compare data.version with what you know: a replayed change of stock is an old one.",
    answer: { status: 202, description: "They are on their way.", schema: replayed },
    problems: ["unknown-webhook"],
    examples: [REPLAY_EXAMPLE],
    async handle({ caller: { shop }, params: { id }, key, body }) {
      const again = await replayWebhook(services, shop, id, key, body);
      if (again === null) throw gone(id);
      const { events, next } = again;
      return { events, next: next === null ? null : Number(next) };
    },
  });
  return [list, replay];
}
