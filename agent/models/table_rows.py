"""The rows of the small tables in a passage, each with the header that says what its cells are."""

import re
from dataclasses import dataclass

_CELLS = re.compile(r"\s*\|\s*")
_LINE = re.compile(r"[^\n]+")

# A header and two rows: a single line in this form, or two, is a menu.
_LEAST_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row of a table, from `start` to `end` of its text, and `told` with its header: "Engine: Clara; Built: 1926"."""

    start: int
    end: int
    told: str


def table_rows(text: str) -> tuple[TableRow, ...]:
    """The rows of the tables of `text`, in order, headers left out.

    A table is three lines or more without a blank one between them, each of the same number of cells, parted by "|".
    """
    rows: list[TableRow] = []
    table: list[tuple[int, int, list[str]]] = []
    for line in _LINE.finditer(text):
        cells = _CELLS.split(line[0].strip())
        is_next = bool(table) and line.start() == table[-1][1] + 1 and len(cells) == len(table[-1][2])
        if not is_next:
            rows += _told(table)
            table = []
        if len(cells) > 1:
            table.append((line.start(), line.end(), cells))
    rows += _told(table)
    return tuple(rows)


def _told(table: list[tuple[int, int, list[str]]]) -> list[TableRow]:
    if len(table) < _LEAST_LINES:
        return []
    (_, _, names), *rows = table
    return [TableRow(start=start, end=end, told=_with_names(names, cells)) for start, end, cells in rows]


def _with_names(names: list[str], cells: list[str]) -> str:
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(names, cells, strict=True) if cell)
