"""The PDFs, read back word by word with a reader of just those parts of the format that Typst writes."""

import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date

import pytest

from services.kernel.period import Period
from services.reporting.layout import NATIONAL_HEADING, Figures, Printed, layout
from services.reporting.print_pdf import form_pdf, template_data

FORM_1: Figures = {
    "I": {"4": 13463, "5": 10818, "6": 61, "7": 2391, "8": 4, "9": 254, "10": 0},
    "I.1": {"4": 10818, "5": 10818, "6": 61},
    "I.2": {"4": 2391, "7": 2391, "8": 4},
    "I.3": {"4": 254, "9": 254, "10": 0},
    "II": {},
    "II.1": {"4": 12271, "5": 9702, "6": 1846, "7": 2318, "8": 406, "9": 251, "10": 38},
    "II.2": {"4": 10267, "5": 7934, "6": 342, "7": 2107, "8": 58, "9": 226, "10": 7},
    "III": {},
    "III.1": {"4": 9917, "5": 7611, "6": 7578, "7": 2082, "8": 2079, "9": 224, "10": 224},
    "III.2": {"4": 12345678, "5": 18214880, "6": -1541, "7": 19301705, "8": 4885650, "9": 1072640, "10": 0},
}


def form_1(rows: Figures = FORM_1, name: str = "Huyện Thanh Oai", signed: date | None = date(2023, 11, 4)) -> Printed:
    return Printed("form-1", "278", name, "district", Period("2023-10"), "Thanh Oai", signed, rows)


def form_2(figure: int) -> Printed:
    rows: Figures = {row.id: dict.fromkeys(layout("form-2").columns, figure) for row in layout("form-2").rows}
    return Printed("form-2", "278", "Huyện Thanh Oai", "district", Period("2023-10"), "Thanh Oai", None, rows)


@dataclass(frozen=True)
class Words:
    """A run of text at its place on a page: points from the left and from the foot."""

    page: int
    x: float
    y: float
    text: str


def read(pdf: bytes) -> list[Words]:
    objects = {found[1]: found[2] for found in re.finditer(rb"(\d+) 0 obj\n(.*?)\nendobj", pdf, re.S)}
    pages = [body for body in objects.values() if body.startswith(b"<</Type/Page/")]
    return [words for number, page in enumerate(pages, 1) for words in _words(objects, page, number)]


def _stream(body: bytes) -> bytes:
    found = re.search(rb"stream\r?\n(.*)\r?\nendstream", body, re.S)
    assert found
    return zlib.decompress(found[1])


def _reference(body: bytes, key: bytes) -> bytes:
    found = re.search(rb"/" + key + rb" (\d+) 0 R", body)
    assert found
    return found[1]


def _letters(cmap: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", cmap)
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _words(objects: dict[bytes, bytes], page: bytes, number: int) -> list[Words]:
    resources = objects[_reference(page, b"Resources")]
    fonts = {
        name: _letters(_stream(objects[_reference(objects[font], b"ToUnicode")]))
        for name, font in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
    }
    content = _stream(objects[_reference(page, b"Contents")])
    runs = re.findall(rb"1 0 0 -1 ([\d.]+) ([\d.]+) cm.{0,40}?BT 0 Tr/(f\d+) .*?Tm(.*?)\nET", content, re.S)
    return [
        Words(number, float(x), float(y), "".join(fonts[font][code] for code in _codes(shown)))
        for x, y, font, shown in runs
    ]


def _codes(shown: bytes) -> list[int]:
    """The glyphs of `[(…)-24(…)]TJ`: strings may hold escapes and pairs of brackets."""
    escapes = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
    codes, depth = b"", 0
    for token, octal, letter in re.findall(rb"(\\([0-7]{1,3})|\\(.)|.)", shown, re.S):
        before = depth
        depth += (token == b"(") - (token == b")")
        if before and depth:
            codes += bytes([int(octal, 8)]) if octal else escapes.get(letter, letter) or token
    return [int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2)]


def figures_of(words: list[Words], label: str) -> dict[str, str]:
    """Column number -> figure of the row whose label, on one line, is `label`."""
    (number_line,) = [word.y for word in words if word.text == "4=5+7+9"]
    numbers = {word.text[:2].rstrip("="): word.x for word in words if abs(word.y - number_line) < 3}
    (at,) = [word for word in words if word.text == label]
    row = [word for word in words if abs(word.y - at.y) < 3 and word.x > numbers["3"] + 30]
    return {min(numbers, key=lambda number: abs(numbers[number] - word.x)): word.text for word in row}


def test_money_row_of_form_1_stands_under_its_columns_with_dots_minus_and_zero() -> None:
    assert figures_of(read(form_pdf(form_1())), "Số tiền thực hiện chi trả qua tài khoản") == {
        "4": "12.345.678",
        "5": "18.214.880",
        "6": "-1.541",
        "7": "19.301.705",
        "8": "4.885.650",
        "9": "1.072.640",
        "10": "0",
    }


def test_cells_without_meaning_and_headings_stay_empty() -> None:
    words = read(form_pdf(form_1()))
    assert figures_of(words, "Đối tượng Người có công") == {"4": "2.391", "7": "2.391", "8": "4"}
    assert figures_of(words, "Kết quả chi trả") == {}


def test_page_around_the_table_follows_decree_30() -> None:
    texts = [words.text for words in read(form_pdf(replace(form_1(), national=NATIONAL_HEADING)))]
    for expected in (
        "UBND HUYỆN THANH OAI",
        "PHÒNG LAO ĐỘNG – THƯƠNG BINH VÀ XÃ HỘI",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "TỔNG HỢP BÁO CÁO CHI TRẢ KHÔNG DÙNG TIỀN MẶT",
        "Kỳ báo cáo: Tháng 10 năm 2023",
        "(Đính kèm công văn số …)",
        "Thanh Oai, ngày 04 tháng 11 năm 2023",
        "NGƯỜI LẬP BIỂU",
        "(Ký, ghi rõ họ tên)",
        "THỦ TRƯỞNG ĐƠN VỊ",
        "(Ký tên, đóng dấu)",
    ):
        assert expected in texts


@pytest.mark.parametrize("factor", [0, 1, 100], ids=["zeros", "a district", "a province"])
def test_form_1_stands_on_one_page_whatever_its_figures(factor: int) -> None:
    rows = {row: {column: figure * factor for column, figure in cells.items()} for row, cells in FORM_1.items()}
    assert {words.page for words in read(form_pdf(form_1(rows)))} == {1}


@pytest.mark.parametrize("figure", [0, 1_234, 12_345_678])
def test_form_2_stands_on_two_pages_with_its_head_on_both_and_the_signatures_under_the_last_rows(figure: int) -> None:
    words = read(form_pdf(form_2(figure)))
    pages = {text: [word.page for word in words if word.text == text] for text in ("STT", "18", "NGƯỜI LẬP BIỂU", "2")}
    assert pages["STT"] == [1, 2]
    assert pages["18"] == [2]
    assert pages["NGƯỜI LẬP BIỂU"] == [2]
    assert sorted(pages["2"]) == [1, 2]  # item 2, and the number of the second page
    assert {word.page for word in words} == {1, 2}


def test_nothing_printed_reaches_into_the_margins() -> None:
    for words in (read(form_pdf(form_1())), read(form_pdf(form_2(12_345_678)))):
        assert min(word.x for word in words) > 56  # 20 mm
        assert max(word.x for word in words) < 842 - 42  # 15 mm
        assert min(word.y for word in words) > 34  # 12 mm


def test_names_are_printed_as_they_are_and_never_as_markup() -> None:
    texts = [words.text for words in read(form_pdf(form_1(name="Xã *A* #let _b_ $x$")))]
    assert "UBND XÃ *A* #LET _B_ $X$" in texts


def test_template_gets_figures_as_printed_in_the_order_of_the_columns() -> None:
    data = template_data(form_1(signed=None))
    assert data["rows"][3] == {
        "tt": "3",
        "label": "Đối tượng khác",
        "unit": "Người",
        "bold": False,
        "figures": ["254", "", "", "", "", "254", "0"],
    }
    assert data["place"] == "Thanh Oai, ngày ….. tháng ….. năm …….."


def test_threads_may_print_at_once_and_the_same_form_gives_the_same_bytes() -> None:
    documents = [form_1(), form_2(7), form_1(name="Xã Bích Hòa"), form_2(8)]
    alone = [form_pdf(document) for document in documents]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(form_pdf, documents)) == alone
    assert len(set(alone)) == 4
    assert b"CreationDate" not in alone[0]


def test_without_the_setting_the_form_has_no_national_heading() -> None:
    """It goes with an official letter that bears it; the form of the plan has none."""
    texts = [words.text for words in read(form_pdf(form_1()))]
    assert "PHÒNG LAO ĐỘNG – THƯƠNG BINH VÀ XÃ HỘI" in texts
    assert not set(NATIONAL_HEADING) & set(texts)
