"""A commune's change list from its entry to its approval: who may do what, when, and from which period it counts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from services.kernel.event_types import Event
from services.kernel.period import Period
from services.kernel.web import paging
from services.kernel.web.body import Body
from services.kernel.web.problems import Problem
from services.registry.api import _cells
from services.registry.change_list import (
    Approve,
    Command,
    Mend,
    Open,
    Return,
    Submit,
    Withdraw,
    change_list,
    effective_period,
    is_late,
)
from services.registry.list_events import (
    ListApproved,
    ListMended,
    ListOpened,
    ListReturned,
    ListRows,
    ListSubmitted,
    ListWithdrawn,
)
from tests.spec import given

OCTOBER, NOVEMBER, DECEMBER = Period("2023-10"), Period("2023-11"), Period("2023-12")
JANUARY, FEBRUARY = Period("2024-01"), Period("2024-02")
THE_2ND, THE_4TH, THE_5TH = date(2023, 11, 2), date(2023, 11, 4), date(2023, 11, 5)
ROWS = ListRows(rows=((2, {"Họ và tên": "Hồ Thị Vân"}), (3, {"Họ và tên": "Lý Thị Bạch"})))
OTHER_ROWS = ListRows(rows=((2, {"Họ và tên": "Hồ Thị Vân"}),))

OPENED = ListOpened(
    list_id="L1",
    commune="10114",
    period=NOVEMBER,
    no_change=False,
    entered_by="hoa",
    rows_digest="d1",
    row_count=2,
    personal=ROWS,
)
MENDED = ListMended(list_id="L1", mended_by="nam", rows_digest="d2", row_count=1, personal=OTHER_ROWS)
SUBMITTED = ListSubmitted(list_id="L1", submitted_by="lan", submitted_on=THE_4TH, late=False)
SUBMITTED_LATE = ListSubmitted(list_id="L1", submitted_by="lan", submitted_on=THE_5TH, late=True)
RETURNED = ListReturned(list_id="L1", returned_by="minh", reason="Thiếu mã chế độ")
WITHDRAWN = ListWithdrawn(list_id="L1", withdrawn_by="hoa")
APPROVED = ListApproved(
    list_id="L1",
    commune="10114",
    approved_by="minh",
    effective_period=NOVEMBER,
    let_in=False,
    accepted_warnings=False,
    reason=None,
    rows_digest="d1",
)

OPEN = Open("L1", "10114", NOVEMBER, False, "hoa", ROWS, "d1")
MEND = Mend("nam", OTHER_ROWS, "d2")
SUBMIT = Submit("lan", THE_4TH, errors=0)
RETURN = Return("minh", "Thiếu mã chế độ")
WITHDRAW = Withdraw("hoa")
APPROVE = Approve(
    by="minh", allow_late=False, accept_warnings=False, reason=None, errors=0, to_accept=0, closed=frozenset()
)

NOTHING: Sequence[Event] = ()
DRAFT: Sequence[Event] = (OPENED,)
HANDED_IN: Sequence[Event] = (OPENED, SUBMITTED)
GIVEN_BACK: Sequence[Event] = (OPENED, SUBMITTED, RETURNED)
TAKEN_BACK: Sequence[Event] = (OPENED, WITHDRAWN)
IN_EFFECT: Sequence[Event] = (OPENED, SUBMITTED, APPROVED)


def test_a_list_is_opened_with_its_rows_counted() -> None:
    given(change_list).when(OPEN).then(OPENED)


def test_a_list_of_no_rows_says_no_change() -> None:
    empty = Open("L1", "10114", NOVEMBER, True, "hoa", ListRows(), "d0")
    opened = OPENED.model_copy(update={"no_change": True, "rows_digest": "d0", "row_count": 0, "personal": ListRows()})
    given(change_list).when(empty).then(opened)


@pytest.mark.parametrize("history", [DRAFT, GIVEN_BACK], ids=["draft", "returned"])
def test_rows_can_be_mended_before_and_after_the_office_had_the_list(history: Sequence[Event]) -> None:
    given(change_list, *history).when(MEND).then(MENDED)


def test_a_list_handed_in_on_the_4th_is_in_time() -> None:
    given(change_list, OPENED).when(Submit("lan", THE_4TH, errors=0)).then(SUBMITTED)


def test_a_list_handed_in_on_the_5th_is_late() -> None:
    given(change_list, OPENED).when(Submit("lan", THE_5TH, errors=0)).then(SUBMITTED_LATE)


@pytest.mark.parametrize(
    ("day", "late"),
    [
        (date(2023, 10, 28), False),
        (date(2023, 11, 1), False),
        (date(2023, 11, 4), False),
        (date(2023, 11, 5), True),
        (date(2023, 11, 30), True),
        (date(2023, 12, 1), True),
    ],
)
def test_late_is_from_the_5th_of_its_period_on(day: date, late: bool) -> None:
    assert is_late(NOVEMBER, day) is late


def test_a_list_in_time_stays_in_time_when_it_is_mended_and_handed_in_again_later() -> None:
    again = Submit("lan", date(2023, 11, 9), errors=0)
    expected = ListSubmitted(list_id="L1", submitted_by="lan", submitted_on=date(2023, 11, 9), late=False)
    given(change_list, *GIVEN_BACK, MENDED).when(again).then(expected)


def test_a_late_list_stays_late_when_it_is_handed_in_again() -> None:
    again = Submit("lan", date(2023, 11, 9), errors=0)
    expected = ListSubmitted(list_id="L1", submitted_by="lan", submitted_on=date(2023, 11, 9), late=True)
    given(change_list, OPENED, SUBMITTED_LATE, RETURNED).when(again).then(expected)


def test_a_list_with_errors_is_not_handed_in() -> None:
    given(change_list, OPENED).when(replace(SUBMIT, errors=3)).then_rejected("list-has-errors", count=3)


def test_the_office_returns_a_list_with_its_reason() -> None:
    given(change_list, *HANDED_IN).when(RETURN).then(RETURNED)


@pytest.mark.parametrize("history", [DRAFT, HANDED_IN, GIVEN_BACK], ids=["draft", "submitted", "returned"])
def test_a_list_is_taken_back_as_long_as_it_is_not_approved(history: Sequence[Event]) -> None:
    given(change_list, *history).when(WITHDRAW).then(WITHDRAWN)


def test_a_list_in_time_takes_effect_in_its_own_period() -> None:
    given(change_list, *HANDED_IN).when(APPROVE).then(APPROVED)


def test_the_approval_names_the_rows_that_were_mended_last() -> None:
    expected = APPROVED.model_copy(update={"rows_digest": "d2"})
    given(change_list, OPENED, MENDED, SUBMITTED).when(APPROVE).then(expected)


def test_a_list_in_time_takes_effect_in_its_period_though_that_roll_is_closed() -> None:
    given(change_list, *HANDED_IN).when(replace(APPROVE, closed={NOVEMBER})).then(APPROVED)


def test_a_late_list_takes_effect_with_the_next_period() -> None:
    expected = APPROVED.model_copy(update={"effective_period": DECEMBER})
    given(change_list, OPENED, SUBMITTED_LATE).when(APPROVE).then(expected)


def test_a_late_list_goes_past_every_roll_that_is_closed() -> None:
    expected = APPROVED.model_copy(update={"effective_period": FEBRUARY})
    given(change_list, OPENED, SUBMITTED_LATE).when(replace(APPROVE, closed={NOVEMBER, DECEMBER, JANUARY})).then(
        expected
    )


def test_a_late_list_stops_at_the_first_open_roll_before_a_closed_one() -> None:
    assert effective_period(NOVEMBER, late=True, let_in=False, closed={DECEMBER, FEBRUARY}) == JANUARY


def test_a_late_list_let_in_takes_effect_in_its_own_period() -> None:
    expected = APPROVED.model_copy(update={"let_in": True})
    let_in = replace(APPROVE, allow_late=True, closed={NOVEMBER})
    given(change_list, OPENED, SUBMITTED_LATE).when(let_in).then(expected)


def test_a_list_in_time_is_not_said_to_be_let_in() -> None:
    given(change_list, *HANDED_IN).when(replace(APPROVE, allow_late=True)).then(APPROVED)


@pytest.mark.parametrize("person", ["hoa", "nam", "lan"], ids=["enterer", "mender", "submitter"])
def test_nobody_approves_a_list_they_had_a_hand_in(person: str) -> None:
    given(change_list, OPENED, MENDED, SUBMITTED).when(replace(APPROVE, by=person)).then_rejected("own-entry")


@pytest.mark.parametrize("person", ["hoa", "nam", "lan", "tu"])
def test_whoever_had_a_hand_in_it_is_remembered_after_a_return(person: str) -> None:
    again = ListSubmitted(list_id="L1", submitted_by="tu", submitted_on=THE_4TH, late=False)
    history = (OPENED, SUBMITTED, RETURNED, MENDED, again)
    given(change_list, *history).when(replace(APPROVE, by=person)).then_rejected("own-entry")


def test_whoever_returned_a_list_may_approve_it_later() -> None:
    given(change_list, *GIVEN_BACK, SUBMITTED).when(APPROVE).then(APPROVED)


def test_a_list_whose_rows_became_wrong_is_not_approved() -> None:
    given(change_list, *HANDED_IN).when(replace(APPROVE, errors=2)).then_rejected("list-has-errors", count=2)


@pytest.mark.parametrize(
    ("accept", "reason"),
    [(False, None), (False, "Đã đối chiếu hồ sơ"), (True, None), (True, "")],
    ids=["neither", "reason only", "acceptance only", "empty reason"],
)
def test_warnings_need_acceptance_and_a_reason(accept: bool, reason: str | None) -> None:
    command = replace(APPROVE, to_accept=1, accept_warnings=accept, reason=reason)
    given(change_list, *HANDED_IN).when(command).then_rejected("warnings-not-accepted", count=1)


def test_warnings_accepted_with_a_reason_are_told_in_the_approval() -> None:
    command = replace(APPROVE, to_accept=1, accept_warnings=True, reason="Đã đối chiếu hồ sơ")
    expected = APPROVED.model_copy(update={"accepted_warnings": True, "reason": "Đã đối chiếu hồ sơ"})
    given(change_list, *HANDED_IN).when(command).then(expected)


def test_an_acceptance_of_nothing_is_not_told() -> None:
    given(change_list, *HANDED_IN).when(replace(APPROVE, accept_warnings=True)).then(APPROVED)


@pytest.mark.parametrize(
    ("history", "command", "status"),
    [
        (NOTHING, MEND, None),
        (HANDED_IN, MEND, "SUBMITTED"),
        (TAKEN_BACK, MEND, "WITHDRAWN"),
        (IN_EFFECT, MEND, "APPROVED"),
        (NOTHING, SUBMIT, None),
        (HANDED_IN, SUBMIT, "SUBMITTED"),
        (TAKEN_BACK, SUBMIT, "WITHDRAWN"),
        (IN_EFFECT, SUBMIT, "APPROVED"),
        (NOTHING, RETURN, None),
        (DRAFT, RETURN, "DRAFT"),
        (GIVEN_BACK, RETURN, "RETURNED"),
        (TAKEN_BACK, RETURN, "WITHDRAWN"),
        (IN_EFFECT, RETURN, "APPROVED"),
        (NOTHING, WITHDRAW, None),
        (TAKEN_BACK, WITHDRAW, "WITHDRAWN"),
        (IN_EFFECT, WITHDRAW, "APPROVED"),
        (NOTHING, APPROVE, None),
        (DRAFT, APPROVE, "DRAFT"),
        (GIVEN_BACK, APPROVE, "RETURNED"),
        (TAKEN_BACK, APPROVE, "WITHDRAWN"),
        (IN_EFFECT, APPROVE, "APPROVED"),
    ],
)
def test_a_command_in_the_wrong_state_is_refused_with_that_state(
    history: Sequence[Event], command: Command, status: str | None
) -> None:
    given(change_list, *history).when(command).then_rejected("list-state", status=status)


def test_a_cell_is_mended_with_text_a_number_or_nothing() -> None:
    body = Body('{"Họ và tên": "Hồ Thị Vân", "Mức hưởng": 440000, "Điện thoại": null}'.encode(), "application/json")

    assert _cells(body) == {"Họ và tên": "Hồ Thị Vân", "Mức hưởng": 440_000, "Điện thoại": None}


@pytest.mark.parametrize(
    "cells",
    [
        '{"Họ và tên": {"a": 1}}',
        '{"Họ và tên": ["Vân"]}',
        '{"Họ và tên": true}',
        '{"Mức hưởng": 1e400}',
        '{"Mức hưởng": 1000000000000000000000000000000}',
        '{"row": 9}',
        '{"Cột lạ": "x"}',
    ],
)
def test_a_mended_row_takes_only_headings_of_the_list_and_values_that_a_cell_has(cells: str) -> None:
    with pytest.raises(Problem) as refused:
        _cells(Body(cells.encode(), "application/json"))

    assert (refused.value.status, refused.value.slug) == (422, "input-wrong")


def test_a_page_goes_on_after_the_number_of_its_cursor() -> None:
    assert (paging.number_of(""), paging.number_of("21")) == (0, 21)


@pytest.mark.parametrize("cursor", ["²", "-1", "x", "9" * 19])
def test_a_cursor_that_is_none_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(Problem) as refused:
        paging.number_of(cursor)

    assert refused.value.status == 422
