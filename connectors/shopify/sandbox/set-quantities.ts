import { createHash } from "node:crypto";
import { GraphQLError } from "graphql";
import { isOpened, recordedAt, setRecorded } from "../../sandbox/elsewhere.ts";
import { type Faults, rowFault } from "../../sandbox/faults.ts";
import { land, type Market, nextId, type ShelfListing, settle } from "../../sandbox/market.ts";
import { itemGid, listingIdOf } from "./account.ts";
import type { ShopifyMoment } from "./state.ts";
import { placeOf } from "./variants.ts";
import { levelMessage } from "./webhook.ts";

export interface SetInput {
  name: string;
  reason: string;
  referenceDocumentUri?: string | null;
  quantities: SetRow[];
}

interface SetRow {
  inventoryItemId: string;
  locationId: string;
  quantity: number;
  changeFromQuantity?: number | null;
}

interface UserError {
  code: string;
  field: string[];
  message: string;
}

export interface SetPayload {
  inventoryAdjustmentGroup: {
    id: string;
    reason: string;
    referenceDocumentUri: string | null;
  } | null;
  userErrors: UserError[];
}

const INPUT_MAX = 250;
const QUANTITY_MAX = 1_000_000_000;
const REASONS = new Set([
  "correction",
  "other",
  "restock",
  "received",
  "safety_stock",
  "shrinkage",
]);

/**
 * inventorySetQuantities as of 2026-10: all rows or none, compare-and-set by changeFromQuantity
 * (which must be there, even if null), and the same idempotency key answers the same.
 */
export function setQuantities(
  moment: ShopifyMoment,
  input: SetInput,
  key: string | null,
): SetPayload {
  demandArguments(input, key);
  const fingerprint = createHash("sha256").update(JSON.stringify(input)).digest("hex");
  const before = moment.state.replays[key];
  if (before) {
    if (before.fingerprint === fingerprint) return before.payload as SetPayload;
    const message = "The same idempotency key was used with different parameters.";
    return refused([{ code: "IDEMPOTENCY_KEY_PARAMETER_MISMATCH", field: ["input"], message }]);
  }
  const payload = apply(moment, input);
  remember(moment, key, { fingerprint, payload });
  return payload;
}

/** How long Shopify remembers is not written anywhere: nobody may rely on more than a while. */
const REMEMBERED_MAX = 2_000;

function remember(
  { state }: ShopifyMoment,
  key: string,
  answer: ShopifyMoment["state"]["replays"][string],
): void {
  state.replays[key] = answer;
  const [oldest] = Object.keys(state.replays);
  if (oldest && Object.keys(state.replays).length > REMEMBERED_MAX) delete state.replays[oldest];
}

function demandArguments(input: SetInput, key: string | null): asserts key is string {
  if (!key) {
    throw new GraphQLError(
      "The @idempotent directive is required for this mutation but was not provided.",
      { extensions: { code: "BAD_REQUEST" } },
    );
  }
  if (input.quantities.length > INPUT_MAX) {
    throw new GraphQLError(
      `The input array size of ${input.quantities.length} is greater than the maximum allowed.`,
      { extensions: { code: "MAX_INPUT_SIZE_EXCEEDED" } },
    );
  }
  if (input.quantities.some((row) => row.changeFromQuantity === undefined)) {
    throw new GraphQLError(
      "InventoryQuantityInput must include the following argument: changeFromQuantity.",
      { extensions: { code: "INVALID_FIELD_ARGUMENTS" } },
    );
  }
}

function apply(moment: ShopifyMoment, input: SetInput): SetPayload {
  const { market } = moment.state;
  settle(market, moment.now);
  const listings = new Map(Object.values(market.listings).map((one) => [itemGid(one), one]));
  const shelf = { market, listings };
  const errors = [
    ...wholeErrors(input),
    ...input.quantities.flatMap((row, at) => rowErrors(row, at, shelf, input.quantities)),
    ...input.quantities.flatMap((row, at) => faultErrors(row, at, listings, market.faults)),
  ];
  if (errors.length > 0) return refused(errors);
  for (const row of input.quantities) {
    const listing = listings.get(row.inventoryItemId);
    if (!listing || rowFault(market.faults, listing.sku) === "ignore") continue;
    const change = setRecorded(listing, placeOf(row.locationId), row.quantity);
    const landing = { sku: listing.sku, kind: "add", quantity: change } as const;
    land(market, landing, row.quantity, moment.lag, moment.now);
    // Shopify tells of every change of a number, our own included, and not who made it.
    if (change !== 0) moment.emit(levelMessage(moment.state, listing, row.locationId, moment.now));
  }
  const { reason, referenceDocumentUri = null } = input;
  const id = `gid://shopify/InventoryAdjustmentGroup/${nextId(market)}`;
  return { inventoryAdjustmentGroup: { id, reason, referenceDocumentUri }, userErrors: [] };
}

const refused = (userErrors: UserError[]): SetPayload => ({
  inventoryAdjustmentGroup: null,
  userErrors,
});

function wholeErrors(input: SetInput): UserError[] {
  const errors: UserError[] = [];
  if (input.name !== "available" && input.name !== "on_hand") {
    const message = "The quantity name must be either 'available' or 'on_hand'.";
    errors.push({ code: "INVALID_NAME", field: ["input", "name"], message });
  }
  if (!REASONS.has(input.reason)) {
    const message = "The specified reason is invalid.";
    errors.push({ code: "INVALID_REASON", field: ["input", "reason"], message });
  }
  if (input.referenceDocumentUri && !URL.canParse(input.referenceDocumentUri)) {
    const field = ["input", "referenceDocumentUri"];
    const message = "The specified reference document is invalid.";
    errors.push({ code: "INVALID_REFERENCE_DOCUMENT", field, message });
  }
  return errors;
}

/** As Shopify says it of a bundle, whose number follows its components. */
function faultErrors(
  { inventoryItemId }: SetRow,
  at: number,
  listings: Map<string, ShelfListing>,
  faults: Faults,
): UserError[] {
  const listing = listings.get(inventoryItemId);
  if (!listing || rowFault(faults, listing.sku) !== "refuse") return [];
  const field = ["input", "quantities", String(at), "inventoryItemId"];
  const message = "The specified inventory item is not allowed to be adjusted via API.";
  return [{ code: "NON_MUTABLE_INVENTORY_ITEM", field, message }];
}

function rowErrors(
  row: SetRow,
  at: number,
  { market, listings }: { market: Market; listings: Map<string, ShelfListing> },
  rows: SetRow[],
): UserError[] {
  const field = (name: string) => ["input", "quantities", String(at), name];
  const error = (code: string, name: string, message: string) => [
    { code, field: field(name), message },
  ];
  const listing = listings.get(row.inventoryItemId);
  if (!listing || Number.isNaN(listingIdOf(row.inventoryItemId))) {
    const message = "The specified inventory item could not be found.";
    return error("INVALID_INVENTORY_ITEM", "inventoryItemId", message);
  }
  const place = placeOf(row.locationId);
  if (place !== null && !isOpened(market, place)) {
    return error("INVALID_LOCATION", "locationId", "The specified location could not be found.");
  }
  const recorded = recordedAt(listing, place);
  if (recorded === null) {
    // This mutation has no code of its own for it: what others say by a code is in its words.
    const message = "The specified inventory item is not stocked at the location.";
    return error("INVALID_LOCATION", "locationId", message);
  }
  if (row.quantity < 0) {
    return error("INVALID_QUANTITY_NEGATIVE", "quantity", "The quantity can't be negative.");
  }
  if (row.quantity > QUANTITY_MAX) {
    return error("INVALID_QUANTITY_TOO_HIGH", "quantity", "The quantity is too high.");
  }
  const twin = rows.findIndex(
    (one) => one.inventoryItemId === row.inventoryItemId && one.locationId === row.locationId,
  );
  if (twin !== at) {
    const message = "The combination of item and location must be unique.";
    return error("NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR", "inventoryItemId", message);
  }
  if (row.changeFromQuantity !== null && row.changeFromQuantity !== recorded) {
    const message = "The changeFromQuantity argument no longer matches the persisted quantity.";
    return error("CHANGE_FROM_QUANTITY_STALE", "changeFromQuantity", message);
  }
  return [];
}
