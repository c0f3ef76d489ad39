-- Shipments that were taken back before they left.
ALTER TABLE "order_line" ADD COLUMN "unshipped" INTEGER NOT NULL DEFAULT 0;
