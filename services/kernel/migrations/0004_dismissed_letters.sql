-- Records that could not be applied and never will be: somebody looked, said why, and put them aside for good. Kept
-- whole like the others, so that a decision that was wrong can still be seen and mended.
create table dismissed_letters (
    topic text not null,
    partition integer not null,
    "offset" bigint not null,
    key bytea,
    headers jsonb not null,
    value bytea,
    reason text not null,
    put_aside_at timestamptz not null,
    dismissed_at timestamptz not null default now(),
    dismissed_by text not null,
    dismissed_because text not null
);
