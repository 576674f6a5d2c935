-- What registry and onboarding said, the newest version of each.
create table people (
    beneficiary_id text primary key,
    version integer not null,
    has_citizen_id boolean not null,
    name text not null
);
create table payouts (
    beneficiary_id text not null,
    version integer not null,
    from_month text not null,
    relation text,
    payee_name text,
    payee_citizen_id text,
    after_death boolean not null,
    primary key (beneficiary_id, version)
);
create table due (
    beneficiary_id text not null,
    programme text not null,
    version integer not null,
    data jsonb not null,
    primary key (beneficiary_id, programme)
);
create table rolls (
    period text primary key,
    sequence integer not null,
    totals jsonb not null
);
create table accounts (
    account_id text primary key,
    version integer not null,
    beneficiary_id text not null,
    holder text not null,
    opened_on date not null,
    name_differs boolean not null,
    bank_code text not null,
    account_number text not null,
    holder_name text not null,
    holder_citizen_id text
);
create index accounts_of_person on accounts (beneficiary_id);
-- What happened to an account after it was opened; kept apart, for it may be heard of first.
create table account_changes (
    account_id text not null,
    version integer not null,
    kind text not null,
    closed_on date,
    known_at timestamptz not null,
    primary key (account_id, version)
);

create table runs (
    number bigint generated always as identity unique,
    run_id text primary key,
    period text not null,
    programmes text[] not null,
    status text not null,
    prepared_by text not null,
    approved_by text,
    reason text,
    roll_sequence integer not null,
    totals jsonb not null,
    digest text not null,
    excluded jsonb not null
);
-- At most one run of a programme that is not sent: the primary key sees to it.
create table open_runs (
    programme text primary key,
    run_id text not null
);

create table payments (
    number bigint generated always as identity unique,
    payment_id text primary key,
    end_to_end_id text not null unique,
    run_id text not null,
    period text not null,
    beneficiary_id text not null,
    programme text not null,
    commune text not null,
    amount bigint not null check (amount >= 0),
    method text not null,
    account_id text,
    account_number text,
    bank_code text,
    payee_name text not null,
    status text not null,
    lines jsonb not null,
    replaces text[] not null,
    failed_at timestamptz,
    -- One payment per run, person and programme.
    constraint one_payment_per_run unique (run_id, beneficiary_id, programme)
);
create index payments_of_person on payments (beneficiary_id, programme);
create index payments_of_run on payments (run_id, number);

create table open_answers (
    number bigint generated always as identity unique,
    answer_id text primary key,
    end_to_end_id text,
    result text not null,
    amount bigint,
    value_date date,
    bank_reference text,
    reason text,
    outcome text not null
);
