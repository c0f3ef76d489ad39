import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import type { Connector } from "../../connectors/connector.ts";
import { BlastGauge, type BlastRadius, mayGoAhead } from "../../inventory/blast-radius.ts";
import type { BatchChange } from "../../prisma/batches.ts";
import { type ConnectionRow, findConnection } from "../../prisma/connections.ts";
import { listingCatalogue, readBlastLimits } from "../../prisma/guard.ts";
import { listLocations } from "../../prisma/locations.ts";
import {
  choosePlaces,
  type KeptPlaces,
  keepPlaces,
  readPlaces,
  shownAtPlace,
} from "../../prisma/stock-places.ts";
import type {} from "../context.ts";
import type { Services } from "../services.ts";
import { type ChosenPlaces, type PlacesView, placesView, sendsElsewhere } from "./places.ts";
import { unreadText } from "./places-texts.ts";

/** What became of what a merchant asked about places. */
export type PlacesResult =
  | { outcome: "read"; places: number }
  | { outcome: "unread"; why: string }
  /** Everything is told again elsewhere: asked for again, with this list. Row H4. */
  | { outcome: "preview"; chosen: ChosenPlaces; radius: BlastRadius<BatchChange> }
  | { outcome: "chosen"; listings: number }
  | { outcome: "refused"; why: string }
  | { outcome: "gone" };

/** Where a connection's stock is counted, for its page. Null: its marketplace has no places. */
export async function readPlacesView(
  { db }: Pick<Services, "db">,
  shop: string,
  id: string,
  connector: Pick<Connector, "abilities" | "title">,
): Promise<PlacesView | null> {
  const called = connector.abilities.places;
  if (!called) return null;
  const [kept, locations] = await Promise.all([readPlaces(db, shop, id), listLocations(db, shop)]);
  if (!kept) return null;
  const active = locations.filter(({ active }) => active);
  const ours = active.map(({ code, name }) => ({ code, name }));
  return placesView(id, connector.title, called, kept, ours);
}

const asked = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("read-places") }),
  z.object({
    intent: z.literal("choose-places"),
    told: z.string().max(200),
    emptied: z.string().max(4_000),
    shipsFrom: z.string().max(200),
    confirm: z.string().max(200).optional(),
  }),
]);

/** Whether a form of the channel's page is about places. */
export const isAboutPlaces = (form: FormData) =>
  asked.options.some((one) => one.shape.intent.value === form.get("intent"));

/** Reads the marketplace's places again, or changes which of them a connection writes to. */
export async function decidePlaces(
  { services }: AppLoadContext,
  shop: string,
  id: string,
  form: FormData,
): Promise<PlacesResult> {
  const parsed = asked.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { outcome: "refused", why: "Load the page again and retry." };
  const connection = await findConnection(services.db, shop, id);
  if (!connection || connection.disconnected) return { outcome: "gone" };
  const { data } = parsed;
  if (data.intent === "read-places") return readAgain(services, connection);
  const chosen = {
    told: data.told,
    emptied: data.emptied.split(",").filter(Boolean),
    shipsFrom: data.shipsFrom || null,
  };
  return choose(services, connection, chosen, data.confirm ?? null);
}

/** A marketplace that does not answer keeps a merchant no longer than this. */
const PATIENCE_MS = 10_000;

async function readAgain(services: Services, connection: ConnectionRow): Promise<PlacesResult> {
  const { db, log, now } = services;
  const { id, shop } = connection;
  const session = await services.session(connection);
  if (!session) return { outcome: "gone" };
  const late = new Promise<{ outcome: "unavailable"; why: string }>((done) => {
    const none = { outcome: "unavailable" as const, why: "no answer in time" };
    setTimeout(done, PATIENCE_MS, none).unref();
  });
  const answer = await Promise.race([session.places(), late]);
  if (answer.outcome === "none") return { outcome: "read", places: 0 };
  if (answer.outcome !== "places") {
    log.warn({ connection: id, ...answer }, "places not read");
    const title = services.connectorOf(connection.channel)?.title ?? connection.channel;
    return { outcome: "unread", why: unreadText(answer, title) };
  }
  await keepPlaces(db, shop, id, answer.places, new Date(now()));
  return { outcome: "read", places: answer.places.length };
}

async function choose(
  services: Services,
  connection: ConnectionRow,
  chosen: ChosenPlaces,
  confirmed: string | null,
): Promise<PlacesResult> {
  const { db, queues, log } = services;
  const { id, shop, channel, liveAt } = connection;
  const kept = await readPlaces(db, shop, id);
  const problem = kept && (await problemWith(services, shop, chosen, kept));
  if (!kept || problem) return problem ? { outcome: "refused", why: problem } : { outcome: "gone" };
  const elsewhere = sendsElsewhere(kept, chosen, services.connectorOf(channel)?.abilities.places);
  const radius = elsewhere ? await radiusOf(services, shop, id, chosen) : null;
  // Before it is live nothing is told, so that nothing moves; going live has a guard of its own.
  const seen = liveAt === null || radius === null || confirmed === radius.digest;
  if (radius && !(seen && (liveAt === null || mayGoAhead(radius, confirmed)))) {
    return { outcome: "preview", chosen, radius };
  }
  if (!(await choosePlaces(db, shop, id, chosen, elsewhere))) return { outcome: "gone" };
  log.info({ connection: id, ...chosen, elsewhere }, "places chosen");
  if (elsewhere) {
    // What is listed at the place, and what it shows there, is read while everything is told.
    const work = ["listings.import", "push.connection"] as const;
    await Promise.allSettled(work.map((name) => queues.enqueue(name, { connection: id })));
  }
  return { outcome: "chosen", listings: radius?.changed ?? 0 };
}

/** Why it cannot be so, or null. */
async function problemWith(
  { db }: Services,
  shop: string,
  { told, emptied, shipsFrom }: ChosenPlaces,
  { places }: KeptPlaces,
): Promise<string | null> {
  const usable = new Set(places?.filter((one) => one.unusable === null).map(({ id }) => id));
  if (![told, ...emptied].every((id) => usable.has(id)) || emptied.includes(told)) {
    return "One of these places cannot be chosen any more. Read the list again.";
  }
  if (shipsFrom === null) return null;
  const known = (await listLocations(db, shop)).some(({ code }) => code === shipsFrom);
  return known ? null : "That location is not there any more. Load the page again.";
}

/** How far it reaches: every number goes to 0 where it is shown now. */
async function radiusOf(
  { db }: Services,
  shop: string,
  id: string,
  chosen: ChosenPlaces,
): Promise<BlastRadius<BatchChange>> {
  const subject = `places ${id} ${JSON.stringify(chosen)}`;
  const gauge = new BlastGauge<BatchChange>(subject, await readBlastLimits(db, shop));
  for (const row of await shownAtPlace(db, shop, id)) gauge.add({ ...row, after: 0 });
  return gauge.measure(await listingCatalogue(db, shop));
}
