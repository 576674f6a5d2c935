"""Cells kept as JSON come back as the same cells, so that a mended row is checked as the file was."""

from datetime import date
from decimal import Decimal

import pytest

from services.kernel.tables.table import NO_STORED_VALUE, Cell, CellError, Json, as_json, from_json


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn An"),
        ("=1+1", "=1+1"),
        (440000, 440000),
        (Decimal("1.5"), 1.5),
        (date(1905, 5, 1), "1905-05-01T00:00:00"),
        (CellError("#N/A"), "#N/A"),
        (CellError(NO_STORED_VALUE), "#FORMULA!"),
    ],
)
def test_a_cell_survives_being_kept(cell: Cell, value: Json) -> None:
    assert as_json(cell) == value
    assert from_json(value) == cell


@pytest.mark.parametrize("value", [None, "", " ", "\xa0"])
def test_nothing_is_blank(value: Json) -> None:
    assert from_json(value) is None


@pytest.mark.parametrize(
    ("value", "cell"),
    [(440000.0, 440000), (True, "TRUE"), (float("nan"), "nan"), ("#n/a ", CellError("#N/A")), ("#12", "#12")],
)
def test_values_that_people_send_are_cells(value: Json, cell: Cell) -> None:
    assert from_json(value) == cell


def test_a_day_written_as_text_is_no_date_cell() -> None:
    assert from_json("1905-05-01") == "1905-05-01"
    assert from_json("2023-02-30T00:00:00") == "2023-02-30T00:00:00"


def test_what_no_store_keeps_is_replaced_and_long_text_is_cut() -> None:
    assert as_json("a\x00") == "a\ufffd"
    assert len(str(as_json("x" * 50_000))) == 1_000
    assert as_json(" " * 2_000 + "An") == "An"


def test_a_number_too_large_for_json_is_a_float() -> None:
    assert as_json(10**30) == 1e30
