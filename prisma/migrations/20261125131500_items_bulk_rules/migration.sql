-- A shop may have a rule for each of its items: what some items follow is found without the others.
CREATE INDEX "buffer_rule_shop_id_item_id_idx" ON "buffer_rule"("shop_id", "item_id");

DROP INDEX "buffer_rule_shop_id_idx";
