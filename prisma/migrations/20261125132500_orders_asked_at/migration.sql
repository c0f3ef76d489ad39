-- When the last whole reading of a connection's orders was begun: a raise waits for a recent one.
alter table connection add column orders_asked_at timestamptz(3);
