"""Agreement beside scikit-learn's kappa and Krippendorff's own worked example."""

import pytest
from fontes.evals.agreement import cohen_kappa, krippendorff_alpha, of_people
from fontes.evals.case import Case, Label
from fontes.evals.registry import METRICS
from fontes.evals.result import Judged, Result
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

LABELS = st.sampled_from(["supported", "partial", "unsupported"])


@given(st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=50))
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    first, second = (list(side) for side in zip(*pairs, strict=True))
    ours = cohen_kappa(first, second)
    if ours is None:
        assert len({*first, *second}) == 1
    else:
        assert ours == pytest.approx(cohen_kappa_score(first, second), abs=1e-9)


def test_alpha_is_that_of_the_worked_example() -> None:
    """Krippendorff 2011, section C: four observers, twelve units, missing labels; nominal alpha .743."""
    observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    units = [[label for label in unit if label is not None] for unit in zip(*observers, strict=True)]
    assert krippendorff_alpha(units) == pytest.approx(0.743, abs=5e-4)


def test_judges_who_never_differ_and_know_one_label_tell_nothing() -> None:
    assert cohen_kappa(["a", "a"], ["a", "a"]) is None
    assert krippendorff_alpha([["a", "a"], ["a", "a"]]) is None


def test_agreement_on_nothing_is_undefined() -> None:
    with pytest.raises(ValueError, match="without a label"):
        cohen_kappa([], [])
    with pytest.raises(ValueError, match="judged twice"):
        krippendorff_alpha([["a"], []])


def labelled(number: int, *supported: bool) -> Case:
    return Case(
        id=str(number),
        question="",
        labels=tuple(Label(claim=f"claim {number}", texts=("text",), supported=each) for each in supported),
    )


def test_people_agree_among_themselves_on_what_more_than_one_of_them_judged() -> None:
    cases = [labelled(1, True, True), labelled(2, False, False), labelled(3, True, False), labelled(4, True)]
    alpha, twice = of_people(cases)
    assert (alpha, twice) == (pytest.approx(krippendorff_alpha([[1, 1], [0, 0], [1, 0]])), 3)
    assert of_people([labelled(1, True)]) == (None, 0)


def test_the_judge_agrees_with_people_as_a_metric_says() -> None:
    metric = METRICS["verdict_kappa"]
    truth, said = [True, True, False, False, True], [True, False, False, True, True]
    pairs = [
        (labelled(n, true), Result(cell="c", case=str(n), judged=Judged(labels=((0.5, verdict),))))
        for n, (true, verdict) in enumerate(zip(truth, said, strict=True))
    ]
    assert metric.figure(pairs) == pytest.approx(cohen_kappa_score(truth, said))
    assert metric.figure([]) is None
