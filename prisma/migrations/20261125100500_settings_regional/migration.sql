-- How a shop writes numbers, money and times.
ALTER TABLE "shop" ADD COLUMN "locale" TEXT NOT NULL DEFAULT 'en-GB';
ALTER TABLE "shop" ADD COLUMN "time_zone" TEXT NOT NULL DEFAULT 'UTC';
ALTER TABLE "shop" ADD COLUMN "currency" TEXT NOT NULL DEFAULT 'USD';
