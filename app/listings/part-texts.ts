/* What the parts of these pages say. */

export const LISTING_FINDER_WORDS = {
  searchBySkuOr: "Search by SKU or title",
} as const;

export const LISTING_TABLE_WORDS = {
  shippedByTheMarketplace: "Shipped by the marketplace",
  sameSkuTimes: (twins: number) => `Same SKU ${twins} times`,
} as const;

export const MATCH_CARD_WORDS = {
  aSaleOfTakes: (sku: string) => `A sale of ${sku} takes`,
  oneItemForMost:
    "One item for most listings, several units of it for a pack, several items for a kit. Every sale takes all of it, and the scarcest decides what is shown.",
  addAnotherItem: "Add another item",
  makeANewItem: (sku: string) => `Make ${sku} a new item`,
  nothingIsPushedTo: "Nothing is pushed to it any more.",
  savedItsNumberIs: "Saved. Its number is planned now.",
  savedThatWaitedFor: (orders: string, text: string) =>
    `Saved. ${orders} that waited for it ${text} counted now.`,
} as const;
