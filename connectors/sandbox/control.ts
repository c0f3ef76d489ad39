import { z } from "zod";
import type { RunningSandbox, SandboxSettings } from "./engine.ts";
import { faultsSchema, noFaults } from "./faults.ts";
import type { OpenedPlace } from "./market.ts";
import type { Bought, Changed, Edited, Returned } from "./shop-floor.ts";

/** What the control API works on. */
export interface Controlled {
  sandboxes: Readonly<Record<string, RunningSandbox>>;
  settings: SandboxSettings;
}

export interface Answer {
  status: number;
  body: unknown;
}

const wantedSchema = z.object({ sku: z.string().min(1), quantity: z.number().int().min(1) });

const listingsSchema = z.array(
  z.object({
    sku: z.string().min(1),
    title: z.string(),
    quantity: z.number().int().min(0),
    merchantFulfilled: z.boolean().optional(),
    barcode: z
      .string()
      .regex(/^\d{8,14}$/)
      .optional(),
    product: z.string().min(1).optional(),
  }),
);

const orderSchema = z.object({
  orderId: z.string().min(1).optional(),
  lines: z.array(wantedSchema).min(1),
  at: z.number().int().optional(),
});

const placeSchema = z.object({ name: z.string().min(1) });

const stageSchema = z.object({ stage: z.enum(["announced", "arrived", "closed"]) });

const editSchema = z.object({ quantity: z.number().int().min(0) });

const linesSchema = z.object({ lines: z.array(wantedSchema).min(1).optional() });
const cancelSchema = linesSchema.extend({ restock: z.boolean().default(true) });

/** "300-800" is a range of ms, written the way a command line can say it. */
export const lagSchema = z.union([
  z.enum(["default", "realistic", "none"]),
  z.object({ minMs: z.number().int().min(0), maxMs: z.number().int().min(0) }),
  z
    .string()
    .regex(/^\d+-\d+$/)
    .transform((range) => {
      const [minMs = 0, maxMs = 0] = range.split("-").map(Number);
      return { minMs, maxMs };
    }),
]);

const settingsSchema = z.object({
  doorUrl: z.url().nullable(),
  lag: lagSchema,
  seed: z.number().int(),
});

/** The control API: what a person, a shopper or a test does to a sandbox. Null = no such call. */
export function control(
  controlled: Controlled,
  method: string,
  path: string,
  body: unknown,
  query: URLSearchParams = new URLSearchParams(),
): Answer | null {
  const [, root, first, ...rest] = path.split("/").map(decodeURIComponent);
  if (root !== "sandbox" || !first) return null;
  const sandbox = controlled.sandboxes[first];
  try {
    return sandbox
      ? controlChannel(sandbox, method, rest, body ?? {})
      : controlAll(controlled, method, first, body ?? {}, query);
  } catch (error) {
    if (error instanceof z.ZodError)
      return { status: 400, body: { error: z.prettifyError(error) } };
    throw error;
  }
}

function controlAll(
  controlled: Controlled,
  method: string,
  name: string,
  body: unknown,
  query: URLSearchParams,
) {
  switch (`${method} ${name}`) {
    case "GET state":
      return ok(describeAll(controlled));
    case "GET overview":
      return ok(overviewOf(controlled, query.get("q") ?? ""));
    case "GET settings":
      return ok(controlled.settings);
    case "POST reset":
      for (const sandbox of Object.values(controlled.sandboxes)) sandbox.reset();
      return ok(describeAll(controlled));
    case "POST new-day":
      for (const sandbox of Object.values(controlled.sandboxes)) sandbox.newDay();
      return ok({});
    case "PUT settings":
      Object.assign(controlled.settings, settingsSchema.partial().parse(body));
      return ok(controlled.settings);
    default:
      return null;
  }
}

/** Every marketplace by its channel name. */
function describeAll({ sandboxes }: Controlled) {
  return Object.fromEntries(Object.values(sandboxes).map((one) => [one.channel, one.describe()]));
}

/** Rows of each marketplace that a person looks at. */
const SEEN = 12;
const LATEST = 5;

/** What the control page shows: the listings that are searched for, and the latest orders. */
function overviewOf({ sandboxes, settings }: Controlled, search: string) {
  const wanted = search.toLowerCase();
  const channels = Object.values(sandboxes).map((one) => {
    const state = one.describe();
    const listings = state.listings.filter(({ sku, title }) =>
      `${sku} ${title}`.toLowerCase().includes(wanted),
    );
    const latest = Object.values(one.market().orders).slice(-LATEST).reverse();
    return [one.channel, { ...state, listings: listings.slice(0, SEEN), latest }];
  });
  return { settings, channels: Object.fromEntries(channels) };
}

function cancel(sandbox: RunningSandbox, order: string, body: unknown) {
  const { lines = null, restock } = cancelSchema.parse(body);
  return sandbox.cancel(order, lines, { restock });
}

function controlChannel(
  sandbox: RunningSandbox,
  method: string,
  [name, order, verb]: string[],
  body: unknown,
): Answer | null {
  switch (`${method} ${[name, order && ":id", verb].filter(Boolean).join("/")}`) {
    case "GET orders":
      return ok(Object.values(sandbox.market().orders));
    case "GET pushes":
      return ok(sandbox.market().pushes);
    case "PUT account":
      sandbox.connect(z.object({ connection: z.string().min(1) }).parse(body).connection);
      return ok({ connection: sandbox.market().connection, account: sandbox.account.account });
    case "POST listings":
      sandbox.stock(listingsSchema.parse(body));
      return ok(sandbox.describe().listings);
    case "POST places":
      return opened(sandbox.openPlace(placeSchema.parse(body).name));
    case "POST listings/:id/edit":
      return edited(sandbox.edit(order ?? "", editSchema.parse(body).quantity));
    case "POST buy":
      return bought(sandbox.buy(wantedSchema.parse(body)));
    case "POST orders":
      return bought(sandbox.order(orderSchema.parse(body)));
    case "POST orders/:id/cancel":
      return changed(cancel(sandbox, order ?? "", body));
    case "POST orders/:id/ship":
      return changed(sandbox.ship(order ?? "", linesSchema.parse(body).lines ?? null));
    case "POST orders/:id/unship":
      return changed(sandbox.unship(order ?? ""));
    case "POST orders/:id/return":
      return returned(sandbox.announceReturn(order ?? "", linesSchema.parse(body).lines ?? null));
    case "POST returns/:id/move":
      return returned(sandbox.moveReturn(order ?? "", stageSchema.parse(body).stage));
    case "DELETE faults":
      return ok(sandbox.setFaults(noFaults()));
    case "POST faults":
      return ok(sandbox.setFaults(faultsSchema.partial().parse(body)));
    default:
      return null;
  }
}

const ok = (body: unknown): Answer => ({ status: 200, body });

function opened(place: OpenedPlace | null): Answer {
  if (place) return { status: 201, body: { place } };
  return { status: 409, body: { error: "this marketplace counts stock at no places" } };
}

function bought(result: Bought): Answer {
  switch (result.outcome) {
    case "sold":
      return { status: 201, body: { order: result.order } };
    case "known":
      return { status: 200, body: { order: result.order } };
    case "refused":
      return { status: 409, body: { displayed: result.displayed } };
    case "unknown-sku":
      return { status: 422, body: { error: "no such listing", skus: result.skus } };
  }
}

function edited(result: Edited): Answer {
  return result.outcome === "edited"
    ? ok({ displayed: result.listing.displayed, before: result.before })
    : { status: 422, body: { error: "no such listing", skus: result.skus } };
}

function returned(result: Returned): Answer {
  switch (result.outcome) {
    case "returned":
      return { status: 201, body: { return: result.back } };
    case "unknown-order":
    case "unknown-return":
      return { status: 404, body: { error: `no such ${result.outcome.slice(8)}` } };
    case "not-supported":
      return { status: 409, body: { error: result.why } };
  }
}

function changed(result: Changed): Answer {
  switch (result.outcome) {
    case "changed":
    case "unchanged":
      return { status: 200, body: { order: result.order, changed: result.outcome === "changed" } };
    case "unknown-order":
      return { status: 404, body: { error: "no such order" } };
    case "not-supported":
      return { status: 409, body: { error: result.why } };
  }
}
