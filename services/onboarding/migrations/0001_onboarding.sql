-- People as registry tells of them. Facts come per stream in order but across streams in any: each kind has its own
-- table with the version it stands at, so that none waits for another and an older one never overwrites a newer.
create table people (
    beneficiary_id text primary key,
    version integer not null,
    name text not null,
    birth text not null,
    citizen_id text,
    phone text
);
create index people_by_citizen_id on people (citizen_id);

-- Where the person lives, from that month on.
create table residences (
    beneficiary_id text primary key,
    version integer not null,
    commune text not null,
    from_month text not null
);

-- How they wish to be paid and who receives; every choice is kept, the last one that holds counts.
create table payouts (
    beneficiary_id text not null,
    version integer not null,
    from_month text not null,
    wish text,
    relation text,
    payee_name text,
    payee_citizen_id text,
    primary key (beneficiary_id, version)
);

-- The last month on the roll, null while open.
create table rolls (
    beneficiary_id text not null,
    programme text not null,
    version integer not null,
    last_month text,
    primary key (beneficiary_id, programme)
);

-- Payments to an account that were rejected or returned.
create table failures (
    stream_id text not null,
    version integer not null,
    account_id text not null,
    recorded_at timestamptz not null,
    primary key (stream_id, version)
);
create index failures_by_account on failures (account_id, recorded_at);

-- The account streams as they stand; `word_at`: when the bank or the office last said something new of it.
create table accounts (
    account_id text primary key,
    beneficiary_id text not null,
    standing text not null check (standing in ('OPEN', 'CLOSED', 'REFUSED')),
    holder text not null,
    holder_name text,
    bank_code text,
    account_number text,
    account_name text,
    name_differs boolean not null,
    opened_on date,
    closed_on date,
    reason text,
    word_at timestamptz not null
);
create index accounts_by_beneficiary on accounts (beneficiary_id);
