/* What the parts of these pages say. */

export const CHOICES_CARD_WORDS = {
  whenAListingShows: "When a listing shows another number",
  fullFeedEveryDay: "Full feed every day at",
  everythingIsReadBack:
    "Everything is read back at this hour of your time zone. Choose a quiet one.",
} as const;

export const CONNECT_BUTTON_WORDS = {
  connectAnotherAccountAt: (title: string) => `Connect another account at ${title}`,
  connectAnotherAccount: "Connect another account",
  connectThisShopAgain: "Connect this shop again",
  connectThisShop: "Connect this shop",
} as const;

export const DISCONNECT_CARD_WORDS = {
  pushesToStopAt: (title: string, name: string) =>
    `Pushes to ${title} stop at once, its orders are read no more, and the access you gave is forgotten. ${name} keeps the numbers it shows now. Listings and history stay here, and you can connect again.`,
  numbersThatItHas: (waiting: number) =>
    `${waiting} numbers that it has not been told yet will not be told.`,
} as const;

export const DRIFT_CARD_WORDS = {
  listingsThatShowedAnother:
    "Listings that showed another number than the marketplace had accepted.",
  noListingHasShown: "No listing has shown another number than it was told.",
  pushOurNumberOf: (sku: string) => `Push our number of ${sku} again`,
  pushOurNumberAgain: "Push our number again",
} as const;

export const FAILING_CARD_WORDS = {
  theLastPushOf:
    "The last push of these did not work. After three tries a push becomes a dead letter.",
} as const;

export const LIMITS_CARD_WORDS = {
  whatItAllows: "What it allows",
} as const;

export const MISSING_KEYS_WORDS = {
  cannotBeConnectedHere: (title: string) => `${title} cannot be connected here yet`,
  ballastIsNotSet:
    "Ballast is not set up as an app there. Whoever runs it sets these variables and starts it again:",
} as const;

export const PLACES_PREVIEW_WORDS = {
  whatGoesToWhere: "What goes to 0 where it is shown now",
} as const;

export const PUSHES_CARD_WORDS = {
  whatWasToldLast: "What was told last, what was answered, and when the number was read back.",
  nothingHasBeenPushed: "Nothing has been pushed yet.",
} as const;
