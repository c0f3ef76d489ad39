import type { StockPlace } from "../../inventory/stock-place.ts";
import type { KeptPlaces } from "../../prisma/stock-places.ts";

/** What a marketplace calls its places, and what it does with them before anybody chooses. */
export interface PlaceWords {
  one: string;
  many: string;
  emptiesOthers?: true;
}

/** What a merchant chooses: where the number is shown, and where nothing is. */
export interface ChosenPlaces {
  told: string;
  emptied: string[];
  /** Code of our location that sales leave from; null = the one that ships first. */
  shipsFrom: string | null;
}

export interface PlacesView {
  connection: string;
  title: string;
  called: PlaceWords;
  /** Null = the marketplace was never asked. */
  places: StockPlace[] | null;
  at: Date | null;
  /** As it is now; null where there is nothing to choose from. */
  chosen: ChosenPlaces | null;
  /** The chosen one is not among what the marketplace told. */
  lost: boolean;
  locations: { code: string; name: string }[];
}

/** Where a connection's stock is counted, as its page shows it. */
export function placesView(
  connection: string,
  title: string,
  called: PlaceWords,
  kept: KeptPlaces,
  locations: PlacesView["locations"],
): PlacesView {
  const { places, at } = kept;
  const { told } = kept.choice;
  const lost = told !== null && places !== null && !usableOf(places).some(({ id }) => id === told);
  const chosen = places && chosenNow(kept, called);
  return { ...{ connection, title, called, places, at }, chosen, lost, locations };
}

export const usableOf = (places: readonly StockPlace[]) =>
  places.filter(({ unusable }) => unusable === null);

/** What is so now, whether the merchant has chosen it or not; null where there is no place. */
function chosenNow({ places, choice, shipsFrom }: KeptPlaces, called: PlaceWords | undefined) {
  const usable = usableOf(places ?? []);
  const told = choice.told ?? (usable.find(({ main }) => main) ?? usable[0])?.id;
  if (told === undefined) return null;
  const others = usable.map(({ id }) => id).filter((id) => id !== told);
  const byItself = called?.emptiesOthers ? others : [];
  return { told, emptied: choice.told === null ? byItself : choice.emptied, shipsFrom };
}

/** Whether a choice moves numbers: to another place, or to 0 where they were left alone. */
export function sendsElsewhere(
  kept: KeptPlaces,
  chosen: ChosenPlaces,
  called: PlaceWords | undefined,
): boolean {
  const now = chosenNow(kept, called);
  if (now === null || now.told !== chosen.told) return true;
  return chosen.emptied.some((id) => !now.emptied.includes(id));
}
