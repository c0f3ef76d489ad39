/* What the pages themselves say. What their parts say stands beside the parts. */

export const OVERVIEW_WORDS = {
  itemsAppearHereAs:
    "Items appear here as soon as a marketplace’s listings or a file of order lines has been imported.",
} as const;

export const ACCOUNT_WORDS = {
  youLogInWith: (email: string) => `You log in with ${email}.`,
  yourRoleIs: (role: string, duties: string) => `Your role is ${role}. ${duties}`,
  passwordChangedEveryOther: "Password changed. Every other browser is logged out.",
  logOutEverywhere: "Log out everywhere",
  endsYourLoginIn:
    "Ends your login in every browser, this one included. Do it when you have left one open somewhere.",
} as const;

export const BATCHES_WORDS = {
  manyChangesMadeAt:
    "Many changes made at once: files, bulk actions, rules. Any of them can be taken back.",
  nothingYetWhatYou: "Nothing yet. What you import, or change in bulk, is listed here.",
  batchesNewestFirst: "Batches, newest first",
} as const;

export const BUFFERS_WORDS = {
  howMuchOfYour:
    "How much of your stock each channel is not shown. The most specific rule wins: SKU before category before channel.",
} as const;

export const CHANNELS_ID_WORDS = {
  howItIs: "How it is",
} as const;

export const CHANNELS_WORDS = {
  theMarketplacesYouSell: "The marketplaces you sell on, how each of them is, and what to do next.",
  connectedWhatYouList: "Connected. What you list there is being taken over now.",
} as const;

export const CHANNELS_CONNECT_CHANNEL_WORDS = {
  youGoToNow: (title: string) =>
    `You go to ${title} now, sign in there and agree. Then you come back here, and Ballast takes over what you list. Nothing is pushed to a listing before it is matched to one of your items.`,
} as const;

export const CHANNELS_FINISH_CHANNEL_WORDS = {
  toAllChannels: "To all channels",
} as const;

export const HISTORY_WORDS = {
  everyMovementOfEvery:
    "Every movement of every unit: what happened, when, and whose doing it was.",
  nothingHasMovedYet: "Nothing has moved yet.",
  noMovementIsLike: "No movement is like that.",
  movementsNewestFirst: "Movements, newest first",
} as const;

export const IMPORT_WORDS = {
  importAndExport: "Import and export",
  bringFilesInAnd:
    "Bring files in and take them out. A file is checked first: nothing changes before you have seen what would.",
} as const;

export const ITEMS_SKU_WORDS = {
  theLedgerCannotBe:
    "The ledger cannot be asked right now. These are the last recorded numbers; holds and changes are refused until it has been checked.",
} as const;

export const LISTINGS_WORDS = {
  whatEachChannelOffers:
    "What each channel offers, and which of your items a sale of it takes. What is not matched is not pushed.",
  noListingIsLike: "No listing is like that.",
  pagesOfListings: "Pages of listings",
} as const;

export const SETTINGS_TEAM_WORDS = {
  whoMayComeIn:
    "Who may come in, and what each of them may do. A change holds from their next click on.",
  inThisDemoEverybody:
    "In this demo everybody comes in without a password. An invitation works all the same: open its link in a private window to be that person.",
} as const;

export const SETTINGS_TOKENS_WORDS = {
  aTokenLetsA: "A token lets a program of yours in: a warehouse, a storefront, an ERP.",
  everyRequestWithExamples:
    "Every request with examples in curl and TypeScript that run as they stand.",
} as const;

export const SETTINGS_WEBHOOKS_WORDS = {
  yourOwnProgramsAre:
    "Your own programs are told of events as they happen, signed and in order for each SKU.",
} as const;

export const JOIN_WORDS = {
  chooseANewPassword: "Choose a new password",
  youWereInvitedAs: (role: string, email: string | null) =>
    `You were invited as ${role}. You log in with ${email} and the password you choose now.`,
  youLogInWith: (email: string | null) =>
    `You log in with ${email} and the password you choose now. Every browser you were logged in with is logged out.`,
  theHistoryOfYour: "The history of your stock shows this name.",
  saveAndLogIn: "Save and log in",
  thisLinkIsOver: "This link is over",
  toTheLogin: "To the login",
} as const;

export const LOGIN_WORDS = {
  logInTo: (shop: string) => `Log in to ${shop}`,
} as const;
