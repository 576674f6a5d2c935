-- The made-up months of a new system: asked for once, and how far they are.
create table sample_months (
    only_row boolean primary key default true check (only_row),
    state text not null check (state in ('running', 'done', 'failed')),
    step text not null,
    changed_at timestamptz not null
);
