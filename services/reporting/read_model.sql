-- Named queries. The forms and their explanation are two ways to read the same `marks`.

-- name: marks
-- One row for each pair or movement that counts in a row of the forms, by programme and item ('*': the whole).
-- $1 period, $2 the month before, $3 its first and $4 its last day, $5 known up to, $6 communes wanted;
-- $7–$10 who a commune's number means: code, first and last month of that meaning, code in the period;
-- $11 all numbers that ever meant one of the communes wanted.
with place as (
    select * from unnest($7::text[], $8::text[], $9::text[], $10::text[]) as p(code, first, last, commune)
),
latest as (
    select distinct on (beneficiary_id, programme) beneficiary_id, programme, stream_id, version,
        communes, commune_months, wishes, items, firsts, lasts,
        greatest(1, width_bucket($1::text, commune_months)) as home,
        width_bucket($1::text, wish_months) as choice
    from pictures
    where known_at <= $5 and beneficiary_id in (select beneficiary_id from pictures where communes && $11::text[])
    order by beneficiary_id, programme, version desc
),
pair as materialized (
    select beneficiary_id, programme, stream_id, version, items, firsts, lasts, wishes[choice] as wish, place.commune
    from latest
    join place on place.code = communes[home] and commune_months[home] between place.first and place.last
    where place.commune = any($6::text[])
),
on_roll as materialized (
    select beneficiary_id, programme, span.item, commune, wish, stream_id, version,
        not bool_or(span.first <= $2::text and coalesce(span.last, '9999-12') >= $2::text) as joined
    from pair cross join lateral unnest(items, firsts, lasts) as span(item, first, last)
    group by beneficiary_id, programme, span.item, commune, wish, stream_id, version
    having bool_or(span.first <= $1::text and coalesce(span.last, '9999-12') >= $1::text)
),
reviewed as (
    select distinct on (beneficiary_id) beneficiary_id, reviewed_on >= $3::date as recent, stream_id, version
    from reviews
    where reviewed_on <= $4::date and known_at <= $5 and beneficiary_id in (select beneficiary_id from pair)
    order by beneficiary_id, reviewed_on desc, version desc
),
-- A life of an account begins with each opening; one opened anew without a closing between was only corrected.
account_step as (
    select *, count(*) filter (where kind = 'OPENED') over (partition by stream_id order by version) as life,
        count(*) filter (where kind = 'OPENED') over (partition by stream_id) as lives
    from account_events
    where known_at <= $5 and beneficiary_id in (select beneficiary_id from pair)
),
account_life as (
    select stream_id, beneficiary_id,
        min(version) as version,
        min(day) filter (where kind = 'OPENED') as opened_on,
        (array_agg(day order by version desc) filter (where kind = 'CLOSED'))[1] as closed_on
    from account_step
    group by stream_id, beneficiary_id, life, lives
    having (life = lives or bool_or(kind = 'CLOSED'))
        and (not bool_or(name_differs) or bool_or(kind = 'CONFIRMED'))
),
account as (
    select distinct on (beneficiary_id) beneficiary_id, opened_on >= $3::date as recent, stream_id, version
    from account_life
    where opened_on <= $4::date and (closed_on is null or closed_on > $4::date)
    order by beneficiary_id, opened_on desc, stream_id
),
kept as (
    select beneficiary_id, programme, item, value_date, amount, stream_id, version
    from movements
    where kind = 'SETTLED' and value_date <= $4::date and known_at <= $5
        and beneficiary_id in (select beneficiary_id from pair)
        and payment_id not in (
            select payment_id from movements
            where kind = 'RETURNED' and item = '*' and value_date <= $4::date and known_at <= $5
        )
),
paid as (
    select beneficiary_id, programme, item,
        sum(amount) as amount,
        coalesce(sum(amount) filter (where value_date >= $3::date), 0) as recent
    from kept
    group by beneficiary_id, programme, item
),
marks as (
    select 'I' as row, commune, programme, item, beneficiary_id, null::text as payment_id,
        1::bigint as cumulative, joined::int::bigint as in_period, stream_id, version
    from on_roll
    union all
    select 'II.1', commune, programme, item, beneficiary_id, null, 1, reviewed.recent::int,
        reviewed.stream_id, reviewed.version
    from on_roll join reviewed using (beneficiary_id)
    union all
    select 'II.2', commune, programme, item, beneficiary_id, null, 1, account.recent::int,
        account.stream_id, account.version
    from on_roll join account using (beneficiary_id)
    where wish = 'ACCOUNT'
    union all
    select 'III.1', pair.commune, programme, paid.item, beneficiary_id, null,
        (paid.amount > 0)::int, (paid.recent > 0)::int, null, null
    from pair join paid using (beneficiary_id, programme)
    where paid.amount > 0 or paid.recent > 0
    union all
    select 'III.2', place.commune, programme, item, beneficiary_id, payment_id,
        amount, case when value_date >= $3::date then amount else 0 end, stream_id, version
    from movements
    join place on place.code = movements.commune and movements.period between place.first and place.last
    where value_date <= $4::date and known_at <= $5 and item = '*'
        and movements.commune = any($11::text[]) and place.commune = any($6::text[])
)

-- name: measures
-- $12 the rows of the forms that are wanted, null for all: what is behind the others is not looked for.
select row, commune, programme, item, sum(cumulative)::bigint as cumulative, sum(in_period)::bigint as in_period
from marks
where $12::text[] is null or row = any($12::text[])
group by row, commune, programme, item

-- name: behind
-- $12 row, $13 programmes with $14 an item of each, $15 whether only what is of the period; programme by programme, as
-- they are named. Who was paid (III.1) has the newest payment that arrived as the event behind.
, arrived as (
    select distinct on (beneficiary_id, programme, item) beneficiary_id, programme, item, stream_id, version
    from kept
    where $12 = 'III.1'
    order by beneficiary_id, programme, item, value_date desc, stream_id
)
select programme, nullif(item, '*') as item, beneficiary_id, payment_id,
    case when $15 then in_period else cumulative end as amount,
    coalesce(marks.stream_id, arrived.stream_id) as stream_id,
    coalesce(marks.version, arrived.version) as version
from marks left join arrived using (beneficiary_id, programme, item)
where row = $12 and (programme, item) in (select * from unnest($13::text[], $14::text[]))
    and case when $15 then in_period else cumulative end <> 0
order by array_position($13::text[], programme), beneficiary_id, item, payment_id, version

-- name: submit
insert into submissions (id, form, period, area, submitted_at, submitted_by, hash, rows)
values ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: submissions
-- $1 form, $2 period, $3 areas (null: any), $4 after that number, $5 how many.
select * from submissions
where ($1::text is null or form = $1) and ($2::text is null or period = $2)
    and ($3::text[] is null or area = any($3)) and number > $4
order by number limit $5

-- name: newest
-- The submission of a form ($1), month ($2) and area ($3) that counts: the last one.
select * from submissions where form = $1 and period = $2 and area = $3 order by number desc limit 1

-- name: newest_of_month
-- The submissions that count in month $1, of the areas $2.
select distinct on (area, form) * from submissions
where period = $1 and area = any($2::text[]) order by area, form, number desc

-- name: submitted_on
-- The business day of a submission: its event's, for the table has only the instant.
select (data ->> 'submitted_on')::date from events where stream_id = $1 order by version limit 1

-- name: arrived_since
-- Facts recorded after $1 that hold up to day $2, about whom or what is in the communes numbered $3: by kind, how many,
-- đồng, first and last.
with changed as (
    select distinct beneficiary_id from pictures where communes && $3::text[]
),
facts as (
    select lower(kind) as kind, amount, known_at from movements
    where item = '*' and known_at > $1 and value_date <= $2 and commune = any($3::text[])
    union all
    select 'roll', 0, known_at from pictures where known_at > $1 and communes && $3::text[]
    union all
    select 'review', 0, known_at from reviews join changed using (beneficiary_id)
    where known_at > $1 and reviewed_on <= $2
    union all
    select 'account', 0, known_at from account_events join changed using (beneficiary_id)
    where known_at > $1 and (day is null or day <= $2)
)
select kind, count(*)::int as number, sum(amount)::bigint as amount, min(known_at) as first, max(known_at) as last
from facts group by kind order by kind
