/** A name and a value that tell variations of one listing apart: Size, M. */
export interface Aspect {
  name: string;
  value: string;
}

/** What was sold, or is offered: an eBay listing, or one variation of it. */
export interface Offered {
  /** eBay's listing id, which older calls call item id. */
  item: string;
  /** Empty where the merchant gave it none, which only listings of the older world lack. */
  sku: string;
  aspects?: readonly Aspect[];
  /** Orders name variations by an id that no call which lists them tells. */
  variation?: string | null;
}

/**
 * Our id of a listing, the same from every side: the Inventory API, Trading calls, order lines. A
 * SKU names a variation best; without one its aspects do, in an order of their own.
 */
export function listingId({ item, sku, aspects = [], variation }: Offered): string {
  if (sku !== "") return `${item}/${sku}`;
  if (aspects.length > 0) return `${item}/~${aspects.map(written).sort().join("&")}`;
  return variation ? `${item}/#${variation}` : item;
}

const written = ({ name, value }: Aspect) =>
  `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
