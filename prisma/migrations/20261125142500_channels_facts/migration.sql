-- A shop's time zone and currency are its marketplace's until the merchant chooses them himself.
ALTER TABLE "shop" ADD COLUMN "regional_chosen" BOOLEAN NOT NULL DEFAULT false;
UPDATE "shop" SET "regional_chosen" = true
  WHERE "locale" <> 'en-GB' OR "time_zone" <> 'UTC' OR "currency" <> 'USD';

-- By which way an order was heard of: the marketplace's own message, or our sweep.
ALTER TABLE "inbox_message" ADD COLUMN "heard_by" TEXT NOT NULL DEFAULT 'message';

-- What is left of a marketplace's limits, as the worker that makes the calls last knew.
CREATE TABLE "call_pace" (
    "shop_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "call" TEXT NOT NULL,
    "tokens" DOUBLE PRECISION NOT NULL,
    "per_second" DOUBLE PRECISION NOT NULL,
    "burst" DOUBLE PRECISION NOT NULL,
    "held_until" TIMESTAMPTZ(3),
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "call_pace_pkey" PRIMARY KEY ("connection_id", "call")
);
