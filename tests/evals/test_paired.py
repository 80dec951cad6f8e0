"""Differences of two runs: exact on small cases, beside scipy's permutation test, and of the right size under noise."""

import numpy as np
import pytest
from fontes.evals.paired import bootstrap_mean, paired
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import permutation_test

VALUES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=40)


def test_three_losses_of_three_cases_come_once_in_eight_swaps() -> None:
    found = paired([1.0, 1.0, 1.0], [0.0, 0.5, 0.0])
    assert (found.difference, found.p_below, found.p_above) == (pytest.approx(-2.5 / 3), 1 / 8, 1.0)
    assert found.p == 1 / 4


def test_runs_that_are_the_same_differ_by_nothing_at_all() -> None:
    found = paired([0.2, 0.7, 1.0], [0.2, 0.7, 1.0])
    assert (found.difference, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize("cases", [6, 12, 40])
def test_the_p_values_are_those_of_scipy(cases: int) -> None:
    draw = np.random.default_rng(cases)
    before, after = draw.random(cases), draw.random(cases) - 0.1
    found = paired(before.tolist(), after.tolist(), rounds=20_000)
    theirs = permutation_test(
        (after, before),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=20_000,
        alternative="less",
        rng=np.random.default_rng(1),
    )
    assert found.p_below == pytest.approx(theirs.pvalue, abs=1e-12 if cases <= 12 else 0.012)


@given(VALUES)
def test_swapping_the_runs_swaps_the_sign(values: list[tuple[float, float]]) -> None:
    before, after = (list(side) for side in zip(*values, strict=True))
    one, other = paired(before, after, rounds=200), paired(after, before, rounds=200)
    assert one.difference == pytest.approx(-other.difference)
    assert one.low <= one.difference + 1e-9
    assert one.difference <= one.high + 1e-9 or len(values) > 1
    if sum(a != b for a, b in values) <= 12:
        assert one.p_below == pytest.approx(other.p_above)


@given(VALUES, st.integers(0, 3))
def test_the_same_seed_gives_the_same_numbers(values: list[tuple[float, float]], seed: int) -> None:
    before, after = (list(side) for side in zip(*values, strict=True))
    assert paired(before, after, rounds=100, seed=seed) == paired(before, after, rounds=100, seed=seed)


def test_the_interval_holds_the_true_mean_about_as_often_as_it_says() -> None:
    draw = np.random.default_rng(0)
    held = 0
    for seed in range(300):
        low, high = bootstrap_mean(draw.normal(0.3, 1, 60), rounds=400, seed=seed)
        held += low <= 0.3 <= high
    assert 0.90 <= held / 300 <= 0.98


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ([], [], "without a case"),
        ([1.0], [1.0, 2.0], "cannot be paired"),
        ([1.0], [float("nan")], "no finite number"),
    ],
)
def test_what_cannot_be_compared_is_an_error(before: list[float], after: list[float], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        paired(before, after)
