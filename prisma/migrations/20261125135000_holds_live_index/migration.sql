-- The page of live holds reads them in the order in which they end.
create index hold_shop_id_state_expires_at_id_idx on hold (shop_id, state, expires_at, id);
