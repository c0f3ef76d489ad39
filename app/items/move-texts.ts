/** What a person may do with an item's stock on its page, in the order in which it is offered. */
export const MOVES = ["receive", "adjust", "transfer", "set-aside", "give-back"] as const;
export type Move = (typeof MOVES)[number];

interface MoveTexts {
  /** In the list of what to do, and on the button. */
  title: string;
  button: string;
  /** What the number in the form is called. */
  quantity: string;
}

export const MOVE_TEXTS: Record<Move, MoveTexts> = {
  receive: { title: "Receive new units", button: "Receive", quantity: "Units" },
  adjust: { title: "Correct a count", button: "Adjust", quantity: "Change in units" },
  transfer: { title: "Transfer to another location", button: "Transfer", quantity: "Units" },
  "set-aside": { title: "Set aside for a channel", button: "Set aside", quantity: "Units" },
  "give-back": { title: "Give back to all channels", button: "Give back", quantity: "Units" },
};

/** What is wrong with a field of the form. */
export const FIELD_ERRORS: Record<string, string> = {
  type: "Choose what to do.",
  location: "Choose a location.",
  to: "Choose another location than the one it comes from.",
  channel: "Choose a channel.",
  quantity: "Enter a whole number of units. Only a correction may be below 0, and none is 0.",
  reason: "Say why, in up to 500 characters.",
  reference: "A reference has up to 200 characters.",
  bucket: "Choose a bucket.",
  expectedVersion: "Load the page again and retry.",
};
