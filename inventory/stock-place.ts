/** A place at which a marketplace counts a merchant's stock: a location, a ship node, a warehouse. */
export interface StockPlace {
  id: string;
  name: string;
  /** The one that our number goes to unless the merchant chooses another. */
  main: boolean;
  /** Why no number of ours can be told to it; null = it can be chosen. */
  unusable: string | null;
}

/** An account, as far as its choice goes. */
interface Settled {
  settings: Readonly<Record<string, string>>;
}

/** Which places a connection writes to, as its merchant chose. */
export interface PlaceChoice {
  /** The one that shows our number; null = what the marketplace or the connector takes by itself. */
  told: string | null;
  /** Those that are kept at 0, so that nothing is sold from there. The others are left alone. */
  emptied: string[];
}

/** The choice as it is kept among an account's settings. */
export function placeChoice({ settings }: Settled): PlaceChoice {
  const emptied = (settings.emptiedPlaces ?? "").split(",").filter(Boolean);
  return { told: settings.place || null, emptied };
}

/** Names a choice, so that whoever acted on another one notices. */
export function placeKey(account: Settled): string {
  const { told, emptied } = placeChoice(account);
  return `${told ?? ""}/${emptied.join(",")}`;
}

/** What is kept of a choice among an account's settings. */
export function placeSettings({ told, emptied }: PlaceChoice): Record<string, string> {
  return { place: told ?? "", emptiedPlaces: emptied.join(",") };
}
