-- How much of the catalogue may change at once without a second look (row H4).
ALTER TABLE "shop"
    ADD COLUMN "guard_zero_percent" INTEGER NOT NULL DEFAULT 20,
    ADD COLUMN "guard_move_percent" INTEGER NOT NULL DEFAULT 20,
    ADD COLUMN "guard_far_percent" INTEGER NOT NULL DEFAULT 50,
    ADD COLUMN "guard_always" INTEGER NOT NULL DEFAULT 10,
    ADD CONSTRAINT "shop_guard_check" CHECK (
        "guard_zero_percent" BETWEEN 0 AND 100 AND "guard_move_percent" BETWEEN 0 AND 100
        AND "guard_far_percent" BETWEEN 0 AND 1000 AND "guard_always" >= 0);
