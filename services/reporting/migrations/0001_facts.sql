-- Facts as others told them, each with the day or months it holds for (value time) and the instant it was recorded
-- (known time), keyed by the stream and version of its event: said again it changes nothing, in whatever order.

-- What a person's place, wish and roll in one programme are, whole each time: the highest version known counts.
-- Lists side by side: communes[n] from commune_months[n] on, wishes[n] from wish_months[n] on (months rising), item
-- items[n] on the roll from firsts[n] to lasts[n] (null: open). Item '*' stands for the programme as a whole.
create table pictures (
    beneficiary_id text not null,
    programme text not null,
    version integer not null,
    stream_id text not null,
    known_at timestamptz not null,
    communes text[] not null,
    commune_months text[] not null,
    wishes text[] not null,
    wish_months text[] not null,
    items text[] not null,
    firsts text[] not null,
    lasts text[] not null,
    primary key (beneficiary_id, programme, version)
);
create index pictures_by_commune on pictures using gin (communes);

create table reviews (
    stream_id text not null,
    version integer not null,
    beneficiary_id text not null,
    reviewed_on date not null,
    known_at timestamptz not null,
    primary key (stream_id, version)
);
create index reviews_by_beneficiary on reviews (beneficiary_id, reviewed_on);

-- What happened to an account: `day` is that of the opening or closing, null for a confirmation.
create table account_events (
    stream_id text not null,
    version integer not null,
    beneficiary_id text not null,
    kind text not null check (kind in ('OPENED', 'CLOSED', 'CONFIRMED')),
    day date,
    name_differs boolean not null,
    known_at timestamptz not null,
    primary key (stream_id, version)
);
create index account_events_by_beneficiary on account_events (beneficiary_id);

-- Account money that moved: settled positive, returned negative, by item; item '*' is the whole payment.
create table movements (
    stream_id text not null,
    version integer not null,
    item text not null,
    payment_id text not null,
    kind text not null check (kind in ('SETTLED', 'RETURNED')),
    beneficiary_id text not null,
    programme text not null,
    commune text not null,
    period text not null,
    value_date date not null,
    amount bigint not null,
    known_at timestamptz not null,
    primary key (stream_id, version, item)
);
create index movements_by_commune on movements (commune);
create index movements_by_beneficiary on movements (beneficiary_id, programme);
create index movements_returned on movements (payment_id) where kind = 'RETURNED' and item = '*';

-- Forms as they were frozen.
create table submissions (
    number bigint generated always as identity primary key,
    id text not null unique,
    form text not null,
    period text not null,
    area text not null,
    submitted_at timestamptz not null,
    submitted_by text not null,
    hash text not null,
    rows json not null
);
create index submissions_by_area on submissions (area, period);
