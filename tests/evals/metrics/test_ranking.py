from collections.abc import Callable
from math import log2

import pytest
from fontes.evals.metrics.hit import hit
from fontes.evals.metrics.mrr import reciprocal_rank
from fontes.evals.metrics.ndcg import ndcg
from fontes.evals.metrics.spans import span_iou, span_recall
from hypothesis import given
from hypothesis import strategies as st


def test_the_textbook_cases() -> None:
    assert (hit([3, 1], {1}, 1), hit([3, 1], {1}, 2)) == (0.0, 1.0)
    assert (reciprocal_rank([3, 1], {1}), reciprocal_rank([3], {1})) == (0.5, 0.0)
    assert ndcg([3, 1], {1}, 10) == pytest.approx(1 / log2(3))
    assert ndcg([1, 3, 2], {1, 2}, 10) == pytest.approx((1 + 0.5) / (1 + 1 / log2(3)))
    assert ndcg([1, 1, 2], {1, 2}, 10) == pytest.approx(1.0)


@given(ranked=st.lists(st.integers(0, 9), unique=True), relevant=st.frozensets(st.integers(0, 9), min_size=1))
def test_ndcg_is_one_only_when_the_relevant_come_first(ranked: list[int], relevant: frozenset[int]) -> None:
    score = ndcg(ranked, relevant, 10)
    assert 0 <= score <= 1 + 1e-9
    first = frozenset(ranked[: len(relevant)])
    assert (score > 1 - 1e-9) == (first == relevant)


@pytest.mark.parametrize(
    "metric", [lambda: hit([1], set(), 1), lambda: reciprocal_rank([1], set()), lambda: ndcg([1], set(), 1)]
)
def test_a_case_without_a_right_answer_has_no_score(metric: Callable[[], float]) -> None:
    with pytest.raises(ValueError, match="undefined"):
        metric()


def test_spans_are_counted_in_characters_and_overlaps_once() -> None:
    gold = [("p", 0, 10), ("q", 5, 15)]
    assert span_recall([("p", 0, 5), ("p", 3, 10)], gold) == 0.5
    assert span_recall([("p", 0, 99), ("q", 0, 99)], gold) == 1.0
    assert span_iou([("p", 0, 20)], gold) == pytest.approx(10 / 30)
    for metric in (span_recall, span_iou):
        with pytest.raises(ValueError, match="undefined"):
            metric([("p", 0, 1)], [])


SPANS = st.lists(st.tuples(st.sampled_from("pq"), st.integers(0, 12), st.integers(0, 12)), max_size=6)


@given(found=SPANS, gold=SPANS)
def test_spans_cover_what_their_characters_do(
    found: list[tuple[str, int, int]], gold: list[tuple[str, int, int]]
) -> None:
    got, wanted = ({(page, at) for page, start, end in spans for at in range(start, end)} for spans in (found, gold))
    if wanted:
        assert span_recall(found, gold) == len(wanted & got) / len(wanted)
        assert span_iou(found, gold) == len(wanted & got) / len(wanted | got)
