-- Which channels a location ships for, and whether it is open.
ALTER TABLE "location" ADD COLUMN "serves_all" BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE "location" ADD COLUMN "serves" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "location" ADD COLUMN "active" BOOLEAN NOT NULL DEFAULT true;
