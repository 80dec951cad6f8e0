"""Measures of abstaining: risk, coverage, calibration, and the chart they are drawn in."""

import math
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from fontes.evals.metrics.chart import Line, chart
from fontes.evals.metrics.ece import ece, reliability
from fontes.evals.metrics.risk_coverage import aurc, risk_coverage
from hypothesis import given
from hypothesis import strategies as st

CASES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


def test_risk_and_coverage_of_a_case_counted_by_hand() -> None:
    curve = risk_coverage([0.9, 0.8, 0.8, 0.1], [False, True, False, True])
    assert curve.threshold.tolist() == [0.9, 0.8, 0.1]
    assert curve.coverage.tolist() == [0.25, 0.75, 1.0]
    assert curve.risk.tolist() == pytest.approx([0, 1 / 3, 0.5])


def test_a_score_that_orders_perfectly_has_the_least_area_and_a_reversed_one_the_most() -> None:
    wrong = [False] * 50 + [True] * 50
    best, constant, worst = (aurc(scores, wrong) for scores in ([-i for i in range(100)], [0.0] * 100, range(100)))
    assert best == pytest.approx(0.5 + 0.5 * math.log(0.5), abs=0.01)  # nothing wrong down to half, then 1 - 1/2c
    assert constant == pytest.approx(0.5)
    assert worst == pytest.approx(0.5 - 0.5 * math.log(0.5), abs=0.01)


@given(cases=CASES)
def test_areas_and_risks_lie_between_nothing_and_all(cases: list[tuple[float, bool]]) -> None:
    scores, wrong = [score for score, _ in cases], [each for _, each in cases]
    assert -1e-9 <= aurc(scores, wrong) <= 1 + 1e-9
    curve = risk_coverage(scores, wrong)
    assert curve.coverage[-1] == pytest.approx(1)
    assert curve.risk[-1] == pytest.approx(sum(wrong) / len(wrong))


def test_a_case_that_counts_twice_is_one_that_stands_twice() -> None:
    twice = aurc([0.9, 0.5, 0.5], [False, True, True])
    assert aurc([0.9, 0.5], [False, True], [1, 2]) == pytest.approx(twice)


def test_calibration_of_a_case_counted_by_hand() -> None:
    probabilities, outcomes = [0.05, 0.05, 0.95, 1.0], [False, True, True, True]
    low, high = reliability(probabilities, outcomes)
    assert (low.predicted, low.observed, low.share) == pytest.approx((0.05, 0.5, 0.5))
    assert (high.low, high.high, high.observed) == pytest.approx((0.9, 1.0, 1.0))
    assert ece(probabilities, outcomes) == pytest.approx(0.5 * 0.45 + 0.5 * 0.025)


@given(cases=CASES)
def test_bins_hold_every_prediction_once(cases: list[tuple[float, bool]]) -> None:
    bins = reliability([p for p, _ in cases], [truth for _, truth in cases])
    assert sum(each.share for each in bins) == pytest.approx(1)
    assert all(each.low - 1e-9 <= each.predicted <= each.high + 1e-9 for each in bins)
    assert 0 <= ece([p for p, _ in cases], [truth for _, truth in cases]) <= 1


@pytest.mark.parametrize(
    ("measure", "why"),
    [
        (lambda: risk_coverage([], []), "undefined without a case"),
        (lambda: aurc([], []), "undefined without a case"),
        (lambda: ece([], []), "undefined without a prediction"),
        (lambda: ece([1.5], [True]), r"lies in \[0, 1\]"),
        (lambda: ece([math.nan], [True]), r"lies in \[0, 1\]"),
    ],
)
def test_what_cannot_be_measured_is_refused(measure: Callable[[], object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        measure()


def test_a_chart_is_well_formed_whatever_its_names_hold() -> None:
    drawn = chart("a < b", "x & y", "risk", [Line(name="<script>", points=((0.0, 0.0), (1.0, 1.0)))])
    root = ET.fromstring(drawn)
    assert "<script>" in {element.text for element in root.iter()}
    assert [e.get("points") for e in root.iter() if e.tag.endswith("polyline")] == ["56.0,394.0 416.0,34.0"]
