"""The tables of onboarding: what handlers and calls ask of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg

from services.kernel import clock
from services.onboarding.account import Closed, Open, Refused, State
from services.onboarding.people import Payee, People, Person
from services.onboarding.recording import KnownAccount
from services.onboarding.results import AccountResult

# An account is blocked by a payment that failed after the last word of the bank or the office.
FAILED = "exists (select from failures f where f.account_id = a.account_id and f.recorded_at > a.word_at)"
STATUS = f"""case when a.standing <> 'OPEN' then a.standing when a.name_differs then 'NAME_DIFFERS'
    when {FAILED} then 'BLOCKED' else 'OPEN' end"""


@dataclass(frozen=True, slots=True)
class Place:
    """A commune as it was named in the month in which a person came to live there."""

    commune: str
    from_month: str


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list: after this key, so many rows."""

    after: str
    limit: int


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which accounts; None: no bound."""

    places: Sequence[Place] | None
    status: str | None = None
    beneficiary_id: str | None = None


def pairs(places: Sequence[Place] | None) -> tuple[list[str] | None, list[str] | None]:
    """Places as the two arrays that the queries take."""
    if places is None:
        return None, None
    return [one.commune for one in places], [one.from_month for one in places]


async def people_in(connection: asyncpg.Connection, results: Iterable[AccountResult], month: str) -> People:
    """The people whom rows name, by either number, with the payees of `month` and of later months."""
    ids = {one.beneficiary_id for one in results if one.beneficiary_id}
    citizen_ids = {one.citizen_id for one in results if one.citizen_id}
    rows = await connection.fetch(
        "select beneficiary_id, name, citizen_id from people"
        " where beneficiary_id = any($1::text[]) or citizen_id = any($2::text[])",
        list(ids),
        list(citizen_ids),
    )
    payees = await _payees(connection, [row["beneficiary_id"] for row in rows], month)
    return People(
        {
            row["beneficiary_id"]: Person(
                row["beneficiary_id"], row["name"], row["citizen_id"], tuple(payees.get(row["beneficiary_id"], ()))
            )
            for row in rows
        }
    )


async def _payees(connection: asyncpg.Connection, ids: Sequence[str], month: str) -> dict[str, list[Payee]]:
    rows = await connection.fetch(
        "select p.beneficiary_id, p.relation, p.payee_name, p.payee_citizen_id from payouts p"
        " where p.beneficiary_id = any($1::text[]) and p.relation is not null and p.payee_name is not null"
        # All choices since the one that holds this month; those are for this month or for one to come.
        " and p.version >= coalesce((select max(h.version) from payouts h"
        "   where h.beneficiary_id = p.beneficiary_id and h.from_month <= $2), 0)"
        " order by p.beneficiary_id, p.version",
        ids,
        month,
    )
    found: dict[str, list[Payee]] = {}
    for row in rows:
        payee = Payee(row["relation"], row["payee_name"], row["payee_citizen_id"])
        found.setdefault(row["beneficiary_id"], []).append(payee)
    return found


async def accounts_of(connection: asyncpg.Connection, beneficiary_ids: Iterable[str]) -> list[KnownAccount]:
    """All accounts that were ever opened for these people."""
    rows = await connection.fetch(
        "select account_id, beneficiary_id, bank_code, account_number from accounts"
        " where beneficiary_id = any($1::text[]) and account_number is not null",
        list(beneficiary_ids),
    )
    return [KnownAccount(*row) for row in rows]


async def failed_since(connection: asyncpg.Connection, account_id: str) -> bool:
    """Whether a payment to the account was rejected or returned since its last word."""
    return bool(await connection.fetchval(f"select {FAILED} from accounts a where account_id = $1", account_id))


_COLUMNS = (
    "account_id", "beneficiary_id", "standing", "holder", "holder_name", "bank_code", "account_number", "account_name",
    "name_differs", "opened_on", "closed_on", "reason", "word_at",
)  # fmt: skip
_TYPES = ("text",) * 8 + ("boolean", "date", "date", "text", "timestamptz")
_UPSERT = (
    f"insert into accounts ({', '.join(_COLUMNS)}) select * from unnest("
    + ", ".join(f"${at}::{kind}[]" for at, kind in enumerate(_TYPES, 1))
    + ") on conflict (account_id) do update set "
    + ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS[1:])
)


async def store_accounts(connection: asyncpg.Connection, states: Mapping[str, State]) -> None:
    """Writes how these accounts stand now, with one statement."""
    word_at = clock.now()
    rows = [(account_id, *_row(state), word_at) for account_id, state in sorted(states.items())]
    if rows:
        await connection.execute(_UPSERT, *map(list, zip(*rows, strict=True)))


def _row(state: State) -> tuple[str | bool | date | None, ...]:
    match state.standing:
        case Refused() as refused:
            unopened = (None,) * 4
            return (refused.beneficiary_id, "REFUSED", refused.holder, *unopened, False, None, None, refused.reason)
        case Open() as account:
            return (*_opened(account, "OPEN"), None, None)
        case Closed() as closed:
            return (*_opened(closed.account, "CLOSED"), closed.closed_on, None)
        case unknown:
            raise ValueError(f"nothing to keep of {unknown}")


def _opened(account: Open, standing: str) -> tuple[str | bool | date | None, ...]:
    details = account.details
    return (
        account.beneficiary_id,
        standing,
        account.holder,
        details.holder_name,
        details.bank_code,
        details.account_number,
        details.account_name,
        account.name_differs,
        account.opened_on,
    )


async def places(connection: asyncpg.Connection) -> list[Place]:
    """Every commune and month in which somebody came to live there: few, whatever the number of people."""
    return [Place(*row) for row in await connection.fetch("select distinct commune, from_month from residences")]


async def find_accounts(connection: asyncpg.Connection, wanted: AccountFilter, page: Page) -> list[asyncpg.Record]:
    """The accounts of a page and one more, by id."""
    communes, months = pairs(wanted.places)
    found: list[asyncpg.Record] = await connection.fetch(
        f"""select * from (
            select a.*, r.commune, r.from_month, p.name, {STATUS} as status
            from accounts a left join residences r using (beneficiary_id) left join people p using (beneficiary_id)
            where a.account_id > $1 and ($2::text is null or a.beneficiary_id = $2)
            and ($3::text[] is null or (r.commune, r.from_month) in (select * from unnest($3::text[], $4::text[])))
        ) found where $5::text is null or status = $5 order by account_id limit $6""",
        page.after,
        wanted.beneficiary_id,
        communes,
        months,
        wanted.status,
        page.limit + 1,
    )
    return found


async def count_accounts(connection: asyncpg.Connection, wanted: AccountFilter) -> list[asyncpg.Record]:
    """How many accounts there are by commune and status, of nobody in particular."""
    communes, months = pairs(wanted.places)
    found: list[asyncpg.Record] = await connection.fetch(
        f"""select commune, from_month, status, count(*) as accounts from (
            select r.commune, r.from_month, {STATUS} as status
            from accounts a join residences r using (beneficiary_id)
            where $1::text[] is null or (r.commune, r.from_month) in (select * from unnest($1::text[], $2::text[]))
        ) found where $3::text is null or status = $3 group by 1, 2, 3 order by 1, 3, 2""",
        communes,
        months,
        wanted.status,
    )
    return found


async def find_applications(
    connection: asyncpg.Connection, at: Sequence[Place] | None, month: str, page: Page
) -> list[asyncpg.Record]:
    """Who is on the roll in `month` or later, last chose an account, and has none open; by id, one more than asked."""
    communes, months = pairs(at)
    found: list[asyncpg.Record] = await connection.fetch(
        """select p.beneficiary_id, p.name, p.birth, p.citizen_id, p.phone, r.commune, r.from_month,
            w.relation, w.payee_name, w.payee_citizen_id, x.reason as refused
        from people p join residences r using (beneficiary_id)
        cross join lateral (select * from payouts o where o.beneficiary_id = p.beneficiary_id
            order by o.version desc limit 1) w
        left join lateral (select reason from accounts a where a.beneficiary_id = p.beneficiary_id
            and a.standing = 'REFUSED' order by word_at desc limit 1) x on true
        -- Looked up by index for each person: an anti join is planned as a product before the tables are analysed.
        left join lateral (select true as found from accounts a where a.beneficiary_id = p.beneficiary_id
            and a.standing = 'OPEN' limit 1) has on true
        where p.beneficiary_id > $1 and w.wish = 'ACCOUNT' and has.found is null
        and exists (select from rolls l where l.beneficiary_id = p.beneficiary_id
            and (l.last_month is null or l.last_month >= $2))
        and ($3::text[] is null or (r.commune, r.from_month) in (select * from unnest($3::text[], $4::text[])))
        order by p.beneficiary_id limit $5""",
        page.after,
        month,
        communes,
        months,
        page.limit + 1,
    )
    return found
