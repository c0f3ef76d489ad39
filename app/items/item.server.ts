import { randomUUID } from "node:crypto";
import type { AppLoadContext } from "@remix-run/node";
import { exposure } from "../../inventory/exposure.ts";
import { availableToSell, onHand, type Stock } from "../../inventory/stock.ts";
import { itemListings, liveHolds } from "../../prisma/item-page.ts";
import { findItemBySku } from "../../prisma/items.ts";
import { listLocations } from "../../prisma/locations.ts";
import { itemMovements } from "../../prisma/movements.ts";
import { openReturnsOfItem } from "../../prisma/returns.ts";
import { readStock } from "../../prisma/stock.ts";
import { channelColumns } from "../access/merchant.server.ts";
import { withWho } from "../access/who.server.ts";
import { readItemHistory } from "./item-history.server.ts";
import type { HistorySpan } from "./item-history.ts";

const MOVEMENTS = 20;
const HOLDS = 20;

/** Everything an item's page shows; null when the shop has no such SKU. */
export async function readItem(
  context: AppLoadContext,
  shop: string,
  sku: string,
  { before, span }: { before: number | undefined; span: HistorySpan },
) {
  const { db } = context.services;
  const item = await findItemBySku(db, shop, sku);
  if (!item) return null;
  const page = { shop, item: item.id, before, limit: MOVEMENTS + 1 };
  const [{ stock, live }, listings, holds, movements, locations, columns, returns] =
    await Promise.all([
      stockOf(context, shop, item.id),
      itemListings(db, shop, item.id),
      liveHolds(db, shop, item.id, HOLDS),
      itemMovements(db, page),
      listLocations(db, shop),
      channelColumns(context, shop),
      openReturnsOfItem(db, shop, item.id),
    ]);
  const history = await readItemHistory(context.services, { shop, item: item.id }, listings, span);
  return {
    item,
    history,
    stock,
    /** False: the ledger cannot be asked, and these are the record's last numbers. */
    live,
    onHand: onHand(stock),
    ats: availableToSell(stock),
    exposure: exposure(stock, listings),
    listings,
    holds,
    movements: await withWho(context.services, shop, movements.slice(0, MOVEMENTS), columns),
    older: movements.length > MOVEMENTS ? movements[MOVEMENTS - 1]?.seq : undefined,
    newest: before === undefined,
    locations: locations.map(({ code, name, active }) => ({ code, name, active })),
    columns,
    returns,
    /** Names the next movement a person makes here, so that a double click is one movement. */
    nextKey: randomUUID(),
  };
}

export type ItemPage = NonNullable<Awaited<ReturnType<typeof readItem>>>;

async function stockOf(
  { services }: AppLoadContext,
  shop: string,
  item: string,
): Promise<{ stock: Stock; live: boolean }> {
  const stock = await services.ledger.stock(shop, item);
  if (!("outcome" in stock)) return { stock, live: true };
  return { stock: await readStock(services.db, shop, item), live: false };
}
