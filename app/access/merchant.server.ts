import type { AppLoadContext } from "@remix-run/node";
import type { Permission } from "../../inventory/role.ts";
import { type ConnectionRow, listConnections } from "../../prisma/connections.ts";
import type {} from "../context.ts";
import { refusalText } from "../team/role-texts.ts";
import type { Merchant } from "./person.ts";

/**
 * The signed-in merchant and who of the team it is. Every loader and action begins here, and names
 * what it takes to be let on.
 */
export async function requireMerchant(
  request: Request,
  { gate }: AppLoadContext,
  permission?: Permission,
): Promise<Merchant> {
  const merchant = await gate.merchant(request);
  if (permission !== undefined) refuseWithout(merchant, permission);
  return merchant;
}

/** Throws the refusal of somebody whose role does not allow this. */
export function refuseWithout({ person: { role, can } }: Merchant, permission: Permission): void {
  if (can(permission)) return;
  throw new Response(refusalText(role, permission), { status: 403, statusText: "Not allowed" });
}

/** A connection as pages name it. */
export interface ChannelColumn {
  connection: string;
  channel: string;
  title: string;
}

/** The shop's connections, each with a title of its own: the account is named when it must be. */
export async function channelColumns(
  { services }: Pick<AppLoadContext, "services">,
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
