"""Fuse what was found by words, by meaning and by the cross-encoder into one order.

Why this way and with these weights: docs/adr/0004-fusion.md; figures: benchmarks/fusion.py.
"""

from collections.abc import Sequence

DENSE_WEIGHT = 0.55
"""The share of the cosine in a fused score; the rest is BM25's."""


def fuse(lexical: Sequence[tuple[int, float]], dense: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """One order of (passage id, fused score in [0, 1]), best first, from BM25 scores and cosines.

    A convex combination of the two scores of a passage (Bruch, Gai and Ingber 2023): BM25 as a share of the best one,
    the cosine as its place between the least and the greatest seen. Either list may be empty. A passage that `lexical`
    does not hold has no share of it; one without a cosine counts as the least similar, so `dense` may cover only some
    of the lexical finds. Best is when it covers them all, however far down. Equal scores are ordered by id, so the
    result does not depend on the machine.
    """
    words, meaning = dict(lexical), dict(dense)
    best = max(words.values(), default=1.0)
    least, most = min(meaning.values(), default=0.0), max(meaning.values(), default=0.0)
    spread = most - least or 1.0  # all alike: none of them gains
    scores = {
        id_: (1 - DENSE_WEIGHT) * words.get(id_, 0.0) / best + DENSE_WEIGHT * (meaning.get(id_, least) - least) / spread
        for id_ in words | meaning
    }
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def blend(first_stage: Sequence[int], rerank_scores: Sequence[float]) -> list[int]:
    """The ids of `first_stage` in their final order, given the cross-encoder's scores of the first few of them.

    `rerank_scores[i]` belongs to `first_stage[i]`; ids beyond the scored ones keep their places behind them. Among the
    scored, the place in the first stage (evenly spaced from 1 to 0) and the cross-encoder's score (scaled to the same
    range) count the same. The cross-encoder alone is worse than the first stage on three of five sets.
    """
    if not rerank_scores:
        return list(first_stage)
    last = max(len(rerank_scores) - 1, 1)
    least = min(rerank_scores)
    spread = max(rerank_scores) - least or 1.0
    agreed = [1 - place / last + (score - least) / spread for place, score in enumerate(rerank_scores)]
    order = sorted(range(len(agreed)), key=lambda place: (-agreed[place], place))
    return [first_stage[place] for place in order] + list(first_stage[len(rerank_scores) :])
