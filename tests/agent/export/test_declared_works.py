"""What a page declares of its work (DOI, journal) is in the bibliography; searches are counted one by one."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
import rispy
from fontes.agent.answer import Answer, Ledger
from fontes.agent.export import exported
from fontes.agent.kept_answers import from_json
from fontes.agent.state import Searched
from fontes.agent.wire import to_json

AnswerOf = Callable[..., Answer]
PAPER = "/home/ada/papers/otters.html"


@pytest.fixture
def paper(answer_of: AnswerOf) -> Answer:
    return answer_of(PAPER, author="Mira Talvik", doi="10.5555/otter_1", journal="Island & Shore")


def test_a_paper_is_an_article_with_its_doi_in_bibtex(paper: Answer) -> None:
    entry = exported([paper], "bibtex")
    assert entry.startswith("@article{talvik")
    assert "  doi = {10.5555/otter\\_1}," in entry
    assert "  journal = {Island \\& Shore}," in entry
    assert "howpublished" not in entry


def test_a_paper_is_an_article_with_its_doi_in_ris_and_csl(paper: Answer) -> None:
    [record] = rispy.loads(exported([paper], "ris"))
    assert (record["type_of_reference"], record["doi"]) == ("JOUR", "10.5555/otter_1")
    assert record["secondary_title"] == "Island & Shore"
    [item] = json.loads(exported([paper], "csl"))
    assert (item["type"], item["DOI"], item["container-title"]) == (
        "article-journal", "10.5555/otter_1", "Island & Shore",
    )  # fmt: skip


def test_what_declares_no_journal_stays_what_it_was(answer_of: AnswerOf) -> None:
    page = answer_of("https://a.test/x", doi="10.5555/data.2")
    assert exported([page], "bibtex").startswith("@misc{")
    assert "  doi = {10.5555/data.2}," in exported([page], "bibtex")
    assert json.loads(exported([page], "csl"))[0]["type"] == "webpage"


def test_a_kept_answer_keeps_both(paper: Answer) -> None:
    assert from_json(to_json(paper)).seen[0] == paper.seen[0]


def test_the_page_counts_searches_and_not_the_places_searched(answer_of: AnswerOf) -> None:
    twice = Ledger(searched=tuple(Searched(provider="index", query=query, hits=1) for query in ("a", "b")))
    assert "Searched 2, read 0" in exported([replace(answer_of(PAPER), ledger=twice)], "html")
