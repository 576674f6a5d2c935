"""The monthly forms as a workbook to print, sign and count on: the plan's page, with the figures as numbers."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from itertools import zip_longest

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from services.reporting.layout import FormLayout, Printed, layout

_FONT = {"font_name": "Times New Roman", "font_size": 13, "valign": "vcenter", "text_wrap": True}
_LINE = 17.5  # points: a line of 13 point type
_GAP = 4  # points: above and below the text of a ruled cell, together
_TOP_ROWS = 2
_ONE_PAGE = 640  # points: higher than this a sheet would be shrunk beyond reading to stand on one page
# Excel draws the separator of `#,##0` as the reader's own computer has it. These put dots everywhere.
_DOTTED = (
    (1_000_000_000, r"#\.###\.###\.##0"),
    (1_000_000, r"#\.###\.##0"),
    (1_000, r"#\.##0"),
)


def form_xlsx(printed: Printed) -> bytes:
    """The form on one sheet, A4 landscape, one page wide. The same input gives the same bytes."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        _Sheet(workbook, printed).write()
    return buffer.getvalue()


class _Sheet:
    """Writes one form from the top down: `_row` is the next free row, `_tall` the height so far in points."""

    def __init__(self, workbook: Workbook, printed: Printed) -> None:
        self._workbook = workbook
        self._printed = printed
        self._form: FormLayout = layout(printed.form_id)
        self._sheet: Worksheet = workbook.add_worksheet(self._form.name)
        self._widths = _column_widths(self._form)
        self._half = _half(self._widths)
        self._row = 0
        self._tall = 0.0

    def write(self) -> None:
        self._set_page()
        self._write_top()
        self._write_table_head()
        self._write_rows()
        self._write_closing()
        self._sheet.fit_to_pages(1, 1 if self._tall < _ONE_PAGE else 0)
        self._sheet.print_area(0, 0, self._row - 1, self._form.width - 1)

    def _set_page(self) -> None:
        made = datetime.combine(self._printed.period.last_day, datetime.min.time(), UTC)
        self._workbook.set_properties({"title": self._form.title, "created": made})
        self._sheet.set_landscape()
        self._sheet.set_paper(9)  # A4
        self._sheet.set_margins(left=0.79, right=0.59, top=0.71, bottom=0.47)
        self._sheet.center_horizontally()
        self._sheet.hide_gridlines(2)
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, width)

    def _format(self, **more: object) -> Format:
        return self._workbook.add_format({**_FONT, **more})

    def _text(self, box: tuple[int, int, int, int], text: str, style: Format) -> None:
        """Text in one cell or over several (first row, first column, last row, last column); never a formula."""
        row, column, *last = box
        if [row, column] != last:
            self._sheet.merge_range(*box, "", style)
        if text:
            self._sheet.write_string(row, column, text, style)
        else:
            self._sheet.write_blank(row, column, None, style)

    def _height(self, row: int, lines: int, gap: float = 0) -> None:
        height = _LINE * lines + gap
        self._sheet.set_row(row, height)
        self._tall += height

    def _across(self, text: str, style: Format) -> None:
        """A line over the whole width, as high as its text needs."""
        self._height(self._row, _lines(text, sum(self._widths), bold=True))
        self._text((self._row, 0, self._row, self._form.width - 1), text, style)
        self._row += 1

    def _halves(self, left: str, right: str, left_style: Format, right_style: Format) -> None:
        self._height(self._row, 1)
        self._text((self._row, 0, self._row, self._half - 1), left, left_style)
        self._text((self._row, self._half, self._row, self._form.width - 1), right, right_style)
        self._row += 1

    def _write_top(self) -> None:
        plain = self._format(align="center")
        bold = self._format(align="center", bold=True)
        ruled = self._format(align="center", bold=True, underline=1)
        issuer = self._form.issuer(self._printed.level, self._printed.area_name)
        styles = [plain] * (len(issuer) - 1) + [ruled]
        left = zip(issuer, styles, strict=True)
        right = zip(self._printed.national, (bold, ruled), strict=False)
        # Two rows whatever stands in them: the table begins in the same row on every form.
        nothing = [(("", plain), ("", plain))]
        for one, other in [*zip_longest(left, right, fillvalue=("", plain)), *nothing][:_TOP_ROWS]:
            self._halves(one[0], other[0], one[1], other[1])
        self._row += 1
        self._across(self._form.title, bold)
        for line in self._form.subtitle(self._printed.period):
            self._across(line, self._format(align="center", italic=True))
        self._row += 1

    def _write_table_head(self) -> None:
        first = self._row
        style = self._format(align="center", bold=True, border=1)
        heights = [1] * self._form.header_height
        for cell in self._form.header:
            row, column = first + cell.row, cell.column
            last_row, last_column = row + cell.rowspan - 1, column + cell.colspan - 1
            self._text((row, column, last_row, last_column), cell.text, style)
            if cell.rowspan == 1:
                lines = _lines(cell.text, sum(self._widths[column : last_column + 1]), bold=True)
                heights[cell.row] = max(heights[cell.row], lines)
        for row, lines in enumerate(heights, first):
            self._height(row, lines, _GAP)
        self._row += self._form.header_height
        if self._form.numbering:
            small = self._format(align="center", italic=True, font_size=11, border=1)
            self._height(self._row, 1, _GAP)
            for column, text in enumerate(self._form.numbering):
                self._text((self._row, column, self._row, column), text, small)
            self._row += 1
        self._sheet.repeat_rows(first, self._row - 1)

    def _write_rows(self) -> None:
        first, form = self._row, self._form
        styles = {bold: self._row_styles(bold) for bold in (False, True)}
        for row in form.rows:
            centred, left, figure = styles[row.bold]
            self._height(self._row, _lines(row.label, self._widths[1], bold=row.bold), _GAP)
            self._text((self._row, 0, self._row, 0), row.tt, centred)
            self._text((self._row, 1, self._row, 1), row.label, left)
            if form.has_unit:
                self._text((self._row, 2, self._row, 2), row.unit, centred)
            figures = self._printed.rows[row.id]
            for column, key in enumerate(form.columns, form.first_column):
                if key in figures:
                    self._sheet.write_number(self._row, column, figures[key], figure)
                else:
                    self._sheet.write_blank(self._row, column, None, figure)
            self._row += 1
        self._set_dots(first)
        ordinals = xl_range(first - 1, 0, self._row - 1, form.width - 1)
        self._sheet.ignore_errors({"number_stored_as_text": ordinals})

    def _row_styles(self, bold: bool) -> tuple[Format, Format, Format]:
        return (
            self._format(align="center", bold=bold, border=1),
            self._format(align="left", bold=bold, border=1),
            self._format(align="right", indent=1, bold=bold, border=1, num_format="#,##0", text_wrap=False),
        )

    def _set_dots(self, first: int) -> None:
        """Dots between thousands by the size of the number, in every language of the reader's computer."""
        column = self._form.first_column
        cell = xl_rowcol_to_cell(first, column)
        for least, shape in _DOTTED:
            rule = {
                "type": "formula",
                "criteria": f"=ABS({cell})>={least}",
                "format": self._workbook.add_format({"num_format": shape}),
                "stop_if_true": True,
            }
            self._sheet.conditional_format(first, column, self._row - 1, self._form.width - 1, rule)

    def _write_closing(self) -> None:
        bold = self._format(align="center", bold=True)
        italic = self._format(align="center", italic=True)
        self._row += 1
        self._halves("", self._form.place_line(self._printed.place, self._printed.signed), italic, italic)
        left, right = self._form.signatures
        for number, texts in enumerate(zip(left, right, strict=True)):
            style = italic if number else bold
            self._halves(*texts, style, style)
        self._row += 4  # room for the signatures and the seal


def _column_widths(form: FormLayout) -> list[float]:
    """Widths in Excel's characters of the default face."""
    lead, figure = ([5.5, 42.0, 12.5], 13.5) if form.has_unit else ([6.0, 54.0], 16.0)
    return lead + [figure] * len(form.columns)


def _half(widths: Sequence[float]) -> int:
    """The column at which the right half of the heading and of the signatures begins."""
    return min(range(1, len(widths)), key=lambda column: abs(sum(widths[:column]) - sum(widths[column:])))


def _lines(text: str, width: float, *, bold: bool) -> int:
    """How many lines a text takes at 13 point: Excel does not find the height of merged cells by itself."""
    room = width * (0.86 if bold else 0.94)
    lines, used = 1, 0.0
    for word in text.split():
        length = sum(1.3 if letter.isupper() else 1 for letter in word)
        if used and used + 1 + length > room:
            lines, used = lines + 1, 0.0
        used += length + (1 if used else 0)
    return lines
