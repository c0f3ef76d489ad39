import type { ListingRow } from "../../prisma/listing-page.ts";

/** A listing as its page shows it. */
export interface ShownListing extends ListingRow {
  /** Its marketplace takes open orders off the number, and they cannot be added back to this one. */
  showsLess: boolean;
}

export const SHOWS_LESS =
  "Another listing here sells the same item. What is sold and not shipped yet cannot be told apart, so both may show less than there is, never more. Match one item to one listing to mend it.";
