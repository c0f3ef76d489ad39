import type { Place } from "../../inventory/location.ts";
import { findItemsBySku } from "../../prisma/items.ts";
import { listLocations, placesOf } from "../../prisma/locations.ts";
import { skusOfItems } from "../../prisma/skus.ts";
import { Remembered } from "../remembered.ts";
import type { Services } from "../services.ts";

/** An item keeps its id for life, so what was found may be remembered for long. */
const REMEMBER_MS = 10 * 60_000;
const ITEMS_REMEMBERED = 50_000;
const LOCATIONS_REMEMBER_MS = 5_000;
/** A person has just changed it, and looks whether it is so. */
const SERVING_REMEMBER_MS = 1_000;

/** Finds what a request names. Hot SKUs are asked for a thousand times a second. */
export interface SkuIndex {
  /** The ids of a shop's items by SKU; a SKU nobody owns is absent. */
  items(shop: string, skus: readonly string[]): Promise<Map<string, string>>;
  /** The same from memory, when all of it is there. */
  remembered(shop: string, skus: readonly string[]): Map<string, string> | undefined;
  /** The other way round. */
  skus(shop: string, items: readonly string[]): Promise<Map<string, string>>;
  /** The codes of a shop's open locations, the one that ships first in front. */
  locations(shop: string): Promise<readonly string[]>;
  /** The places of a shop of which some do not ship for every channel; null of any other shop. */
  places(shop: string): Promise<readonly Place[] | null>;
}

export function createSkuIndex({ db, now }: Pick<Services, "db" | "now">): SkuIndex {
  const ids = new Remembered<string>({ limit: ITEMS_REMEMBERED, forMs: REMEMBER_MS, now });
  const places = new Remembered<string[]>({ limit: 1_000, forMs: LOCATIONS_REMEMBER_MS, now });
  const serving = new Remembered<{ places: readonly Place[] | null }>({
    ...{ limit: 1_000, forMs: SERVING_REMEMBER_MS, now },
  });
  const one = async (shop: string, sku: string) =>
    ids.get(nameOf(shop, sku), async () => {
      const found = await findItemsBySku(db, shop, [sku]);
      return found.get(sku)?.id ?? null;
    });
  return {
    async items(shop, skus) {
      const unique = [...new Set(skus)];
      const found = await Promise.all(unique.map((sku) => one(shop, sku)));
      const known = new Map<string, string>();
      unique.forEach((sku, at) => {
        const id = found[at];
        if (id) known.set(sku, id);
      });
      return known;
    },
    remembered(shop, skus) {
      const known = new Map<string, string>();
      for (const sku of skus) {
        const id = ids.known(nameOf(shop, sku));
        if (id === undefined) return undefined;
        known.set(sku, id);
      }
      return known;
    },
    skus: (shop, items) => skusOfItems(db, shop, items),
    async locations(shop) {
      const codes = async () => {
        const rows = (await listLocations(db, shop)).filter(({ active }) => active);
        // None is not remembered: it may be about to get its first.
        return rows.length === 0 ? null : rows.map((row) => row.code);
      };
      return (await places.get(shop, codes)) ?? [];
    },
    async places(shop) {
      const found = await serving.get(shop, async () => ({ places: await placesOf(db, shop) }));
      return found?.places ?? null;
    },
  };
}

/** A shop's id has no slash, so no two shops can meet in one name. */
function nameOf(shop: string, sku: string): string {
  return `${shop}/${sku}`;
}
