"""A run as one HTML file that stands alone: the headline, the plots, and every case to be opened.

The page asks for nothing: a content security policy forbids every request, and lets only the two blocks of the page
itself, told by their hashes, be its style and its script. Whatever was retrieved or written by a model is put in by
templates that escape it.
"""

import base64
import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..agreement import of_people
from ..compare import Comparison
from ..figures import Figure, figures, shown
from ..metric import Metric
from ..run_folder import StoredRun
from .case_view import CaseView, case_view
from .plot import HEIGHT, WIDTH, Point
from .plots import plots
from .stages import stages

_HERE = Path(__file__).parent
_IN_ROWS = ("right", "correct", "citation_recall", "citation_precision", "token_f1")
"""The metrics that stand beside a case's question, as far as the run has them."""
_MOST_IN_ROWS = 4
_TILES = (
    "right", "correct", "citation_recall", "citation_precision", "quote_validity", "abstention_recall",
    "false_abstention", "aurc", "verdict_balanced_accuracy", "verdict_kappa", "failed", "seconds_p50", "cost",
)  # fmt: skip
"""The metrics that are shown large, as far as the run has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineRow:
    """A metric, and its figure in each cell; None where a cell has none."""

    metric: Metric
    figures: tuple[Figure, ...]


def report_html(run: StoredRun, metrics: Sequence[Metric], *, against: Mapping[str, Comparison] | None = None) -> str:
    """The page; `against` has the comparison of each cell with an earlier run, if it is shown beside one."""
    held = {cell: figures(run, cell, metrics) for cell in run.manifest.cells}
    rows = [
        HeadlineRow(metric=metric, figures=tuple(held[cell][place] for cell in held))
        for place, metric in enumerate(metrics)
    ]
    rows = [row for row in rows if any(figure.value is not None for figure in row.figures)]
    in_rows = [row.metric.name for name in _IN_ROWS for row in rows if row.metric.name == name][:_MOST_IN_ROWS]
    cases = _cases(run, metrics, against or {})
    style, script = (_HERE / "report.css").read_text("utf-8"), (_HERE / "report.js").read_text("utf-8")
    return (
        _environment()
        .get_template("report.html")
        .render(
            run=run,
            manifest=run.manifest,
            cells=tuple(run.manifest.cells),
            rows=[row for row in rows if not row.metric.name.startswith("seconds.")],
            tiles=[row for name in _TILES for row in rows if row.metric.name == name and _says(row)],
            explained=[row.metric for row in rows],
            against=against or {},
            plots=plots(run, held),
            stages=stages(run),
            people=of_people(run.cases),
            cases=cases,
            in_rows=in_rows,
            tags=sorted({tag for case in cases for tag in (*case.tags, *case.marks)}),
            statuses=sorted({case.status for case in cases}),
            missing=len(run.cases) * len(run.manifest.cells) - len(cases),
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            policy=_policy(style, script),
            width=WIDTH,
            height=HEIGHT,
        )
    )


def _says(row: HeadlineRow) -> bool:
    """What costs nothing anywhere needs no tile."""
    return row.metric.unit == "" or any(figure.value for figure in row.figures)


def _cases(run: StoredRun, metrics: Sequence[Metric], against: Mapping[str, Comparison]) -> list[CaseView]:
    """Every result, the worst first."""
    pages = run.pages
    views = [
        case_view(0, run.case_of[result.case], result, pages, _moved(against.get(cell), result.case))
        for cell in run.manifest.cells
        for result in run.of(cell)
    ]
    judged = [metric for metric in metrics if metric.rows is None and not metric.unit]
    return sorted(views, key=lambda view: (view.status != "failed", _goodness(view, judged)))


def _goodness(view: CaseView, metrics: Sequence[Metric]) -> float:
    held = [
        value if metric.higher_is_better else 1 - value
        for metric in metrics
        if (value := view.values.get(metric.name)) is not None
    ]
    return sum(held) / len(held) if held else 1.0


def _moved(comparison: Comparison | None, case: str) -> Mapping[str, float]:
    if comparison is None:
        return {}
    change = next((each for each in comparison.cases if each.case.id == case), None)
    values = change.values if change else ()
    return {name: after - before for name, before, after in values if before is not None and after is not None}


def _policy(style: str, script: str) -> str:
    own = f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "number": _number,
        "sparse": _sparse,
        "shown": shown,
        "signed": _signed,
    }
    return environment


def _number(value: float) -> str:
    return f"{value:.4g}"


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'}{abs(value):.2g}"


def _sparse(points: Sequence[Point], most: int = 24) -> list[Point]:
    """So many of the points as a reader wants to see in a table."""
    step = max(1, -(-len(points) // most))
    return list(itertools.islice(points, 0, None, step))
