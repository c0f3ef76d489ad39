/* What the parts of these pages say. */

export const BALANCES_CARD_WORDS = {
  oversoldByMoreIs: (text: string) => `Oversold by ${text}: more is sold or held than can be sold.`,
  nothingHasBeenReceived: "Nothing has been received yet.",
  unitsByLocationAnd: "Units by location and bucket",
  setAsideFor: (count: string, channel: string) => `${count} set aside for ${channel}`,
} as const;

export const BULK_BAR_WORDS = {
  chooseThisPage: "Choose this page",
  noMoreCanBe: " · no more can be chosen one by one",
} as const;

export const BULK_FORM_WORDS = {
  nameOfTheNew: "Name of the new category",
} as const;

export const HOLDS_CARD_WORDS = {
  noCartHoldsThis: "No cart holds this item.",
  heldInCarts: (held: string) => `${held} held in carts.`,
} as const;

export const ITEM_VIEWS_WORDS = {
  searchFilterAndSort: "Search, filter and sort, then keep it here under a name.",
  removeTheView: (name: string) => `Remove the view ${name}`,
  saveThisListAs: "Save this list as",
  forEverybodyOfThis: "For everybody of this shop",
} as const;

export const ITEMS_FINDER_WORDS = {
  searchBySkuTitle: "Search by SKU, title or barcode",
  lowMeansUpTo: "Low means up to",
} as const;

export const ITEMS_PAGER_WORDS = {
  pagesOfItems: "Pages of items",
  itemsPerPage: "Items per page",
} as const;

export const ITEMS_TABLE_WORDS = {
  itemsBySkuWith: "Items by SKU, with what each channel shows and should show",
} as const;

export const LISTING_CARD_WORDS = {
  shippedByTheMarketplace: "Shipped by the marketplace",
  cannotBePushed: "Cannot be pushed",
  notPlannedYet: "Not planned yet",
  upToDate: "Up to date",
  acceptedNotSeenYet: "Accepted, not seen yet",
  thereIsNoPlan: "There is no plan for this listing yet.",
  whyShouldShow: (title: string, planned: string) => `Why ${title} should show ${planned}`,
} as const;

export const MOVE_CARD_WORDS = {
  whatToDo: "What to do",
  negativeWhenFewerWere: "Negative when fewer were counted, such as -2.",
} as const;

export const MOVE_OUTCOME_WORDS = {
  recordedAsMovement: (seq: number) => `Recorded as movement ${seq}.`,
  youAreLookingAt: "You are looking at the new numbers now. Send it again if it holds.",
  stockMovedWhileYou: "Stock moved while you were typing. Nothing was changed.",
  itMovedAndCame: "It moved and came back to the same numbers.",
  decideOnTheNew: "Decide on the new numbers",
} as const;

export const MOVEMENTS_CARD_WORDS = {
  nothingHasMovedYet: "Nothing has moved yet.",
  thereAreNoOlder: "There are no older movements.",
  movementsNewestFirst: "Movements, newest first",
} as const;

export const RETURNS_CARD_WORDS = {
  announcedByTheMarketplaces:
    "Announced by the marketplaces. None of it can be sold before you have received and inspected it.",
} as const;
