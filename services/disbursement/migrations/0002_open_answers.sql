-- An open answer stays after a human decided: deciding twice is told apart from an answer that never was.
alter table open_answers
    alter column result drop not null,
    add column payment_id text,
    add column state text,
    add column fault text,
    add column decision text check (decision in ('taken', 'matched', 'booked', 'dismissed')),
    add column decided_by text;
update open_answers a set payment_id = p.payment_id from payments p where p.end_to_end_id = a.end_to_end_id;
create index open_answers_undecided on open_answers (number) where decision is null;
create index open_answers_of_payment on open_answers (payment_id) where decision is null;
