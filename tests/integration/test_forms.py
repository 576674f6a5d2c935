"""The forms over real facts: events in, in any order, cells out. Every figure is worked out by hand."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import asyncpg
import pytest

from infra.stack import Connections
from services.disbursement.events import Line, Payment, PaymentReturned, PaymentSettled
from services.kernel.commands import Work
from services.kernel.database import connect_pool, migrate
from services.kernel.envelope import Received
from services.kernel.event_store import EventStore
from services.kernel.event_types import Event
from services.kernel.period import Period
from services.onboarding.events import AccountClosed, AccountConfirmed, AccountOpened
from services.registry.events import BeneficiaryReviewed, DueChanged, OnRoll, Residence, WishFrom
from services.reporting.app import MIGRATIONS
from services.reporting.cells import sources_of
from services.reporting.events import TYPES, FormId
from services.reporting.forms import Form
from services.reporting.layout import Figures
from services.reporting.reactions import apply
from services.reporting.read_model import View, behind
from services.reporting.reports import Asked, area_in, form_of

NOVEMBER, DECEMBER, JANUARY = Period("2023-11"), Period("2023-12"), Period("2024-01")
KIM_BAI, BICH_HOA, DISTRICT = "10114", "10126", "278"
LATE = datetime(2030, 1, 1, tzinfo=UTC)


def told(stream_id: str, version: int, event: Event, day: str = "2023-11-05") -> Received:
    known = datetime.fromisoformat(f"{day}T03:00:00+00:00")
    return Received("test", stream_id, version, f"{stream_id}/{version}", event, known, "")


def picture(
    person: str,
    programme: str,
    roll: Sequence[tuple[str | None, str, str | None]],
    homes: Sequence[tuple[str, str]] = ((KIM_BAI, "2023-11"),),
    wish: str | None = "ACCOUNT",
) -> DueChanged:
    return DueChanged.model_validate(
        {
            "beneficiary_id": person,
            "programme": programme,
            "residences": [Residence(commune=commune, from_month=Period(month)) for commune, month in homes],
            "wishes": [WishFrom.model_validate({"wish": wish, "from_month": "2023-11"})],
            "roll": [OnRoll.model_validate({"item": item, "first": a, "last": b}) for item, a, b in roll],
            "layers": [],
        }
    )


def payment(
    number: str, person: str, programme: str, amounts: dict[str | None, int], commune: str, month: str
) -> Payment:
    return Payment.model_validate(
        {
            "payment_id": number,
            "end_to_end_id": number.upper(),
            "run_id": "r",
            "period": month,
            "beneficiary_id": person,
            "programme": programme,
            "commune": commune,
            "amount": sum(amounts.values()),
            "method": "ACCOUNT",
            "account_id": "a",
            "lines": [Line(purpose="REGULAR", item=item, months=(), amount=amount) for item, amount in amounts.items()],
            "replaces": [],
        }
    )


def settled(paid: Payment, day: str, known: str = "2023-11-20") -> Received:
    event = PaymentSettled(payment=paid, value_date=date.fromisoformat(day), bank_reference=None)
    return told(f"payment-{paid.payment_id}", 2, event, known)


def returned(paid: Payment, day: str, known: str = "2023-12-20") -> Received:
    event = PaymentReturned(payment=paid, value_date=date.fromisoformat(day), bank_reference=None, reason=None)
    return told(f"payment-{paid.payment_id}", 3, event, known)


def opened(person: str, account: str, day: str, version: int = 1, *, differs: bool = False) -> Received:
    event = AccountOpened(
        account_id=account,
        beneficiary_id=person,
        holder="OWN",
        opened_on=date.fromisoformat(day),
        name_differs=differs,
    )
    return told(f"account-{account}", version, event)


def closed(person: str, account: str, day: str, version: int = 2) -> Received:
    event = AccountClosed(account_id=account, beneficiary_id=person, closed_on=date.fromisoformat(day))
    return told(f"account-{account}", version, event)


def reviewed(person: str, day: str, version: int) -> Received:
    event = BeneficiaryReviewed(beneficiary_id=person, reviewed_on=date.fromisoformat(day), commune=KIM_BAI)
    return told(f"beneficiary-{person}", version, event)


@asynccontextmanager
async def facts(stack: Connections, schema: str, received: Sequence[Received]) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a store that was told all of it twice, in an order that is each time another."""
    dsn = stack.owner_dsn["portal"]
    await migrate(dsn, schema, "nobody-else" if "@" not in dsn else dsn.split("//")[1].split(":")[0], [MIGRATIONS])
    pool = await connect_pool(dsn, schema)
    try:
        async with pool.acquire() as connection:
            for _ in range(2):
                shuffled = random.sample(list(received), len(received))
                half = len(shuffled) // 2
                for part in (shuffled[:half], shuffled[half:]):
                    await apply(Work(connection, EventStore("reporting", TYPES), {}), part)
            yield connection
    finally:
        await pool.close()


async def ask(connection: asyncpg.Connection, form: FormId, period: Period, area: str, as_of: datetime = LATE) -> Form:
    return await form_of(connection, Asked(form, period, area_in(area, period)), as_of)


async def rows(connection: asyncpg.Connection, form: FormId, period: Period, area: str) -> Figures:
    return (await ask(connection, form, period, area)).rows


async def test_reviews_and_accounts_up_to_the_last_day_in_the_month_closed_and_changed(
    stack: Connections, probe: str
) -> None:
    """Example 55: closed on the last day is not in force on it; the newest account decides what is of the month."""
    received = [
        told("beneficiary-nga", 1, picture("nga", "BTXH", [(None, "2023-11", None)])),
        told("beneficiary-nga", 4, picture("nga", "BTXH", [(None, "2023-11", "2023-12")]), "2024-01-05"),
        told("beneficiary-ngo", 1, picture("ngo", "BTXH", [(None, "2023-11", None)])),
        told("beneficiary-mao", 1, picture("mao", "BTXH", [(None, "2023-11", None)])),
        opened("nga", "1", "2023-11-06"),
        opened("ngo", "2", "2023-11-02"),
        closed("ngo", "2", "2023-11-30"),
        opened("mao", "3", "2023-10-31"),
        closed("mao", "3", "2023-12-05"),
        opened("mao", "4", "2023-12-05"),
        reviewed("nga", "2023-11-30", 2),
        reviewed("ngo", "2023-11-30", 2),
        reviewed("nga", "2023-12-01", 3),
        reviewed("mao", "2023-12-01", 2),
    ]
    async with facts(stack, probe, received) as connection:
        november = await rows(connection, "form-1", NOVEMBER, KIM_BAI)
        assert november["I.1"] == {"4": 3, "5": 3, "6": 3}
        assert (november["II.1"]["5"], november["II.1"]["6"]) == (2, 2)
        assert (november["II.2"]["5"], november["II.2"]["6"]) == (2, 1)
        december = await rows(connection, "form-1", DECEMBER, KIM_BAI)
        assert (december["I.1"]["5"], december["I.1"]["6"]) == (3, 0)
        assert (december["II.1"]["5"], december["II.1"]["6"]) == (3, 2)
        assert (december["II.2"]["5"], december["II.2"]["6"]) == (2, 1)
        january = await rows(connection, "form-1", JANUARY, KIM_BAI)
        assert (january["I.1"]["5"], january["I.1"]["6"]) == (2, 0)
        assert (january["II.1"]["5"], january["II.1"]["6"]) == (2, 0)
        assert (january["II.2"]["5"], january["II.2"]["6"]) == (1, 0)


async def test_a_return_lowers_the_money_of_the_old_commune_and_not_the_people_of_the_new(
    stack: Connections, probe: str
) -> None:
    """Example 52: November's 440.000 paid in Kim Bài comes back in December, after the move to Bích Hòa."""
    old = payment("p1", "xung", "BTXH", {None: 440_000}, KIM_BAI, "2023-11")
    new = payment("p2", "xung", "BTXH", {None: 440_000}, BICH_HOA, "2023-12")
    homes = ((KIM_BAI, "2023-11"), (BICH_HOA, "2023-12"))
    received = [
        told("beneficiary-xung", 1, picture("xung", "BTXH", [(None, "2023-11", None)])),
        told("beneficiary-xung", 2, picture("xung", "BTXH", [(None, "2023-11", None)], homes), "2023-12-05"),
        settled(old, "2023-11-10"),
        settled(new, "2023-12-11", "2023-12-11"),
        returned(old, "2023-12-15"),
    ]
    async with facts(stack, probe, received) as connection:
        kim_bai = await rows(connection, "form-1", DECEMBER, KIM_BAI)
        bich_hoa = await rows(connection, "form-1", DECEMBER, BICH_HOA)
        district = await rows(connection, "form-1", DECEMBER, DISTRICT)
        assert (kim_bai["III.2"]["5"], kim_bai["III.2"]["6"]) == (0, -440)
        assert (bich_hoa["III.2"]["5"], bich_hoa["III.2"]["6"]) == (440, 440)
        assert (district["III.2"]["5"], district["III.2"]["6"]) == (440, 0)
        assert (kim_bai["III.1"]["5"], bich_hoa["III.1"]["5"], district["III.1"]["5"]) == (0, 1, 1)
        assert (kim_bai["III.1"]["6"], bich_hoa["III.1"]["6"], district["III.1"]["6"]) == (0, 1, 1)
        assert (bich_hoa["I"]["5"], bich_hoa["I"]["6"], kim_bai["I"]["5"]) == (1, 0, 0)
        november = await rows(connection, "form-1", NOVEMBER, KIM_BAI)
        assert (november["I"]["5"], november["III.1"]["5"], november["III.2"]["6"]) == (1, 1, 440)


async def test_two_items_count_once_each_in_form_2_and_once_in_form_1_and_a_recovery_counts_for_its_item(
    stack: Connections, probe: str
) -> None:
    """Example 26: 4.016.000 of item 5 goes on, item 11 ended and 2.055.000 of it is taken back in December."""
    both = payment("p1", "sau", "NCC", {"5": 4_016_000, "11": 2_055_000}, KIM_BAI, "2023-11")
    less = payment("p2", "sau", "NCC", {"5": 4_016_000, "11": -2_055_000}, KIM_BAI, "2023-12")
    roll = [("5", "2023-11", None), ("11", "2023-11", "2023-11")]
    received = [
        told("beneficiary-sau", 1, picture("sau", "NCC", roll)),
        settled(both, "2023-11-10"),
        settled(less, "2023-12-11", "2023-12-11"),
    ]
    async with facts(stack, probe, received) as connection:
        november = await rows(connection, "form-2", NOVEMBER, KIM_BAI)
        assert [november[item]["3"] for item in ("I", "5", "11")] == [2, 1, 1]
        assert (await rows(connection, "form-1", NOVEMBER, KIM_BAI))["I.2"] == {"4": 1, "7": 1, "8": 1}
        december = await rows(connection, "form-2", DECEMBER, KIM_BAI)
        assert [december[item]["3"] for item in ("I", "5", "11")] == [1, 1, 0]
        assert [december[item]["8"] for item in ("5", "11")] == [1, 0]
        assert [december[item]["7"] for item in ("5", "11")] == [1, 0]
        money = (await rows(connection, "form-1", DECEMBER, KIM_BAI))["III.2"]
        assert (money["7"], money["8"]) == (8_032, 1_961)


async def test_a_payment_of_two_items_that_comes_back_takes_back_both(stack: Connections, probe: str) -> None:
    paid = payment("p1", "sau", "NCC", {"5": 4_016_000, "11": 2_055_000}, KIM_BAI, "2023-11")
    received = [
        told("beneficiary-sau", 1, picture("sau", "NCC", [("5", "2023-11", None), ("11", "2023-11", None)])),
        settled(paid, "2023-11-10"),
        returned(paid, "2023-12-04"),
    ]
    async with facts(stack, probe, received) as connection:
        november = await rows(connection, "form-2", NOVEMBER, KIM_BAI)
        assert (november["5"]["7"], november["11"]["7"], november["I"]["8"]) == (1, 1, 2)
        december = await rows(connection, "form-2", DECEMBER, KIM_BAI)
        assert (december["5"]["7"], december["11"]["7"], december["I"]["8"]) == (0, 0, 0)
        assert (await rows(connection, "form-1", DECEMBER, KIM_BAI))["III.2"]["8"] == -6_071


async def test_merged_communes_hand_over_people_and_money_and_nobody_joins(stack: Connections, probe: str) -> None:
    """Example 56: Cao Dương and Xuân Dương become Cao Xuân Dương, which bears the number of the former."""
    month, merged = Period("2024-12"), Period("2025-01")
    received: list[Received] = []
    for person, commune in (("dong", "10174"), ("ha", "10177")):
        event = picture(person, "NCC", [("12", "2024-12", None)], ((commune, "2024-12"),))
        first = payment(f"{person}1", person, "NCC", {"12": 2_789_000}, commune, "2024-12")
        second = payment(f"{person}2", person, "NCC", {"12": 2_789_000}, "10174", "2025-01")
        received += [
            told(f"beneficiary-{person}", 1, event, "2024-12-05"),
            settled(first, "2024-12-10", "2024-12-10"),
            settled(second, "2025-01-10", "2025-01-10"),
        ]
        if person == "ha":
            received.append(returned(first, "2025-01-10", "2025-01-10"))
    async with facts(stack, probe, received) as connection:
        for commune in ("10174", "10177"):
            before = await rows(connection, "form-1", month, commune)
            assert before["I.2"] == {"4": 1, "7": 1, "8": 1}
            assert (before["III.2"]["7"], before["III.2"]["8"]) == (2_789, 2_789)
        for area in ("10174", DISTRICT):
            after = await rows(connection, "form-1", merged, area)
            assert after["I.2"] == {"4": 2, "7": 2, "8": 0}
            assert (after["III.1"]["7"], after["III.1"]["8"]) == (2, 2)
            assert (after["III.2"]["7"], after["III.2"]["8"]) == (8_367, 2_789)
        assert (await rows(connection, "form-2", merged, "10174"))["12"]["4"] == 0
        province = await rows(connection, "form-1", Period("2025-07"), "01")
        assert (province["I.2"]["7"], province["III.2"]["7"]) == (2, 8_367)
        assert (await rows(connection, "form-1", Period("2025-07"), "10180"))["III.1"]["7"] == 2


async def test_as_of_shows_what_was_known_then(stack: Connections, probe: str) -> None:
    """Example 46: settled on 30/11, told in December; the form of November asked as of 4/12 still has 0."""
    paid = payment("p1", "tu", "BTXH", {None: 440_000}, KIM_BAI, "2023-11")
    received = [
        told("beneficiary-tu", 1, picture("tu", "BTXH", [(None, "2023-11", None)]), "2023-11-05"),
        told("beneficiary-tu", 2, picture("tu", "BTXH", [(None, "2023-11", "2023-11")]), "2023-12-10"),
        settled(paid, "2023-11-30", "2023-12-06"),
    ]
    then = datetime(2023, 12, 4, 17, tzinfo=UTC)
    async with facts(stack, probe, received) as connection:
        november = (await ask(connection, "form-1", NOVEMBER, KIM_BAI, then)).rows
        assert (november["III.2"]["5"], november["III.1"]["5"]) == (0, 0)
        assert (await ask(connection, "form-1", DECEMBER, KIM_BAI, then)).rows["I.1"]["5"] == 1
        now = await rows(connection, "form-1", NOVEMBER, KIM_BAI)
        assert (now["III.2"]["5"], now["III.2"]["6"], now["III.1"]["6"]) == (440, 440, 1)
        december = await rows(connection, "form-1", DECEMBER, KIM_BAI)
        assert (december["III.2"]["5"], december["III.2"]["6"], december["I.1"]["5"]) == (440, 0, 0)
        assert december["III.1"]["5"] == 1  # row III does not ask whether the pair is still on the roll


@pytest.mark.parametrize(
    ("events", "counted"),
    [
        ([opened("cu", "1", "2023-11-02", differs=True)], 0),
        ([opened("cu", "1", "2023-11-02", differs=True), opened("cu", "1", "2023-11-02", 2)], 1),
        ([opened("cu", "1", "2023-11-02"), closed("cu", "1", "2023-11-09"), opened("cu", "1", "2023-11-20", 3)], 1),
        ([opened("cu", "1", "2023-11-02"), opened("cu", "1", "2023-12-02", 2)], 0),
        ([opened("cu", "1", "2023-12-01")], 0),
    ],
    ids=["name differs", "name mended", "opened again", "corrected to a later day", "opened after the month"],
)
async def test_which_accounts_are_in_force_at_the_end_of_the_month(
    stack: Connections, probe: str, events: list[Received], counted: int
) -> None:
    received = [told("beneficiary-cu", 1, picture("cu", "BTXH", [(None, "2023-11", None)])), *events]
    async with facts(stack, probe, received) as connection:
        assert (await rows(connection, "form-1", NOVEMBER, KIM_BAI))["II.2"]["5"] == counted


async def test_an_account_with_another_name_counts_once_confirmed_and_never_without_the_wish(
    stack: Connections, probe: str
) -> None:
    confirmed = AccountConfirmed(account_id="1", beneficiary_id="cu", confirmed_by="Lan", reason="cùng một người")
    received = [
        told("beneficiary-cu", 1, picture("cu", "BTXH", [(None, "2023-11", None)])),
        opened("cu", "1", "2023-11-02", differs=True),
        told("account-1", 2, confirmed),
        told("beneficiary-be", 1, picture("be", "BTXH", [(None, "2023-11", None)], wish="CASH")),
        opened("be", "2", "2023-11-02"),
    ]
    async with facts(stack, probe, received) as connection:
        assert (await rows(connection, "form-1", NOVEMBER, KIM_BAI))["II.2"] == {
            "4": 1, "5": 1, "6": 1, "7": 0, "8": 0, "9": 0, "10": 0,
        }  # fmt: skip


async def test_suspended_and_resumed_came_back_in_the_month(stack: Connections, probe: str) -> None:
    roll = [(None, "2023-11", "2023-11"), (None, "2024-01", None)]
    async with facts(stack, probe, [told("beneficiary-cu", 1, picture("cu", "BTXH", roll))]) as connection:
        shown = [(await rows(connection, "form-1", month, KIM_BAI))["I.1"] for month in (NOVEMBER, DECEMBER, JANUARY)]
        assert [(one["5"], one["6"]) for one in shown] == [(1, 1), (0, 0), (1, 1)]


async def test_what_is_behind_a_figure_adds_up_to_it(stack: Connections, probe: str) -> None:
    paid = payment("p1", "tu", "BTXH", {None: 440_000}, KIM_BAI, "2023-11")
    received = [
        told("beneficiary-tu", 1, picture("tu", "BTXH", [(None, "2023-11", None)])),
        settled(paid, "2023-11-30"),
        returned(paid, "2023-12-04"),
    ]
    (source,) = sources_of("form-1", "III.2", "5") or ()
    async with facts(stack, probe, received) as connection:
        view = View(DECEMBER, (KIM_BAI,), LATE)
        found = await behind(connection, view, source.row, [(source.programme, source.item)], in_period=False)
    assert [(one.payment_id, one.amount, one.stream_id, one.version) for one in found] == [
        ("p1", 440_000, "payment-p1", 2),
        ("p1", -440_000, "payment-p1", 3),
    ]
