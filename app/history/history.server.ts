import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import { MOVEMENT_TYPES } from "../../inventory/movement.ts";
import { dateReader } from "../../jobs/order-files/local-time.ts";
import {
  type HistoryCursor,
  type HistoryQuery,
  type HistoryRow,
  historyActors,
  historyPage,
} from "../../prisma/history.ts";
import { listLocations } from "../../prisma/locations.ts";
import type { ShopRow } from "../../prisma/shops.ts";
import { channelColumns } from "../access/merchant.server.ts";
import { withWho } from "../access/who.server.ts";
import type { Download } from "../files/downloads.ts";
import { placeText, readPlace } from "../page-place.ts";
import type { Services } from "../services.ts";
import { movementText } from "../texts.ts";
import type { HistorySearch } from "./history-search.ts";

const PAGE = 50;
/** Movements read at once for a file. */
const CHUNK = 1_000;

const word = (most: number) => z.string().trim().max(most).catch("");
const day = z.iso.date().catch("");

/** An address that was typed wrongly shows the whole history instead of an error. */
const schema = z.object({
  q: word(200),
  type: z.enum(MOVEMENT_TYPES).or(z.literal("")).catch(""),
  channel: word(50),
  who: word(200),
  from: day,
  to: day,
});

function readSearch(params: URLSearchParams): HistorySearch {
  return schema.parse(Object.fromEntries(params));
}

/** Everything the History page shows. */
export async function readHistory(context: AppLoadContext, merchant: ShopRow, address: URL) {
  const { db } = context.services;
  const shop = merchant.id;
  const searched = readSearch(address.searchParams);
  const before = readPlace(address.searchParams.get("before"), cursor);
  const query = queryOf(merchant, searched);
  const [{ rows, older }, actors, columns, locations] = await Promise.all([
    historyPage(db, query, { before, limit: PAGE }),
    historyActors(db, shop),
    channelColumns(context, shop),
    listLocations(db, shop),
  ]);
  const named = actors.map((actor) => ({ actor }));
  const who = await withWho(context.services, shop, named, columns);
  return {
    rows: await withWho(context.services, shop, rows, columns),
    older: placeText(older),
    newest: before === undefined,
    actors: who.map(({ actor, who }) => ({ value: actor, label: who ?? actor })).sort(byLabel),
    columns,
    locations: locations.map(({ code, name }) => ({ code, name })),
    searched,
  };
}

const byLabel = (a: { label: string }, b: { label: string }) => a.label.localeCompare(b.label);

function queryOf({ id: shop, timeZone }: ShopRow, search: HistorySearch): HistoryQuery {
  const { q, type, channel, who, from, to } = search;
  const midnight = (text: string) => {
    const at = dateReader(timeZone, false)(text);
    return typeof at === "number" ? new Date(at) : undefined;
  };
  return {
    ...{ shop, search: q },
    type: type || undefined,
    channel: channel || undefined,
    actor: who || undefined,
    from: midnight(from),
    to: to === "" ? undefined : midnight(dayAfter(to)),
  };
}

function dayAfter(date: string): string {
  return new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
}

const cursor: z.ZodType<HistoryCursor> = z.tuple([z.iso.datetime(), z.int(), z.int()]);

/** The history as a file: a line for each change of a bucket, newest first. */
export function historyDownload(services: Services, shop: ShopRow, address: URL): Download {
  const lines = historyLines(services, shop, readSearch(address.searchParams));
  return { name: "history.csv", lines };
}

const HEADS = [
  ...["time", "sku", "title", "what", "channel", "who", "order", "hold", "reference", "reason"],
  ...["actor", "oversold", "batch", "number", "bucket", "location", "quantity"],
];

async function* historyLines(services: Services, shop: ShopRow, search: HistorySearch) {
  yield HEADS;
  const query = queryOf(shop, search);
  let before: HistoryCursor | undefined;
  for (;;) {
    const page = { before, limit: CHUNK };
    const { rows, older } = await historyPage(services.db, query, page);
    for (const row of await withWho(services, shop.id, rows)) yield* legLines(row);
    if (older === null) return;
    before = older;
  }
}

/** The counter-buckets balance the books and are nowhere a person could look. */
function* legLines(row: HistoryRow & { who: string | null }) {
  const line = [
    ...[row.at, row.sku, row.title, movementText(row.type), row.channel, row.who, row.order],
    ...[row.hold, row.reference, row.reason, row.actor, row.oversold, row.batch],
    `${row.partition}/${row.seq}`,
  ];
  const legs = row.legs.filter(({ bucket }) => bucket !== "outside" && bucket !== "unclaimed");
  if (legs.length === 0) yield [...line, "", "", ""];
  for (const { bucket, location, quantity } of legs) yield [...line, bucket, location, quantity];
}
