-- Counts of a warehouse, as they were sent, and what became of each line.
CREATE TABLE "snapshot" (
    "id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "body" TEXT,
    "csv" BOOLEAN NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "counted_at" TIMESTAMPTZ(3),
    "state" TEXT NOT NULL DEFAULT 'received',
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "moved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "snapshot_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "snapshot_shop_id_created_at_idx" ON "snapshot"("shop_id", "created_at");
CREATE INDEX "snapshot_unfinished" ON "snapshot"("moved_at") WHERE "finished_at" IS NULL;

CREATE TABLE "snapshot_line" (
    "snapshot_id" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "shop_id" TEXT NOT NULL,
    "sku" TEXT NOT NULL,
    "location" TEXT NOT NULL,
    "quantity" INTEGER,
    "state" TEXT NOT NULL,
    "before" INTEGER,
    "seq" BIGINT,
    "error" TEXT,

    CONSTRAINT "snapshot_line_pkey" PRIMARY KEY ("snapshot_id", "line")
);
CREATE INDEX "snapshot_line_snapshot_id_state_line_idx" ON "snapshot_line"("snapshot_id", "state", "line");
ALTER TABLE "snapshot_line" ADD CONSTRAINT "snapshot_line_snapshot_id_fkey"
    FOREIGN KEY ("snapshot_id") REFERENCES "snapshot"("id") ON DELETE CASCADE ON UPDATE CASCADE;
