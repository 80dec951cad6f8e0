from collections.abc import Sequence
from pathlib import Path

import numpy as np
from fontes.crawler import Page, text_hash
from fontes.evals.datasets import Asked, RetrievalSet
from fontes.evals.first_stage import first_stage
from fontes.retrievers.embedders import Vectors32
from fontes.retrievers.split import split


class CountingEmbedder:
    """Vectors of letter counts; remembers how many passages it was asked for."""

    name = "letters"
    dimensions = 26

    def __init__(self) -> None:
        self.embedded = 0

    async def embed_passages(self, texts: Sequence[str]) -> Vectors32:
        self.embedded += len(texts)
        return np.stack([self._letters(text) for text in texts])

    async def embed_query(self, text: str) -> Vectors32:
        return self._letters(text)

    def _letters(self, text: str) -> Vectors32:
        row = np.array([1e-6 + text.lower().count(chr(97 + n)) for n in range(26)], dtype=np.float32)
        return row / np.float32(np.linalg.norm(row))


def _set() -> RetrievalSet:
    pages = tuple(
        Page(text=text, hash=text_hash(text))
        for text in ("Tides rise twice a day.", "Bread needs yeast.", "Zebras graze.")
    )
    span = (pages[1].hash, 0, 18)
    return RetrievalSet(
        name="tiny",
        pages=pages,
        asked=(Asked(id="1", text="yeast bread", pages=frozenset([pages[1].hash]), spans=((span,),)),),
    )


async def test_both_searches_rank_the_right_page_first() -> None:
    stage = await first_stage(_set(), split, CountingEmbedder())
    (found,) = stage.found
    assert stage.pages([id_ for id_, _ in found.lexical]) == [*found.asked.pages]
    assert stage.pages([id_ for id_, _ in found.dense])[:1] == [*found.asked.pages]
    assert stage.relevant_passages(found.asked) == {found.lexical[0][0]}


async def test_the_dense_list_reaches_all_lexical_finds_beyond_its_depth() -> None:
    stage = await first_stage(_set(), split, CountingEmbedder(), depth=1)
    (found,) = stage.found
    assert {id_ for id_, _ in found.lexical} <= {id_ for id_, _ in found.dense}


async def test_cached_vectors_are_not_made_again(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    first = await first_stage(_set(), split, embedder, cache=tmp_path)
    again = await first_stage(_set(), split, embedder, cache=tmp_path)
    assert embedder.embedded == 3
    assert first.found == again.found


async def test_without_an_embedder_there_is_no_dense_list() -> None:
    stage = await first_stage(_set(), split, None)
    assert stage.found[0].dense == []
