import type { AppLoadContext } from "@remix-run/node";
import { type ConnectionRow, listConnections } from "../prisma/connections.ts";
import type { ShopRow } from "../prisma/shops.ts";
import type {} from "./context.ts";

/** The signed-in merchant. Every loader and action begins here. */
export async function requireMerchant(
  request: Request,
  { gate }: AppLoadContext,
): Promise<ShopRow> {
  return gate.merchant(request);
}

/** A connection as pages name it. */
export interface ChannelColumn {
  connection: string;
  channel: string;
  title: string;
}

/** The shop's connections, each with a title of its own: the account is named when it must be. */
export async function channelColumns(
  { services }: AppLoadContext,
  shop: string,
): Promise<ChannelColumn[]> {
  const rows = await listConnections(services.db, shop);
  return rows.map((row) => {
    const title = services.connectorOf(row.channel)?.title ?? row.channel;
    return {
      connection: row.id,
      channel: row.channel,
      title: alone(row, rows) ? title : `${title} (${row.name})`,
    };
  });
}

function alone(row: ConnectionRow, rows: readonly ConnectionRow[]): boolean {
  return rows.every((other) => other.id === row.id || other.channel !== row.channel);
}
