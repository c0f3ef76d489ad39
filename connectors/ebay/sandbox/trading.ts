import { HttpResponse, http, type RequestHandler } from "msw";
import { deliver } from "../../sandbox/deliver.ts";
import { callFault, isShutOut, rowFault, throttledBy } from "../../sandbox/faults.ts";
import { type ShelfListing, settle, spendRate } from "../../sandbox/market.ts";
import { tokenOf } from "./guard.ts";
import { legacyItem } from "./legacy-item.ts";
import { countRevision, REVISED_TOO_OFTEN, show } from "./revisions.ts";
import { isLegacy, itemIdOf, listingOf, listingsOf, skuOf } from "./shelf.ts";
import type { EbayMoment, EbayState } from "./state.ts";
import { element, elements, errorElement, text, tradingResponse } from "./xml.ts";

/** 6,000 calls in 15 seconds and seller: the burst limit of ReviseInventoryStatus. */
const BURST = { perSecond: 400, burst: 6_000 };

const NODES_MAX = 4;

/** The Trading API: XML in, XML out, and every refusal is a success of HTTP. */
export function tradingHandlers(moment: () => EbayMoment): RequestHandler[] {
  return [
    http.post("https://api.ebay.com/ws/api.dll", async ({ request }) => {
      const call = request.headers.get("x-ebay-api-call-name") ?? "";
      const xml = await request.text();
      const now = moment();
      const refusal = refusalOf(now, call, request);
      if (refusal) return refusal;
      settle(now.state.market, now.now);
      return deliver(now, answerOf(now, call, xml));
    }),
  ];
}

function refusalOf(moment: EbayMoment, call: string, request: Request): Response | null {
  const { market } = moment.state;
  const failure = (code: number, message: string) =>
    tradingResponse(call, "Failure", [errorElement(code, message)], moment.now);
  const fault = callFault(market.faults);
  if (fault === "outage") return new HttpResponse("Service Unavailable", { status: 503 });
  if (fault === "fail") return failure(10007, "Internal error to the application.");
  const token = request.headers.get("x-ebay-api-iaf-token") ?? "";
  if (fault === "expire") {
    delete moment.state.tokens[token];
    return failure(21917053, "IAF token supplied is expired.");
  }
  const known = tokenOf(moment, token);
  if (!known || known.app || isShutOut(market.faults)) {
    return failure(21916984, "Invalid IAF token.");
  }
  const busy = throttledBy(fault);
  if (busy) return new HttpResponse("Too Many Requests", busy);
  const usedUp = fault === "throttle" || spendRate(market, "trading", BURST, moment.now) !== null;
  return usedUp ? failure(518, "Your application has exceeded usage limit on this call.") : null;
}

function answerOf(moment: EbayMoment, call: string, xml: string): Response {
  switch (call) {
    case "GetSellerList":
      return sellerList(moment, xml);
    case "GetItem":
      return item(moment, text(xml, "ItemID") ?? "");
    case "ReviseInventoryStatus":
      return revise(moment, elements(xml, "InventoryStatus"));
    case "GetUserPreferences": {
      const on = String(moment.state.outOfStockControl);
      const preference = element("OutOfStockControlPreference", on);
      return tradingResponse(call, "Success", [preference], moment.now);
    }
    case "SetUserPreferences":
      moment.state.outOfStockControl = text(xml, "OutOfStockControlPreference") === "true";
      return tradingResponse(call, "Success", [], moment.now);
    default:
      return tradingResponse(
        call,
        "Failure",
        [errorElement(2, "Unsupported API call.")],
        moment.now,
      );
  }
}

/** Listings by item: the variations of one are together. Both worlds are in this list. */
function byItem(state: EbayState): Map<string, ShelfListing[]> {
  const items = new Map<string, ShelfListing[]>();
  for (const listing of listingsOf(state)) {
    const id = itemIdOf(listing);
    items.set(id, [...(items.get(id) ?? []), listing]);
  }
  return items;
}

function sellerList({ state, now }: EbayMoment, xml: string): Response {
  const size = Number(text(xml, "EntriesPerPage") ?? 25);
  const page = Number(text(xml, "PageNumber") ?? 1);
  const from = Date.parse(text(xml, "EndTimeFrom") ?? "");
  const to = Date.parse(text(xml, "EndTimeTo") ?? "");
  const inRange = size >= 1 && size <= 200 && page >= 1 && to - from <= 120 * 86_400_000;
  if (!inRange) {
    const error = errorElement(340, "Page number or date range is out of range.");
    return tradingResponse("GetSellerList", "Failure", [error], now);
  }
  const items = [...byItem(state).values()];
  const found = items.slice((page - 1) * size, page * size);
  const content = [
    element("PaginationResult", [
      element("TotalNumberOfPages", Math.ceil(items.length / size)),
      element("TotalNumberOfEntries", items.length),
    ]),
    element("HasMoreItems", String(page * size < items.length)),
    element(
      "ItemArray",
      found.map((listings) => legacyItem(state, listings)),
    ),
  ];
  return tradingResponse("GetSellerList", "Success", content, now);
}

const NO_SUCH_ITEM =
  "This item cannot be accessed because the listing has been deleted, or you are not the seller.";

function item({ state, now }: EbayMoment, id: string): Response {
  const listings = Object.values(state.market.listings).filter((one) => itemIdOf(one) === id);
  if (listings.length === 0) {
    return tradingResponse("GetItem", "Failure", [errorElement(17, NO_SUCH_ITEM)], now);
  }
  return tradingResponse("GetItem", "Success", [legacyItem(state, listings)], now);
}

/** Up to four listings; what went well is named, what did not is an error without a name. */
function revise(moment: EbayMoment, nodes: readonly string[]): Response {
  const call = "ReviseInventoryStatus";
  const { now } = moment;
  if (nodes.length > NODES_MAX) {
    const error = errorElement(21916254, "More than 4 InventoryStatus nodes.");
    return tradingResponse(call, "Failure", [error], now);
  }
  const answers = nodes.map((node) => reviseOne(moment, node));
  const errors = answers.filter((answer) => answer.startsWith("<Errors>"));
  const some = errors.length === nodes.length ? "Failure" : "PartialFailure";
  return tradingResponse(call, errors.length === 0 ? "Success" : some, answers, now);
}

function reviseOne(moment: EbayMoment, node: string): string {
  const { state } = moment;
  const id = text(node, "ItemID") ?? "";
  const sku = text(node, "SKU");
  const quantity = Number(text(node, "Quantity") ?? Number.NaN);
  const named = sku === null ? null : listingOf(state, sku);
  const listing =
    named ?? listingsOf(state).find((one) => itemIdOf(one) === id && skuOf(one) === (sku ?? ""));
  if (!listing || itemIdOf(listing) !== id) return errorElement(17, NO_SUCH_ITEM);
  if (!isLegacy(listing)) {
    return errorElement(21919474, "Inventory-based listings are revised with the Inventory API.");
  }
  if (!(quantity >= 0)) return errorElement(515, "The quantity must be a valid number.");
  if (rowFault(state.market.faults, listing.sku) === "refuse") {
    return errorElement(21916750, "The quantity of this listing cannot be revised.");
  }
  if (!countRevision(moment, listing)) return errorElement(21919143, REVISED_TOO_OFTEN);
  show(moment, listing, quantity);
  return element("InventoryStatus", [
    element("ItemID", id),
    ...(sku === null ? [] : [element("SKU", sku)]),
    element("Quantity", quantity),
  ]);
}
