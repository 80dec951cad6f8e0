"""Two runs side by side: every metric on the cases that both have, and the cases that fared worst first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .case import Case
from .figures import is_plain
from .gate import NO_MORE_FAILURES
from .metric import Metric, Row
from .paired import Paired, paired
from .registry import METRICS
from .resampled import paired_figures
from .result import Result
from .sides import CompareError, Side, common_cases, differences, difficulties


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A metric on both sides: over the cases that have a value of it in both, and how many have one in each."""

    metric: Metric
    found: Paired
    cases_before: int
    cases_after: int

    @property
    def is_idle(self) -> bool:
        """Whether nothing was spent or counted on either side: no reader needs that line."""
        return self.metric.unit != "" and self.found.before == self.found.after == 0

    @property
    def is_worse(self) -> bool | None:
        """Whether B is worse, chance aside (p at most .05); None when it may be chance, or nothing changed."""
        if self.found.p > 0.05 or not self.found.difference:
            return None
        return (self.found.difference < 0) == self.metric.higher_is_better


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """One case on both sides; `values` are (metric, before, after), `harm` is what it lost, larger is worse."""

    case: Case
    before: Result
    after: Result
    values: tuple[tuple[str, float | None, float | None], ...]
    harm: float

    @property
    def has_broken(self) -> bool:
        """It was answered before, and an error ended it after."""
        return self.before.error is None and self.after.error is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`changes` in the order of the metrics; `cases` worst first; `notes` are what the reader has to know.

    `doubts` are the notes that speak against comparing the two at all.
    """

    before: Side
    after: Side
    changes: tuple[Change, ...]
    cases: tuple[CaseChange, ...]
    doubts: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def lost(self) -> tuple[CaseChange, ...]:
        """The cases that fared worse after than before, the worst first."""
        return tuple(each for each in self.cases if each.has_broken or each.harm > 1e-9)

    @property
    def found(self) -> Mapping[str, Paired]:
        """What the gate judges by: the metrics by name."""
        return {change.metric.name: change.found for change in self.changes}


def compare(
    before: Side, after: Side, metrics: Sequence[Metric], *, mixed: bool = False, worst_by: Sequence[str] = ()
) -> Comparison:
    """Compare `after` with `before` on the cases that both have finished.

    `worst_by` names the metrics that cases are ordered by, by default all that are shares. `mixed` compares what was
    not run alike, too, on the cases that are the same.

    Raises:
        CompareError: the two are no runs of the same, without `mixed`; or they have no case in common.
    """
    doubts = tuple(difficulties(before, after))
    if doubts and not mixed:
        raise CompareError(
            f"{before.name} and {after.name}",
            "; ".join(doubts),
            "Run both alike, or compare what they have in common with --mixed",
        )
    pairs = [
        (case, before.results[case.id], after.results[case.id])
        for case in common_cases(before.run, after.run)
        if case.id in before.results and case.id in after.results
    ]
    if not pairs:
        raise CompareError(
            f"{before.name} and {after.name}", "no case is finished in both", "Run both on the same cases"
        )
    failed = METRICS[NO_MORE_FAILURES.metric]
    named = (failed, *(metric for metric in metrics if metric is not failed))
    changes = tuple(change for metric in named if (change := _change(metric, pairs)))
    return Comparison(
        before=before,
        after=after,
        changes=changes,
        cases=_worst_first(pairs, changes, worst_by),
        doubts=doubts,
        notes=(*differences(before, after), *_uneven(changes, len(pairs))),
    )


def _change(metric: Metric, pairs: Sequence[tuple[Case, Result, Result]]) -> Change | None:
    """None where no case has a value on both sides: there is nothing to compare."""
    first = [metric.rows_of(case, before) for case, before, _ in pairs]
    second = [metric.rows_of(case, after) for case, _, after in pairs]
    both = [(one, other) for one, other in zip(first, second, strict=True) if one and other]
    found = _paired(metric, [one for one, _ in both], [other for _, other in both]) if both else None
    if found is None:
        return None
    return Change(metric=metric, found=found, cases_before=sum(map(bool, first)), cases_after=sum(map(bool, second)))


def _paired(metric: Metric, before: list[tuple[Row, ...]], after: list[tuple[Row, ...]]) -> Paired | None:
    if is_plain(metric, before) and is_plain(metric, after):
        return paired([row[0] for (row,) in before], [row[0] for (row,) in after])
    return paired_figures(before, after, metric.aggregate)


def _worst_first(
    pairs: Sequence[tuple[Case, Result, Result]], changes: Sequence[Change], worst_by: Sequence[str]
) -> tuple[CaseChange, ...]:
    metrics = [
        change.metric
        for change in changes
        if change.metric.rows is None and change.metric.name != NO_MORE_FAILURES.metric
    ]
    chosen = [metric for metric in metrics if (metric.name in worst_by if worst_by else not metric.unit)]
    found = {change.metric.name: change.found for change in changes}
    cases = [_case_change(case, before, after, metrics, chosen, found) for case, before, after in pairs]
    return tuple(sorted(cases, key=lambda each: (not each.has_broken, -each.harm)))


def _case_change(
    case: Case,
    before: Result,
    after: Result,
    metrics: Iterable[Metric],
    chosen: Iterable[Metric],
    found: Mapping[str, Paired],
) -> CaseChange:
    values = {metric.name: (_value(metric, case, before), _value(metric, case, after)) for metric in metrics}
    harm = 0.0
    for metric in chosen:
        one, other = values[metric.name]
        if one is not None and other is not None:
            # Shares are added as they are; seconds and tokens as parts of their mean, to be of the same size.
            scale = abs(found[metric.name].before) if metric.unit else 1.0
            harm += (one - other if metric.higher_is_better else other - one) / (scale or 1.0)
    rows = tuple((name, one, other) for name, (one, other) in values.items())
    return CaseChange(case=case, before=before, after=after, values=rows, harm=harm)


def _value(metric: Metric, case: Case, result: Result) -> float | None:
    held = metric.rows_of(case, result)
    return held[0][0] if held else None


def _uneven(changes: Sequence[Change], cases: int) -> Iterator[str]:
    """A run that says nothing on the hard cases looks better than it is: that is told."""
    counts: dict[tuple[int, int, int], list[str]] = {}
    for change in changes:
        if abs(change.cases_before - change.cases_after) > 0.05 * cases:
            told = (change.cases_before, change.cases_after, change.found.cases)
            counts.setdefault(told, []).append(change.metric.name)
    for (before, after, both), names in counts.items():
        yield f"{', '.join(names)}: {before} cases have a value before, {after} after; compared are the {both} of both"
