"""Figures that are no mean: the same answers as for means, where both can be asked."""

import pytest
from fontes.evals.metric import mean
from fontes.evals.paired import bootstrap_mean, paired
from fontes.evals.resampled import interval, paired_figures
from hypothesis import given, settings
from hypothesis import strategies as st

ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=25)


@settings(max_examples=25)
@given(ROWS)
def test_a_mean_has_the_difference_and_about_the_p_of_the_fast_way(values: list[tuple[int, int]]) -> None:
    before, after = ([float(pair[side]) for pair in values] for side in (0, 1))
    slow = paired_figures([((v,),) for v in before], [((v,),) for v in after], mean)
    fast = paired(before, after)
    assert slow is not None
    assert (slow.before, slow.after, slow.cases) == (pytest.approx(fast.before), pytest.approx(fast.after), fast.cases)
    assert slow.p_below == pytest.approx(fast.p_below, abs=0.12)
    assert slow.low == pytest.approx(fast.low, abs=0.6)


def test_an_interval_of_a_mean_is_about_that_of_the_fast_way() -> None:
    values = [float(n % 7) for n in range(60)]
    slow = interval([((value,),) for value in values], mean, rounds=2_000)
    assert slow == pytest.approx(bootstrap_mean(values), abs=0.1)


def test_a_figure_that_hardly_any_draw_has_gets_no_interval() -> None:
    assert interval([((1.0,),)], lambda rows: None) is None
    assert paired_figures([((1.0,),)], [((0.0,),)], lambda rows: None) is None


def test_cases_that_cannot_be_paired_are_an_error() -> None:
    with pytest.raises(ValueError, match="cannot be paired"):
        paired_figures([((1.0,),)], [], mean)
    with pytest.raises(ValueError, match="without a case"):
        paired_figures([], [], mean)
