-- Where a merchant's own programs hear of events.
CREATE TABLE "webhook_endpoint" (
    "id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "events" TEXT[] NOT NULL,
    "secret" TEXT NOT NULL,
    "old_secret" TEXT,
    "old_until" TIMESTAMPTZ(3),
    "rotation_key" TEXT,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "webhook_endpoint_shop_id_idx" ON "webhook_endpoint"("shop_id");
ALTER TABLE "webhook_endpoint" ADD CONSTRAINT "webhook_endpoint_shop_id_fkey"
    FOREIGN KEY ("shop_id") REFERENCES "shop"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- One event for one endpoint: written with what it tells of, in one transaction.
CREATE TABLE "webhook_delivery" (
    "id" BIGSERIAL NOT NULL,
    "shop_id" TEXT NOT NULL,
    "endpoint_id" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "sku" TEXT,
    "data" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "merged" INTEGER NOT NULL DEFAULT 0,
    "cause" TEXT,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "give_up_at" TIMESTAMPTZ(3),
    "status" INTEGER,
    "latency_ms" INTEGER,
    "answer" TEXT,
    "sent_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id")
);
-- What is waiting of an item's stock is told once, as it is by then.
CREATE UNIQUE INDEX "webhook_delivery_stock_waiting" ON "webhook_delivery"("endpoint_id", "subject")
    WHERE "type" = 'stock.changed' AND "state" = 'waiting';
-- A replay that is asked for twice under one key is one replay.
CREATE UNIQUE INDEX "webhook_delivery_cause" ON "webhook_delivery"("endpoint_id", "cause", "event")
    WHERE "cause" IS NOT NULL;
CREATE INDEX "webhook_delivery_unfinished_subject" ON "webhook_delivery"("endpoint_id", "subject", "id")
    WHERE "state" IN ('waiting', 'retrying', 'sending');
CREATE INDEX "webhook_delivery_unfinished_due" ON "webhook_delivery"("endpoint_id", "next_try_at")
    WHERE "state" IN ('waiting', 'retrying', 'sending');
CREATE INDEX "webhook_delivery_endpoint_id_id_idx" ON "webhook_delivery"("endpoint_id", "id");
CREATE INDEX "webhook_delivery_finished_at_idx" ON "webhook_delivery"("finished_at");
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_endpoint_id_fkey"
    FOREIGN KEY ("endpoint_id") REFERENCES "webhook_endpoint"("id") ON DELETE CASCADE ON UPDATE CASCADE;
