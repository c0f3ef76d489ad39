-- The whole shop's history is read by time, and by what is rare in it: one order, one delivery, one
-- person, one kind of movement.
CREATE INDEX "movement_shop_id_at_idx" ON "movement"("shop_id", "at", "partition", "seq");
CREATE INDEX "movement_shop_id_type_at_idx" ON "movement"("shop_id", "type", "at", "partition", "seq");
CREATE INDEX "movement_shop_id_actor_at_idx" ON "movement"("shop_id", "actor", "at", "partition", "seq");
CREATE INDEX "movement_shop_id_order_id_idx" ON "movement"("shop_id", "order_id") WHERE "order_id" IS NOT NULL;
CREATE INDEX "movement_shop_id_reference_idx" ON "movement"("shop_id", "reference") WHERE "reference" IS NOT NULL;
