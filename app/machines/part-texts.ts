/* What the parts of these pages say. */

export const DELIVERY_LOG_WORDS = {
  theNewestFirstKept:
    "The newest first, kept for 30 days. What is not taken is tried again for 24 hours.",
  nothingWasSentYet: "Nothing was sent yet. Send a test event to see whether the address works.",
  sendAgainNo: (sequence: string) => `Send again no. ${sequence}`,
} as const;

export const TOKEN_FORM_CARD_WORDS = {
  whatItIsFor: "What it is for",
  whatItMayDo: "What it may do",
} as const;

export const TOKEN_LIST_WORDS = {
  revokeWhatYouDo: "Revoke what you do not know, or what was not used for long.",
  noProgramCanReach: "No program can reach your stock yet. Make a token for the first one.",
} as const;

export const WEBHOOK_ACTIONS_WORDS = {
  sendAgainFromNo: "Send again from no.",
  aNumberOfThe: "A number of the log: everything finished from there on, in its old order.",
  itsLogAndWhat: "Its log and what it was still to be told go with it.",
} as const;

export const WEBHOOK_EDIT_CARD_WORDS = {
  whatItIsTold: "What it is told",
} as const;

export const WEBHOOK_FIELDS_WORDS = {
  whatItIsFor: "What it is for (optional)",
  whatItIsTold: "What it is told of",
} as const;

export const WEBHOOK_FORM_CARD_WORDS = {
  addAnEndpoint: "Add an endpoint",
} as const;

export const WEBHOOK_LIST_WORDS = {
  addressesOfYourOwn: "Addresses of your own programs that hear of events as they happen.",
  noProgramOfYours: "No program of yours hears of events yet. Add the address of the first one.",
} as const;
