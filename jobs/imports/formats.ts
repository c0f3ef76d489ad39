import type { BatchKind } from "../../inventory/batch.ts";

/** A column of a file that may be imported, and of the file that is exported. */
export interface ImportColumn {
  key: string;
  /** What exports and templates call it. */
  title: string;
  required?: true;
  /** A cell of the template. */
  example: string;
  help: string;
  /** Other systems' names of it, for the first guess. */
  aliases: readonly string[];
}

export interface ImportFormat {
  kind: BatchKind;
  title: string;
  /** What importing such a file does, in a sentence or two. */
  help: string;
  columns: readonly ImportColumn[];
}

const SKU: ImportColumn = {
  key: "sku",
  title: "SKU",
  required: true,
  example: "JACKET-M",
  help: "The item's SKU, exactly as in Ballast.",
  aliases: ["item sku", "variant sku", "seller sku", "article", "item number", "product code"],
};

const CHANNEL: Omit<ImportColumn, "example" | "help"> = {
  key: "channel",
  title: "Channel",
  aliases: ["marketplace", "sales channel"],
};

const quantities: ImportFormat = {
  kind: "quantities",
  title: "Quantities",
  help: "Counts by location, or changes of them. A count replaces what is there; every difference becomes a movement.",
  columns: [
    SKU,
    {
      key: "location",
      title: "Location",
      example: "MAIN",
      help: "The location's code. May be left out when you have one location.",
      aliases: ["location code", "warehouse", "warehouse code", "site", "store"],
    },
    {
      key: "quantity",
      title: "Quantity",
      example: "120",
      help: "How many units are there: replaces the number in Ballast.",
      aliases: [
        "qty",
        "count",
        "counted",
        "on hand",
        "onhand",
        "available",
        "stock",
        "stock level",
      ],
    },
    {
      key: "change",
      title: "Change",
      example: "",
      help: "Units to add, or to take away with a minus. Instead of a quantity.",
      aliases: ["delta", "adjustment", "adjust by", "difference"],
    },
    {
      key: "bucket",
      title: "Bucket",
      example: "sellable",
      help: "sellable, inspection, quarantine, damaged or incoming. Empty means sellable.",
      aliases: ["condition", "status", "state"],
    },
    {
      key: "reason",
      title: "Reason",
      example: "weekly count",
      help: "What the history says. Empty means the name of the file.",
      aliases: ["note", "comment", "remark"],
    },
  ],
};

const items: ImportFormat = {
  kind: "items",
  title: "Items",
  help: "New SKUs are made, known ones get what the file says. An empty cell leaves what is there.",
  columns: [
    SKU,
    {
      key: "title",
      title: "Title",
      example: "Rain jacket, M",
      help: "What people call it. A new item needs one, or gets its SKU.",
      aliases: ["name", "product name", "product title", "description"],
    },
    {
      key: "category",
      title: "Category",
      example: "Outerwear",
      help: "Buffer rules can be for a category.",
      aliases: ["product type", "type", "department", "group"],
    },
    {
      key: "barcode",
      title: "Barcode",
      example: "4006381333931",
      help: "GTIN, EAN, UPC or ISBN: digits only.",
      aliases: ["ean", "upc", "gtin", "isbn", "variant barcode"],
    },
  ],
};

const locations: ImportFormat = {
  kind: "locations",
  title: "Locations",
  help: "New codes are made, known ones get what the file says.",
  columns: [
    {
      key: "code",
      title: "Code",
      required: true,
      example: "MAIN",
      help: "Short and unique: movements and files say it.",
      aliases: ["location", "location code", "warehouse code", "warehouse"],
    },
    {
      key: "name",
      title: "Name",
      example: "Main warehouse",
      help: "What people call it. A new location needs one, or gets its code.",
      aliases: ["title", "location name", "warehouse name"],
    },
    {
      key: "priority",
      title: "Priority",
      example: "0",
      help: "Lower ships first.",
      aliases: ["rank", "order", "sort"],
    },
  ],
};

const buffers: ImportFormat = {
  kind: "buffers",
  title: "Buffer rules",
  help: "A rule for what its row names; the same scope replaces the rule there is. All rows or none.",
  columns: [
    {
      ...CHANNEL,
      example: "amazon",
      help: "shopify, amazon, walmart, tiktok or ebay. Empty means every channel.",
    },
    {
      key: "category",
      title: "Category",
      example: "Outerwear",
      help: "Only this category. Empty means every one.",
      aliases: ["product type"],
    },
    {
      key: "sku",
      title: "SKU",
      example: "",
      help: "Only this SKU. Empty means every one.",
      aliases: SKU.aliases,
    },
    {
      key: "kind",
      title: "Kind",
      required: true,
      example: "percent",
      help: "percent (shown), fixed (units held back), allocated, or remove.",
      aliases: ["rule", "type", "buffer"],
    },
    {
      key: "value",
      title: "Value",
      example: "85",
      help: "The percentage shown, or the units held back.",
      aliases: ["percent", "units", "amount"],
    },
    {
      key: "floor",
      title: "Hold back at least",
      example: "",
      help: "Units, or nothing.",
      aliases: ["floor", "minimum"],
    },
    {
      key: "cap",
      title: "Never show more than",
      example: "",
      help: "A number, or nothing.",
      aliases: ["cap", "maximum"],
    },
    {
      key: "lastUnit",
      title: "Show the last unit",
      example: "no",
      help: "yes or no. Empty means no.",
      aliases: ["last unit"],
    },
  ],
};

const listings: ImportFormat = {
  kind: "listings",
  title: "Listing matches",
  help: "Which of your items a sale of a listing takes. For a kit, write its SKUs and units with | between them.",
  columns: [
    {
      ...CHANNEL,
      required: true,
      example: "amazon",
      help: "Where the listing is.",
    },
    {
      key: "account",
      title: "Account",
      example: "",
      help: "The account's id there. Needed when you have two on one channel.",
      aliases: ["connection", "seller id", "shop"],
    },
    {
      key: "listing",
      title: "Listing",
      required: true,
      example: "B07XAMPLE1",
      help: "The listing's id on its channel, as the export has it.",
      aliases: ["listing id", "external id", "asin", "item id"],
    },
    {
      key: "sku",
      title: "Item SKU",
      example: "JACKET-M",
      help: "One SKU, or several with | between them. Empty takes the match away.",
      aliases: ["sku", "matched sku", "our sku", "item"],
    },
    {
      key: "units",
      title: "Units per sale",
      example: "1",
      help: "How many of it a sale takes. Empty means 1.",
      aliases: ["units", "pack size", "quantity"],
    },
  ],
};

/** What may be imported, in the order in which a merchant starts out. */
export const FORMATS: Record<BatchKind, ImportFormat> = {
  items,
  locations,
  quantities,
  listings,
  buffers,
};
