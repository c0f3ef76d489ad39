/*
 * What the storefront's door answers in words, for whoever reads a log or writes a storefront. What
 * shoppers read is in the theme extension's own locales.
 */
export const STOREFRONT_TEXTS = {
  short: "Other shoppers hold the rest. What was held before is held still.",
  share: "So many of a scarce item are held by carts that the rest is kept for other buyers.",
  "units-per-line": "One line of a cart may hold fewer units than this.",
  "units-per-cart": "One cart may hold fewer units than this.",
  "carts-per-address":
    "Too many carts hold from this network address. One of them has to end first.",
  "held-too-long": "This cart has held for its longest time. Others have their turn now.",
  over: "Nothing is held for this cart any more. Send the cart again to hold it.",
  ordered: "This cart became an order.",
  busy: "Too many ask at once. Nothing was taken; try again in a second.",
  unavailable: "Nothing can be promised now. Nothing was taken; try again.",
} as const;
