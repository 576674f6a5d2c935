"""The queries behind the counts, on rows made by hand in the services' own tables."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg

from infra.stack import Connections
from services.disbursement import app as disbursement
from services.disbursement import tasks as disbursement_tasks
from services.kernel.database import migrate, role_of
from services.kernel.tasks import Task
from services.onboarding import app as onboarding
from services.onboarding import tasks as onboarding_tasks
from services.registry import app as registry
from services.registry import tasks as registry_tasks

DAY = date(2023, 11, 20)
AT = datetime(2023, 11, 12, 3, 0, tzinfo=UTC)
KIM_BAI, CU_KHE = "10114", "10120"
Found = dict[tuple[str, str, str | None, str | None], Task]


@asynccontextmanager
async def _tables(stack: Connections, name: str, migrations: Path) -> AsyncIterator[asyncpg.Connection]:
    """A service's tables in a schema of their own, empty."""
    dsn = stack.owner_dsn["portal"]
    await migrate(dsn, name, role_of(dsn), [migrations])
    connection = await asyncpg.connect(dsn, server_settings={"search_path": name})
    try:
        yield connection
    finally:
        await connection.close()


async def _fill(connection: asyncpg.Connection, table: str, columns: str, *rows: Sequence[object]) -> None:
    await connection.copy_records_to_table(table, records=rows, columns=columns.split())


def _by_name(tasks: Sequence[Task]) -> Found:
    return {(one.role, one.kind, one.area, one.period): one for one in tasks if one.says_something}


async def test_what_came_back_and_who_does_not_collect(stack: Connections, probe: str) -> None:
    columns = "payment_id end_to_end_id run_id period beneficiary_id programme commune amount method payee_name status"
    payments = [
        # An does not collect for three months; Bình did in the last, Chi was paid to an account between.
        *(("an", month, "CASH", "CASH_UNCOLLECTED") for month in ("2023-08", "2023-09", "2023-10")),
        *(("binh", month, "CASH", "CASH_UNCOLLECTED") for month in ("2023-07", "2023-08", "2023-09")),
        ("binh", "2023-10", "CASH", "CASH_PAID"),
        *(("chi", month, "CASH", "CASH_UNCOLLECTED") for month in ("2023-07", "2023-08", "2023-10")),
        ("chi", "2023-09", "ACCOUNT", "SETTLED"),
        ("dung", "2023-10", "ACCOUNT", "RETURNED"),
        ("dung", "2023-11", "ACCOUNT", "SETTLED"),
        ("hoa", "2023-10", "ACCOUNT", "REJECTED"),
        ("hoa", "2023-11", "CASH", "CANCELLED"),
    ]
    rows = [
        (f"{who}-{month}", f"E{number}", f"r-{month}", month, who, "BTXH", KIM_BAI, 360_000, method, "x", status)
        for number, (who, month, method, status) in enumerate(payments)
    ]
    repeats = {"dung-2023-11": ["dung-2023-10"], "hoa-2023-11": ["hoa-2023-10"]}
    async with _tables(stack, probe, disbursement.MIGRATIONS) as connection:
        whole = [(*row, "[]", repeats.get(str(row[0]), []), AT if row[1] == "E13" else None) for row in rows]
        await _fill(connection, "payments", f"{columns} lines replaces failed_at", *whole)
        found = _by_name(await disbursement_tasks.count(connection, DAY))
    assert found["district-officer", "cash-uncollected-thrice", None, None].number == 1
    # Nine in cash and Hoa's, whose second payment was cancelled; Dung's was paid again.
    again = found["district-officer", "payments-to-repeat", None, None]
    assert (again.number, again.detail) == (10, {"amount": 3_600_000})
    assert again.oldest == date(2023, 11, 12)


async def test_runs_and_the_day_on_which_one_was_sent(stack: Connections, probe: str) -> None:
    async with _tables(stack, probe, disbursement.MIGRATIONS) as connection:
        run = (["BTXH"], "SENT", "an", 1, '{"amount": 9000000}', "", "[]")
        columns = "run_id period programmes status prepared_by roll_sequence totals digest excluded"
        await _fill(connection, "runs", columns, ("r1", "2023-11", *run))
        totals = '{"10114": {"BTXH": {"people": 2, "amount": 1}, "NCC": {"people": 1, "amount": 1}}}'
        await _fill(connection, "rolls", "period sequence totals", ("2023-11", 1, totals), ("2023-12", 1, totals))
        event = ("run-r1", 3, "0" * 32, "RunSent", 1, '{"sent_on": "2023-11-15"}', "{}", AT)
        names = "stream_id version event_id type schema_version data metadata recorded_at"
        await _fill(connection, "events", names, event)
        found = _by_name(await disbursement_tasks.count(connection, DAY))
    assert found["auditor", "station-run", None, "2023-11"].detail == {
        "prepared": 0,
        "approved": 0,
        "sent": 9_000_000,
        "on": "2023-11-15",
    }
    # A roll of a month to come does not hold up the run of this one.
    assert found["district-officer", "run-to-prepare", None, "2023-11"].detail == {"programmes": ["NCC"]}


async def test_who_lacks_an_account_and_what(stack: Connections, probe: str) -> None:
    async with _tables(stack, probe, onboarding.MIGRATIONS) as connection:
        people = [
            ("an", "079", "09"),
            ("binh", None, "09"),
            ("chi", "079", None),
            ("dung", "079", "09"),
            ("hoa", None, None),
        ]
        for who, citizen_id, phone in people:
            await _fill(
                connection,
                "people",
                "beneficiary_id version name birth citizen_id phone",
                (who, 1, "x", "1950", citizen_id, phone),
            )
            await _fill(
                connection, "residences", "beneficiary_id version commune from_month", (who, 1, KIM_BAI, "2023-10")
            )
        # Dung left the roll; Hoa wanted an account and then cash.
        rolls = [("an", None), ("binh", None), ("chi", "2023-12"), ("dung", "2023-10"), ("hoa", None)]
        await _fill(
            connection,
            "rolls",
            "beneficiary_id programme version last_month",
            *((who, "BTXH", 1, last) for who, last in rolls),
        )
        wishes = [
            *((who, 1, "ACCOUNT", None) for who, _, _ in people),
            ("hoa", 2, "CASH", None),
            ("chi", 2, "ACCOUNT", "GUARDIAN"),
        ]
        await _fill(
            connection,
            "payouts",
            "beneficiary_id version from_month wish relation",
            *((who, version, "2023-10", wish, relation) for who, version, wish, relation in wishes),
        )
        await _fill(
            connection,
            "accounts",
            "account_id beneficiary_id standing holder name_differs word_at",
            ("a1", "an", "OPEN", "OWN", True, AT),
            ("a2", "binh", "CLOSED", "OWN", False, AT),
        )
        found = _by_name(await onboarding_tasks.count(connection, DAY))
    lacking = found["commune-officer", "account-lacking", KIM_BAI, None]
    assert (lacking.number, lacking.detail) == (2, {"lacks": {"citizen-id": 1, "phone": 1, "payee-citizen-id": 1}})
    table = found["outreach", "communes-accounts", None, "2023-11"]
    assert table.detail == {"communes": {KIM_BAI: {"people": 4, "wish": 3, "open": 1}}}
    assert found["district-officer", "account-name-differs", None, None].oldest == date(2023, 11, 12)


async def test_people_of_the_registry_and_its_roll(stack: Connections, probe: str) -> None:
    async with _tables(stack, probe, registry.MIGRATIONS) as connection:
        homes = [("an", KIM_BAI), ("binh", KIM_BAI), ("chi", CU_KHE), ("dung", CU_KHE)]
        await _fill(
            connection,
            "residences",
            "beneficiary_id commune from_month holds_from holds_until",
            *((who, home, "2023-10", "0000-00", "9999-99") for who, home in homes),
        )
        await _fill(
            connection,
            "on_roll",
            "beneficiary_id programme first_month last_month",
            ("an", "BTXH", "2023-10", None),
            ("an", "NCC", "2023-10", None),
            ("binh", "BTXH", "2023-10", None),
            ("chi", "BTXH", "2023-10", "2023-10"),
            ("dung", "BTXH", "2023-12", None),
        )
        await _fill(
            connection,
            "reviews",
            "beneficiary_id reviewed_on commune",
            ("an", date(2023, 3, 1), KIM_BAI),
            ("binh", date(2022, 12, 31), KIM_BAI),
        )
        # An moves to Cự Khê, whose list lacks; Chi's new commune has told, her old one has not.
        await _fill(
            connection,
            "open_halves",
            "beneficiary_id half commune from_month effective_period",
            ("an", "OUT", CU_KHE, "2023-11", "2023-11"),
            ("chi", "IN", KIM_BAI, "2023-10", "2023-10"),
        )
        await _fill(
            connection,
            "matters",
            "beneficiary_id kind since",
            ("an", "move-half-open", "2023-11"),
            ("binh", "citizen-id-lacking", None),
        )
        await connection.execute(
            "insert into rolls values ('2023-11', 1, $1, 'x', '[]')",
            '{"10114": {"BTXH": {"people": 2, "amount": 0}, "NCC": {"people": 2, "amount": 0}}}',
        )
        found = _by_name(await registry_tasks.count(connection, DAY))
    review = found["commune-officer", "review-due", KIM_BAI, "2023-11"]
    assert (review.number, review.detail) == (1, {"people": 2, "year": 2023})
    halves = found["commune-officer", "move-half-open", CU_KHE, None]
    assert (halves.number, halves.oldest) == (2, date(2023, 10, 1))
    assert found["police", "citizen-id-lacking", None, None].number == 1
    # Closed with two pairs of NCC where there is one now.
    assert found["district-officer", "roll-to-close-again", None, "2023-11"].detail == {"communes": [KIM_BAI]}
    assert ("district-officer", "roll-to-close", None, "2023-11") not in found


async def test_the_day_of_a_submission(stack: Connections, probe: str) -> None:
    async with _tables(stack, probe, registry.MIGRATIONS) as connection:
        columns = "list_id commune period status no_change late effective_period entered_by by_office"
        row = (False, False, "2023-11", "x", True, "[]", [], "[]", "[]")
        await _fill(
            connection,
            "change_lists",
            f"{columns} raw hidden errors warnings",
            ("l1", KIM_BAI, "2023-11", "SUBMITTED", *row),
            ("l2", CU_KHE, "2023-11", "WITHDRAWN", *row),
        )
        names = "stream_id version event_id type schema_version data metadata recorded_at"
        for version, day in ((2, "2023-11-02"), (4, "2023-11-08")):
            event = (
                "change-list-l1",
                version,
                f"{version:032}",
                "ListSubmitted",
                1,
                f'{{"submitted_on": "{day}"}}',
                "{}",
                AT,
            )
            await _fill(connection, "events", names, event)
        found = _by_name(await registry_tasks.count(connection, DAY))
    waiting = found["district-approver", "lists-to-approve", None, "2023-11"]
    assert (waiting.number, waiting.oldest, waiting.detail) == (1, date(2023, 11, 8), {"communes": [KIM_BAI]})
    assert found["district-officer", "lists-outstanding", None, "2023-11"].number == 20
