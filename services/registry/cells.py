"""Single cells of a change list read as what their heading says: names, numbers of people, words, amounts."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from services.kernel import ids
from services.kernel.misread import NAME, likely_name, without_additions
from services.kernel.names import word_key
from services.kernel.tables.table import NO_STORED_VALUE, Cell, CellError
from services.kernel.text import clean, unreadable
from services.registry.row import Problem

T = TypeVar("T")

MAX_NAME = 150
MAX_TEXT = 500
MIN_AMOUNT = 10_000
MAX_AMOUNT = 100_000_000

_DASH = re.compile("[-–—−‐‑]")
_CURRENCY = re.compile(r" ?(?:đồng|vnđ|vnd|đ)\.?$", re.IGNORECASE)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?P<sep>[., ])[0-9]{3})(?:(?P=sep)[0-9]{3})*|[0-9]+")


class BadCell(Exception):
    """The cell can't be read as what it should be."""

    def __init__(self, code: str, vi: str, en: str) -> None:
        super().__init__(en)
        self.problem = Problem(code, vi, en)


def show_day(day: date) -> str:
    """dd/mm/yyyy."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def as_text(cell: Cell) -> str:
    """The cleaned text of a cell of any kind, as a person would read it."""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, date):
        return show_day(cell)
    if isinstance(cell, CellError):
        return cell.word
    return str(cell) if isinstance(cell, int) else f"{cell:f}"


def is_dash(cell: Cell) -> bool:
    """Whether the cell is a lone dash: nothing, or in an adjustment "take it away"."""
    return isinstance(cell, str) and _DASH.fullmatch(clean(cell)) is not None


def refuse_error(cell: Cell) -> None:
    """Raises BadCell for an error value or a formula without stored value: never an empty cell."""
    if not isinstance(cell, CellError):
        return
    if cell.word == NO_STORED_VALUE:
        raise BadCell(
            "formula-without-value",
            "Ô là công thức chưa có giá trị được lưu. Mở tệp bằng Excel và lưu lại, hoặc dán thành giá trị.",
            "The cell is a formula without a stored value. Open the file in Excel and save it, or paste values.",
        )
    raise BadCell(
        "cell-error",
        f"Ô có lỗi công thức {cell.word}. Sửa công thức hoặc gõ giá trị vào ô.",
        f"The cell holds the error {cell.word}. Mend the formula or type the value.",
    )


def read_text(cell: Cell) -> str:
    """Any text: at most 500 letters, no control characters."""
    text = as_text(cell)
    if unreadable(text):
        raise BadCell(
            "control-character",
            "Ô có ký tự điều khiển hoặc ký tự hỏng. Xóa nội dung ô và gõ lại.",
            "The cell holds control or broken characters. Clear it and type it again.",
        )
    if len(text) > MAX_TEXT:
        raise BadCell(
            "text-too-long",
            f"Nội dung dài {len(text)} ký tự, tối đa {MAX_TEXT}. Viết ngắn lại.",
            f"The text has {len(text)} letters, at most {MAX_TEXT}. Shorten it.",
        )
    return text


def read_code(cell: Cell) -> str:
    """A code of the catalogue: upper case, no spaces."""
    return read_text(cell).replace(" ", "").upper()


def read_item(cell: Cell) -> str:
    """The number of an item of Form 2, without leading zeros."""
    found = re.fullmatch(r"0*([1-9][0-9]?)(?:\.0)?", read_text(cell))
    if found is None:
        raise BadCell(
            "item-unreadable",
            f"“{_short(as_text(cell))}” không phải số mục của Biểu 2. Ghi một số, ví dụ 5.",
            f"“{_short(as_text(cell))}” is no item of Form 2. Write a number such as 5.",
        )
    return found[1]


def read_word(cell: Cell, words: Mapping[str, T], shown: str) -> T:
    """One of a closed set of words, keyed as `word_key` gives them; `shown` lists them for people."""
    text = read_text(cell)
    found = words.get(word_key(text))
    if found is None:
        raise BadCell(
            "word-unknown",
            f"“{_short(text)}” không dùng được ở cột này. Ghi một trong các từ: {shown}.",
            f"“{_short(text)}” is not a word of this column. Write one of: {shown}.",
        )
    return found


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def read_name(cell: Cell) -> str:
    """A person's name: Vietnamese letters, spaces, - ' . only; errors show what the name most likely is."""
    source = cell if isinstance(cell, str) else as_text(cell)
    if len(source) <= MAX_TEXT and (likely := likely_name(source)) is not None:
        raise BadCell(
            "name-garbled",
            f"Họ tên bị lỗi phông chữ hoặc bảng mã (TCVN3, VNI …); có thể là “{likely}”. Gõ lại bằng Unicode.",
            f"The name is in an old font or a wrong encoding; it may be “{likely}”. Type it again in Unicode.",
        )
    name = clean(source)
    if len(name) > MAX_NAME:
        raise BadCell(
            "name-too-long",
            f"Họ tên dài {len(name)} ký tự, tối đa {MAX_NAME}. Chỉ ghi họ và tên.",
            f"The name has {len(name)} letters, at most {MAX_NAME}. Write the name only.",
        )
    if NAME.fullmatch(name) is None or not any(map(str.isalpha, name)):
        raise _bad_name(name)
    return name


def _bad_name(name: str) -> BadCell:
    wrong = " ".join(
        dict.fromkeys(letter for letter in name if NAME.fullmatch(letter) is None and letter.isprintable())
    )
    likely = without_additions(name)
    hint_vi = f" Có thể là “{likely}”." if likely else ""
    hint_en = f" It may be “{likely}”." if likely else ""
    return BadCell(
        "name-characters",
        f"Họ tên có ký tự không phải chữ tiếng Việt: {wrong or '(ký tự hỏng)'}.{hint_vi} Chỉ ghi họ và tên, chú thích "
        "để cột khác.",
        f"The name holds what is no Vietnamese letter: {wrong or '(broken)'}.{hint_en} Write the name only.",
    )


def _number_text(cell: Cell) -> str:
    """Digits of a number cell or text; a fraction or a date stays what it is, so that no digits are made of it."""
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    return as_text(cell)


_LENGTHS = {"citizen-id": ("12", "Số định danh"), "old-id": ("9", "Số CMND"), "phone": ("10", "Số điện thoại")}


def _number_problem(what: str, cell: Cell, problem: ids.Problem) -> BadCell:
    digits, label = _LENGTHS[what]
    shown = _short(as_text(cell))
    if problem == "exponent":
        return BadCell(
            f"{what}-exponent",
            f"{label} “{shown}” đã bị Excel đổi thành dạng E+ và mất chữ số. Định dạng ô là Văn bản và gõ lại đủ số.",
            f"“{shown}” lost digits when it was turned into E+ form. Format the cell as text and type it again.",
        )
    if problem == "characters":
        return BadCell(
            f"{what}-characters",
            f"{label} “{shown}” có ký tự không phải chữ số. Gõ lại {digits} chữ số.",
            f"“{shown}” holds what is no digit. Type the {digits} digits again.",
        )
    count = len(ids.undress(_number_text(cell)))
    other = {
        9: " Đây có thể là số CMND: ghi vào cột Số CMND.",
        12: " Đây có thể là số định danh: ghi vào cột Số định danh.",
    }
    hint = other.get(count, "") if what != "phone" else ""
    return BadCell(
        f"{what}-length",
        f"{label} phải đủ {digits} chữ số: “{shown}” có {count} chữ số.{hint} Kiểm tra giấy tờ và gõ lại.",
        f"“{shown}” has {count} digits, it must have {digits}. Check the papers and type it again.",
    )


def _mended(what: str, shown: str, digits: str) -> Problem:
    label = _LENGTHS[what][1]
    return Problem(
        f"{what}-mended",
        f"{label} “{_short(shown)}” được hiểu là {digits}. Kiểm tra lại; nếu sai, gõ lại ở dạng văn bản.",
        f"“{_short(shown)}” is read as {digits}. Check it; if it is wrong, type it again as text.",
    )


def _read_number(what: str, cell: Cell, number: ids.Number) -> tuple[str, Problem | None]:
    if number.digits is None:
        raise _number_problem(what, cell, number.problem or "characters")
    return number.digits, _mended(what, as_text(cell), number.digits) if number.mended else None


def read_citizen_id(cell: Cell) -> tuple[str, Problem | None]:
    """12 digits, with a warning if lost zeros were given back."""
    return _read_number("citizen-id", cell, ids.read_citizen_id(_number_text(cell)))


def read_old_id(cell: Cell) -> tuple[str, Problem | None]:
    """9 digits, with a warning if a lost zero was given back."""
    return _read_number("old-id", cell, ids.read_old_id(_number_text(cell)))


def read_phone(cell: Cell) -> tuple[str | None, Problem | None]:
    """A phone number; one that can't be read is only a warning."""
    try:
        return _read_number("phone", cell, ids.read_phone(_number_text(cell)))
    except BadCell as bad:
        return None, bad.problem


def read_amount(cell: Cell) -> int:
    """Whole đồng: a number, or text with one kind of separator in full groups of three; `,00`, `.00`, đ, đồng, VNĐ."""
    if isinstance(cell, int):
        amount = cell
    else:
        bare = _CURRENCY.sub("", read_text(cell)) if not isinstance(cell, Decimal | date) else ""
        whole = re.sub("[,.]00$", "", bare)
        found = _GROUPED.fullmatch(whole)
        if found is None or (bare != whole and found["sep"] == bare[-3]):
            raise _bad_amount(cell)
        amount = int(re.sub("[., ]", "", whole)[:18])
    if not MIN_AMOUNT <= amount <= MAX_AMOUNT:
        raise _amount_out_of_range(cell, amount)
    return amount


def _bad_amount(cell: Cell) -> BadCell:
    shown = _short(as_text(cell))
    return BadCell(
        "amount-unreadable",
        f"Mức hưởng “{shown}” không phải số đồng nguyên. Ghi như 440000 hoặc 440.000, không có phần lẻ, dấu hay chữ.",
        f"“{shown}” is no whole amount of đồng. Write 440000 or 440.000, without fraction, sign or words.",
    )


def _amount_out_of_range(cell: Cell, amount: int) -> BadCell:
    shown = _short(as_text(cell))
    if amount < MIN_AMOUNT:
        return BadCell(
            "amount-too-small",
            f"Mức hưởng “{shown}” nhỏ hơn 10.000 đồng; có thể đang ghi theo nghìn đồng. Ghi đủ số đồng, ví dụ 440000.",
            f"“{shown}” is below 10,000 đồng; perhaps it is in thousands. Write it in đồng, such as 440000.",
        )
    return BadCell(
        "amount-too-large",
        f"Mức hưởng “{shown}” lớn hơn 100.000.000 đồng một tháng. Kiểm tra và gõ lại.",
        f"“{shown}” is above 100,000,000 đồng a month. Check it and type it again.",
    )
