-- While statistics do not know a shop yet, every index that begins with the shop looks as good as
-- the primary key for finding one line of it, and a large import met the wrong one: each look went
-- through all lines of the shop. An item belongs to one shop, so its id alone finds as much.
CREATE INDEX "sales_line_item_id_at_idx" ON "sales_line"("item_id", "at");

DROP INDEX "sales_line_shop_id_item_id_at_idx";
