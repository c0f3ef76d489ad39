import type { AppLoadContext } from "@remix-run/node";
import { type AppKeys, appKeyVariable } from "../../connectors/app-keys.ts";
import type { Connector } from "../../connectors/connector.ts";
import { type ChannelFigures, channelFigures, NO_FIGURES } from "../../prisma/channel-figures.ts";
import { type ConnectionRow, listConnections } from "../../prisma/connections.ts";
import { type TaskKind, type TaskRow, tasksByConnection } from "../../prisma/tasks.ts";
import type {} from "../context.ts";
import { missingKeys } from "./begin-consent.server.ts";
import {
  type ChannelFacts,
  type ChannelState,
  channelState,
  type Notice,
} from "./channel-state.ts";

/** A connection as the channel pages show it. No secret, no setting. */
export interface ChannelView {
  id: string;
  channel: string;
  title: string;
  name: string;
  account: string;
  state: ChannelState;
  notices: Notice[];
  paused: boolean;
  disconnected: boolean;
  /** When it began to push; null = it waits for its dry run. */
  liveAt: Date | null;
  ordersKnownTo: Date | null;
  healthyAt: Date | null;
  reconnectBy: Date | null;
  connectedAt: Date;
  figures: ChannelFigures;
  tasks: Partial<Record<TaskKind, TaskRow>>;
}

/** A marketplace the product knows, connected or not. */
export interface Marketplace {
  channel: string;
  title: string;
  connections: ChannelView[];
  /** Variables without which nobody can connect it here. */
  missing: string[];
}

/** Every marketplace with the shop's connections to it. */
export async function readChannels(
  context: AppLoadContext,
  shop: string,
): Promise<{ marketplaces: Marketplace[] }> {
  const { services } = context;
  const views = await channelViews(context, shop);
  const marketplaces = services.channels.flatMap((channel) => {
    const connector = services.connectorOf(channel);
    if (!connector) return [];
    const connections = views.filter((view) => view.channel === channel);
    const missing = missingKeys(services, connector);
    return [{ channel, title: connector.title, connections, missing }];
  });
  return { marketplaces };
}

/** The shop's connections, each with how it is. */
export async function channelViews(
  { services }: AppLoadContext,
  shop: string,
): Promise<ChannelView[]> {
  const { db, now, connectorOf } = services;
  const at = now();
  const [rows, figures, tasks] = await Promise.all([
    listConnections(db, shop),
    channelFigures(db, shop, new Date(at)),
    tasksByConnection(db, shop),
  ]);
  return rows.flatMap((row) => {
    const connector = connectorOf(row.channel);
    const known = figures.get(row.id) ?? NO_FIGURES;
    // Before it is live nothing is told, so no number waits for it.
    const own = row.liveAt === null ? { ...known, waiting: 0 } : known;
    if (!connector) return [];
    const care = careOf(services.appKeys, connector);
    return [viewOf(row, connector, { figures: own, tasks: tasks.get(row.id) ?? {}, care }, at)];
  });
}

type Care = Pick<ChannelFacts, "secretEnds" | "wanted">;

/** What whoever runs the app has to see to at a marketplace. */
function careOf(appKeys: AppKeys, { channel, consent }: Connector): Care {
  const { secretEnds = null, wanted } = consent.careOf?.(appKeys[channel]?.keys ?? {}) ?? {};
  return { secretEnds, wanted: wanted === undefined ? null : appKeyVariable(channel, wanted) };
}

function viewOf(
  row: ConnectionRow,
  { title, limits }: Connector,
  { figures, tasks, care }: Pick<ChannelView, "figures" | "tasks"> & { care: Care },
  now: number,
): ChannelView {
  const { id, channel, name, account, paused, disconnected, shutOut, trouble } = row;
  const { ordersKnownTo, healthyAt, reconnectBy, createdAt, liveAt } = row;
  const { deadLetters, failing, unmatched, openDrift } = figures;
  const facts = {
    ...{ title, disconnected, shutOut, paused, trouble, live: liveAt !== null },
    ...{ deadLetters, failing, unmatched, openDrift, ...care },
    reconnectBy: reconnectBy?.getTime() ?? null,
    ordersKnownTo: ordersKnownTo?.getTime() ?? null,
    connectedAt: createdAt.getTime(),
    sweepEveryMs: limits.sweepEveryMs,
    importError: tasks.import?.state === "failed" ? (tasks.import.error ?? "it did not end") : null,
  };
  return {
    ...{ id, channel, title, name, account, paused, disconnected, figures, tasks },
    ...{ liveAt, ordersKnownTo, healthyAt, reconnectBy, connectedAt: createdAt },
    ...channelState(facts, now),
  };
}
