-- Where a sweep of orders that broke off goes on.
ALTER TABLE "connection" ADD COLUMN "orders_place" JSONB;
