"""The figures of a run as a terminal shows them: a row a metric, a column a cell."""

from collections.abc import Sequence

from .figures import Figure, shown


def table(columns: Sequence[tuple[str, Sequence[Figure]]]) -> str:
    """Aligned lines: value, 95 % interval and number of cases; metrics that no cell has a value for are left out."""
    rows = [["", *(cell for cell, _ in columns)]]
    rows += [
        [row[0].metric.name, *map(_shown, row)]
        for row in zip(*(figures for _, figures in columns), strict=True)
        if any(figure.value is not None for figure in row)
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)


def _shown(figure: Figure) -> str:
    unit = figure.metric.unit
    value = shown(figure.value, unit)
    if figure.value is None:
        return value
    if figure.low is None or figure.low == figure.high:
        return f"{value} ({figure.cases})"
    return f"{value} [{shown(figure.low, unit)}, {shown(figure.high, unit)}] ({figure.cases})"
