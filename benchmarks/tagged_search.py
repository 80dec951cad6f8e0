"""How much slower a question is when it is restricted to a tag, by how many passages the tag allows.

    python benchmarks/tagged_search.py --passages 100000

The index holds random words of a Zipf distribution (30,000 of them) and random unit vectors of 384 dimensions, ten
passages a page; a query is five words. Printed for each share: the median of 40 queries, in milliseconds of wall and of
processor time, and the first query with the tag, which reads the tag's passages from the store.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from fontes.crawler import Block, Page, Sighting, text_hash
from fontes.retrievers import Index
from fontes.retrievers.embedders import Vectors32

_WORDS = [f"w{number}" for number in range(30_000)]
_WEIGHTS = [1 / (place + 1) for place in range(len(_WORDS))]
_SHARES = (0.0001, 0.001, 0.01, 0.04, 0.06, 0.5, 1.0)


class Drawn:
    """An embedder that draws vectors at random: what they mean is not measured here."""

    name, dimensions = "benchmark/drawn", 384

    def __init__(self) -> None:
        self._chance = np.random.default_rng(5)

    async def embed_query(self, text: str) -> Vectors32:
        return (await self.embed_passages([text]))[0]

    async def embed_passages(self, texts: Sequence[str]) -> Vectors32:
        rows = self._chance.standard_normal((len(texts), self.dimensions), dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _pages(passages: int) -> Iterator[Page]:
    chance = random.Random(3)
    for number in range(passages // 10):
        blocks: list[Block] = []
        text = ""
        for _ in range(10):
            start = len(text)
            text += " ".join(chance.choices(_WORDS, _WEIGHTS, k=130)) + "."
            blocks.append(Block(start=start, end=len(text), kind="paragraph"))
            text += "\n\n"
        text = text.rstrip()
        seen = Sighting(source=f"{number:06}.txt", fetched="2026-01-01T00:00:00Z", title="", size=len(text))
        yield Page(text=text, hash=text_hash(text), title="", blocks=tuple(blocks), language="en", extractor="none",
                   sightings=(seen,))  # fmt: skip


async def _timed(index: Index, tags: Sequence[str], count: int) -> tuple[float, float, float]:
    chance = random.Random(7)
    wall: list[float] = []
    processor: list[float] = []
    for _ in range(count + 1):
        query = " ".join(chance.choices(_WORDS[5:8000], k=5))
        began, used = time.perf_counter(), time.process_time()
        await index.search(query, tags=tags)
        wall.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - used) * 1000)
    return wall[0], statistics.median(wall[1:]), statistics.median(processor[1:])


async def _measure(folder: Path, passages: int) -> None:
    async with Index.open(folder, embedder=Drawn(), reranker=None) as index:
        if not await index.store.page_count():
            await index.add(_pages(passages))
        sources = sorted(await index.store.source_names())
        total, embedded = await index.dense.counts() if index.dense else (0, 0)
        sys.stdout.write(f"{len(sources):,} pages, {total:,} passages, {embedded:,} vectors\n")
        await _timed(index, (), 3)
        sys.stdout.write(f"{'allowed':>9} {'first':>8} {'p50':>8} {'p50 cpu':>8}\n")
        for share in (0.0, *_SHARES):
            tags = (f"share-{share}",) if share else ()
            if tags:
                chosen = random.Random(11).sample(sources, max(1, int(len(sources) * share)))
                await index.store.tag(chosen, tags)
            _, ids = await index.store.tagged_passages(tags) if tags else (0, None)
            first, p50, used = await _timed(index, tags, 40)
            sys.stdout.write(f"{'all' if ids is None else f'{len(ids):,}':>9} {first:8.1f} {p50:8.1f} {used:8.1f}\n")
            sys.stdout.flush()


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="keep the index here and use it again")
    given = parser.parse_args()
    sys.stdout.write(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores\n")
    if given.folder:
        asyncio.run(_measure(given.folder, given.passages))
        return
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder), given.passages))


if __name__ == "__main__":
    main()
