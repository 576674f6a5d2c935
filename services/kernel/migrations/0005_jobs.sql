-- Long work that a person asked for on a page: what was asked, how far it is, what came of it. The row outlives the
-- process: another carries the work out if one falls. What was asked may hold personal data: it goes when the work ends.
create table jobs (
    job_id text primary key,
    person text not null,
    key text not null,
    kind text not null,
    input_hash bytea not null,
    input jsonb not null,
    file bytea not null,
    file_name text not null,
    page text not null,
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'refused', 'failed')),
    tries integer not null default 0,
    step text not null default '',
    done integer not null default 0,
    total integer not null default 0,
    address text,
    refusal jsonb,
    seen boolean not null default false,
    asked_at timestamptz not null default now(),
    alive_at timestamptz not null default now(),
    ended_at timestamptz,
    unique (person, key)
);
create index jobs_not_seen on jobs (person) where not seen;
create index jobs_not_over on jobs (alive_at) where state in ('waiting', 'running');
