-- What a warehouse counted is applied by a batch: guarded, and taken back like one. Counts that
-- were not read yet go on as batches; results of earlier ones are forgotten, what they moved is not.
ALTER TABLE "snapshot" ADD COLUMN "batch_id" BIGINT;

WITH made AS (
  INSERT INTO "batch" ("shop_id", "kind", "title", "actor", "state", "options")
  SELECT "shop_id", 'quantities', 'Warehouse counts', "actor", 'checking',
    jsonb_build_object('snapshot', "id")
  FROM "snapshot" WHERE "body" IS NOT NULL
  RETURNING "id", "options"->>'snapshot' AS snapshot
)
UPDATE "snapshot" s SET "batch_id" = made."id" FROM made WHERE s."id" = made.snapshot;

DROP TABLE "snapshot_line";
DELETE FROM "snapshot" WHERE "batch_id" IS NULL;
DROP INDEX "snapshot_unfinished";
ALTER TABLE "snapshot" DROP COLUMN "state", DROP COLUMN "error", DROP COLUMN "moved_at",
  DROP COLUMN "finished_at", DROP COLUMN "actor";
CREATE UNIQUE INDEX "snapshot_batch_id_key" ON "snapshot"("batch_id");
