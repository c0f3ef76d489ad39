-- When the last whole reading of a connection's orders ended: a raise waits for a recent one.
alter table connection add column orders_read_at timestamptz(3);
