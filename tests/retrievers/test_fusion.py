from pathlib import Path
from statistics import fmean

import pytest
from fontes.evals.datasets import read_chroma_spans
from fontes.evals.first_stage import first_stage
from fontes.evals.metrics.mrr import reciprocal_rank
from fontes.retrievers.embedders.bge import BgeSmall
from fontes.retrievers.fusion import blend, fuse
from fontes.retrievers.split import split
from hypothesis import given
from hypothesis import strategies as st

_FOUND = st.lists(st.integers(0, 30), unique=True, max_size=20).flatmap(
    lambda ids: st.lists(st.floats(0.01, 30), min_size=len(ids), max_size=len(ids)).map(
        lambda scores: list(zip(ids, sorted(scores, reverse=True), strict=True))
    )
)


def ids(found: list[tuple[int, float]]) -> list[int]:
    return [id_ for id_, _ in found]


@given(lexical=_FOUND, dense=_FOUND)
def test_everything_found_is_there_once_best_first(
    lexical: list[tuple[int, float]], dense: list[tuple[int, float]]
) -> None:
    fused = fuse(lexical, dense)
    assert sorted(ids(fused)) == sorted(set(ids(lexical)) | set(ids(dense)))
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)
    assert all(0 <= score <= 1 + 1e-9 for _, score in fused)
    assert fuse(lexical, dense) == fused


@given(found=_FOUND)
def test_one_list_alone_keeps_its_order(found: list[tuple[int, float]]) -> None:
    strict = [(id_, float(len(found) - place)) for place, (id_, _) in enumerate(found)]
    assert ids(fuse(strict, [])) == ids(strict)
    assert ids(fuse([], strict)) == ids(strict)


def test_what_both_find_comes_before_what_one_finds() -> None:
    assert ids(fuse([(1, 9.0), (2, 8.0)], [(3, 0.9), (2, 0.89), (4, 0.6)]))[0] == 2


def test_the_scale_of_the_cosines_does_not_matter() -> None:
    lexical = [(1, 9.0), (2, 8.0), (3, 4.0), (4, 1.0)]
    near = [(3, 0.9), (2, 0.8), (4, 0.6), (1, 0.5)]
    narrow = [(id_, 0.8 + cosine / 10) for id_, cosine in near]
    assert ids(fuse(lexical, near)) == ids(fuse(lexical, narrow))


def test_alike_cosines_leave_the_lexical_order() -> None:
    assert ids(fuse([(5, 9.0), (2, 8.0)], [(2, 0.7), (5, 0.7)])) == [5, 2]


def test_vectors_for_the_first_candidates_only_reorder_those() -> None:
    lexical = [(id_, 10.0 - id_) for id_ in range(1, 9)]
    fused = ids(fuse(lexical, [(3, 0.9), (1, 0.8), (2, 0.7)]))
    assert fused[0] in (1, 3)
    assert [id_ for id_ in fused if id_ > 3] == [4, 5, 6, 7, 8]


@given(
    first=st.lists(st.integers(), unique=True, max_size=12),
    scores=st.lists(st.floats(-12, 12), max_size=12),
)
def test_blending_loses_nothing_and_leaves_what_was_not_scored_in_place(first: list[int], scores: list[float]) -> None:
    scores = scores[: len(first)]
    order = blend(first, scores)
    assert sorted(order) == sorted(first)
    assert order[len(scores) :] == first[len(scores) :]


def test_without_scores_the_order_stands() -> None:
    assert blend([3, 1, 2], []) == [3, 1, 2]


def test_agreement_keeps_the_first_place_and_the_cross_encoder_can_lift_the_last() -> None:
    assert blend([1, 2, 3], [9.0, 1.0, -3.0]) == [1, 2, 3]
    order = blend(list(range(1, 9)), [-9.0, -9.1, -9.2, -9.3, -9.4, -9.5, -9.6, 9.0])
    assert order.index(8) < 7


@pytest.mark.slow
async def test_fused_is_better_than_either_alone(shared_data: Path) -> None:
    stage = await first_stage(read_chroma_spans(shared_data), split, BgeSmall())
    found = [(f, relevant) for f in stage.found if (relevant := stage.relevant_passages(f.asked))]

    def mrr(rankings: list[list[tuple[int, float]]]) -> float:
        return fmean(reciprocal_rank(ids(r), relevant) for r, (_, relevant) in zip(rankings, found, strict=True))

    fused = mrr([fuse(f.lexical, f.dense) for f, _ in found])
    assert fused >= 0.85  # measured: .864
    assert fused > mrr([f.lexical for f, _ in found]) + 0.02  # .831
    assert fused > mrr([f.dense for f, _ in found]) + 0.02  # .808
