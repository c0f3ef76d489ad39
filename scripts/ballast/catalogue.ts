import type { NewItem } from "../../prisma/items.ts";

/** What the demo merchant sells: enough to look like a shop, little enough to be seen whole. */
export interface DemoItem extends NewItem {
  category: string;
  /** Units on the shelves when the shop opens. */
  units: number;
}

/** The item of the flash sale. */
export const FLASH_SKU = "JACKET-ALPINE-M";

export const DEMO_ITEMS: readonly DemoItem[] = [
  { sku: FLASH_SKU, title: "Alpine jacket, M", category: "Outerwear", units: 500 },
  { sku: "JACKET-ALPINE-L", title: "Alpine jacket, L", category: "Outerwear", units: 240 },
  { sku: "PARKA-FJORD-M", title: "Fjord parka, M", category: "Outerwear", units: 85 },
  { sku: "VEST-RIDGE-S", title: "Ridge down vest, S", category: "Outerwear", units: 32 },
  { sku: "BOOT-TRAIL-42", title: "Trail boot, 42", category: "Footwear", units: 64 },
  { sku: "BOOT-TRAIL-43", title: "Trail boot, 43", category: "Footwear", units: 9 },
  { sku: "SHOE-CREST-41", title: "Crest running shoe, 41", category: "Footwear", units: 120 },
  { sku: "BEANIE-WOOL", title: "Merino beanie", category: "Accessories", units: 800 },
  { sku: "GLOVE-STORM-M", title: "Storm gloves, M", category: "Accessories", units: 150 },
  { sku: "SOCK-HIKE-2P", title: "Hiking socks, two pairs", category: "Accessories", units: 410 },
  { sku: "BOTTLE-1L", title: "Steel bottle, 1 l", category: "Gear", units: 275 },
  { sku: "LAMP-HEAD-300", title: "Head lamp, 300 lm", category: "Gear", units: 1 },
];
