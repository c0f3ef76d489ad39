-- Where a marketplace counts a merchant's stock, as it last told: a page shows it without asking.
ALTER TABLE "connection" ADD COLUMN "places" JSONB, ADD COLUMN "places_at" TIMESTAMPTZ(3);
