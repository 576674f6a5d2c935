"""What a run sees of a person: layers, suspensions, ends, the grant, and who receives after a death."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.disbursement.events import Line, MonthAmount
from services.disbursement.money_rule import Due, Earlier, Fate
from services.disbursement.payee import Account, Payee
from services.disbursement.picture import Picture
from services.disbursement.preparing import Excluded, Made, due_for, make
from services.kernel.period import Period
from services.registry.events import (
    DueChanged,
    DueLayer,
    DueSpan,
    FuneralDue,
    OnRoll,
    Residence,
    SuspendedSpan,
    WishFrom,
)

OCTOBER, NOVEMBER, DECEMBER, JANUARY = (Period(month) for month in ("2023-10", "2023-11", "2023-12", "2024-01"))
TODAY = date(2023, 12, 8)
SON = Payee("Hồ Văn Sơn", "001070111222")
OF_FAMILY = Payee("Hồ Văn Sơn", "001070111222", "AUTHORISED", after_death=True)
NEPHEW = Payee("Hồ Văn Tú", None)
GUARDIAN = Payee("Hồ Thị Nga", None, "GUARDIAN")


def account(holder: str, name: str) -> Account:
    return Account(
        account_id=f"{holder} {name}",
        holder=holder,
        opened_on=date(2023, 10, 1),
        closed_on=None,
        name_differs=False,
        confirmed=False,
        usable_since=datetime(2023, 10, 2, tzinfo=UTC),
        bank_code="VBA",
        account_number="1",
        holder_name=name,
        holder_citizen_id=None,
    )


ACCOUNTS = [account("OWN", "Hồ Thị Vân"), account("AUTHORISED", "Hồ Văn Tú"), account("AUTHORISED", "Hồ Văn Sơn")]
ACCOUNTS.append(account("GUARDIAN", "Hồ Thị Nga"))


def due(last: Period | None = None, **more: Any) -> DueChanged:
    """440.000 a month from November on (up to `last`)."""
    spans = (DueSpan(item=None, first=NOVEMBER, last=last, amount=440_000),)
    layer = DueLayer(counts_from=NOVEMBER, spans=spans, suspended=more.pop("suspended", ()))
    values: dict[str, Any] = {
        "beneficiary_id": "van",
        "programme": "BTXH",
        "residences": (Residence(commune="10114", from_month=NOVEMBER),),
        "wishes": (WishFrom(wish="ACCOUNT", from_month=NOVEMBER),),
        "roll": (OnRoll(item=None, first=NOVEMBER, last=last),),
        "layers": (layer,),
    }
    return DueChanged.model_validate(values | more)


def made(
    told: DueChanged,
    period: Period,
    payouts: list[tuple[str, Payee | None]] | None = None,
    earlier: tuple[Earlier, ...] = (),
) -> Made:
    picture = Picture(
        due={("van", "BTXH"): told},
        earlier={("van", "BTXH"): list(earlier)},
        people={"van": ("Hồ Thị Vân", True)},
        payouts={"van": payouts or []},
        accounts={"van": ACCOUNTS},
    )
    return make(picture, "run", period, TODAY)


def came_back(*purposes: Any) -> tuple[Earlier, ...]:
    """November's money, once for each purpose."""
    part = (MonthAmount(month=NOVEMBER, amount=440_000),)
    return tuple(
        Earlier(
            f"R{number}", Fate.DEAD, number < len(purposes), [Line(purpose=one, item=None, months=part, amount=440_000)]
        )
        for number, one in enumerate(purposes, 1)
    )


def test_a_run_before_any_list_takes_effect_sees_nothing_but_a_grant() -> None:
    assert due_for(due(), OCTOBER) == Due({})
    told = due(funeral=FuneralDue(amount=8_800_000, counts_from=OCTOBER))
    assert due_for(told, OCTOBER) == Due({}, funeral=8_800_000)


def test_the_grant_counts_from_its_list_on() -> None:
    told = due(NOVEMBER, funeral=FuneralDue(amount=8_800_000, counts_from=JANUARY))
    assert [due_for(told, period).funeral for period in (DECEMBER, JANUARY)] == [0, 8_800_000]


@pytest.mark.parametrize(
    ("last", "ended"), [(None, [False, False]), (NOVEMBER, [False, True]), (DECEMBER, [False, False])]
)
def test_someone_ended_if_nothing_is_due_in_the_run_s_month_or_later(last: Period | None, ended: list[bool]) -> None:
    assert [due_for(due(last), period).ended for period in (NOVEMBER, DECEMBER)] == ended


def test_only_a_suspension_in_the_run_s_month_holds_the_money_back() -> None:
    told = due(suspended=(SuspendedSpan(item=None, first=DECEMBER, last=DECEMBER),))
    found = [due_for(told, period).suspended for period in (NOVEMBER, DECEMBER, JANUARY)]
    assert found == [frozenset(), frozenset({None}), frozenset()]
    for_ever = due(suspended=(SuspendedSpan(item=None, first=DECEMBER, last=None),))
    assert due_for(for_ever, JANUARY).suspended == frozenset({None})


def test_money_for_the_family_that_came_back_is_named_for_the_office() -> None:
    once = made(due(NOVEMBER), DECEMBER, earlier=came_back("REGULAR"))
    assert [one.payment.amount for one in once.payments] == [440_000]
    twice = made(due(NOVEMBER), JANUARY, earlier=came_back("REGULAR", "REPEAT"))
    assert twice.payments == []
    assert twice.excluded == [Excluded("van", "BTXH", "came-back-twice-after-end")]


@pytest.mark.parametrize(
    ("payouts", "account_id", "name"),
    [
        ([], None, "Hồ Thị Vân"),
        ([(NOVEMBER, NEPHEW)], None, "Hồ Thị Vân"),
        ([(NOVEMBER, GUARDIAN)], "GUARDIAN Hồ Thị Nga", "Hồ Thị Nga"),
        ([(NOVEMBER, NEPHEW), (DECEMBER, OF_FAMILY)], "AUTHORISED Hồ Văn Sơn", "Hồ Văn Sơn"),
        ([(NOVEMBER, GUARDIAN), (JANUARY, OF_FAMILY)], "AUTHORISED Hồ Văn Sơn", "Hồ Văn Sơn"),
        ([(NOVEMBER, GUARDIAN), (DECEMBER, OF_FAMILY), (DECEMBER, None)], None, "Hồ Thị Vân"),
    ],
    ids=[
        "nobody",
        "an authorisation ends with the death",
        "a guardian",
        "whom the row names",
        "whom the row names, at once",
        "cleared again",
    ],
)
def test_after_a_death_the_family_s_payee_receives_never_the_own_account(
    payouts: list[tuple[str, Payee | None]], account_id: str | None, name: str
) -> None:
    [one] = made(due(NOVEMBER, died=NOVEMBER), DECEMBER, payouts, came_back("REGULAR")).payments
    assert (one.payment.account_id, one.payee.payee_name) == (account_id, name)
    assert one.payment.method == ("ACCOUNT" if account_id else "CASH")


def test_while_the_person_lives_the_payee_of_the_month_receives_or_the_own_account_does() -> None:
    [one] = made(due(), DECEMBER, [(NOVEMBER, SON)]).payments
    assert one.payment.account_id == "AUTHORISED Hồ Văn Sơn"
    [own] = made(due(), DECEMBER, [(JANUARY, SON)]).payments
    assert own.payment.account_id == "OWN Hồ Thị Vân"
