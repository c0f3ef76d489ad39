/* What the parts of these pages say. */

export const BUFFERS_STEP_WORDS = {
  useTheseBuffers: "Use these buffers",
  finerRulesByCategory: "Finer rules, by category and SKU, are on the Buffers page.",
  whatIsShown: (title: string) => `What ${title} is shown`,
  percentShownOn: (title: string) => `Percent shown on ${title}`,
  unitsHeldBackFrom: (title: string) => `Units held back from ${title}`,
} as const;

export const CHANNELS_STEP_WORDS = {
  isConnectedAndIts: (title: string) =>
    `${title} is connected, and its listings are being taken over. Connect the next one, or go on.`,
  oneChannelAloneCannot:
    "One channel alone cannot oversell another: protection begins with the second.",
} as const;

export const DRY_RUN_STEP_WORDS = {
  goLiveWith: (chosen: string) => `Go live with ${chosen}`,
  stillBeingWorkedOut: (numbers: string) => `${numbers} still being worked out.`,
  matchedToNothingThey: (listings: string) =>
    `${listings} matched to nothing: they keep the number they show, and are not protected. `,
  whatTheyShowNow: "What they show now was read at ",
  readItAgain: "Read it again",
} as const;

export const DRY_RUN_TABLES_WORDS = {
  whatWouldChangeOn: "What would change on each channel",
  exportAllAsCsv: "Export all as CSV",
  noListingWouldChange: "No listing would change: every channel shows what it should already.",
  noListingWouldChange2: "No listing would change like that.",
  listingsThatWouldChange: "Listings that would change",
} as const;

export const IMPORT_STEP_WORDS = {
  waitingForItsTurn: "Waiting for its turn.",
  readEverythingAgain: "Read everything again",
} as const;

export const LIVE_STEP_WORDS = {
  toTheOverview: "To the overview",
  connectAnotherChannel: "Connect another channel",
  numbersAreOnTheir: (behind: string) => `${behind} numbers are on their way.`,
  everyNumberHasBeen: "Every number has been told.",
  yourFirstProtectedSale: "Your first protected sale",
  wasSoldAt: (text: string) => ` was sold${text} at `,
  wasToldAfter: (title: string, quantity: string, ms: string) =>
    `. ${title} was told ${quantity} after ${ms}.`,
  waitingForTheFirst: "Waiting for the first sale: it appears here by itself.",
} as const;

export const MATCH_STEP_WORDS = {
  makeOfThem: (items: string) => `Make ${items} of them`,
  matchByHand: (title: string) => `Match ${title} by hand`,
  matchByHand2: "Match by hand",
  beginWithTheChannel:
    "Begin with the channel whose SKUs are your own: each SKU it lists becomes an item, and the other channels' listings of the same SKU or barcode are matched to it.",
  eachSkuThatIs:
    "Each SKU that is left becomes an item of its own. A listing that sells something you have already, such as a pack, is matched by hand instead.",
} as const;

export const NOTHING_WAITS_WORDS = {
  text: "Every channel you have connected is live: there is nothing left to do in this step. Another channel goes through all of them before it goes live.",
  connect: "Connect another channel",
  channels: "See your channels",
} as const;

export const SECOND_LOOK_WORDS = {
  aLargePartOf: "A large part of your catalogue would change",
  theLargestChanges: "The largest changes",
  yesGoLiveWith: "Yes, go live with these changes",
} as const;

export const STOCK_STEP_WORDS = {
  whatIsNotCounted: " What is not counted shows 0.",
  theyAreReceivedAt: (name: string) => `They are received at ${name}.`,
  whereYourStockIs: "Where your stock is",
  howToCount: "How to count",
  takeTheCountFrom: (title: string | undefined) => `Take the count from ${title}`,
  takeThisCount: "Take this count",
  fileOfCounts: "File of counts",
  orDropItHere: "or drop it here",
  receiveTheseCounts: "Receive these counts",
} as const;

export const TYPED_COUNTS_WORDS = {
  itemsThatNobodyHas: "Items that nobody has counted",
  receiveTheseCounts: "Receive these counts",
  moreAfterTheseA: (items: string) => `${items} more after these: a file is quicker.`,
} as const;

export const USE_WELCOME_WORDS = {
  everyWaitingChannelIs: "Every waiting channel is being read again.",
} as const;
