-- What this service last said waits for whom (see `task_publisher`): only what is another now is said again.
create table published_tasks (
    key text primary key,
    said json not null
);

-- Who looked at whom (NĐ 13/2023 on personal data), one row a request. `subjects` is null where they are too many to
-- name (see `looks`); `route` is the address's pattern, never what stood in it.
create table looks (
    number bigint generated always as identity primary key,
    looked_at timestamptz not null default clock_timestamp(),
    person text not null,
    role text not null,
    what text not null check (what in ('list', 'person', 'search', 'export')),
    route text not null,
    area text,
    subjects text[],
    subjects_count integer not null
);
create index looks_at_subject on looks using gin (subjects);
create index looks_at_many on looks (number) where subjects is null;
create index looks_of_person on looks (person, number);
