"""A sheet before its headings are known, and the measure that no sheet may exceed."""

from dataclasses import dataclass, field

from services.kernel.tables.table import MAX_COLUMNS, MAX_ROWS, Cell, too_many_cells


@dataclass(slots=True)
class Grid:
    """The cells of one sheet that are not blank, by row number and column (both from 1)."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    widths: dict[int, int] = field(default_factory=dict)
    """In CSV, how many cells each record has, blank ones too; empty for workbooks. The name of a CSV is empty."""
    _top: int = 0
    _bottom: int = 0
    _left: int = 0
    _right: int = 0

    def put(self, row: int, cells: dict[int, Cell]) -> None:
        """Adds a row. Raises UnreadableTable once the used range is over 20,000 rows × 100 columns."""
        left, right = min(cells), max(cells)
        if not self.rows:
            self._top, self._bottom, self._left, self._right = row, row, left, right
        self._top, self._bottom = min(self._top, row), max(self._bottom, row)
        self._left, self._right = min(self._left, left), max(self._right, right)
        if self._bottom - self._top >= MAX_ROWS or self._right - self._left >= MAX_COLUMNS:
            raise too_many_cells(self.name)
        self.rows[row] = cells
