import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type {
  Account,
  Connector,
  Message,
  PushLine,
  PushResult,
  RawRequest,
  Verification,
  World,
} from "../../../connectors/connector.ts";
import {
  type Answered,
  type CallKind,
  call,
  parseAnswer,
  statusFailure,
  transportFailure,
} from "../../../connectors/http.ts";
import { NO_CONSENT } from "../../support/no-consent.ts";

/**
 * A sixth marketplace, as small as a real one could be: a JSON API with one key, a webhook with an
 * HMAC. It shows what a connector has to be; docs/adding-a-connector.md walks through it.
 */
export const cornerShop: Connector = {
  channel: "corner-shop",
  title: "Corner Shop",
  limits: {
    pushBatch: 1,
    readBackBatch: 100,
    calls: {
      push: { perSecond: 10, burst: 10 },
      readBack: { perSecond: 10, burst: 10 },
      orders: { perSecond: 1, burst: 5 },
      listings: { perSecond: 1, burst: 5 },
    },
    sweepOverlapMs: 60_000,
    sweepEveryMs: 60_000,
  },
  abilities: { compareAndSet: false, inbound: "door" },
  consent: NO_CONSENT,
  verify,
  translate,
  connect(account, world) {
    const ask = asker(account, world);
    return {
      async listings(cursor) {
        const answer = await ask("read", listingsSchema, `/listings?after=${cursor ?? ""}`);
        if (answer.outcome !== "answered") return answer;
        const { rows, next } = answer.data;
        return { outcome: "page", rows: rows.map(asRecord), next };
      },
      push: (batch) => Promise.all(batch.map((line) => pushOne(ask, line))),
      async readBack(lines) {
        const ids = lines.map((line) => line.externalId).join(",");
        const answer = await ask("read", listingsSchema, `/listings?ids=${ids}`);
        if (answer.outcome !== "answered") return answer;
        const found = new Map(answer.data.rows.map((row) => [row.id, row.stock]));
        const rows = lines.map(({ externalId }) =>
          found.has(externalId) ? { externalId, quantity: found.get(externalId) ?? null } : null,
        );
        return { outcome: "read", rows };
      },
      places: async () => ({ outcome: "none" }),
      async ordersSince(since, cursor) {
        const path = `/orders?since=${since}&after=${cursor ?? ""}`;
        const answer = await ask("read", ordersSchema, path);
        if (answer.outcome !== "answered") return answer;
        const { rows, next, asOf } = answer.data;
        return { outcome: "swept", messages: rows.map(sweptMessage), knownTo: asOf, next };
      },
      async health() {
        const answer = await ask("read", listingsSchema, "/listings?ids=");
        return answer.outcome === "answered" ? { outcome: "healthy", reconnectBy: null } : answer;
      },
    };
  },
};

const listingSchema = z.object({
  id: z.string(),
  sku: z.string(),
  title: z.string(),
  /** Null for what the shop keeps itself. */
  stock: z.number().int().nullable(),
});

const listingsSchema = z.object({ rows: z.array(listingSchema), next: z.string().nullable() });

/** All that is kept of an order: a buyer's name is in it too. */
const orderSchema = z.object({
  id: z.string(),
  at: z.number(),
  changedAt: z.number(),
  lines: z.array(
    z.object({
      listing: z.string(),
      sku: z.string(),
      ordered: z.number().int(),
      cancelled: z.number().int(),
      shipped: z.number().int(),
    }),
  ),
});

const ordersSchema = z.object({
  rows: z.array(orderSchema),
  next: z.string().nullable(),
  asOf: z.number(),
});

function asRecord({ id, sku, title, stock }: z.infer<typeof listingSchema>) {
  return {
    ...{ externalId: id, sku, title, quantity: stock, merchantFulfilled: stock !== null },
    ...{ barcode: null, unpushable: null, group: null, stockId: null, handle: {} },
  };
}

type Ask = <T>(
  kind: CallKind,
  schema: z.ZodType<T>,
  path: string,
  body?: object,
) => Promise<Answered<T>>;

function asker(account: Account, world: World): Ask {
  return async (kind, schema, path, body) => {
    const headers = { authorization: `Bearer ${account.secrets.key}` };
    try {
      const init = body ? { method: "PUT", headers, body: JSON.stringify(body) } : { headers };
      const response = await call(world, `https://api.corner-shop.example${path}`, init);
      const retryAt = world.now() + 1_000;
      if (!response.ok && response.status !== 404) {
        return statusFailure(response.status, kind, retryAt);
      }
      return parseAnswer(schema, await response.json(), kind);
    } catch (error) {
      return transportFailure(error, kind);
    }
  };
}

const takenSchema = z.object({ taken: z.boolean(), why: z.string().optional() });

async function pushOne(ask: Ask, line: PushLine): Promise<PushResult> {
  const body = { stock: line.quantity };
  const answer = await ask("write", takenSchema, `/listings/${line.externalId}`, body);
  if (answer.outcome !== "answered") return answer;
  if (answer.data.taken) return { outcome: "accepted" };
  return { outcome: "rejected", why: answer.data.why ?? "no reason given" };
}

function verify(request: RawRequest, account: Account): Verification {
  const given = Buffer.from(request.headers["x-corner-signature"] ?? "", "hex");
  const { key } = account.secrets;
  if (!key) return { outcome: "forged", why: "there is no key to check with" };
  const wanted = createHmac("sha256", key).update(request.body).digest();
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    return { outcome: "forged", why: "the signature does not match the body" };
  }
  const order = orderSchema.safeParse(JSON.parse(request.body.toString("utf8")));
  if (!order.success) return { outcome: "malformed", why: z.prettifyError(order.error) };
  const externalId = request.headers["x-corner-delivery"] ?? "";
  return { outcome: "verified", message: { externalId, topic: "order", payload: order.data } };
}

function sweptMessage(order: z.infer<typeof orderSchema>): Message {
  const digest = createHash("sha256").update(JSON.stringify(order)).digest("hex");
  return { externalId: `${order.id}/${digest.slice(0, 24)}`, topic: "order", payload: order };
}

/** Cumulative facts per listing: two lines of one listing are told as one. */
function translate(message: Message) {
  const order = orderSchema.parse(message.payload);
  const byListing = Map.groupBy(order.lines, (line) => line.listing);
  return [...byListing].flatMap(([listing, lines]) => {
    const sum = (of: (line: (typeof lines)[number]) => number) =>
      lines.reduce((total, line) => total + of(line), 0);
    const facts = [
      { fact: "sell" as const, quantity: sum((line) => line.ordered), at: order.at },
      { fact: "cancel" as const, quantity: sum((line) => line.cancelled), at: order.changedAt },
      { fact: "ship" as const, quantity: sum((line) => line.shipped), at: order.changedAt },
    ];
    const sku = lines[0]?.sku ?? "";
    return facts
      .filter(({ quantity }) => quantity > 0)
      .map((fact) => ({ ...fact, order: order.id, listing, sku }));
  });
}
