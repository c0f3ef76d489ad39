-- Items are matched by barcode where SKUs do not agree.
ALTER TABLE "item" ADD COLUMN "barcode" TEXT;
CREATE INDEX "item_shop_id_barcode_idx" ON "item"("shop_id", "barcode");

ALTER TABLE "connection"
    ADD COLUMN "returns_known_to" TIMESTAMPTZ(3),
    ADD COLUMN "paused_at" TIMESTAMPTZ(3),
    ADD COLUMN "disconnected_at" TIMESTAMPTZ(3),
    ADD COLUMN "shut_out" TEXT,
    ADD COLUMN "reconnect_by" TIMESTAMPTZ(3),
    ADD COLUMN "healthy_at" TIMESTAMPTZ(3),
    ADD COLUMN "drift_policy" TEXT NOT NULL DEFAULT 'heal',
    ADD COLUMN "feed_hour" INTEGER NOT NULL DEFAULT 3;

ALTER TABLE "listing"
    ADD COLUMN "barcode" TEXT,
    ADD COLUMN "matched_by" TEXT,
    ADD COLUMN "kit" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "merchant_fulfilled" BOOLEAN NOT NULL DEFAULT true,
    ADD COLUMN "unpushable" TEXT,
    ADD COLUMN "push_group" TEXT,
    ADD COLUMN "stock_id" TEXT,
    ADD COLUMN "imported_at" TIMESTAMPTZ(3),
    ADD COLUMN "gone_at" TIMESTAMPTZ(3),
    ADD COLUMN "again" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "file_id" BIGINT,
    ADD COLUMN "rest_until" TIMESTAMPTZ(3);

-- Until now a listing was not pushed for one reason only, and matched in one way only.
UPDATE "listing" SET "merchant_fulfilled" = "pushed",
    "matched_by" = CASE WHEN "item_id" IS NOT NULL THEN 'sku' END;

-- A kit has components instead of an item, and a marketplace that changed its own number is told
-- again though the plan did not change.
ALTER TABLE "listing" DROP COLUMN "dirty", DROP COLUMN "unseen";
ALTER TABLE "listing"
    ADD COLUMN "dirty" BOOLEAN NOT NULL GENERATED ALWAYS AS (
        "pushed" AND "gone_at" IS NULL AND ("item_id" IS NOT NULL OR "kit")
        AND "planned" IS NOT NULL
        AND (GREATEST(0, "planned" + LEAST(0, "sold_since")) IS DISTINCT FROM "accepted"
             OR "sold_since" > 0 OR "in_doubt" OR "again" > 0)
    ) STORED,
    ADD COLUMN "unseen" BOOLEAN NOT NULL GENERATED ALWAYS AS (
        "pushed" AND "gone_at" IS NULL
        AND "accepted" IS NOT NULL AND "shown" IS DISTINCT FROM "accepted"
    ) STORED;
CREATE INDEX "listing_dirty_connection_id_idx" ON "listing"("dirty", "connection_id");
CREATE INDEX "listing_unseen_connection_id_idx" ON "listing"("unseen", "connection_id");
CREATE INDEX "listing_connection_id_stock_id_idx" ON "listing"("connection_id", "stock_id");
CREATE INDEX "listing_connection_id_push_group_idx" ON "listing"("connection_id", "push_group");

CREATE TABLE "listing_component" (
    "shop_id" TEXT NOT NULL,
    "listing_id" TEXT NOT NULL,
    "item_id" TEXT NOT NULL,
    "units" INTEGER NOT NULL,
    "seq" BIGINT,
    "stock" JSONB,

    CONSTRAINT "listing_component_pkey" PRIMARY KEY ("listing_id","item_id"),
    CONSTRAINT "listing_component_units_check" CHECK ("units" >= 1)
);
CREATE INDEX "listing_component_shop_id_item_id_idx" ON "listing_component"("shop_id", "item_id");
ALTER TABLE "listing_component" ADD CONSTRAINT "listing_component_listing_id_fkey" FOREIGN KEY ("listing_id") REFERENCES "listing"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "listing_component" ADD CONSTRAINT "listing_component_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "revision" (
    "shop_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "push_group" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "revision_pkey" PRIMARY KEY ("connection_id","push_group","day")
);

CREATE TABLE "push_file" (
    "id" BIGSERIAL NOT NULL,
    "shop_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "external_id" TEXT,
    "state" TEXT NOT NULL,
    "lines" JSONB NOT NULL,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,
    "check_after" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "error" TEXT,

    CONSTRAINT "push_file_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "push_file_connection_id_state_idx" ON "push_file"("connection_id", "state");

CREATE TABLE "connection_task" (
    "id" BIGSERIAL NOT NULL,
    "shop_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'running',
    "cursor" TEXT,
    "done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "moved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "error" TEXT,

    CONSTRAINT "connection_task_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "connection_task_connection_id_kind_id_idx" ON "connection_task"("connection_id", "kind", "id");
-- One of a kind runs at a time, whoever starts it.
CREATE UNIQUE INDEX "connection_task_running_key" ON "connection_task"("connection_id", "kind") WHERE "state" = 'running';

CREATE TABLE "drift" (
    "id" BIGSERIAL NOT NULL,
    "shop_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "listing_id" TEXT NOT NULL,
    "expected" INTEGER NOT NULL,
    "found" INTEGER,
    "cause" TEXT NOT NULL,
    "detail" TEXT,
    "state" TEXT NOT NULL DEFAULT 'open',
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "drift_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "drift_shop_id_state_idx" ON "drift"("shop_id", "state");
CREATE INDEX "drift_listing_id_id_idx" ON "drift"("listing_id", "id");

CREATE TABLE "return_notice" (
    "shop_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "return_id" TEXT NOT NULL,
    "listing" TEXT NOT NULL,
    "sku" TEXT NOT NULL,
    "item_id" TEXT,
    "order_id" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "stage" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "return_notice_pkey" PRIMARY KEY ("connection_id","return_id","listing")
);
CREATE INDEX "return_notice_shop_id_item_id_idx" ON "return_notice"("shop_id", "item_id");

CREATE TABLE "consent_request" (
    "hash" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "answers" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "consent_request_pkey" PRIMARY KEY ("hash")
);
CREATE INDEX "consent_request_shop_id_idx" ON "consent_request"("shop_id");
