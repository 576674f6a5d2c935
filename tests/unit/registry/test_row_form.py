"""Rows as forms: what was typed anew, rows pasted from a sheet, rows added and dropped."""

import pytest

from services.kernel.web.problems import Problem
from services.registry import row_form
from services.registry.headings import AMOUNT, BIRTH, HEADINGS, KIND, NAME
from services.registry.showing import row_shown

ROW = {KIND: "TĂNG", NAME: "Lê Thị Nhàn", BIRTH: "1941-05-11T00:00:00", AMOUNT: 440000}
RAW = [(2, ROW), (4, {KIND: "GIẢM", NAME: "Trần Văn Ba"})]


def test_only_what_was_typed_anew_is_changed_so_that_date_and_number_cells_stay_what_they_are() -> None:
    before = row_form.values(row_shown(2, ROW))
    assert (before["birth"], before["amount"], before["phone"]) == ("11/05/1941", "440000", "")
    typed = row_form.typed({"birth": ["11/05/1941"], "name": [" Lê  Thị Nhạn "], "amount": [""]})
    assert row_form.changed(before, typed) == {NAME: "Lê Thị Nhạn", AMOUNT: None}


def test_a_row_that_somebody_else_changed_meanwhile_is_not_overwritten() -> None:
    seen = row_form.mark(row_shown(2, ROW))
    assert row_form.mended(2, {NAME: "Lê Thị Nhạn"}, seen)(RAW)[0] == (2, ROW | {NAME: "Lê Thị Nhạn"})
    theirs = [(2, ROW | {AMOUNT: 880000}), RAW[1]]
    with pytest.raises(Problem) as refused:
        row_form.mended(2, {NAME: "Lê Thị Nhạn"}, seen)(theirs)
    assert (refused.value.status, refused.value.slug) == (409, "row-changed")
    other_row = [RAW[0], (4, {KIND: "GIẢM"})]
    assert row_form.mended(2, {NAME: "Lê Thị Nhạn"}, seen)(other_row)[1] == (4, {KIND: "GIẢM"})


def test_added_rows_are_numbered_on_and_dropped_ones_leave_the_others_their_numbers() -> None:
    added = row_form.added([(2, {KIND: "TĂNG"}), (3, {KIND: "GIẢM"})])
    assert [number for number, _ in added(RAW)] == [2, 4, 5, 6]
    assert [number for number, _ in added([])] == [2, 3]
    assert [number for number, _ in row_form.dropped([2, 9])(RAW)] == [4]


def test_pasted_rows_take_the_order_of_the_template_unless_headings_came_along() -> None:
    assert row_form.as_table("TĂNG\tLê Thị Nhàn\r\n") == ("\t".join(HEADINGS) + "\nTĂNG\tLê Thị Nhàn\n").encode()
    headed = "Họ và tên\tloại\nLê Thị Nhàn\tTĂNG"
    assert row_form.as_table(headed) == f"{headed}\n".encode()
    # A first cell left empty stays a cell: the others do not move to the left.
    assert row_form.as_table("\tLê Thị Nhàn").endswith("\n\tLê Thị Nhàn\n".encode())


def test_a_form_with_nothing_in_it_is_no_row() -> None:
    assert row_form.row_of({"kind": "TĂNG", "name": ""}) == (2, {KIND: "TĂNG"})
    with pytest.raises(Problem) as refused:
        row_form.row_of({"kind": "", "name": ""})
    assert refused.value.slug == "row-empty"


def test_every_column_of_a_list_has_a_field() -> None:
    assert tuple(row_form.FIELDS.values()) == HEADINGS
