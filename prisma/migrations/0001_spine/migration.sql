-- CreateTable
CREATE TABLE "shop" (
    "id" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "shop_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "location" (
    "id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "location_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "item" (
    "id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "sku" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "category" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection" (
    "id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "secrets" TEXT NOT NULL,
    "orders_known_to" TIMESTAMPTZ(3),
    "trouble" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "connection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "listing" (
    "id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "item_id" TEXT,
    "external_id" TEXT NOT NULL,
    "sku" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "units_per_sale" INTEGER NOT NULL DEFAULT 1,
    "pushed" BOOLEAN NOT NULL DEFAULT true,
    "handle" JSONB NOT NULL DEFAULT '{}',
    "planned" INTEGER,
    "planned_seq" BIGINT,
    "planned_at" TIMESTAMPTZ(3),
    "reasons" JSONB NOT NULL DEFAULT '[]',
    "accepted" INTEGER,
    "accepted_seq" BIGINT,
    "accepted_at" TIMESTAMPTZ(3),
    "shown" INTEGER,
    "shown_at" TIMESTAMPTZ(3),
    "trouble" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3),
    "in_doubt" BOOLEAN NOT NULL DEFAULT false,
    "sold_since" INTEGER NOT NULL DEFAULT 0,
    "read_after" TIMESTAMPTZ(3),
    "dirty" BOOLEAN NOT NULL GENERATED ALWAYS AS (
        "pushed" AND "item_id" IS NOT NULL AND "planned" IS NOT NULL
        AND (GREATEST(0, "planned" + LEAST(0, "sold_since")) IS DISTINCT FROM "accepted"
             OR "sold_since" > 0 OR "in_doubt")
    ) STORED,
    "unseen" BOOLEAN NOT NULL GENERATED ALWAYS AS (
        "pushed" AND "accepted" IS NOT NULL AND "shown" IS DISTINCT FROM "accepted"
    ) STORED,
    "sale_at" TIMESTAMPTZ(3),
    "sale_seq" BIGINT,
    "sale_to_ack_ms" INTEGER,
    "sale_to_shown_ms" INTEGER,

    CONSTRAINT "listing_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "listing_plan" (
    "id" BIGSERIAL NOT NULL,
    "shop_id" TEXT NOT NULL,
    "listing_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "after_seq" BIGINT,
    "quantity" INTEGER NOT NULL,
    "reasons" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "listing_plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "push" (
    "id" BIGSERIAL NOT NULL,
    "shop_id" TEXT NOT NULL,
    "listing_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "detail" TEXT,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,
    "answered_at" TIMESTAMPTZ(3) NOT NULL,
    "shown_at" TIMESTAMPTZ(3),

    CONSTRAINT "push_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "buffer_rule" (
    "id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "channel" TEXT,
    "category" TEXT,
    "item_id" TEXT,
    "kind" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "floor" INTEGER,
    "cap" INTEGER,
    "show_last_unit" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "buffer_rule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox_message" (
    "id" BIGSERIAL NOT NULL,
    "shop_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'received',
    "tries" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "applied_at" TIMESTAMPTZ(3),
    "next_try_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "movement" (
    "partition" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "item_id" TEXT NOT NULL,
    "activity" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "occurred_at" TIMESTAMPTZ(3),
    "channel" TEXT,
    "connection_id" TEXT,
    "order_id" TEXT,
    "hold_id" TEXT,
    "oversold" INTEGER NOT NULL DEFAULT 0,
    "actor" TEXT,
    "reason" TEXT,
    "reference" TEXT,

    CONSTRAINT "movement_pkey" PRIMARY KEY ("partition","seq")
);

-- CreateTable
CREATE TABLE "movement_leg" (
    "partition" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "leg" INTEGER NOT NULL,
    "shop_id" TEXT NOT NULL,
    "item_id" TEXT NOT NULL,
    "bucket" TEXT NOT NULL,
    "location" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,

    CONSTRAINT "movement_leg_pkey" PRIMARY KEY ("partition","seq","leg")
);

-- CreateTable
CREATE TABLE "balance" (
    "shop_id" TEXT NOT NULL,
    "item_id" TEXT NOT NULL,
    "bucket" TEXT NOT NULL,
    "location" TEXT NOT NULL,
    "quantity" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "partition" INTEGER NOT NULL,

    CONSTRAINT "balance_pkey" PRIMARY KEY ("shop_id","item_id","bucket","location")
);

-- CreateTable
CREATE TABLE "partition_mark" (
    "partition" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "fence_from" BIGINT NOT NULL DEFAULT 0,
    "fence_to" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "partition_mark_pkey" PRIMARY KEY ("partition")
);

-- CreateTable
CREATE TABLE "hold" (
    "shop_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "item_id" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "channel" TEXT,
    "state" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "seq" BIGINT NOT NULL,

    CONSTRAINT "hold_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "order_line" (
    "shop_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "item_id" TEXT NOT NULL,
    "channel" TEXT,
    "ordered" INTEGER NOT NULL,
    "cancelled" INTEGER NOT NULL,
    "shipped" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "order_line_pkey" PRIMARY KEY ("shop_id","connection_id","order_id","item_id")
);

-- CreateTable
CREATE TABLE "dead_letter" (
    "id" BIGSERIAL NOT NULL,
    "shop_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "error" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL DEFAULT 'open',
    "closed_at" TIMESTAMPTZ(3),
    "closed_why" TEXT,

    CONSTRAINT "dead_letter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sales_line" (
    "shop_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "item_id" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "unit_price" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "country" TEXT,

    CONSTRAINT "sales_line_pkey" PRIMARY KEY ("shop_id","order_id","line")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "shop" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "expires" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "shop_domain_key" ON "shop"("domain");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token"("hash");

-- CreateIndex
CREATE INDEX "api_token_shop_id_idx" ON "api_token"("shop_id");

-- CreateIndex
CREATE UNIQUE INDEX "location_shop_id_code_key" ON "location"("shop_id", "code");

-- CreateIndex
CREATE UNIQUE INDEX "item_shop_id_sku_key" ON "item"("shop_id", "sku");

-- CreateIndex
CREATE UNIQUE INDEX "connection_shop_id_channel_account_key" ON "connection"("shop_id", "channel", "account");

-- CreateIndex
CREATE INDEX "listing_shop_id_item_id_idx" ON "listing"("shop_id", "item_id");

-- CreateIndex
CREATE INDEX "listing_dirty_connection_id_idx" ON "listing"("dirty", "connection_id");

-- CreateIndex
CREATE INDEX "listing_unseen_connection_id_idx" ON "listing"("unseen", "connection_id");

-- CreateIndex
CREATE UNIQUE INDEX "listing_connection_id_external_id_key" ON "listing"("connection_id", "external_id");

-- CreateIndex
CREATE INDEX "listing_plan_listing_id_seq_idx" ON "listing_plan"("listing_id", "seq");

-- CreateIndex
CREATE INDEX "push_listing_id_seq_idx" ON "push"("listing_id", "seq");

-- CreateIndex
CREATE INDEX "buffer_rule_shop_id_idx" ON "buffer_rule"("shop_id");

-- CreateIndex
CREATE INDEX "inbox_message_state_next_try_at_idx" ON "inbox_message"("state", "next_try_at");

-- CreateIndex
CREATE INDEX "inbox_message_applied_at_idx" ON "inbox_message"("applied_at");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_message_connection_id_external_id_key" ON "inbox_message"("connection_id", "external_id");

-- CreateIndex
CREATE INDEX "movement_shop_id_item_id_seq_idx" ON "movement"("shop_id", "item_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "movement_shop_id_activity_key" ON "movement"("shop_id", "activity");

-- CreateIndex
CREATE INDEX "balance_partition_shop_id_item_id_idx" ON "balance"("partition", "shop_id", "item_id");

-- CreateIndex
CREATE INDEX "movement_leg_shop_id_item_id_idx" ON "movement_leg"("shop_id", "item_id");

-- CreateIndex
CREATE INDEX "order_line_shop_id_item_id_idx" ON "order_line"("shop_id", "item_id");

-- CreateIndex
CREATE INDEX "hold_shop_id_item_id_state_idx" ON "hold"("shop_id", "item_id", "state");

-- CreateIndex
CREATE INDEX "dead_letter_shop_id_state_idx" ON "dead_letter"("shop_id", "state");

-- CreateIndex
CREATE INDEX "sales_line_shop_id_item_id_at_idx" ON "sales_line"("shop_id", "item_id", "at");

-- CreateIndex
CREATE INDEX "session_shop_idx" ON "session"("shop");

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shop"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "location" ADD CONSTRAINT "location_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shop"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "item" ADD CONSTRAINT "item_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shop"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection" ADD CONSTRAINT "connection_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shop"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "listing" ADD CONSTRAINT "listing_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "listing" ADD CONSTRAINT "listing_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE SET NULL ON UPDATE CASCADE;
