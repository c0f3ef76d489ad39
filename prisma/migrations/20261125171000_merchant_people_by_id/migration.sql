-- Who did something is an id, which no other person shares and which outlives a name.
UPDATE "movement" m SET "actor" = 'person:' || k."id" FROM (
    SELECT "shop_id", "name", min("id") AS "id" FROM "person" GROUP BY 1, 2 HAVING count(*) = 1) k
  WHERE m."shop_id" = k."shop_id" AND m."actor" = 'person:' || k."name";
UPDATE "batch" b SET "actor" = 'person:' || k."id" FROM (
    SELECT "shop_id", "name", min("id") AS "id" FROM "person" GROUP BY 1, 2 HAVING count(*) = 1) k
  WHERE b."shop_id" = k."shop_id" AND b."actor" = 'person:' || k."name";
UPDATE "movement" SET "actor" = 'person:demo' WHERE "actor" = 'person:Demo visitor';
UPDATE "batch" SET "actor" = 'person:demo' WHERE "actor" = 'person:Demo visitor';
-- What nobody, or more than one person of the shop may have done stays somebody's.
UPDATE "movement" m SET "actor" = 'person:unknown' WHERE "actor" LIKE 'person:%' AND "actor" <> 'person:demo'
  AND NOT EXISTS (SELECT FROM "person" p WHERE p."shop_id" = m."shop_id" AND m."actor" = 'person:' || p."id");
UPDATE "batch" b SET "actor" = 'person:unknown' WHERE "actor" LIKE 'person:%' AND "actor" <> 'person:demo'
  AND NOT EXISTS (SELECT FROM "person" p WHERE p."shop_id" = b."shop_id" AND b."actor" = 'person:' || p."id");

-- Who closed a dead letter stands apart from the reason.
ALTER TABLE "dead_letter" ADD COLUMN "closed_by" TEXT;
UPDATE "dead_letter" d SET "closed_by" = 'person:' || coalesce((
    SELECT k."id" FROM (
    SELECT "shop_id", "name", min("id") AS "id" FROM "person" GROUP BY 1, 2 HAVING count(*) = 1) k WHERE k."shop_id" = d."shop_id"
      AND d."closed_why" LIKE '%by ' || k."name" || CASE WHEN d."state" = 'discarded' THEN ')' ELSE '' END
    LIMIT 1), 'unknown')
  WHERE "closed_why" ~ '^retried by ' OR "closed_why" ~ ' \(discarded by .*\)$';
UPDATE "dead_letter" SET "closed_why" = nullif(regexp_replace(
    regexp_replace("closed_why", ' \(discarded by .*\)$', ''), '^retried by .*$', ''), '')
  WHERE "closed_by" IS NOT NULL;
CREATE INDEX "dead_letter_shop_id_closed_at_id_idx" ON "dead_letter"("shop_id", "closed_at", "id");
