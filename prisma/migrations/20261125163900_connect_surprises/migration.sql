-- Numbers that compare-and-set met instead of the expected ones, until it is known what orders
-- explain of them.
CREATE TABLE "surprise" (
    "id" BIGSERIAL NOT NULL,
    "shop_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "listing_id" TEXT NOT NULL,
    "accepted" INTEGER NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "found" INTEGER NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "surprise_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "surprise_connection_id_until_idx" ON "surprise"("connection_id", "until");
CREATE INDEX "surprise_listing_id_idx" ON "surprise"("listing_id");

-- What is missing at a marketplace may stay missing until a person says otherwise.
ALTER TABLE "drift" ADD COLUMN "waits" BOOLEAN NOT NULL DEFAULT false;
