import { z } from "zod";
import type { Account, BulkResult, CallFailure, PushLine, PushResult } from "../connector.ts";
import type { Answered } from "../http.ts";
import { asFailure, type Refused, type WalmartClient } from "./client.ts";
import { nodesOf } from "./nodes.ts";
import { amountsOf, inputOf } from "./push.ts";
import { listOf, units } from "./quantity.ts";

const PAGE_SIZE = 50;

/** Walmart advises patience; asking costs nothing beside a limit of 5,000 a minute. */
const ASK_AGAIN_MS = 30_000;

const submittedSchema = z.object({ feedId: z.string() });

/**
 * A file of the kind "inventory", version 1.4; where other ship nodes are kept at 0 besides, of the
 * kind "MP_INVENTORY", version 1.5, which names the nodes of each SKU.
 * https://developer.walmart.com/us-marketplace/docs/bulk-inventory-update-feed
 */
export async function submitFile(
  client: WalmartClient,
  account: Account,
  lines: readonly PushLine[],
): Promise<{ outcome: "submitted"; file: string } | CallFailure> {
  const { feed, content } = fileOf(account, lines);
  const form = new FormData();
  const file = new Blob([JSON.stringify(content)], { type: "application/json" });
  form.set("file", file, "inventory.json");
  const answer = await client.run(submittedSchema, {
    method: "POST",
    path: `/v3/feeds?feedType=${feed}`,
    kind: "write",
    name: "bulk",
    form,
  });
  if (answer.outcome === "refused") return asFailure(answer);
  if (answer.outcome !== "answered") return answer;
  return { outcome: "submitted", file: answer.data.feedId };
}

const skuOf = (line: PushLine) => line.handle.sku ?? line.externalId;

const each = (amount: number) => ({ unit: "EACH", amount });

function fileOf(account: Account, lines: readonly PushLine[]): { feed: string; content: unknown } {
  const nodes = nodesOf(account);
  if (nodes === null || nodes.emptied.length === 0) {
    const at = nodes === null ? "" : `&shipNode=${encodeURIComponent(nodes.told)}`;
    const rows = lines.map((line) => ({ sku: skuOf(line), quantity: each(inputOf(line)) }));
    const content = { InventoryHeader: { version: "1.4" }, Inventory: rows };
    return { feed: `inventory${at}`, content };
  }
  const rows = lines.map((line) => ({
    sku: skuOf(line),
    shipNodes: amountsOf(nodes, line).map(({ shipNode, amount }) => {
      return { shipNode, quantity: each(amount) };
    }),
  }));
  return {
    feed: "MP_INVENTORY",
    content: { inventoryHeader: { version: "1.5" }, inventory: rows },
  };
}

const ingestedSchema = z.object({
  sku: z.string().nullish(),
  index: units.nullish(),
  ingestionStatus: z.string(),
  ingestionErrors: z
    .object({
      ingestionError: listOf(
        z.object({ code: z.string().nullish(), description: z.string().nullish() }),
      ).nullish(),
    })
    .nullish(),
});

export type Ingested = z.infer<typeof ingestedSchema>;

const statusSchema = z.object({
  feedStatus: z.string(),
  itemsReceived: units.nullish(),
  itemDetails: z.object({ itemIngestionStatus: listOf(ingestedSchema).nullish() }).nullish(),
});

type FeedStatus = z.infer<typeof statusSchema>;

/** What became of a file; details come 50 rows a page. */
export async function fileResult(
  client: WalmartClient,
  file: string,
  lines: readonly PushLine[],
): Promise<BulkResult> {
  const rows: Ingested[] = [];
  for (let offset = 0; ; offset += PAGE_SIZE) {
    const answer = await statusPage(client, file, offset);
    if (answer.outcome === "refused") {
      return { outcome: "unknown", why: `the file's status: ${answer.why}` };
    }
    if (answer.outcome !== "answered") return answer;
    const { feedStatus, itemsReceived, itemDetails } = answer.data;
    if (feedStatus === "RECEIVED" || feedStatus === "INPROGRESS") {
      return { outcome: "processing", againAt: client.now() + ASK_AGAIN_MS };
    }
    const page = itemDetails?.itemIngestionStatus ?? [];
    rows.push(...page);
    if (page.length === 0 || rows.length >= (itemsReceived ?? lines.length)) break;
  }
  return { outcome: "processed", results: resultsOf(rows, lines) };
}

function statusPage(
  client: WalmartClient,
  file: string,
  offset: number,
): Promise<Answered<FeedStatus> | Refused> {
  const query = `includeDetails=true&offset=${offset}&limit=${PAGE_SIZE}`;
  const path = `/v3/feeds/${encodeURIComponent(file)}?${query}`;
  return client.run(statusSchema, { method: "GET", path, kind: "read", name: null });
}

/** "PROCESSED" says that the file was read, not that a row of it was taken: each has its own. */
export function resultsOf(rows: readonly Ingested[], lines: readonly PushLine[]): PushResult[] {
  const bySku = new Map(rows.flatMap((row) => (row.sku ? [[row.sku, row] as const] : [])));
  return lines.map((line) => {
    const row = bySku.get(skuOf(line));
    if (!row) return { outcome: "unknown", why: "the file's result does not name it" };
    return resultOf(row);
  });
}

function resultOf({ ingestionStatus, ingestionErrors }: Ingested): PushResult {
  const errors = ingestionErrors?.ingestionError ?? [];
  const told = errors.map(({ code, description }) => `${code ?? ""} ${description ?? ""}`.trim());
  const why = [ingestionStatus, ...told].join("; ");
  switch (ingestionStatus) {
    case "SUCCESS":
      return { outcome: "accepted" };
    case "DATA_ERROR":
      return { outcome: "rejected", why };
    // Both may be tried again; what timed out may have been taken all the same.
    case "SYSTEM_ERROR":
      return { outcome: "unavailable", why };
    default:
      return { outcome: "unknown", why };
  }
}
