import { createHash } from "node:crypto";
import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { call } from "../../http.ts";
import { nextId } from "../../sandbox/market.ts";
import { uuid } from "../../sandbox/random.ts";
import { apiError } from "./errors.ts";
import { guarded } from "./guard.ts";
import { KEY_ID, PUBLIC_KEY } from "./keys.ts";
import type { EbayMoment, EbayState } from "./state.ts";

const BASE = "https://api.ebay.com/commerce/notification/v1";

const error = (status: number, id: number, message: string) =>
  apiError(status, id, "API_NOTIFICATION", message);

const created = (path: string, id: string) =>
  HttpResponse.json({}, { status: 201, headers: { location: `${BASE}/${path}/${id}` } });

const noContent = () => new HttpResponse(null, { status: 204 });

type Work = (
  now: EbayMoment,
  body: unknown,
  app: boolean,
  id: string,
) => Promise<Response> | Response;

/** The Notification API: an address to complain to, destinations, subscriptions, the key. */
export function subscriptionHandlers(moment: () => EbayMoment): RequestHandler[] {
  const on = (method: "get" | "put" | "post" | "delete", path: string, work: Work) =>
    http[method](`${BASE}/${path}`, ({ request, params }) => {
      const now = moment();
      return guarded(now, "notification", request, async ({ app }) =>
        work(now, await request.json().catch(() => null), app, String(params.id ?? "")),
      );
    });
  return [
    on("get", "public_key/:id", (_now, _body, _app, id) => publicKey(id)),
    on("get", "config", ({ state }) =>
      state.alertEmail === null
        ? error(404, 195026, "Configuration Not Found.")
        : HttpResponse.json({ alertEmail: state.alertEmail }),
    ),
    on("put", "config", ({ state }, body) => {
      const config = z.object({ alertEmail: z.email() }).safeParse(body);
      if (!config.success) return error(400, 195025, "Invalid or missing email.");
      state.alertEmail = config.data.alertEmail;
      return noContent();
    }),
    on("get", "destination", ({ state }) => HttpResponse.json(destinationPage(state))),
    on("post", "destination", (now, body) => putDestination(now, body, null)),
    on("put", "destination/:id", (now, body, _app, id) => putDestination(now, body, id)),
    on("delete", "destination/:id", (now, _body, _app, id) => deleteDestination(now, id)),
    on("get", "subscription", ({ state }, _body, app) =>
      HttpResponse.json(subscriptionPage(state, app)),
    ),
    on("post", "subscription", (now, body, app) => putSubscription(now, body, app, null)),
    on("put", "subscription/:id", (now, body, app, id) => putSubscription(now, body, app, id)),
    on("delete", "subscription/:id", (now, _body, _app, id) => deleteSubscription(now, id)),
  ];
}

function publicKey(id: string): Response {
  if (id !== KEY_ID) return error(404, 195002, "Invalid public key id.");
  return HttpResponse.json({ key: PUBLIC_KEY, algorithm: "ECDSA", digest: "SHA1" });
}

function destinationPage({ destinations }: EbayState) {
  return { total: destinations.length, href: "", limit: 100, destinations };
}

const destinationSchema = z.object({
  name: z.string().max(64),
  status: z.enum(["ENABLED", "DISABLED"]),
  deliveryConfig: z.object({ endpoint: z.url(), verificationToken: z.string().min(32).max(80) }),
});

/** The door is asked first whether it is who it says. */
async function putDestination(now: EbayMoment, body: unknown, id: string | null) {
  const { state } = now;
  const wanted = destinationSchema.safeParse(body);
  if (!wanted.success) return error(400, 195019, "Invalid or missing verification token.");
  if (state.alertEmail === null) return error(409, 195003, "Please provide configurations.");
  const { endpoint, verificationToken } = wanted.data.deliveryConfig;
  const others = state.destinations.filter((one) => one.destinationId !== id);
  if (others.some((one) => one.deliveryConfig.endpoint === endpoint)) {
    return error(409, 195021, "Destination exists for this endpoint");
  }
  if (!(await answersChallenge(uuid(state.market), endpoint, verificationToken))) {
    return error(409, 195020, "Challenge verification failed for requested endpoint");
  }
  const destinationId = id ?? uuid(state.market);
  state.destinations = [...others, { destinationId, ...wanted.data }];
  return id === null ? created("destination", destinationId) : noContent();
}

const challengedSchema = z.object({ challengeResponse: z.string() });

/** A door that is not there is let pass: in a test there is often nobody behind it. */
async function answersChallenge(code: string, endpoint: string, token: string): Promise<boolean> {
  const url = new URL(endpoint);
  url.searchParams.set("challenge_code", code);
  const response = await call({}, url.href, { timeoutMs: 3_000 }).catch(() => null);
  if (response === null) return true;
  const answer = challengedSchema.safeParse(await response.json().catch(() => null));
  const wanted = createHash("sha256")
    .update(code + token + endpoint)
    .digest("hex");
  return response.ok && answer.data?.challengeResponse === wanted;
}

function deleteDestination({ state }: EbayMoment, id: string): Response {
  if (state.subscriptions.some((one) => one.destinationId === id)) {
    return error(409, 195024, "Destination is in use and cannot be deleted.");
  }
  if (!state.destinations.some((one) => one.destinationId === id)) {
    return error(404, 195022, "Invalid or missing destination id.");
  }
  state.destinations = state.destinations.filter((one) => one.destinationId !== id);
  return noContent();
}

function subscriptionPage({ subscriptions }: EbayState, app: boolean) {
  const own = subscriptions.filter((one) => one.app === app);
  return { total: own.length, href: "", limit: 100, subscriptions: own.map(withoutOwner) };
}

const withoutOwner = ({ app: _, ...shown }: EbayState["subscriptions"][number]) => shown;

/** Topics of the whole app; all others are a merchant's. */
const APP_TOPICS = new Set(["AUTHORIZATION_REVOCATION", "MARKETPLACE_ACCOUNT_DELETION"]);

const subscriptionSchema = z.object({
  topicId: z.string().optional(),
  status: z.enum(["ENABLED", "DISABLED"]),
  destinationId: z.string(),
  payload: z.object({
    format: z.literal("JSON"),
    schemaVersion: z.string(),
    deliveryProtocol: z.literal("HTTPS"),
  }),
});

function putSubscription(
  { state, now }: EbayMoment,
  body: unknown,
  app: boolean,
  id: string | null,
) {
  const wanted = subscriptionSchema.safeParse(body);
  if (!wanted.success) return error(400, 195008, "Invalid or missing schema version.");
  const { destinationId } = wanted.data;
  const destination = state.destinations.find((one) => one.destinationId === destinationId);
  if (!destination) return error(400, 195007, "Invalid or missing destination id.");
  const known = state.subscriptions.find((one) => one.subscriptionId === id);
  if (id !== null && !known) return error(404, 195013, "Invalid subscription Id.");
  const topicId = known?.topicId ?? wanted.data.topicId ?? "";
  if (APP_TOPICS.has(topicId) !== app) return error(403, 195011, "Not authorized for this topic.");
  if (!known && state.subscriptions.some((one) => one.topicId === topicId)) {
    return error(409, 195012, "Subscription already exists");
  }
  const subscriptionId = id ?? String(nextId(state.market));
  const creationDate = known?.creationDate ?? new Date(now).toISOString();
  const others = state.subscriptions.filter((one) => one !== known);
  state.subscriptions = [...others, { ...wanted.data, subscriptionId, topicId, creationDate, app }];
  if (!app) state.market.door = destination.deliveryConfig.endpoint;
  return id === null ? created("subscription", subscriptionId) : noContent();
}

function deleteSubscription({ state }: EbayMoment, id: string): Response {
  const others = state.subscriptions.filter((one) => one.subscriptionId !== id);
  if (others.length === state.subscriptions.length) {
    return error(404, 195013, "Invalid subscription Id.");
  }
  state.subscriptions = others;
  if (!others.some((one) => !one.app)) state.market.door = null;
  return noContent();
}
