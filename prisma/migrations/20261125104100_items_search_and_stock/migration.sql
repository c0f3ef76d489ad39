-- Items are found by a part of their SKU, title or barcode.
ALTER TABLE "item" ADD COLUMN "search" TEXT NOT NULL GENERATED ALWAYS AS (
    lower("sku" || E'\n' || "title" || E'\n' || coalesce("barcode", ''))
) STORED;

-- Trigrams make that fast. They are an extension: where this database's owner may not have it, or
-- the server does not bring it, the same search reads the shop's items from end to end instead,
-- which takes tens of milliseconds at 100,000 of them.
DO $$
DECLARE
    home text;
BEGIN
    BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
    EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
        RAISE NOTICE 'pg_trgm is not available: searching for items reads them all';
    END;
    SELECT n.nspname INTO home FROM pg_extension e
        JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
    IF home IS NOT NULL THEN
        EXECUTE format(
            'CREATE INDEX "item_search_idx" ON "item" USING gin ("search" %I.gin_trgm_ops)', home);
    END IF;
END $$;

-- Lists are sorted by title whatever the case; a title may be longer than an index entry.
CREATE INDEX "item_shop_id_title_idx" ON "item"("shop_id", lower(left("title", 100)), "id");
CREATE INDEX "item_shop_id_category_sku_idx" ON "item"("shop_id", "category", "sku");

-- What lists sort and filter by: written by the persister beside the balances it follows from.
CREATE TABLE "item_stock" (
    "shop_id" TEXT NOT NULL,
    "item_id" TEXT NOT NULL,
    "on_hand" BIGINT NOT NULL DEFAULT 0,
    "available" BIGINT NOT NULL DEFAULT 0,
    "moved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT 'epoch',
    "seq" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "item_stock_pkey" PRIMARY KEY ("shop_id", "item_id")
);
CREATE INDEX "item_stock_shop_id_on_hand_item_id_idx" ON "item_stock"("shop_id", "on_hand", "item_id");
CREATE INDEX "item_stock_shop_id_available_item_id_idx" ON "item_stock"("shop_id", "available", "item_id");
CREATE INDEX "item_stock_shop_id_moved_at_item_id_idx" ON "item_stock"("shop_id", "moved_at", "item_id");

INSERT INTO "item_stock" ("shop_id", "item_id", "on_hand", "available", "moved_at", "seq")
SELECT i."shop_id", i."id",
    coalesce(sum(b."quantity") FILTER (
        WHERE b."bucket" IN ('sellable', 'inspection', 'quarantine', 'damaged')), 0),
    coalesce(sum(CASE WHEN b."bucket" = 'sellable' THEN b."quantity"
        WHEN b."bucket" IN ('committed', 'held') OR b."bucket" LIKE 'allocated:%'
        THEN -b."quantity" END), 0),
    coalesce((SELECT m."at" FROM "movement" m
        WHERE m."shop_id" = i."shop_id" AND m."item_id" = i."id" ORDER BY m."seq" DESC LIMIT 1),
        'epoch'),
    coalesce(max(b."seq"), 0)
FROM "item" i LEFT JOIN "balance" b ON b."shop_id" = i."shop_id" AND b."item_id" = i."id"
GROUP BY i."shop_id", i."id";

-- An item that never moved is on the list as well, with nothing of it.
CREATE FUNCTION "item_begins_with_no_stock"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "item_stock" ("shop_id", "item_id") SELECT "shop_id", "id" FROM "made"
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER "item_begins_with_no_stock" AFTER INSERT ON "item"
    REFERENCING NEW TABLE AS "made"
    FOR EACH STATEMENT EXECUTE FUNCTION "item_begins_with_no_stock"();

-- What is wrong is rare: found without reading every listing.
CREATE INDEX "listing_late_idx" ON "listing"("shop_id") WHERE "dirty";
CREATE INDEX "listing_failing_idx" ON "listing"("shop_id") WHERE "trouble" IS NOT NULL;

-- Searches of items under a name, a person's own or ("") the whole shop's.
CREATE TABLE "item_view" (
    "id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "search" TEXT NOT NULL,

    CONSTRAINT "item_view_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "item_view_shop_id_person_id_name_key" ON "item_view"("shop_id", "person_id", "name");
