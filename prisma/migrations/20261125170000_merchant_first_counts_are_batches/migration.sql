-- A first count is a batch now, which can be looked at first and taken back.
DELETE FROM "connection_task" WHERE "kind" = 'count';
-- The newest of a shop is found among all its batches.
CREATE INDEX "batch_first_count_idx" ON "batch"("shop_id", "id") WHERE "options" -> 'firstCount' IS NOT NULL;
