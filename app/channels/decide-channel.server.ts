import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import { CATALOGUE, type JobName } from "../../jobs/catalogue.ts";
import { chooseForConnection } from "../../prisma/connecting.ts";
import { findConnection } from "../../prisma/connections.ts";
import { resumeListing } from "../../prisma/drifts.ts";
import type {} from "../context.ts";
import type { Services } from "../services.ts";
import { disconnect } from "./disconnect.server.ts";

/** What became of a merchant's decision about a connection. */
export type DecideResult =
  | { outcome: "asked"; intent: "check" | "import" | "feed" }
  | { outcome: "paused" | "resumed" | "saved" | "told-again" }
  | { outcome: "disconnected"; note: string | null }
  /** It is disconnected, or not there any more. */
  | { outcome: "gone" }
  | { outcome: "refused"; why: string };

const decision = z.discriminatedUnion("intent", [
  z.object({ intent: z.enum(["check", "import", "feed", "pause", "resume", "disconnect"]) }),
  z.object({ intent: z.literal("tell-again"), listing: z.string().min(1) }),
  z.object({
    intent: z.literal("choose"),
    driftPolicy: z.enum(["heal", "report"]),
    feedHour: z.coerce.number().int().min(0).max(23),
  }),
]);

/** The work each button asks for. */
const JOBS = {
  check: ["connection.health", "orders.sweep"],
  import: ["listings.import"],
  feed: ["connection.feed"],
} as const satisfies Record<string, readonly string[]>;

/** Whether the worker of this version can be asked for a full feed: no button leads nowhere. */
export const HAS_FEED = Object.hasOwn(CATALOGUE, "connection.feed");

/** Does with a connection what its page's form says. */
export async function decideChannel(
  { services }: AppLoadContext,
  shop: string,
  id: string,
  form: FormData,
): Promise<DecideResult> {
  const parsed = decision.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { outcome: "refused", why: "Load the page again and retry." };
  const connection = await findConnection(services.db, shop, id);
  if (!connection || connection.disconnected) return { outcome: "gone" };
  const { data } = parsed;
  switch (data.intent) {
    case "check":
    case "import":
    case "feed":
      return ask(services, id, data.intent);
    case "pause":
    case "resume":
      return pause(services, shop, id, data.intent === "pause");
    case "choose": {
      const { driftPolicy, feedHour } = data;
      const choices = { driftPolicy, feedHour };
      const now = new Date(services.now());
      const saved = await chooseForConnection(services.db, shop, id, choices, now);
      return { outcome: saved ? "saved" : "gone" };
    }
    case "tell-again":
      return tellAgain(services, shop, id, data.listing);
    case "disconnect":
      return disconnect(services, connection);
  }
}

async function ask(
  { queues, log }: Services,
  connection: string,
  intent: keyof typeof JOBS,
): Promise<DecideResult> {
  try {
    for (const name of JOBS[intent]) {
      if (!isJob(name)) return { outcome: "refused", why: "This version cannot do that yet." };
      await queues.enqueue(name, { connection });
    }
    return { outcome: "asked", intent };
  } catch (error) {
    log.warn({ error, connection, intent }, "not enqueued");
    return { outcome: "refused", why: "The work cannot be queued now. Try again in a minute." };
  }
}

type Asked = Extract<JobName, "connection.health" | "orders.sweep" | "listings.import">;

function isJob(name: string): name is Asked {
  return Object.hasOwn(CATALOGUE, name);
}

async function pause(
  { db, queues, log, now }: Services,
  shop: string,
  id: string,
  paused: boolean,
): Promise<DecideResult> {
  const done = await chooseForConnection(db, shop, id, { paused }, new Date(now()));
  if (!done) return { outcome: "gone" };
  if (paused) return { outcome: "paused" };
  await pushSoon({ queues, log }, id);
  return { outcome: "resumed" };
}

/** The merchant says that our number is the right one, whatever the listing shows. */
async function tellAgain(
  { db, queues, log, now }: Services,
  shop: string,
  connection: string,
  listing: string,
): Promise<DecideResult> {
  const resumed = await resumeListing(db, shop, { connection, listing }, new Date(now()));
  if (resumed.outcome === "gone") {
    return { outcome: "refused", why: "That listing is gone. Load the page again." };
  }
  await pushSoon({ queues, log }, connection);
  return { outcome: "told-again" };
}

/** The sweeper finds what a queue that is away did not take. */
async function pushSoon({ queues, log }: Pick<Services, "queues" | "log">, connection: string) {
  await queues.enqueue("push.connection", { connection }).catch((error: unknown) => {
    log.warn({ error, connection }, "resumed, not enqueued");
  });
}
