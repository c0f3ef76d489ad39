-- Nothing is pushed to a connection before its merchant has seen its dry run and let it go live.
-- Those that push already are live.
ALTER TABLE "connection" ADD COLUMN "live_at" TIMESTAMPTZ(3);
UPDATE "connection" SET "live_at" = "created_at" WHERE "disconnected_at" IS NULL;
