import type { AppLoadContext } from "@remix-run/node";
import type { RuleInForce } from "../../inventory/buffer.ts";
import { ruleInForce } from "../../inventory/rule-book.ts";
import { listRules } from "../../prisma/buffers.ts";
import {
  type CountSource,
  countCounted,
  countSources,
  type UncountedItem,
  uncountedItems,
} from "../../prisma/first-counts.ts";
import { type ItemSource, itemSources } from "../../prisma/first-items.ts";
import { firstProtectedSale, type ProtectedSale } from "../../prisma/first-sale.ts";
import { listLocations } from "../../prisma/locations.ts";
import { channelColumns } from "../access/merchant.server.ts";
import type { Merchant } from "../access/person.ts";
import {
  type ChannelView,
  channelViews,
  type Marketplace,
  readChannels,
} from "../channels/channels.server.ts";
import { readPlacesView } from "../channels/places.server.ts";
import { type PlacesView, usableOf } from "../channels/places.ts";
import type {} from "../context.ts";
import type { BatchPage } from "../files/batches.server.ts";
import type { Services } from "../services.ts";
import { type DryRun, readDryRun } from "./dry-run.server.ts";
import { readFirstCount } from "./first-count.server.ts";
import { currentStep, stepOf, type WelcomeFacts, type WelcomeStep } from "./welcome-steps.ts";

/** A channel that waits, and what it is shown by the rules as they are. */
export interface ChannelBuffer {
  channel: string;
  title: string;
  policy: Pick<RuleInForce, "buffer" | "level">;
}

/** What a step shows beyond what every step does. */
export type StepData =
  | { step: "start" }
  | { step: "import"; places: PlacesView[] }
  | { step: "channels"; marketplaces: Marketplace[]; connected: string | null }
  | { step: "match"; sources: ItemSource[] }
  | {
      step: "stock";
      sources: CountSource[];
      items: UncountedItem[];
      locations: { code: string; name: string }[];
      /** The newest count, wherever it stands. */
      count: BatchPage | null;
    }
  | { step: "buffers"; buffers: ChannelBuffer[] }
  | ({ step: "dry-run" } & DryRun)
  | { step: "live"; sale: ProtectedSale | null };

export interface Welcome {
  facts: WelcomeFacts;
  /** Where the merchant stands by the record. */
  current: WelcomeStep;
  data: StepData;
  /** Connections that are not live yet, and those that are. */
  waiting: ChannelView[];
  live: ChannelView[];
  /** What pages call each connection. */
  titles: Record<string, string>;
}

/** Rows for counts typed by hand. */
const TYPED = 25;

/** Everything one step of the onboarding shows: the step asked for, or where the merchant stands. */
export async function readWelcome(
  context: AppLoadContext,
  merchant: Merchant,
  address: URL,
): Promise<Welcome> {
  const { id: shop } = merchant;
  const { db } = context.services;
  const [views, columns, counted, rules] = await Promise.all([
    channelViews(context, shop),
    channelColumns(context, shop),
    countCounted(db, shop),
    listRules(db, shop),
  ]);
  const open = views.filter((view) => !view.disconnected);
  const waiting = open.filter((view) => view.liveAt === null);
  const buffers = buffersOf(waiting, rules);
  const facts: WelcomeFacts = {
    ...{ connected: open.length, waiting: waiting.length, ...counted },
    importing: waiting.some((view) => view.tasks.import?.state !== "done"),
    listings: sum(waiting, (view) => view.figures.listings),
    matched: sum(waiting, (view) => view.figures.matched),
    unruled: buffers.filter(({ policy }) => policy.level === "default").length,
  };
  const current = currentStep(facts);
  const step = stepOf(address.searchParams.get("step")) ?? current;
  const parts = { waiting, live: open.filter((view) => view.liveAt !== null), buffers };
  return {
    ...{ facts, current, waiting, live: parts.live },
    data: await readStep(context, merchant, step, address, parts),
    titles: Object.fromEntries(columns.map(({ connection, title }) => [connection, title])),
  };
}

interface Parts {
  waiting: ChannelView[];
  live: ChannelView[];
  buffers: ChannelBuffer[];
}

async function readStep(
  context: AppLoadContext,
  merchant: Merchant,
  step: WelcomeStep,
  address: URL,
  { waiting, live, buffers }: Parts,
): Promise<StepData> {
  const { db } = context.services;
  const { id: shop } = merchant;
  switch (step) {
    case "start":
      return { step };
    case "import":
      return { step, places: await placesToChoose(context.services, shop, waiting) };
    case "channels": {
      const connected = address.searchParams.get("connected");
      return { step, ...(await readChannels(context, shop)), connected };
    }
    case "match":
      return { step, sources: await itemSources(db, shop) };
    case "stock": {
      const [sources, items, locations, count] = await Promise.all([
        countSources(db, shop),
        uncountedItems(db, shop, { after: "", limit: TYPED }),
        listLocations(db, shop),
        readFirstCount(context.services, merchant),
      ]);
      return { step, sources, items, locations, count };
    }
    case "buffers":
      return { step, buffers };
    case "dry-run":
      return { step, ...(await readDryRun(context.services, shop, waiting, address)) };
    case "live": {
      const began = live.flatMap(({ liveAt }) => liveAt?.getTime() ?? []);
      const since = began.length === 0 ? null : new Date(Math.min(...began));
      return { step, sale: since && (await firstProtectedSale(db, shop, since)) };
    }
  }
}

/** Of the connections that wait: those whose marketplace has several places to choose from. */
async function placesToChoose(
  services: Services,
  shop: string,
  waiting: readonly ChannelView[],
): Promise<PlacesView[]> {
  const views = await Promise.all(
    waiting.map(({ id, channel }) => {
      const connector = services.connectorOf(channel);
      return connector ? readPlacesView(services, shop, id, connector) : null;
    }),
  );
  return views.flatMap((view) => (view && usableOf(view.places ?? []).length > 1 ? [view] : []));
}

/** One for each channel, whatever the number of its connections. */
function buffersOf(
  waiting: readonly ChannelView[],
  rules: Parameters<typeof ruleInForce>[0],
): ChannelBuffer[] {
  const channels = new Map(waiting.map(({ channel, title }) => [channel, title]));
  return [...channels].map(([channel, title]) => {
    const { buffer, level } = ruleInForce(rules, { channel, category: null, item: "" });
    return { channel, title, policy: { buffer, level } };
  });
}

function sum<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}
