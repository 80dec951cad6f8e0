"""How to fuse BM25, embeddings and the cross-encoder: methods and weights over all development sets.

    python benchmarks/fusion.py ../shared/data --cache /tmp/fontes-vectors [--rerank]

Prints, for each set, hit@1, hit@10, MRR and nDCG@10 of the methods, and which setting is picked when one set is left
out. WiCE, ClapNQ and SciFact are scored by page (a page stands where its best passage stands), WiCE again and
chroma_spans by the passages that hold at least half of a gold span. `--rerank` adds the cross-encoder over the first
eight (5 minutes on two cores).
"""

import argparse
import asyncio
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from fontes.evals.datasets import read_all
from fontes.evals.first_stage import FirstStage, Found, Scored, first_stage
from fontes.evals.metrics.hit import hit
from fontes.evals.metrics.mrr import reciprocal_rank
from fontes.evals.metrics.ndcg import ndcg
from fontes.retrievers import Passage, fusion
from fontes.retrievers.embedders.bge import BgeSmall
from fontes.retrievers.rerankers.minilm import MiniLM
from fontes.retrievers.split import split

Fuse = Callable[[Scored, Scored], list[int]]
Row = tuple[float, float, float, float]
RERANKED = 8


@dataclass(frozen=True)
class Case:
    """One question of one set: what was found, the right answers, and the set to read a ranking with."""

    found: Found
    relevant: frozenset[str] | frozenset[int]
    stage: FirstStage
    by_passage: bool

    def score(self, ids: Sequence[int]) -> Row:
        """Hit@1, hit@10, reciprocal rank, nDCG@10."""
        ranked: Sequence[str] | Sequence[int] = ids if self.by_passage else self.stage.pages(ids)
        return (
            hit(ranked, self.relevant, 1),
            hit(ranked, self.relevant, 10),
            reciprocal_rank(ranked, self.relevant),
            ndcg(ranked, self.relevant, 10),
        )


def weighted_rrf(k: float, weight: float, depth: int = 100) -> Fuse:
    """Reciprocal rank fusion of the first `depth` of each, the dense order counting `weight`."""

    def order(lexical: Scored, dense: Scored) -> list[int]:
        scores: dict[int, float] = {}
        for found, share in ((lexical, 1.0), (dense, weight)):
            for rank, (id_, _) in enumerate(found[:depth], 1):
                scores[id_] = scores.get(id_, 0.0) + share / (k + rank)
        return _ranked(scores)

    return order


def convex(alpha: float, floor: float | None, depth: int = 10_000) -> Fuse:
    """alpha · cosine + (1 - alpha) · BM25 after min-max over the first `depth` of each; BM25's minimum is 0.

    The cosine's is `floor`; None is the least seen, -1 makes it TM2C2 (Bruch, Gai and Ingber 2023).
    """

    def order(lexical: Scored, dense: Scored) -> list[int]:
        words, meaning = dict(lexical), dict(dense)
        ids = {id_ for id_, _ in (*lexical[:depth], *dense[:depth])}
        cosines = [meaning[id_] for id_ in ids if id_ in meaning]
        low, high = min(cosines, default=0.0) if floor is None else floor, max(cosines, default=1.0)
        best, spread = max(words.values(), default=1.0), (high - low) or 1.0
        return _ranked(
            {i: alpha * (meaning.get(i, low) - low) / spread + (1 - alpha) * words.get(i, 0.0) / best for i in ids}
        )

    return order


def _ranked(scores: dict[int, float]) -> list[int]:
    return sorted(scores, key=lambda id_: (-scores[id_], id_))


def shipped(lexical: Scored, dense: Scored) -> list[int]:
    """What `fontes` does."""
    return [id_ for id_, _ in fusion.fuse(lexical, dense)]


def shipped_within_lexical(lexical: Scored, dense: Scored) -> list[int]:
    """The same when only the lexical finds have vectors, as for web pages."""
    words = dict(lexical)
    return shipped(lexical, [(id_, cosine) for id_, cosine in dense if id_ in words])


def shipped_with_eight(lexical: Scored, dense: Scored) -> list[int]:
    """The same when only the first eight lexical finds have vectors."""
    words = dict(lexical[:8])
    return shipped(lexical, [(id_, cosine) for id_, cosine in dense if id_ in words])


def cases_of(stage: FirstStage, by_passage: bool) -> list[Case]:
    """The questions of a set that have a right answer."""
    if by_passage:
        passages = [stage.relevant_passages(found.asked) for found in stage.found]
        return [Case(f, right, stage, True) for f, right in zip(stage.found, passages, strict=True) if right]
    return [Case(found, found.asked.pages, stage, False) for found in stage.found]


def with_context(passage: Passage) -> str:
    """What the index embeds and reranks of a passage."""
    return f"{passage.context}\n{passage.text}" if passage.context else passage.text


async def gather(data: Path, cache: Path | None) -> dict[str, list[Case]]:
    """Every set with what was found for it; WiCE twice, by page and by supporting passage."""
    sets: dict[str, list[Case]] = {}
    for searched in read_all(data):
        stage = await first_stage(searched, split, BgeSmall(), embedded=with_context, cache=cache)
        if searched.name != "chroma_spans":
            sets[searched.name] = cases_of(stage, by_passage=False)
        if searched.name in ("wice", "chroma_spans"):
            sets[searched.name.removesuffix("_spans") + " spans"] = cases_of(stage, by_passage=True)
    return sets


def mean_rows(rows: Iterable[Row]) -> Row:
    """The mean of each column."""
    first, tenth, rank, gain = zip(*rows, strict=True)
    return fmean(first), fmean(tenth), fmean(rank), fmean(gain)


def row_of(cases: Sequence[Case], fuse: Fuse) -> Row:
    """The means over a set."""
    return mean_rows(case.score(fuse(case.found.lexical, case.found.dense)) for case in cases)


def competitors() -> dict[str, Fuse]:
    """All settings that compete."""
    grid: dict[str, Fuse] = {}
    for k, weight in itertools.product((5, 10, 20, 60), (0.25, 0.5, 0.75, 1.0, 1.5)):
        grid[f"rrf k={k} w={weight}"] = weighted_rrf(k, weight)
    for depth, alpha in itertools.product(
        (20, 50, 10_000), (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9, 0.95)
    ):
        grid[f"tm2c2 a={alpha} d={depth}"] = convex(alpha, -1.0, depth)
        grid[f"convex a={alpha} d={depth}"] = convex(alpha, None, depth)
    return grid


def choose(quality: dict[str, dict[str, float]], sets: Iterable[str], kind: str) -> str:
    """The setting of a kind with the best mean over `sets` of (MRR + nDCG@10) / 2."""
    rows = [quality[name] for name in sets]
    return max((m for m in rows[0] if m.startswith(kind)), key=lambda method: fmean(row[method] for row in rows))


def print_first_stage(sets: dict[str, list[Case]]) -> None:
    """Leave one set out, then the table."""
    grid = competitors()
    quality = {name: {m: fmean(row_of(cases, fuse)[2:]) for m, fuse in grid.items()} for name, cases in sets.items()}
    print("chosen without a set, and what it does there (MRR + nDCG@10) / 2:")
    for left_out in sets:
        rest = [name for name in sets if name != left_out]
        picks = [choose(quality, rest, kind) for kind in ("rrf", "tm2c2", "convex")]
        print(f"  {left_out:13s}" + "; ".join(f"{pick} {quality[left_out][pick]:.3f}" for pick in picks))
    shown: dict[str, Fuse] = {
        "BM25": lambda lexical, dense: [id_ for id_, _ in lexical],
        "dense": lambda lexical, dense: [id_ for id_, _ in dense],
        "plain RRF (k=60)": weighted_rrf(60, 1.0),
        **{pick: grid[pick] for kind in ("rrf", "tm2c2", "convex") for pick in [choose(quality, sets, kind)]},
        "shipped": shipped,
        "shipped, lexical only": shipped_within_lexical,
        "shipped, eight vectors": shipped_with_eight,
    }
    for name, cases in sets.items():
        print(f"{name} ({len(cases)})".ljust(28) + " hit@1 hit@10    MRR nDCG@10")
        for method, fuse in shown.items():
            print(f"  {method:26s}" + " ".join(f"{score:6.3f}" for score in row_of(cases, fuse)))


def blended(k: float, weight: float) -> Callable[[Sequence[int], Sequence[float]], list[int]]:
    """The first stage's order and the cross-encoder's, fused by reciprocal rank; the cross-encoder counts `weight`."""

    def order(ids: Sequence[int], scores: Sequence[float]) -> list[int]:
        places = {i: rank for rank, i in enumerate(sorted(range(len(scores)), key=lambda i: -scores[i]), 1)}
        head = sorted(places, key=lambda i: (-(1 / (k + i + 1) + weight / (k + places[i])), i))
        return [ids[i] for i in head] + list(ids[len(scores) :])

    return order


def by_place_and_score(weight: float) -> Callable[[Sequence[int], Sequence[float]], list[int]]:
    """The place in the first stage, from 1 to 0, and the cross-encoder's score after min-max, which counts `weight`."""

    def order(ids: Sequence[int], scores: Sequence[float]) -> list[int]:
        last, low = max(len(scores) - 1, 1), min(scores, default=0.0)
        spread = (max(scores, default=0.0) - low) or 1.0
        total = [(1 - weight) * (1 - i / last) + weight * (score - low) / spread for i, score in enumerate(scores)]
        head = sorted(range(len(total)), key=lambda i: (-total[i], i))
        return [ids[i] for i in head] + list(ids[len(scores) :])

    return order


async def print_reranked(sets: dict[str, list[Case]]) -> None:
    """The cross-encoder over the first eight, alone and blended with the first stage."""
    reranker = MiniLM()
    shown: dict[str, Callable[[Sequence[int], Sequence[float]], list[int]]] = {
        "first stage": lambda ids, scores: list(ids),
        "cross-encoder alone": blended(60, 1e6),
        **{f"rrf k={k} w={w}": blended(k, w) for k, w in ((1, 1.0), (5, 0.75), (60, 1.0))},
        **{f"place and score w={w}": by_place_and_score(w) for w in (0.3, 0.4, 0.5, 0.6, 0.7)},
        "shipped": fusion.blend,
    }
    for name, cases in sets.items():
        rankings = []
        for case in cases:
            ids = shipped(case.found.lexical, case.found.dense)
            texts = [with_context(case.stage.passages[id_]) for id_ in ids[:RERANKED]]
            rankings.append((case, ids, await reranker.score(case.found.asked.text, texts)))
        print(f"{name} ({len(cases)})".ljust(28) + " hit@1 hit@10    MRR nDCG@10")
        for method, order in shown.items():
            row = mean_rows(case.score(order(ids, scores)) for case, ids, scores in rankings)
            print(f"  {method:26s}" + " ".join(f"{score:6.3f}" for score in row), flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--cache", type=Path, default=None)
    parser.add_argument("--rerank", action="store_true")
    arguments = parser.parse_args()
    sets = asyncio.run(gather(arguments.data, arguments.cache))
    print_first_stage(sets)
    if arguments.rerank:
        asyncio.run(print_reranked(sets))


if __name__ == "__main__":
    main()
