-- The portal's own people. Nothing of this is an event: no password and no secret ever leaves this schema.

-- `name` is the person of the whole system: unique, never changed, never given to somebody else. `login` is typed.
create table users (
    id text primary key,
    name text not null,
    login text not null unique,
    role text not null,
    area text,
    password_hash text not null,
    -- The password is one that somebody else made: the person sets their own before anything else.
    must_change boolean not null,
    locked boolean not null default false,
    created_at timestamptz not null
);
create unique index users_by_name on users (lower(name));

-- Who signs in by OIDC: the name by which the provider's subject was first seen stays theirs.
create table oidc_people (
    subject text primary key,
    name text not null,
    first_seen_at timestamptz not null
);
create unique index oidc_people_by_name on oidc_people (lower(name));

-- Sessions hold all that a token says, so that a renewal asks nobody; a change of the person ends them.
-- `user_id` is null where the provider vouches for the person.
create table sessions (
    id text primary key,
    secret_hash bytea not null unique,
    user_id text references users (id),
    name text not null,
    role text not null,
    area text,
    csrf text not null,
    must_change boolean not null,
    auth_at timestamptz not null,
    started_at timestamptz not null,
    seen_at timestamptz not null
);
create index sessions_by_name on sessions (name);

-- Attempts that have not succeeded yet, by login (hashed: people type passwords there) and by address.
create table attempts (
    what text primary key,
    failures integer not null,
    last_at timestamptz not null,
    barred_until timestamptz
);

-- What happened, for the auditor. `name` is null where nobody has the login that was typed; what was typed is not kept.
create table sign_in_log (
    number bigint generated always as identity primary key,
    at timestamptz not null,
    name text,
    what text not null,
    address text not null
);
create table user_changes (
    number bigint generated always as identity primary key,
    at timestamptz not null,
    changed_by text not null,
    name text not null,
    what text not null,
    login text not null,
    role text not null,
    area text
);

create function keep_as_written() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are kept as they were written', tg_table_name;
end $$;
create trigger keep_as_written before update or delete or truncate on sign_in_log
    for each statement execute function keep_as_written();
create trigger keep_as_written before update or delete or truncate on user_changes
    for each statement execute function keep_as_written();
