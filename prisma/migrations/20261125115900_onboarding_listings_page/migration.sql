-- The Listings page reads a hundred thousand rows a page at a time, by SKU; and an order that names a
-- listing by its SKU, like a listing that has a twin, is found without reading its connection.
CREATE INDEX "listing_shop_id_sku_id_idx" ON "listing"("shop_id", "sku", "id");
CREATE INDEX "listing_connection_id_sku_idx" ON "listing"("connection_id", "sku");
