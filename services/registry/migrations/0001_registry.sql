-- Lists as they were entered, with what is wrong or doubtful about their rows.
create table change_lists (
    number bigint generated always as identity unique,
    list_id text primary key,
    commune text not null,
    period text not null,
    status text not null,
    no_change boolean not null,
    late boolean not null,
    effective_period text not null,
    entered_by text not null,
    submitted_by text,
    approved_by text,
    reason text,
    raw jsonb not null,
    hidden integer[] not null,
    errors jsonb not null,
    warnings jsonb not null
);
create index change_lists_of_period on change_lists (period, commune);

-- Who there is. One citizen id, one person, in the whole district.
create table people (
    number bigint generated always as identity unique,
    beneficiary_id text primary key,
    commune text not null,
    from_month text not null,
    citizen_id text constraint one_person_per_citizen_id unique,
    name text not null,
    birth text not null,
    sex text not null,
    old_id text,
    phone text,
    address text,
    folded_name text not null,
    search_name text not null,
    sort_name text collate "C" not null,
    wish text,
    relation text,
    payee_name text,
    payee_citizen_id text
);
create index people_by_name on people (commune, folded_name);
create index people_in_order on people (sort_name, number);
create index people_by_phone on people (phone);

create table entitlements (
    entitlement_id text primary key,
    beneficiary_id text not null,
    programme text not null,
    item text,
    code text,
    amount integer not null,
    follows_catalogue boolean not null,
    multiple integer not null,
    first_month text not null,
    roll_from text not null,
    effective_period text not null,
    last_month text
);
create index entitlements_of_person on entitlements (beneficiary_id);

-- What `DueChanged` last said of each pair: months on the roll, and what is due by layer.
create table on_roll (
    beneficiary_id text not null,
    programme text not null,
    item text,
    first_month text not null,
    last_month text
);
create index on_roll_of_pair on on_roll (beneficiary_id, programme);
create table due_spans (
    beneficiary_id text not null,
    programme text not null,
    counts_from text not null,
    item text,
    first_month text not null,
    last_month text,
    amount integer not null
);
create index due_spans_of_pair on due_spans (beneficiary_id, programme);

create table rolls (
    period text primary key,
    sequence integer not null,
    totals jsonb not null,
    closed_by text not null
);

create table reviews (
    beneficiary_id text not null,
    reviewed_on date not null,
    commune text not null,
    primary key (beneficiary_id, reviewed_on)
);

-- Who looked at whom (NĐ 13/2023 on personal data).
create table looks (
    number bigint generated always as identity primary key,
    person text not null,
    role text not null,
    beneficiary_id text not null,
    looked_at timestamptz not null default now()
);
