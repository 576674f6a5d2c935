-- The event store: the only truth of a service. Appended to, never changed (the grants see to it).
create table events (
    position bigint generated always as identity primary key,
    stream_id text not null,
    version integer not null check (version > 0),
    -- Made of (stream_id, version), so the constraint below keeps it unique without an index of its own.
    event_id uuid not null,
    type text not null,
    schema_version integer not null,
    -- Kept as text, byte for byte what was appended: the seals are made over it.
    data json not null,
    metadata json not null,
    recorded_at timestamptz not null,
    constraint events_stream unique (stream_id, version)
);

-- A position is handed out before its transaction commits; a reader that remembers the last position would skip
-- rows that commit later. So whoever appends holds the store until commit, and no append can forget it.
create function hold_the_store() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(tg_table_schema || '.events', 0));
    return null;
end $$;
create trigger hold_the_store before insert on events for each statement execute function hold_the_store();

-- One row an append: a chain of SHA-256 over the digest before and the appended rows, recomputed by `ansinh audit`.
create table seals (
    last_position bigint primary key,
    digest bytea not null
);

-- Up to where the relay has had the broker's answer.
create table relay_cursor (
    only_row boolean primary key default true check (only_row),
    position bigint not null
);
insert into relay_cursor (position) values (0);

-- The answers of writes that came with an Idempotency-Key (kept 30 days).
create table idempotency (
    person text not null,
    key text not null,
    input_hash bytea not null,
    status integer,
    media_type text,
    body bytea,
    created_at timestamptz not null default now(),
    primary key (person, key)
);

-- Records that could not be applied, kept whole: nothing is lost, and each can be looked at.
create table dead_letters (
    topic text not null,
    partition integer not null,
    "offset" bigint not null,
    key bytea,
    headers jsonb not null,
    value bytea,
    reason text not null,
    created_at timestamptz not null default now(),
    primary key (topic, partition, "offset")
);
