-- Many changes made at once: imports, bulk actions, rules, and what takes them back (row H4).
CREATE TABLE "batch" (
    "id" BIGSERIAL NOT NULL,
    "shop_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "undoes" BIGINT,
    "options" JSONB NOT NULL DEFAULT '{}',
    "radius" JSONB,
    "confirmed" TEXT,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "cursor" TEXT,
    "done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "moved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "applied_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "batch_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "batch_shop_id_id_idx" ON "batch"("shop_id", "id");
CREATE INDEX "batch_state_moved_at_idx" ON "batch"("state", "moved_at");
-- A batch is taken back once; an attempt that was thrown away does not count.
CREATE UNIQUE INDEX "batch_undoes_key" ON "batch"("undoes") WHERE "state" <> 'discarded';
ALTER TABLE "batch" ADD CONSTRAINT "batch_undoes_fkey" FOREIGN KEY ("undoes") REFERENCES "batch"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "batch_chunk" (
    "batch_id" BIGINT NOT NULL,
    "chunk" INTEGER NOT NULL,
    "shop_id" TEXT NOT NULL,
    "rows" JSONB NOT NULL,

    CONSTRAINT "batch_chunk_pkey" PRIMARY KEY ("batch_id","chunk")
);
ALTER TABLE "batch_chunk" ADD CONSTRAINT "batch_chunk_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "batch"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "batch_row" (
    "batch_id" BIGINT NOT NULL,
    "line" INTEGER NOT NULL,
    "shop_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "key" TEXT,
    "item_id" TEXT,
    "change" JSONB,
    "before" JSONB,
    "problems" JSONB,

    CONSTRAINT "batch_row_pkey" PRIMARY KEY ("batch_id","line")
);
-- What a row is about; a second row about the same thing is an error of the file.
CREATE UNIQUE INDEX "batch_row_batch_id_key_key" ON "batch_row"("batch_id", "key");
CREATE INDEX "batch_row_batch_id_item_id_idx" ON "batch_row"("batch_id", "item_id") WHERE "item_id" IS NOT NULL;
CREATE INDEX "batch_row_batch_id_state_line_idx" ON "batch_row"("batch_id", "state", "line") WHERE "state" <> 'ready';
ALTER TABLE "batch_row" ADD CONSTRAINT "batch_row_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "batch"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A movement of a batch says so, for ever: that is what its undo is made from.
ALTER TABLE "movement" ADD COLUMN "batch_id" BIGINT;
CREATE INDEX "movement_batch_id_idx" ON "movement"("batch_id", "partition", "seq") WHERE "batch_id" IS NOT NULL;
