import { parse, validate } from "graphql";
import { nextId } from "../../sandbox/market.ts";
import { ADMIN_SCHEMA } from "./schema.ts";
import type { ShopifyMoment } from "./state.ts";

/** Where the files are handed out. */
export const BULK_HOST = "https://storage.googleapis.com/shopify-sandbox-bulk";
const GID = "gid://shopify/BulkOperation/";

/** How long a file takes to be made. */
const MAKING_MS = 5_000;
/** Bulk queries of one app that a shop makes at the same time. */
const AT_ONCE = 5;

/** bulkOperationRunQuery: takes a query, and makes its file later. */
export function runBulkQuery(moment: ShopifyMoment, query: string) {
  const { state, now } = moment;
  const [invalid] = validate(ADMIN_SCHEMA, parse(query));
  if (invalid) return notStarted("INVALID", `Invalid bulk query: ${invalid.message}`);
  const busy = Object.values(state.bulk).filter((file) => file.readyAt > now);
  if (busy.length >= AT_ONCE) {
    return notStarted("LIMIT_REACHED", "A bulk query operation for this app is in progress.");
  }
  const id = String(nextId(state.market));
  state.bulk[id] = { query, readyAt: now + MAKING_MS, lines: null, objects: 0 };
  return { bulkOperation: bulkOperation(moment, id), userErrors: [] };
}

const notStarted = (code: string, message: string) => ({
  bulkOperation: null,
  userErrors: [{ code, field: null, message }],
});

/** The operation a gid or number names. */
export function bulkOperation({ state, now }: ShopifyMoment, name: string) {
  const id = name.replace(GID, "");
  const file = state.bulk[id];
  if (!file) return null;
  const common = { __typename: "BulkOperation", id: `${GID}${id}`, errorCode: null };
  if (file.lines === null || file.readyAt > now) {
    return { ...common, status: "RUNNING", url: null, fileSize: null, rootObjectCount: "0" };
  }
  return {
    ...common,
    status: "COMPLETED",
    url: file.lines === "" ? null : `${BULK_HOST}/${id}.jsonl?response-content-type=application`,
    fileSize: String(Buffer.byteLength(file.lines)),
    rootObjectCount: String(file.objects),
  };
}
