"""A tag in a large index is searched as if its sources stood alone: by words, by meaning, and by both."""

import random
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from fontes.crawler import Page, extract
from fontes.retrievers import BadTag, Embedder, Index, Vectors
from fontes.retrievers.allowed import FEW
from fontes.retrievers.embedders import Vectors32
from fontes.retrievers.vectors.exact import Exact

WORDS = [f"{start}{middle}{end}" for start in "bdfgklmnprst" for middle in "aeiou" for end in ("ron", "lim", "tas")]
RARE = 12


class OfWords:
    """An embedder that needs no model: a sum of fixed random directions, one for each word."""

    name, dimensions = "test/words", 32

    async def embed_query(self, text: str) -> Vectors32:
        return self._row(text)

    async def embed_passages(self, texts: Sequence[str]) -> Vectors32:
        return np.stack([self._row(text) for text in texts]) if texts else np.zeros((0, 32), np.float32)

    def _row(self, text: str) -> Vectors32:
        seeds = [sum(word.encode()) * 7919 + len(word) for word in text.lower().split()] or [1]
        row = np.sum([np.random.default_rng(seed).standard_normal(32) for seed in seeds], axis=0)
        unit: Vectors32 = (row / np.linalg.norm(row)).astype(np.float32)
        return unit


class Plug(Exact):
    """As one of somebody else's: it takes no ids to look among."""

    async def query(self, vector: Vectors32, *, limit: int) -> tuple[tuple[int, float], ...]:  # type: ignore[override]
        return await super().query(vector, limit=limit)


def pages(count: int, *, seed: int, prefix: str) -> list[Page]:
    chance = random.Random(seed)
    return [
        extract(
            (" ".join(chance.choices(WORDS, k=40)) + ".").encode(), url=f"{prefix}{n}.txt", content_type="text/plain"
        )
        for n in range(count)
    ]


def names(some: Sequence[Page]) -> list[str]:
    return [page.sightings[0].source for page in some]


QUESTIONS = [" ".join(random.Random(n).choices(WORDS, k=4)) for n in range(8)]


@pytest.fixture(params=["file", "plug", "words"])
async def large(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Index]:
    """600 sources; twelve of them, of other words than most, are tagged `rare`, and two thirds `common`."""
    plug: Vectors | None = Plug() if request.param == "plug" else None
    embedder: Embedder | None = None if request.param == "words" else OfWords()
    async with Index.open(tmp_path / "large", embedder=embedder, reranker=None, vectors=plug) as index:
        many, rare = pages(600, seed=1, prefix="m"), pages(RARE, seed=2, prefix="r")
        await index.add([*many, *rare])
        await index.store.tag(names(rare), ["rare"])
        await index.store.tag(names(many[:400]), ["common"])
        yield index


async def alone(tmp_path: Path, some: Sequence[Page], like: Index) -> Index:
    embedder = like.dense.embedder if like.dense else None
    index = await Index.open(tmp_path / "alone", embedder=embedder, reranker=None).__aenter__()
    await index.add(some)
    return index


async def test_a_rare_tag_finds_what_its_sources_alone_would(large: Index, tmp_path: Path) -> None:
    small = await alone(tmp_path, pages(RARE, seed=2, prefix="r"), large)
    for question in QUESTIONS:
        among = await large.search(question, k=RARE, tags=("rare",))
        by_themselves = await small.search(question, k=RARE)
        assert {each.source for each in among} == {each.source for each in by_themselves}
        cosines = {each.source: each.stage("dense") for each in among}
        assert cosines == pytest.approx({each.source: each.stage("dense") for each in by_themselves}, abs=1e-5)
    await small.__aexit__(None, None, None)


@pytest.mark.parametrize("few", [0, FEW])
async def test_a_tag_of_many_sources_finds_the_best_of_them(
    large: Index, tmp_path: Path, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deepened until enough (`few` 0) or filtered within: both find what comes first of those allowed."""
    monkeypatch.setattr("fontes.retrievers.lexical.FEW", few)
    monkeypatch.setattr("fontes.retrievers.dense.FEW", few)
    for tag, count in (("common", 400), ("rare", RARE)):
        allowed = await large.store.tagged_sources([tag])
        for question in QUESTIONS[:4]:
            found = await large.search(question, k=10, tags=(tag,))
            assert {each.source for each in found} <= allowed
            assert len(found) == 10 or large.dense is None  # words may stand in fewer
            lexical, ids = large._lexical, await large._tagged.passages([tag])
            assert lexical is not None
            everything = lexical.search(question, limit=5000)
            best = [pair for pair in everything if pair[0] in set(ids.tolist())]
            among = lexical.search(question, limit=100, among=ids)
            assert [score for _, score in among] == pytest.approx([score for _, score in best[:100]])
            assert len(ids) == count


async def test_any_of_several_tags_is_enough_and_case_does_not_matter(large: Index) -> None:
    for tags, most in ((("RARE",), RARE), (("rare", "Common"), RARE + 400)):
        found = await large.search(QUESTIONS[0], k=2000, tags=tags)
        assert 0 < len(found) <= most
    with pytest.raises(BadTag, match="a space"):
        await large.search("x", tags=("two words",))


async def test_a_tag_that_nothing_carries_finds_nothing(large: Index) -> None:
    assert await large.search(QUESTIONS[0], tags=("unheard",)) == ()


async def test_what_is_tagged_or_untagged_or_replaced_counts_at_once(large: Index) -> None:
    question = QUESTIONS[0]
    before = await large.search(question, k=50, tags=("rare",))
    await large.store.untag([before[0].source], ["rare"])
    assert before[0].source not in {each.source for each in await large.search(question, k=50, tags=("rare",))}
    await large.store.tag(["m7.txt"], ["rare"])
    assert "m7.txt" in {each.source for each in await large.search(question, k=50, tags=("rare",))}
    await large.add([extract(b"Nothing of the kind.", url="m7.txt", content_type="text/plain")])
    found = await large.search("nothing of the kind", k=50, tags=("rare",))
    assert found[0].source == "m7.txt"
    await large.remove(["m7.txt"])
    assert "m7.txt" not in {each.source for each in await large.search(question, k=50, tags=("rare",))}


async def test_a_page_that_several_sources_hold_is_shown_at_the_one_with_the_tag(tmp_path: Path) -> None:
    async with Index.open(tmp_path, embedder=None, reranker=None) as index:
        text = b"The granite tower was finished in 1871."
        for name in ("a.txt", "b.txt", "c.txt"):
            await index.add([extract(text, url=name, content_type="text/plain")])
        await index.store.tag(["b.txt"], ["towers"])
        (found,) = await index.search("granite tower", tags=("towers",))
        assert found.source == "b.txt"
        (again,) = await index.evidence([(found.passage.id, 1.0, ())], tags=("towers",))
        assert again.source == "b.txt"
        (phrase,) = await index.search("granite tower", tags=("towers",), phrases=("granite tower",))
        assert phrase.source == "b.txt"
