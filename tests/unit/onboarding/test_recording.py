"""A call's rows: every outcome of the contract, in the order given, each row on its own."""

from datetime import date
from typing import Any

import pytest

from services.kernel.event_store import Stream
from services.kernel.tables.table import NO_STORED_VALUE, CellError
from services.onboarding.account import account_id_of
from services.onboarding.events import AccountDetails, AccountOpened
from services.onboarding.people import Payee, People, Person
from services.onboarding.recording import KnownAccount, Numbers, Outcome, Recording, account_ids, read_rows

TODAY = date(2023, 12, 5)
AN = Person("b-an", "Nguyễn Thị An", "001141178391")
LAN = Person("b-lan", "Hoàng Thị Lan", "001315004411", (Payee("GUARDIAN", "Hoàng Thị Mai", "001165004417"),))
QUYEN = Person("b-quyen", "Đặng Thị Quyên", None, (Payee("AUTHORISED", "Đặng Thị Thoan", None),))
PEOPLE = People({one.beneficiary_id: one for one in (AN, LAN, QUYEN)})
OWN: dict[str, Any] = {
    "beneficiary_id": "b-an",
    "holder": "OWN",
    "bank_code": "VBA",
    "account_number": "2200205000137",
    "account_name": "NGUYEN THI AN",
    "opened_on": "2023-11-06",
    "result": "OPENED",
}
GUARDIAN = OWN | {
    "beneficiary_id": "b-lan",
    "holder": "GUARDIAN",
    "holder_citizen_id": "001165004417",
    "account_number": "2200205888001",
    "account_name": "HOANG THI MAI",
}
AUTHORISED = OWN | {
    "beneficiary_id": "b-quyen",
    "holder": "AUTHORISED",
    "holder_citizen_id": "001166004523",
    "holder_name": "Đặng Thị Thoan",
    "account_number": "2200205001781",
    "account_name": "DANG THI THOAN",
}
CLOSING = {
    "beneficiary_id": "b-an",
    "holder": "OWN",
    "account_number": "2200205000137",
    "result": "CLOSED",
    "closed_on": "2023-12-01",
}
REFUSED = {"beneficiary_id": "b-an", "holder": "OWN", "result": "REFUSED", "reason": "Ảnh mờ"}
ACCOUNT = account_id_of("b-an", "VBA", "2200205000137")


def recorded(*rows: object) -> tuple[list[Outcome], Recording]:
    read = read_rows(rows, TODAY)
    recording = Recording(PEOPLE, Numbers([]), {})
    return recording.run(read), recording


def outcomes(*rows: object) -> list[str]:
    return [one.outcome for one in recorded(*rows)[0]]


@pytest.mark.parametrize("row", [OWN, GUARDIAN, AUTHORISED, REFUSED])
def test_a_right_row_is_accepted(row: dict[str, Any]) -> None:
    assert outcomes(row) == ["accepted"]


def test_a_repeat_inside_one_call_is_repeated() -> None:
    assert outcomes(OWN, OWN) == ["accepted", "repeated"]


def test_opened_closed_and_opened_elsewhere_in_one_call() -> None:
    new = OWN | {"account_number": "2200205000999", "opened_on": "2023-12-01"}
    assert outcomes(OWN, CLOSING, new, CLOSING) == ["accepted", "accepted", "accepted", "repeated"]


def test_what_was_kept_by_an_earlier_call_is_known() -> None:
    details = AccountDetails(
        bank_code="VBA", account_number="2200205000137", account_name="NGUYEN THI AN", holder_name="Nguyễn Thị An"
    )
    opened = AccountOpened(
        account_id=ACCOUNT,
        beneficiary_id="b-an",
        holder="OWN",
        opened_on=date(2023, 11, 6),
        name_differs=False,
        personal=details,
    )
    known = [KnownAccount(ACCOUNT, "b-an", "VBA", "2200205000137")]
    recording = Recording(PEOPLE, Numbers(known), {ACCOUNT: Stream(1, [opened])})
    assert [one.outcome for one in recording.run(read_rows([OWN, CLOSING], TODAY))] == ["repeated", "accepted"]
    assert [event.type_name() for event in recording.events[ACCOUNT]] == ["AccountClosed"]


def test_a_guardian_serves_several_children_with_one_account_each() -> None:
    long = Person("b-long", "Hoàng Văn Long", "001215004412", LAN.payees)
    recording = Recording(People({"b-lan": LAN, "b-long": long}), Numbers([]), {})
    said = recording.run(read_rows([GUARDIAN, GUARDIAN | {"beneficiary_id": "b-long"}], TODAY))
    assert [one.outcome for one in said] == ["accepted", "accepted"]
    assert len(recording.events) == 2


def test_an_account_in_another_name_is_kept_and_told() -> None:
    said, recording = recorded(OWN | {"account_name": "NGUYEN THI AN NHI"})
    assert said[0].outcome == "name-differs"
    assert len(recording.events) == 1


def test_a_guardians_account_bears_the_guardians_name() -> None:
    assert outcomes(GUARDIAN | {"account_name": "HOANG THI LAN"}) == ["name-differs"]


@pytest.mark.parametrize(
    "who", [{"beneficiary_id": "b-nobody"}, {"beneficiary_id": None, "citizen_id": "001141999999"}]
)
def test_an_unknown_person(who: dict[str, Any]) -> None:
    assert outcomes(OWN | who) == ["unknown-person"]


def test_a_person_is_known_by_citizen_id_alone() -> None:
    assert outcomes(OWN | {"beneficiary_id": None, "citizen_id": "001141178391"}) == ["accepted"]


def test_a_citizen_id_that_lost_its_zeros_in_a_number_cell_is_the_same() -> None:
    assert outcomes(OWN | {"beneficiary_id": None, "citizen_id": 1141178391}) == ["accepted"]


@pytest.mark.parametrize(
    ("row", "more"),
    [
        (OWN, {"citizen_id": "001315004411"}),
        (OWN, {"holder_citizen_id": "001315004411"}),
        (AUTHORISED, {"citizen_id": "001136077123"}),
    ],
)
def test_a_citizen_id_that_is_not_the_persons(row: dict[str, Any], more: dict[str, Any]) -> None:
    assert outcomes(row | more) == ["citizen-id-differs"]


@pytest.mark.parametrize(
    ("row", "more"),
    [
        (GUARDIAN, {"holder_citizen_id": "001166004523"}),
        (GUARDIAN, {"holder": "AUTHORISED"}),
        (GUARDIAN, {"holder_citizen_id": None, "holder_name": "Hoàng Thị Lan"}),
        (AUTHORISED, {"holder_name": "Đặng Thị Thơm"}),
        (AUTHORISED, {"holder_name": None}),
        (OWN, {"holder": "GUARDIAN", "holder_name": "Hoàng Thị Mai"}),
        (OWN, {"holder_name": "Nguyễn Thị Anh"}),
    ],
)
def test_a_holder_who_is_not_the_one_registered(row: dict[str, Any], more: dict[str, Any]) -> None:
    assert outcomes(row | more) == ["holder-differs"]


def test_a_payee_is_known_by_citizen_id_before_name() -> None:
    assert outcomes(GUARDIAN | {"holder_name": "H T Mai"}) == ["accepted"]


def test_a_payee_is_known_by_the_name_a_bank_writes() -> None:
    assert outcomes(GUARDIAN | {"holder_citizen_id": None, "holder_name": "HOANG THI MAI"}) == ["accepted"]


def test_closing_what_nobody_opened() -> None:
    assert outcomes(CLOSING) == ["no-such-account"]
    assert outcomes(OWN, CLOSING | {"account_number": "220"}) == ["accepted", "no-such-account"]
    assert outcomes(OWN, CLOSING | {"bank_code": "ICB"}) == ["accepted", "no-such-account"]


def test_closing_a_number_that_two_banks_gave_needs_the_bank() -> None:
    other = OWN | {"bank_code": "ICB"}
    said = outcomes(OWN, other, CLOSING, CLOSING | {"bank_code": "ICB"})
    assert said == ["accepted", "accepted", "refused", "accepted"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("text", "row-not-object"),
        (OWN | {"result": "opened"}, "word-unknown"),
        (OWN | {"result": None}, "field-missing"),
        (OWN | {"holder": "CHÍNH CHỦ"}, "word-unknown"),
        (OWN | {"beneficiary_id": " "}, "field-missing"),
        (OWN | {"bank_code": None}, "field-missing"),
        (OWN | {"account_name": ""}, "field-missing"),
        (OWN | {"account_number": 2200205000137}, "field-not-text"),
        (OWN | {"account_number": "2.2E+12"}, "number-unreadable"),
        (OWN | {"account_number": "2200205000137.0"}, "field-not-text"),
        (OWN | {"account_number": CellError("#REF!")}, "cell-error"),
        (OWN | {"account_name": "#N/A"}, "cell-error"),
        (OWN | {"closed_on": CellError(NO_STORED_VALUE)}, "cell-error"),
        (OWN | {"citizen_id": "110204511"}, "number-unreadable"),
        (OWN | {"opened_on": "2023-11-31"}, "day-unreadable"),
        (OWN | {"opened_on": "2023-12-06"}, "day-in-future"),
        (OWN | {"opened_on": 45236}, "day-unreadable"),
        (GUARDIAN | {"holder_citizen_id": None}, "field-missing"),
        (CLOSING | {"closed_on": None}, "field-missing"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_and_does_not_block_the_next(row: object, code: str) -> None:
    said, _ = recorded(row, OWN)
    assert [(one.outcome, one.code) for one in said] == [("refused", code), ("accepted", "accepted")]


def test_closing_before_opening_is_refused() -> None:
    said, _ = recorded(OWN, CLOSING | {"closed_on": "2023-11-05"})
    assert (said[1].outcome, said[1].code) == ("refused", "closed-before-opening")


@pytest.mark.parametrize(
    "day", ["6/11/2023", "2023-11-06", "2023-11-05T17:30:00Z", "2023-11-06+07:00", date(2023, 11, 6)]
)
def test_days_are_read_as_banks_write_them(day: object) -> None:
    _, recording = recorded(OWN | {"opened_on": day})
    (event,) = recording.events[ACCOUNT]
    assert isinstance(event, AccountOpened)
    assert event.opened_on == date(2023, 11, 6)


@pytest.mark.parametrize("reason", [5, CellError("#N/A"), "#N/A", None, "\u200b"])
def test_no_reason_is_a_ground_to_refuse_an_answer(reason: object) -> None:
    assert outcomes(REFUSED | {"reason": reason}) == ["accepted"]


def test_a_dressed_account_number_is_its_digits() -> None:
    assert outcomes(OWN, OWN | {"account_number": f"'{OWN['account_number'][:4]}.{OWN['account_number'][4:]}\xa0"}) == [
        "accepted",
        "repeated",
    ]


def test_a_long_reason_with_control_characters_counts_all_the_same() -> None:
    assert outcomes(REFUSED | {"reason": "a\x00b" + "x" * 600}) == ["accepted"]


def test_the_accounts_to_load_are_those_named_and_those_known() -> None:
    rows = read_rows([OWN, CLOSING, OWN | {"beneficiary_id": "b-nobody"}], TODAY)
    known = [KnownAccount("known", "b-an", "ICB", "1")]
    assert account_ids(rows, PEOPLE, known) == {"known", ACCOUNT}
