-- What operators need: dead letters in the order in which they came, what became of those that were replayed, and
-- which build of the projection the tables hold.
alter table dead_letters add column number bigint generated always as identity unique;

-- A record that was put aside and could be applied later: who had it replayed, and why it had been put aside.
create table replayed_letters (
    topic text not null,
    partition integer not null,
    "offset" bigint not null,
    reason text not null,
    put_aside_at timestamptz not null,
    replayed_at timestamptz not null default now(),
    replayed_by text not null
);

-- Counts up with every rebuild that was switched to: the number in the name of the schema it was made in.
create table projection (
    only_row boolean primary key default true check (only_row),
    version integer not null,
    switched_at timestamptz not null default now()
);
insert into projection (version) values (1);
