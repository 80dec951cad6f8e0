"""What the reader is shown of the sources that an answer stands on."""

import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from fontes.agent.cited_sources import cited_sources
from fontes.agent.state import Checked, Citation, Claim, Sentence, Verdict
from fontes.crawler import Page, Sighting, text_hash
from fontes.retrievers import Index

TODAY = date(2026, 3, 15)
PAPER = "https://journal.example/doi/10.1000/x"
SAID = "Sugar wakes mice at night."


def page_of(text: str, source: str, title: str = "Sugar and sleep") -> Page:
    seen = Sighting(
        source=source, fetched="2026-01-01T00:00:00Z", title=title, author="A. Vole", published="2025-03-15"
    )
    return Page(text=text, hash=text_hash(text), title=title, sightings=(seen,))


def checked(*pages: Page, asserted: bool = True) -> Checked:
    citations = tuple(
        Citation(page_hash=page.hash, start=0, end=len(SAID), quote=SAID, source=page.sightings[0].source)
        for page in pages
    )
    claim = Claim(text=SAID, verdict=Verdict(label="supported", score=0.9, verifier="v"), citations=citations)
    return Checked(sentence=Sentence(text=SAID, quotes=()), claims=(claim,), asserted=asserted)


class Crossref:
    """A register that holds one retraction."""

    name = "crossref"

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def work(self, doi: str) -> str | None:
        self.asked.append(doi)
        notice = {"DOI": "10.1000/r", "type": "retraction", "label": "Retraction"}
        return json.dumps({"message": {"DOI": doi, "updated-by": [notice]}})


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[Index]:
    async with Index.open(tmp_path, embedder=None, reranker=None) as index:
        yield index


async def test_each_cited_source_is_shown_with_what_it_says_of_itself(index: Index) -> None:
    paper, news = page_of(f"{SAID} Twice.", PAPER), page_of(f"{SAID} Reports say.", "https://www.bbc.co.uk/news/1")
    await index.add([paper, news])
    seen = await cited_sources([checked(paper, news), checked(paper)], index.store, today=TODAY)
    assert [(each.source, each.author, each.age_days) for each in seen.signals] == [
        (PAPER, "A. Vole", 365),
        ("https://www.bbc.co.uk/news/1", "A. Vole", 365),
    ]
    assert seen.signals[1].kind.kind == "news"
    assert seen.notes == ()


async def test_a_retraction_that_a_register_knows_is_told_to_the_reader(index: Index) -> None:
    paper, register = page_of(f"{SAID} Twice.", PAPER), Crossref()
    await index.add([paper])
    seen = await cited_sources([checked(paper)], index.store, today=TODAY, registers=[register])
    assert register.asked == ["10.1000/x"]
    assert seen.signals[0].notice is not None
    assert seen.notes == (f"{PAPER}: this work was retracted, says Crossref (“Retraction”)",)


async def test_a_retraction_on_the_page_itself_needs_no_register(index: Index) -> None:
    paper = page_of(f"{SAID} Twice.", PAPER, title="RETRACTED: Sugar and sleep")
    await index.add([paper])
    seen = await cited_sources([checked(paper)], index.store, today=TODAY)
    assert seen.notes == (f"{PAPER}: this work was retracted, says its own title (“RETRACTED: Sugar and sleep”)",)


async def test_registers_are_not_asked_about_news_or_what_is_withheld(index: Index) -> None:
    paper, news, register = page_of(f"{SAID} A.", PAPER), page_of(SAID, "https://www.bbc.co.uk/news/1"), Crossref()
    await index.add([paper, news])
    seen = await cited_sources(
        [checked(news), checked(paper, asserted=False)], index.store, today=TODAY, registers=[register]
    )
    assert register.asked == []
    assert [each.source for each in seen.signals] == ["https://www.bbc.co.uk/news/1"]


async def test_an_answer_without_an_assertion_stands_on_nothing(index: Index) -> None:
    assert (await cited_sources([], index.store, today=TODAY, registers=[Crossref()])).signals == ()
