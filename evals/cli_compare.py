"""`fontes eval compare A B`: what changed between two runs, and whether it may pass."""

import json as jsonlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ..agent.cli.door import Exit, say
from ..agent.cli.screen import out
from ..crawler import clean
from .case_error import CaseError
from .compare import Change, Comparison, compare
from .figures import shown, signed
from .gate import ALPHA, GateError, Rule, Ruling, judge, parse_rule
from .junit import junit
from .metric import Metric
from .registry import MetricError
from .run_folder import RunFolderError
from .sides import CompareError, Side, read_sides
from .stored_metrics import metrics_of
from .summary import WORST, comparison_markdown, moved

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command(name="compare")
def compare_runs(
    before: Annotated[str, typer.Argument(metavar="A", help="Folder of a run; DIR#CELL for one cell of it.")],
    after: Annotated[str, typer.Argument(metavar="B", help="Folder of the run that is held against A.")],
    fail_on: Annotated[
        list[str] | None,
        typer.Option("--fail-on", metavar="RULE", help='Exit with 1 if broken, such as "citation_precision<-0.02".'),
    ] = None,
    alpha: Annotated[
        float, typer.Option(help="How often all rules together may fail by chance; 1: every difference counts.")
    ] = ALPHA,
    metric: Annotated[list[str] | None, typer.Option(help="Only this one, or package.module:name.")] = None,
    cell: Annotated[str, typer.Option(help="Compare this cell of both runs alone.")] = "",
    mixed: Annotated[
        bool, typer.Option("--mixed", help="Compare what was not run alike, too, on the cases that are the same.")
    ] = False,
    worst: Annotated[int, typer.Option(min=0, help="How many of the cases that lost most are listed.")] = WORST,
    markdown: Annotated[Path | None, typer.Option(help="Write a summary for GitHub here; appends.")] = None,
    junit_file: Annotated[Path | None, typer.Option("--junit", help="Write JUnit XML here.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the comparison as one JSON value.")] = False,
) -> int:
    """Compare two runs case by case: paired differences with intervals, the cases that lost most first.

    Exit code 1 if a rule of --fail-on is broken, 2 if the runs cannot be compared, a rule cannot be read, or a file not
    be written.
    """
    try:
        rules = [parse_rule(text) for text in fail_on or ()]
        pairs = read_sides(before, after, cell=cell)
        metrics = _metrics_of(pairs, metric or ())
        rules, metrics = _measured(rules, metrics, pairs)
        by = tuple(rule.metric for rule in rules)
        compared = [compare(one, other, metrics, mixed=mixed, worst_by=by) for one, other in pairs]
        rulings = judge(rules, [each.found for each in compared], alpha=alpha) if rules else ((),) * len(compared)
    except (CaseError, CompareError, GateError, MetricError, RunFolderError) as error:
        say(str(error))
        return Exit.BAD_INPUT
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--alpha") from error
    both = list(zip(compared, rulings, strict=True))
    if json:
        print(jsonlib.dumps([_row(*each) for each in both], ensure_ascii=False, indent=2))
    else:
        for comparison, ruled in both:
            _print(comparison, ruled, worst)
    is_broken = any(ruling.broken for held in rulings for ruling in held)
    try:
        _write(both, markdown, junit_file, worst)
    except OSError as error:
        say(f"{error.filename}: it cannot be written: {error.strerror}")
        return Exit.UNEXPECTED if is_broken else Exit.BAD_INPUT
    return Exit.UNEXPECTED if is_broken else Exit.DONE


def _metrics_of(pairs: Sequence[tuple[Side, Side]], named: Sequence[str]) -> tuple[Metric, ...]:
    """Those named, or all that both runs have, but for the single steps of an answer: the report shows these."""
    one, other = pairs[0][0].run.manifest, pairs[0][1].run.manifest
    both = [name for name in other.metrics if name in one.metrics and not name.startswith("seconds.")]
    return metrics_of(other, named or both)


def _measured(
    rules: Sequence[Rule], metrics: tuple[Metric, ...], pairs: Sequence[tuple[Side, Side]]
) -> tuple[list[Rule], tuple[Metric, ...]]:
    """The rules by the names that their metrics go by, and the metrics with those of the rules."""
    held = {metric.name: metric for metric in metrics}
    found: list[Rule] = []
    for rule in rules:
        metric = held.get(rule.metric) or metrics_of(pairs[0][1].run.manifest, [rule.metric])[0]
        held[metric.name] = metric  # named in full, it is more than what was kept of it
        found.append(replace(rule, metric=metric.name))
    return found, tuple(held.values())


def _write(
    both: Sequence[tuple[Comparison, Sequence[Ruling]]], markdown: Path | None, junit_file: Path | None, worst: int
) -> None:
    if markdown:  # $GITHUB_STEP_SUMMARY is appended to by every step
        with markdown.open("a", encoding="utf-8") as file:
            file.write("\n".join(comparison_markdown(each, ruled, worst=worst) for each, ruled in both))
    if junit_file:
        junit_file.write_text(junit(both), encoding="utf-8")


def _print(comparison: Comparison, rulings: Sequence[Ruling], worst: int) -> None:
    screen = out()
    screen.print(
        Text.assemble("A ", (clean(comparison.before.name), "bold"), "\nB ", (clean(comparison.after.name), "bold"))
    )
    for doubt in comparison.doubts:
        screen.print(Text(f"NOT ALIKE: {clean(doubt)}", "bold yellow"))
    for note in comparison.notes:
        screen.print(Text(f"note: {clean(note)}", "dim"))
    for line in _table([change for change in comparison.changes if not change.is_idle]):
        screen.print(line, soft_wrap=True)
    for ruling in rulings:
        style, word = ("bold red", "BROKEN") if ruling.broken else ("green", "kept")
        screen.print(Text.assemble((f"{word} ", style), f"{ruling.rule}: {ruling.why}"))
    _print_worst(comparison, worst)


def _table(changes: Sequence[Change]) -> Iterator[Text]:
    """Lines as wide as they need to be: a table that is folded to 80 columns cannot be read."""
    rows = [("metric", "A", "B", "B − A", "95 % interval", "p", "cases", ""), *map(_cells, changes)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row, change in zip(rows, (None, *changes), strict=True):
        first, *rest, word = row
        line = "  ".join((first.ljust(widths[0]), *map(str.rjust, rest, widths[1:-1]), word)).rstrip()
        style = "dim" if change is None else {True: "red", False: "green", None: ""}[change.is_worse]
        yield Text(line, style)


def _cells(change: Change) -> tuple[str, ...]:
    found, unit = change.found, change.metric.unit
    return (
        change.metric.name,
        shown(found.before, unit),
        shown(found.after, unit),
        signed(found.difference, unit),
        f"{signed(found.low, unit)} … {signed(found.high, unit)}",
        f"{found.p:.2g}",
        str(found.cases),
        {True: "worse", False: "better", None: ""}[change.is_worse],
    )


def _print_worst(comparison: Comparison, most: int) -> None:
    screen = out()
    listed = comparison.lost[:most]
    if listed:
        screen.print(Text(f"\nThe worst of {len(comparison.lost)} cases that lost:", "bold"))
    for each in listed:
        question = clean(each.case.question)
        screen.print(Text.assemble((clean(each.case.id), "bold"), "  ", question[:100]), soft_wrap=True)
        screen.print(Text(f"  {clean(moved(each))}", "dim"), soft_wrap=True)


def _row(comparison: Comparison, rulings: Sequence[Ruling]) -> dict[str, object]:
    return {
        "before": comparison.before.name,
        "after": comparison.after.name,
        "cases": len(comparison.cases),
        "doubts": list(comparison.doubts),
        "notes": list(comparison.notes),
        "metrics": [
            {
                "metric": change.metric.name, "before": change.found.before, "after": change.found.after,
                "difference": change.found.difference, "low": change.found.low, "high": change.found.high,
                "p": change.found.p, "cases": change.found.cases, "worse": change.is_worse,
            }
            for change in comparison.changes
        ],
        "rules": [{"rule": str(each.rule), "broken": each.broken, "why": each.why} for each in rulings],
        "worst": [
            {
                "case": each.case.id, "question": each.case.question, "failed": each.has_broken, "harm": each.harm,
                "values": {name: [one, other] for name, one, other in each.values if one != other},
            }
            for each in comparison.lost
        ],
    }  # fmt: skip
