-- The Overview's charts read the last hour or day.
CREATE INDEX "push_shop_id_answered_at_idx" ON "push"("shop_id", "answered_at");
