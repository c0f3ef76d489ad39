-- Which items no listing sells is found in two indexes alone, both in the order of items.
CREATE INDEX "item_shop_id_id_idx" ON "item"("shop_id", "id");

DROP INDEX "listing_shop_id_item_id_idx";
CREATE INDEX "listing_shop_id_item_id_idx" ON "listing"("shop_id", "item_id") INCLUDE ("gone_at");
