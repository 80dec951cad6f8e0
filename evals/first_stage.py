"""What the lexical and the dense search find for each question of a set: the raw material of every comparison."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..crawler import Page
from ..retrievers import Passage
from ..retrievers.embedders import Embedder, Vectors32
from ..retrievers.lexical import Lexical
from .datasets import Asked, RetrievalSet

Scored = list[tuple[int, float]]
"""(passage id, score), best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One question with what both searches found for it.

    `dense` holds the cosines of the nearest passages and, behind them, of all others that `lexical` holds.
    """

    asked: Asked
    lexical: Scored
    dense: Scored


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStage:
    """A searched set: its passages by id, and a `Found` for each question."""

    name: str
    passages: dict[int, Passage]
    found: tuple[Found, ...]

    def pages(self, ids: Sequence[int]) -> list[str]:
        """The page hashes of a ranking of passages: each page at the place of its best passage."""
        return list(dict.fromkeys(self.passages[id_].page_hash for id_ in ids))

    def relevant_passages(self, asked: Asked) -> frozenset[int]:
        """The passages that hold at least half of one of the gold spans."""
        gold = {span for group in asked.spans for span in group}
        return frozenset(
            id_
            for id_, passage in self.passages.items()
            if any(
                page == passage.page_hash and 2 * (min(end, passage.end) - max(start, passage.start)) >= end - start
                for page, start, end in gold
            )
        )


async def first_stage(
    searched: RetrievalSet,
    split: Callable[[Page], Sequence[Passage]],
    embedder: Embedder | None,
    *,
    depth: int = 100,
    embedded: Callable[[Passage], str] = lambda passage: passage.text,
    cache: Path | None = None,
) -> FirstStage:
    """Split, index and search a set; `dense` lists are empty without an embedder.

    `embedded` makes the text to embed of a passage. Vectors are kept in folder `cache` by the hash of their text, as
    embedding 1,000 passages takes half a minute on two cores.
    """
    passages = [passage for page in searched.pages for passage in split(page)]
    lexical = Lexical.open(None)
    lexical.apply(passages, (), store_id="eval", generation=1)
    found = [lexical.search(asked.text, limit=depth) for asked in searched.asked]
    dense: list[Scored] = [[] for _ in searched.asked]
    if embedder:
        rows = await _cached(embedder, [embedded(p) for p in passages], cache)
        queries = [await embedder.embed_query(asked.text) for asked in searched.asked]
        dense = [
            _nearest(passages, rows @ query, depth, {id_ for id_, _ in words})
            for query, words in zip(queries, found, strict=True)
        ]
    return FirstStage(
        name=searched.name,
        passages={passage.id: passage for passage in passages},
        found=tuple(
            Found(asked=asked, lexical=words, dense=near)
            for asked, words, near in zip(searched.asked, found, dense, strict=True)
        ),
    )


def _nearest(passages: Sequence[Passage], scores: Vectors32, depth: int, also: Set[int]) -> Scored:
    order = np.argsort(-scores, kind="stable")
    near = {passages[i].id: float(scores[i]) for i in order[:depth]}
    return list(near.items()) + [(passages[i].id, float(scores[i])) for i in order[depth:] if passages[i].id in also]


async def _cached(embedder: Embedder, texts: Sequence[str], cache: Path | None) -> Vectors32:
    if cache is None:
        return await embedder.embed_passages(texts)
    path = cache / (hashlib.sha256(embedder.name.encode()).hexdigest()[:12] + ".npz")
    known = await asyncio.to_thread(_read_vectors, path)
    keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        known.update(zip(missing, await embedder.embed_passages(list(missing.values())), strict=True))
        await asyncio.to_thread(_write_vectors, path, known)
    return np.stack([known[key] for key in keys])


def _read_vectors(path: Path) -> dict[str, Vectors32]:
    if not path.exists():
        return {}
    with np.load(path) as kept:
        return dict(zip(kept["keys"].tolist(), kept["rows"], strict=True))


def _write_vectors(path: Path, vectors: dict[str, Vectors32]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, keys=np.array(list(vectors)), rows=np.stack(list(vectors.values())))
