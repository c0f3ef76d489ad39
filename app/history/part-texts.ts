/* What the parts of these pages say. */

export const HISTORY_FINDER_WORDS = {
  skuTitleBarcodeOrder: "SKU, title, barcode, order or reference",
} as const;
