-- What waits for whom, as each service last said it.
create table tasks (
    service text not null,
    role text not null,
    area text not null,
    period text not null,
    kind text not null,
    number bigint not null,
    oldest date,
    detail jsonb not null,
    primary key (role, area, service, period, kind)
);

-- The instant up to which each service's counts hold.
create table counted (
    service text primary key,
    counted_at timestamptz not null
);
