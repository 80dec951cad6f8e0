"""GitHub-flavoured Markdown of a run or a comparison: for a pull request's comment or a job's summary.

What a question or an answer holds is data: it is escaped, so that it makes no markup, no mention and no link.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from .compare import CaseChange, Change, Comparison
from .figures import Figure, shown, signed
from .gate import Ruling
from .run_folder import Manifest

_ENTITIES = {"&": "&amp;", "<": "&lt;", "@": "&#64;", "#": "&#35;"}
_SPECIAL = re.compile(r"[\\`*_{}\[\]()<>#!|~$&@]|(?<=\w):(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_BROKEN_SPACE = re.compile(r"\s+")
_LONGEST = 160

WORST = 10


def comparison_markdown(comparison: Comparison, rulings: Sequence[Ruling] = (), *, worst: int = WORST) -> str:
    """The verdict of the gate, the table of metrics, and the `worst` cases, each with the values that moved."""
    parts = [
        f"### {_title(rulings)}",
        f"A: `{_code(comparison.before.name)}` · B: `{_code(comparison.after.name)}` · {len(comparison.cases)} cases",
        *(f"> [!WARNING]\n> {escaped(doubt, 400)}" for doubt in comparison.doubts),
        "\n".join(f"- {escaped(note, 400)}" for note in comparison.notes),
        "\n".join(_ruled(rulings)),
        "\n".join(_changes(comparison.changes)),
        "\n".join(_worst(comparison, worst)),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def run_markdown(manifest: Manifest, figures: Iterable[tuple[str, Sequence[Figure]]]) -> str:
    """The headline of a run: a row a metric, a column a cell, each value with its interval."""
    columns = list(figures)
    rows = [
        "| metric |" + "".join(f" {escaped(cell)} |" for cell, _ in columns),
        "|---|" + "---|" * len(columns),
    ]
    rows += [
        f"| {escaped(row[0].metric.name)} |" + "".join(f" {_figure(figure)} |" for figure in row)
        for row in zip(*(held for _, held in columns), strict=True)
        if any(figure.value is not None for figure in row)
    ]
    ended = "" if manifest.finished and not manifest.interrupted else " · **not finished**"
    return (
        f"### {escaped(manifest.dataset)}: {manifest.cases} cases{ended}\n\n"
        f"Fontes {escaped(manifest.fontes)} · citations judged by `{_code(manifest.verifier)}`\n\n"
        + "\n".join(rows)
        + "\n\n95 % intervals, by bootstrap over cases (Wilson's where each is a yes or a no);"
        " in brackets the cases with a value.\n"
    )


def escaped(text: str, most: int = _LONGEST) -> str:
    """Text of a page or a person as Markdown shows it, on one line of at most `most` characters."""
    line = _BROKEN_SPACE.sub(" ", text).strip()
    line = line if len(line) <= most else f"{line[: most - 1]}…"
    return _SPECIAL.sub(lambda match: _ENTITIES.get(match.group(), f"\\{match.group()}"), line)


def _code(text: str) -> str:
    return _BROKEN_SPACE.sub(" ", text).replace("`", "'").replace("|", "¦")


def _title(rulings: Sequence[Ruling]) -> str:
    if not rulings:
        return "Comparison of two runs"
    return "❌ The gate failed" if any(ruling.broken for ruling in rulings) else "✅ The gate passed"


def _figure(figure: Figure) -> str:
    value, unit = shown(figure.value, figure.metric.unit), figure.metric.unit
    if figure.low is None or figure.low == figure.high:  # all cases alike: the bootstrap has nothing to say
        return f"{value} ({figure.cases})"
    return f"{value} [{shown(figure.low, unit)}, {shown(figure.high, unit)}] ({figure.cases})"


def _ruled(rulings: Iterable[Ruling]) -> Iterator[str]:
    for ruling in rulings:
        yield f"- {'❌' if ruling.broken else '✅'} `{_code(str(ruling.rule))}` {escaped(ruling.why, 300)}"


def _changes(changes: Iterable[Change]) -> Iterator[str]:
    yield "| metric | A | B | B − A | 95 % interval | p | cases |"
    yield "|---|--:|--:|--:|:-:|--:|--:|"
    for change in (each for each in changes if not each.is_idle):
        found, unit = change.found, change.metric.unit
        sign = {True: " ▼ worse", False: " ▲ better", None: ""}[change.is_worse]
        yield (
            f"| {escaped(change.metric.name)}{sign} | {shown(found.before, unit)} | {shown(found.after, unit)} |"
            f" {signed(found.difference, unit)} | {signed(found.low, unit)} … {signed(found.high, unit)} |"
            f" {found.p:.2g} | {found.cases} |"
        )


def _worst(comparison: Comparison, most: int) -> Iterator[str]:
    listed = comparison.lost[:most]
    if not listed:
        return
    yield f"<details><summary>The worst {len(listed)} cases</summary>\n"
    yield "| case | question | what moved |"
    yield "|---|---|---|"
    for each in listed:
        yield f"| {escaped(each.case.id, 60)} | {escaped(each.case.question)} | {escaped(moved(each), 300)} |"
    yield "\n</details>"


def moved(change: CaseChange, most: int = 4) -> str:
    """The values that changed, the failure first if there is one."""
    if change.has_broken and change.after.error:
        return f"failed: {change.after.error.kind}: {change.after.error.detail}"
    told = [
        f"{name} {_plain(before)} → {_plain(after)}"
        for name, before, after in change.values
        if before != after and (before is None or after is None or abs(before - after) > 1e-9)
    ]
    return ", ".join(told[:most]) + (", …" if len(told) > most else "")


def _plain(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"
