import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import { type BlastRadius, mayGoAhead } from "../../inventory/blast-radius.ts";
import { findConnection } from "../../prisma/connections.ts";
import { dryRunTotals } from "../../prisma/dry-run.ts";
import { createListedItems, matchAgain } from "../../prisma/first-items.ts";
import { markLive } from "../../prisma/going-live.ts";
import { ensureLocation, listLocations } from "../../prisma/locations.ts";
import type { Merchant } from "../access/person.ts";
import { type ChannelView, channelViews } from "../channels/channels.server.ts";
import type {} from "../context.ts";
import type { Services } from "../services.ts";
import { type LiveChange, liveRadius } from "./dry-run.server.ts";
import { type CountResult, countFile, countShown, countTyped } from "./first-count.server.ts";
import { type ChosenBuffers, chooseBuffers } from "./welcome-buffers.server.ts";

/** What became of what a merchant did in a step. */
export type WelcomeResult =
  | { outcome: "importing" }
  | { outcome: "items"; made: number; matched: number }
  | CountResult
  | ChosenBuffers
  /** Too much would change for one click: it is asked for again, with this list. */
  | { outcome: "stop"; connections: string[]; radius: BlastRadius<LiveChange> }
  | { outcome: "live"; connections: string[] };

const id = z.string().min(1).max(50);
const place = z.string().trim().max(200).default("");

const asked = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("import") }),
  z.object({ intent: z.literal("create-items"), connection: id }),
  z.object({ intent: z.literal("count-channel"), connection: id, place }),
  z.object({ intent: z.literal("count-typed"), place }),
  z.object({ intent: z.literal("count-file"), place }),
  z.object({ intent: z.literal("buffers") }),
  z.object({ intent: z.literal("go-live"), confirmed: z.string().max(200).optional() }),
]);

/** Does what a step's form says. */
export async function changeWelcome(
  context: AppLoadContext,
  merchant: Merchant,
  form: FormData,
): Promise<WelcomeResult> {
  const parsed = asked.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { outcome: "refused", why: "Load the page again and retry." };
  const { data } = parsed;
  const { services } = context;
  switch (data.intent) {
    case "import":
      return importAgain(context, merchant.id);
    case "create-items":
      return createItems(services, merchant.id, data.connection);
    case "count-channel":
      return countChannel(context, merchant, data.connection, data.place);
    case "count-typed":
    case "count-file": {
      const location = await placeOf(services, merchant.id, data.place);
      return data.intent === "count-file"
        ? countFile(services, merchant, location, form.get("file"))
        : countTyped(services, merchant, location, form);
    }
    case "buffers":
      return chooseBuffers(services, merchant.id, form);
    case "go-live":
      return goLive(context, merchant, form.getAll("connection").map(String), data.confirmed);
  }
}

async function importAgain(context: AppLoadContext, shop: string): Promise<WelcomeResult> {
  for (const { id } of await waitingOf(context, shop)) {
    await context.services.queues.enqueue("listings.import", { connection: id });
  }
  return { outcome: "importing" };
}

/** A new merchant owns nothing yet: what one channel lists becomes his items. */
async function createItems(
  { db, queues, log }: Services,
  shop: string,
  connection: string,
): Promise<WelcomeResult> {
  const made = await createListedItems(db, shop, connection);
  const { matched, connections, revived } = await matchAgain(db, shop);
  const work = [
    ...connections.map((one) => queues.enqueue("listings.replan", { shop, connection: one })),
    ...revived.map((message) => queues.enqueue("inbox.apply", { message })),
  ];
  const failed = (await Promise.allSettled(work)).find((one) => one.status === "rejected");
  if (failed) log.warn({ shop, error: String(failed.reason) }, "matched, not all enqueued");
  return { outcome: "items", made, matched };
}

async function countChannel(
  context: AppLoadContext,
  merchant: Merchant,
  connection: string,
  place: string,
): Promise<WelcomeResult> {
  const { services } = context;
  const views = await channelViews(context, merchant.id);
  const view = views.find(({ id }) => id === connection);
  if (!view) return { outcome: "refused", why: "This connection is not there any more." };
  const found = await findConnection(services.db, merchant.id, connection);
  const location = await placeOf(services, merchant.id, place, found?.settings.shipsFrom);
  return countShown(services, merchant, location, view);
}

/**
 * Where the units are: the location that ships for the connection, else the one that ships first,
 * else the first one of all, made with this name.
 */
async function placeOf(
  { db }: Services,
  shop: string,
  name: string,
  wanted?: string,
): Promise<string> {
  const locations = await listLocations(db, shop);
  const first = locations.find(({ code }) => code === wanted) ?? locations[0];
  if (first) return first.code;
  const made = await ensureLocation(db, shop, { code: "main", name: name || "Main warehouse" });
  return made.code;
}

async function waitingOf(context: AppLoadContext, shop: string): Promise<ChannelView[]> {
  const views = await channelViews(context, shop);
  return views.filter((view) => !view.disconnected && view.liveAt === null);
}

/** Lets connections push, when their merchant has seen what that changes. */
async function goLive(
  context: AppLoadContext,
  merchant: Merchant,
  wanted: readonly string[],
  confirmed: string | undefined,
): Promise<WelcomeResult> {
  const { services } = context;
  const shop = merchant.id;
  const chosen = (await waitingOf(context, shop)).filter((view) => wanted.includes(view.id));
  if (chosen.length === 0) return { outcome: "refused", why: "Choose at least one channel." };
  const early = chosen.find((view) => view.tasks.import?.state !== "done");
  if (early) {
    return { outcome: "refused", why: `${early.title} is still being imported. Wait for its end.` };
  }
  const connections = chosen.map((view) => view.id);
  const totals = await dryRunTotals(services.db, shop, connections);
  if (totals.some((one) => one.unplanned > 0)) {
    return { outcome: "refused", why: "Some numbers are still being worked out. Try again." };
  }
  const radius = await liveRadius(services, shop, connections, totals);
  if (!mayGoAhead(radius, confirmed)) return { outcome: "stop", connections, radius };
  const live = await markLive(services.db, shop, connections, new Date(services.now()));
  services.log.info({ shop, connections: live, by: merchant.person.id }, "went live");
  // The sweep finds what a queue that is away did not take.
  await Promise.allSettled(
    live.map((connection) => services.queues.enqueue("push.connection", { connection })),
  );
  return { outcome: "live", connections: live };
}
