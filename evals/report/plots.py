"""The plots of a report: risk and coverage, reliability, latency, cost and quality; a plot without data is left out."""

from collections.abc import Iterator, Mapping, Sequence

from ..figures import Figure
from ..intervals import wilson
from ..metric import Row
from ..metrics.ece import reliability
from ..metrics.risk_coverage import risk_coverage
from ..registry import METRICS
from ..run_folder import StoredRun
from .plot import Axis, Plot, Point, Series, linear_axis, tens_axis, thinned, unit_axis

_QUALITY = ("correct", "right", "citation_f1", "citation_recall", "verdict_balanced_accuracy")
_COSTS = (("cost", "money an answer"), ("tokens", "tokens an answer"), ("seconds_p50", "seconds an answer, median"))


def plots(run: StoredRun, figures: Mapping[str, Sequence[Figure]]) -> tuple[Plot, ...]:
    """What can be drawn of a run; `figures` are those of each cell."""
    return tuple(filter(None, (_risk(run), _reliability(run), _latency(run), _cost_quality(figures))))


def _rows(run: StoredRun, cell: str, metric: str) -> list[Row]:
    """The rows of a metric; none where the run was not measured by it."""
    if metric not in run.manifest.metrics:
        return []
    return [row for result in run.of(cell) for row in METRICS[metric].rows_of(run.case_of[result.case], result)]


def _risk(run: StoredRun) -> Plot | None:
    series: list[Series] = []
    for cell in run.manifest.cells:
        if rows := _rows(run, cell, "aurc"):
            curve = risk_coverage([row[0] for row in rows], [row[1] > 0 for row in rows])
            points = tuple(zip(curve.coverage.tolist(), curve.risk.tolist(), strict=True))
            series.append(Series(name=cell, points=thinned(points)))
    if not series:
        return None
    most = {each.name: each.points[-1][1] for each in series}
    return Plot(
        id="risk-coverage",
        title="Risk and coverage",
        summary="share of wrong answers when only the surest are given; answering all, "
        + ", ".join(f"{risk:.2f} for {cell}" for cell, risk in most.items()),
        x=unit_axis("coverage: share of cases answered, surest first"),
        y=_risk_axis([risk for each in series for _, risk in each.points]),
        series=tuple(series),
    )


def _risk_axis(risks: Sequence[float]) -> Axis:
    label = "risk: share of them wrong"
    return unit_axis(label) if max(risks) > 0.5 else linear_axis(label, [*risks, 0.05])


def _reliability(run: StoredRun) -> Plot | None:
    series: list[Series] = []
    for cell in run.manifest.cells:
        said = [(row[0], row[1] <= 0) for row in _rows(run, cell, "aurc")]
        judged = [(row[0], row[2] > 0) for row in _rows(run, cell, "verdict_ece")]
        for what, pairs in (("surest sentence is right", said), ("labelled claim is supported", judged)):
            if pairs:
                bins = reliability([p for p, _ in pairs], [is_so for _, is_so in pairs])
                points = tuple((each.predicted, each.observed) for each in bins)
                spreads = tuple(_wilson(each.observed, each.share * len(pairs)) for each in bins)
                name = what if len(run.manifest.cells) == 1 else f"{cell}: {what}"
                series.append(Series(name=name, points=points, kind="both", spreads=spreads))
    if not series:
        return None
    guide = Series(name="as it should be", points=((0, 0), (1, 1)), kind="guide")
    return Plot(
        id="reliability",
        title="Reliability",
        summary="how often what is said with a probability comes true, in ten bins; on the diagonal it is calibrated",
        x=unit_axis("probability that was given"),
        y=unit_axis("share that was true"),
        series=(guide, *series),
    )


def _wilson(share: float, of: float) -> Point:
    return wilson(round(share * of), round(of))


def _latency(run: StoredRun) -> Plot | None:
    held = {cell: sorted(_seconds(run, cell)) for cell in run.manifest.cells}
    every = [value for values in held.values() for value in values]
    if not every:
        return None
    return Plot(
        id="latency",
        title="Latency",
        summary="share of answers that took at most so long; "
        + ", ".join(
            f"half of {cell} within {values[len(values) // 2]:.2g} s" for cell, values in held.items() if values
        ),
        x=tens_axis("seconds", every),
        y=unit_axis("share of answers within"),
        series=tuple(
            Series(name=cell, points=thinned([(value, (n + 1) / len(values)) for n, value in enumerate(values)]))
            for cell, values in held.items()
            if values
        ),
    )


def _seconds(run: StoredRun, cell: str) -> Iterator[float]:
    for result in run.of(cell):
        seconds = ((result.answer or {}).get("usage") or {}).get("seconds")
        if seconds is not None and seconds > 0:
            yield seconds


def _cost_quality(figures: Mapping[str, Sequence[Figure]]) -> Plot | None:
    by_name = {cell: {figure.metric.name: figure for figure in held} for cell, held in figures.items()}
    quality = next((name for name in _QUALITY if _has(by_name, name)), None)
    cost = next(((name, label) for name, label in _COSTS if _has(by_name, name, above=0)), None)
    if quality is None or cost is None:
        return None
    points = [
        (cell, (held[cost[0]].value or 0.0, held[quality].value or 0.0), _spread(held[quality]))
        for cell, held in by_name.items()
        if cost[0] in held and quality in held and held[quality].value is not None
    ]
    return Plot(
        id="cost-quality",
        title="Cost and quality",
        summary="; ".join(f"{cell}: {y:.2f} at {x:.3g}" for cell, (x, y), _ in points),
        x=linear_axis(cost[1], [x for _, (x, _), _ in points]),
        y=unit_axis(quality),
        series=tuple(Series(name=cell, points=(at,), kind="dots", spreads=spread) for cell, at, spread in points),
    )


def _spread(figure: Figure) -> tuple[Point, ...]:
    return () if figure.low is None or figure.high is None else ((figure.low, figure.high),)


def _has(by_name: Mapping[str, Mapping[str, Figure]], name: str, *, above: float = -1) -> bool:
    return any((figure := held.get(name)) and (figure.value or 0) > above and figure.cases for held in by_name.values())
