"""Two runs side by side: what is paired, what is refused, what comes first."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fontes.evals.compare import Comparison, compare
from fontes.evals.registry import METRICS, metrics_named
from fontes.evals.sides import CompareError, read_sides

MakeRun = Callable[..., Path]
NAMES = ("right", "citation_recall", "citation_precision", "seconds_p50", "aurc")


def compared(first: Path | str, second: Path | str, *, mixed: bool = False) -> Comparison:
    ((before, after),) = read_sides(str(first), str(second))
    return compare(before, after, metrics_named(NAMES), mixed=mixed)


def test_a_run_beside_itself_differs_in_nothing(make_run: MakeRun) -> None:
    run = make_run("a")
    comparison = compared(run, run)
    assert [change.metric.name for change in comparison.changes] == ["failed", *NAMES]
    assert all(change.found.difference == 0 and change.is_worse is None for change in comparison.changes)
    assert (comparison.notes, comparison.doubts) == ((), ())


def test_a_worse_run_is_worse_and_its_worst_cases_come_first(make_run: MakeRun) -> None:
    comparison = compared(make_run("a", truth=0.95), make_run("b", truth=0.3, broken=(7,), seed=1))
    recall = next(change for change in comparison.changes if change.metric.name == "citation_recall")
    assert recall.is_worse
    assert recall.found.high < 0
    first, *rest = comparison.cases
    assert (first.case.id, first.has_broken) == ("case-7", True)
    harms = [each.harm for each in rest]
    assert harms == sorted(harms, reverse=True)
    assert harms[0] > 0


def test_a_case_that_one_side_says_nothing_about_is_left_out_and_told(make_run: MakeRun) -> None:
    comparison = compared(make_run("a"), make_run("b", broken=tuple(range(10))))
    recall = next(change for change in comparison.changes if change.metric.name == "citation_recall")
    assert recall.cases_after < recall.cases_before
    assert recall.found.cases <= recall.cases_after
    assert any("citation_recall" in note and "cases have a value before" in note for note in comparison.notes)


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        ({"cases": 30}, "the cases differ: 40 of lights.jsonl and 30 of lights.jsonl, 30 the same in both"),
        ({"verifier": "nli/1"}, "citations were judged by lexical/2 and by nli/1"),
        ({"judge": "m"}, "correctness was judged by nobody and by m"),
        ({"done": 12}, "b is not finished: 12 of 40 cases"),
    ],
)
def test_runs_that_are_not_alike_are_compared_only_when_asked_to(
    make_run: MakeRun, manifest: dict[str, object], why: str
) -> None:
    first, second = make_run("a"), make_run("b", **manifest)
    with pytest.raises(CompareError, match="--mixed") as raised:
        compared(first, second)
    assert why in str(raised.value)
    comparison = compared(first, second, mixed=True)
    assert len(comparison.cases) in (12, 30, 40)
    assert any(why in doubt for doubt in comparison.doubts)


def test_sets_that_share_no_case_cannot_be_compared_at_all(make_run: MakeRun) -> None:
    first, second = make_run("a"), make_run("b", questions="When was {n} built?")
    with pytest.raises(CompareError, match="no case is finished in both"):
        compared(first, second, mixed=True)


def test_another_version_is_what_comparing_is_for_and_is_told(make_run: MakeRun) -> None:
    comparison = compared(make_run("a"), make_run("b", fontes="0.2.0", settings={"rerank": 4}))
    assert comparison.doubts == ()
    assert comparison.notes == ("Fontes 0.1.0 and 0.2.0", "rerank: the default and 4")


def test_cells_meet_by_name_or_as_they_are_named(make_run: MakeRun) -> None:
    run = make_run("a", cells=("small", "large"))
    assert [(one.cell, other.cell) for one, other in read_sides(str(run), str(run))] == [
        ("small", "small"),
        ("large", "large"),
    ]
    ((one, other),) = read_sides(f"{run}#small", f"{run}#large")
    assert (one.cell, other.cell) == ("small", "large")
    assert one.name == f"{run}#small"
    ((one, other),) = read_sides(str(run), str(run), cell="large")
    assert one.cell == other.cell == "large"


def test_cells_that_do_not_meet_are_listed(make_run: MakeRun) -> None:
    first, second = make_run("a", cells=("x", "y")), make_run("b", cells=("z", "w"))
    with pytest.raises(CompareError, match=r"no cell in common: x, y and z, w\. Name one of each"):
        read_sides(str(first), str(second))
    with pytest.raises(CompareError, match=r"no cell 'q'\. It has x, y"):
        read_sides(f"{first}#q", str(second))


def test_every_metric_of_ours_can_be_compared(make_run: MakeRun) -> None:
    ((before, after),) = read_sides(str(make_run("a", cases=12)), str(make_run("b", cases=12, seed=3)))
    comparison = compare(before, after, tuple(METRICS.values()))
    assert {"aurc", "seconds_p95", "tokens"} <= {change.metric.name for change in comparison.changes}
