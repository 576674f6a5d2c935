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
    citizen_id text constraint one_person_per_citizen_id unique,
    name text not null,
    birth text not null,
    sex text not null,
    old_id text,
    phone text,
    address text,
    folded_name text not null,
    search_name text not null,
    sort_name text collate "C" not null
);
create index people_by_name on people (folded_name);
create index people_in_order on people (sort_name, number);
create index people_by_phone on people (phone);

-- What was said of wish and payee, in its order: of those that hold in a month the last one counts.
create table payouts (
    beneficiary_id text not null,
    said integer not null,
    from_month text not null,
    wish text,
    relation text,
    payee_name text,
    payee_citizen_id text,
    primary key (beneficiary_id, said)
);

-- Where they live: from `holds_from` up to the month before `holds_until`; the commune's number means what it meant in
-- `from_month`. The first home stands for every month before it.
create table residences (
    beneficiary_id text not null,
    commune text not null,
    from_month text not null,
    holds_from text not null,
    holds_until text not null,
    primary key (beneficiary_id, holds_from)
);
create index residences_by_commune on residences (commune);

-- Rights. `statuses[n]` from `status_months[n]` on (on the roll; before the first: PENDING); `last_month` with the
-- right, null while open; `terms`: [month, amount, follows the catalogue, multiple] in order, the last that holds counts.
create table entitlements (
    entitlement_id text primary key,
    beneficiary_id text not null,
    programme text not null,
    item text,
    code text,
    first_month text not null,
    last_month text,
    status_months text[] not null,
    statuses text[] not null,
    terms jsonb not null
);
create index entitlements_of_person on entitlements (beneficiary_id);

-- Halves of moves whose other half is not in.
create table open_halves (
    beneficiary_id text not null,
    half text not null check (half in ('OUT', 'IN')),
    commune text,
    from_month text not null,
    effective_period text not null,
    primary key (beneficiary_id, half)
);

-- What about a person waits for somebody (see `matters`).
create table matters (
    number bigint generated always as identity primary key,
    beneficiary_id text not null,
    kind text not null,
    since text
);
create index matters_of_person on matters (beneficiary_id);

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

-- Figures of the catalogue that the office entered after those that the software brings.
create table levels (
    number integer primary key,
    programme text not null,
    scope text,
    code text,
    amount integer not null,
    since text not null,
    basis text not null
);

create table rolls (
    period text primary key,
    sequence integer not null,
    totals jsonb not null,
    closed_by text not null,
    -- What the closing itself made happen: halves of moves that lapsed, cash that nobody collected.
    applied jsonb not null
);

-- Payments of closed months as disbursement tells of them: to see whose cash nobody collects.
create table payouts_made (
    payment_id text primary key,
    beneficiary_id text not null,
    programme text not null,
    period text not null,
    method text not null,
    -- Null: listed and not answered; true or false: collected or not.
    collected boolean
);
create index payouts_made_by_pair on payouts_made (beneficiary_id, programme, period);

create table reviews (
    beneficiary_id text not null,
    reviewed_on date not null,
    commune text not null,
    primary key (beneficiary_id, reviewed_on)
);
