-- Rules of a shop for carts that hold stock; no row: the defaults of inventory/hold-terms.ts.
create table hold_settings (
  shop_id text primary key references shop (id) on delete cascade on update cascade,
  ttl_minutes integer not null,
  longest_minutes integer not null,
  webhook_carts boolean not null,
  webhook_minutes integer not null,
  units_per_line integer not null,
  units_per_cart integer not null,
  carts_per_address integer not null,
  share_percent integer not null,
  share_below integer not null
);

-- When a hold was taken and when it last changed, and who took it: for the page of holds.
alter table hold add column taken_at timestamptz(3) not null default now();
alter table hold add column changed_at timestamptz(3) not null default now();
alter table hold add column actor text;
create index hold_shop_id_state_changed_at_idx on hold (shop_id, state, changed_at);
