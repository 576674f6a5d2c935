"""What about a person waits for somebody."""

from typing import Any

import pytest

from services.kernel.event_types import Event
from services.kernel.period import Period
from services.registry.beneficiary import beneficiary
from services.registry.events import BeneficiaryDied, FuneralGranted
from services.registry.matters import matters
from tests.unit.registry.histories import (
    ADDED,
    CU_KHE,
    DECEMBER,
    JANUARY,
    NOVEMBER,
    ended,
    granted,
    half,
    resumed,
    suspended,
)

RIGHT = granted()
SUSPENDED = suspended(RIGHT, DECEMBER)


def died(**other: Any) -> BeneficiaryDied:
    values = {"beneficiary_id": "van", "month": NOVEMBER, "funeral_grant": 8_800_000, "office_decides": False}
    return BeneficiaryDied.model_validate(values | {"effective_period": DECEMBER, "list_id": "L2"} | other)


GRANT = FuneralGranted(beneficiary_id="van", amount=8_800_000, effective_period=DECEMBER, list_id="L2")


def waiting(*history: Event, added: Event = ADDED) -> list[tuple[str, Period | None]]:
    return [(one.kind, one.since) for one in matters(beneficiary.fold([added, *history]))]


def test_nothing_waits_about_somebody_with_a_number_and_a_right() -> None:
    assert waiting(RIGHT) == []


def test_somebody_without_a_number_waits_for_the_police_while_a_right_runs() -> None:
    details = ADDED.personal
    assert details
    nameless = ADDED.model_copy(update={"personal": details.model_copy(update={"citizen_id": None})})
    assert waiting(RIGHT, added=nameless) == [("citizen-id-lacking", None)]
    assert waiting(RIGHT, ended(RIGHT, DECEMBER), added=nameless) == []


def test_half_of_a_move_waits_since_its_period() -> None:
    assert waiting(RIGHT, half("OUT", CU_KHE, DECEMBER)) == [("move-half-open", DECEMBER)]


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ((died(),), [("funeral-payee-lacking", NOVEMBER)]),
        ((died(office_decides=True),), [("funeral-office-decides", NOVEMBER)]),
        ((died(funeral_grant=0),), []),
        ((died(), GRANT), []),
    ],
    ids=["nobody named", "merit beside it", "no grant", "granted"],
)
def test_a_death_waits_until_somebody_is_named_or_the_office_decided(
    history: tuple[Event, ...], expected: list[tuple[str, Period]]
) -> None:
    assert waiting(RIGHT, ended(RIGHT, DECEMBER, cause="DEATH"), *history) == expected


def test_a_right_that_ended_while_suspended_waits_for_the_office() -> None:
    assert waiting(RIGHT, SUSPENDED, ended(RIGHT, JANUARY)) == [("ended-while-suspended", JANUARY)]
    assert waiting(RIGHT, SUSPENDED, resumed(RIGHT, JANUARY), ended(RIGHT, Period("2024-02"))) == []


def test_a_suspended_right_that_another_replaced_waits_for_nobody() -> None:
    assert waiting(RIGHT, SUSPENDED, ended(RIGHT, JANUARY, cause="REPLACED")) == []
