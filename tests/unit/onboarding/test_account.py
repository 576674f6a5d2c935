"""One account: given what was said of it, when something is said, then what happens."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from services.kernel.decider import Rejected
from services.kernel.event_types import Event
from services.onboarding.account import (
    CloseAccount,
    Command,
    ConfirmAccount,
    OpenAccount,
    RefuseAccount,
    account,
    account_id_of,
)
from services.onboarding.events import (
    AccountClosed,
    AccountConfirmed,
    AccountDetails,
    AccountOpened,
    AccountRefused,
)

ID = account_id_of("b1", "VBA", "2200205000137")
DETAILS = AccountDetails(
    bank_code="VBA",
    account_number="2200205000137",
    account_name="NGUYEN THI AN",
    holder_name="Nguyễn Thị An",
    holder_citizen_id="001141178391",
)
OTHER_NAME = DETAILS.model_copy(update={"account_name": "NGUYEN THI AN NHI"})
OPEN = OpenAccount(ID, "b1", "OWN", DETAILS, date(2023, 11, 6))
CLOSE = CloseAccount(ID, "b1", "OWN", date(2023, 12, 1))
REFUSE = RefuseAccount(ID, "b1", "OWN", "Ảnh giấy tờ mờ")
CONFIRM = ConfirmAccount("Lan", "Đã đối chiếu", failed=False)
OPENED = AccountOpened(
    account_id=ID,
    beneficiary_id="b1",
    holder="OWN",
    opened_on=date(2023, 11, 6),
    name_differs=False,
    personal=DETAILS,
)
OPENED_DIFFERING = OPENED.model_copy(update={"name_differs": True, "personal": OTHER_NAME})
CLOSED = AccountClosed(account_id=ID, beneficiary_id="b1", closed_on=date(2023, 12, 1))
REFUSED = AccountRefused(account_id=ID, beneficiary_id="b1", holder="OWN", reason="Ảnh giấy tờ mờ")
CONFIRMED = AccountConfirmed(account_id=ID, beneficiary_id="b1", confirmed_by="Lan", reason="Đã đối chiếu")


def given(*events: Event) -> "Given":
    return Given(events)


class Given:
    def __init__(self, events: Sequence[Event]) -> None:
        self.state = account.fold(events)

    def when(self, command: Command) -> "When":
        return When(self, command)


class When:
    def __init__(self, given: Given, command: Command) -> None:
        self.given, self.command = given, command

    def then(self, *events: Event) -> None:
        assert list(account.decide(self.command, self.given.state)) == list(events)

    def then_rejected(self, code: str) -> None:
        with pytest.raises(Rejected) as why:
            account.decide(self.command, self.given.state)
        assert why.value.code == code


def test_an_account_is_opened() -> None:
    given().when(OPEN).then(OPENED)


def test_opening_said_twice_is_not_two_accounts() -> None:
    given(OPENED).when(OPEN).then()


def test_an_account_in_another_name_is_kept_as_differing() -> None:
    given().when(replace(OPEN, details=OTHER_NAME)).then(OPENED_DIFFERING)


def test_a_differing_account_said_again_changes_nothing() -> None:
    given(OPENED_DIFFERING).when(replace(OPEN, details=OTHER_NAME)).then()


def test_a_corrected_account_name_is_news() -> None:
    given(OPENED_DIFFERING).when(OPEN).then(OPENED)


def test_the_same_account_said_again_is_news_once_the_registered_name_is_mended() -> None:
    mended = OTHER_NAME.model_copy(update={"holder_name": "Nguyễn Thị An Nhi"})
    opened = OPENED.model_copy(update={"personal": mended})
    given(OPENED_DIFFERING).when(replace(OPEN, details=mended)).then(opened)


def test_a_bank_may_refuse_and_open_later() -> None:
    given().when(REFUSE).then(REFUSED)
    given(REFUSED).when(OPEN).then(OPENED)


def test_a_refusal_said_twice_is_one() -> None:
    given(REFUSED).when(REFUSE).then()


def test_an_open_account_cannot_be_refused() -> None:
    given(OPENED).when(REFUSE).then_rejected("account-exists")


def test_an_account_is_closed() -> None:
    given(OPENED).when(CLOSE).then(CLOSED)


def test_closing_said_twice_is_one() -> None:
    given(OPENED, CLOSED).when(CLOSE).then()


def test_another_closing_day_corrects_the_first() -> None:
    corrected = CLOSED.model_copy(update={"closed_on": date(2023, 12, 4)})
    given(OPENED, CLOSED).when(replace(CLOSE, closed_on=date(2023, 12, 4))).then(corrected)


def test_an_account_nobody_spoke_of_cannot_be_closed() -> None:
    given().when(CLOSE).then_rejected("no-such-account")


def test_an_account_that_was_not_opened_cannot_be_closed() -> None:
    given(REFUSED).when(CLOSE).then_rejected("no-such-account")


def test_closing_before_opening_is_refused() -> None:
    given(OPENED).when(replace(CLOSE, closed_on=date(2023, 11, 5))).then_rejected("closed-before-opening")


def test_closing_on_the_opening_day_is_taken() -> None:
    closed = CLOSED.model_copy(update={"closed_on": date(2023, 11, 6)})
    given(OPENED).when(replace(CLOSE, closed_on=date(2023, 11, 6))).then(closed)


def test_closing_under_another_holder_is_not_this_account() -> None:
    given(OPENED).when(replace(CLOSE, holder="GUARDIAN")).then_rejected("holder-differs")


def test_a_file_sent_twice_does_not_open_what_it_closed() -> None:
    given(OPENED, CLOSED).when(OPEN).then()


def test_a_closed_account_may_be_opened_again() -> None:
    again = OPENED.model_copy(update={"opened_on": date(2023, 12, 5)})
    given(OPENED, CLOSED).when(replace(OPEN, opened_on=date(2023, 12, 5))).then(again)


def test_a_closed_account_is_not_opened_again_before_its_closing() -> None:
    given(OPENED, CLOSED).when(replace(OPEN, opened_on=date(2023, 11, 30))).then_rejected("opened-before-closing")


def test_the_office_confirms_a_name_that_differs_once() -> None:
    given(OPENED_DIFFERING).when(CONFIRM).then(CONFIRMED)
    given(OPENED_DIFFERING, CONFIRMED).when(CONFIRM).then_rejected("nothing-to-confirm")


def test_a_confirmed_account_said_again_stays_confirmed() -> None:
    given(OPENED_DIFFERING, CONFIRMED).when(replace(OPEN, details=OTHER_NAME)).then()


def test_the_office_confirms_an_account_to_which_a_payment_failed() -> None:
    given(OPENED).when(replace(CONFIRM, failed=True)).then(CONFIRMED)


def test_a_good_account_needs_no_confirmation() -> None:
    given(OPENED).when(CONFIRM).then_rejected("nothing-to-confirm")


@pytest.mark.parametrize("events", [(), (REFUSED,), (OPENED, CLOSED)])
def test_only_an_open_account_can_be_confirmed(events: tuple[Event, ...]) -> None:
    given(*events).when(replace(CONFIRM, failed=True)).then_rejected("account-not-open")
