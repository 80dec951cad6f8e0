"""What is put to the verifier about a sentence and its citations, and what comes of it."""

from collections.abc import Sequence

import pytest
from fontes.agent.state import Verdict
from fontes.agent.verifiers.lexical import Lexical
from fontes.evals.case import Case, Label
from fontes.evals.citation_judging import AROUND, cited_text, judged_labels, judged_support
from fontes.evals.result import Retrieved, SentenceSupport

PAGES = {"one": "A" * 50, "two": "B" * 50, "three": "C" * 50}


class Table:
    """A verifier that knows which sets of texts support everything, and remembers what it was asked."""

    name = "table/1"

    def __init__(self, *supporting: set[str]) -> None:
        self.supporting = supporting
        self.asked: list[set[str]] = []

    async def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
        letters = {text.strip()[:1] for text in evidence}
        self.asked.append(letters)
        label = "supported" if letters in self.supporting else "unsupported"
        return Verdict(label=label, score=0.75, verifier=self.name)


def answer(*cited: str, asserted: bool = True) -> dict[str, object]:
    citations = [
        {"source": f"{page}.txt", "title": "", "page_hash": page, "start": 0, "end": 5, "quote": "AAAAA"}
        for page in cited
    ]
    return {
        "status": "answered",
        "sentences": [{"text": "It is so.", "asserted": asserted, "claims": [0]}],
        "claims": [{"text": "It is so.", "citations": citations}],
    }


async def test_a_sentence_without_citations_is_supported_by_nothing_and_nobody_is_asked() -> None:
    verifier = Table()
    (found,) = await judged_support(answer(), (), PAGES, verifier)
    assert found == SentenceSupport(text="It is so.", cited=(), by_all=False, by_each=(), by_rest=())
    assert verifier.asked == []


async def test_one_citation_takes_one_verdict() -> None:
    verifier = Table({"A"})
    (found,) = await judged_support(answer("one"), (), PAGES, verifier)
    assert (found.by_all, found.by_each, found.cited) == (True, (True,), ("one.txt",))
    assert verifier.asked == [{"A"}]


async def test_the_others_are_asked_only_of_a_citation_that_does_not_support_alone() -> None:
    verifier = Table({"A", "B", "C"}, {"A"}, {"A", "C"})
    (found,) = await judged_support(answer("one", "two", "three"), (), PAGES, verifier)
    assert found.by_all
    assert found.by_each == (True, False, False)
    assert found.by_rest == (True, True, False)
    assert verifier.asked == [{"A", "B", "C"}, {"A"}, {"B"}, {"C"}, {"A", "C"}, {"A", "B"}]


async def test_two_places_of_one_passage_are_one_citation() -> None:
    doubled = answer("one", "one")
    doubled["claims"][0]["citations"][1]["start"] = 1  # type: ignore[index]
    passage = Retrieved(source="one.txt", page_hash="one", start=0, end=40, score=1.0)
    (found,) = await judged_support(doubled, (passage,), PAGES, Table({"A"}))
    assert found.by_each == (True,)


async def test_withheld_sentences_are_not_judged() -> None:
    assert await judged_support(answer("one", asserted=False), (), PAGES, Table()) == ()


def test_the_cited_text_is_the_passage_around_the_quote_under_its_title() -> None:
    text = "".join(str(n % 10) for n in range(2_000))
    citation = {"page_hash": "p", "start": 1_000, "end": 1_010, "quote": text[1_000:1_010], "title": "Digits"}
    passage = Retrieved(source="s", page_hash="p", start=990, end=1_020, score=1.0)
    assert cited_text(citation, (passage,), {"p": text}) == f"Digits\n{text[990:1_020]}"
    around = text[1_000 - AROUND : 1_010 + AROUND]
    assert cited_text(citation, (), {"p": text}) == f"Digits\n{around}"
    assert cited_text(citation | {"title": ""}, (), {}) == text[1_000:1_010]


async def test_the_rest_of_its_passage_can_contradict_a_quote_taken_out_of_it() -> None:
    page = "It is false that the tower was built in 1902."
    quote = "the tower was built in 1902."
    start = page.index(quote)
    made = answer("p")
    made["sentences"][0]["text"] = "The tower was built in 1902."  # type: ignore[index]
    made["claims"][0]["citations"][0] |= {"start": start, "end": len(page), "quote": quote}  # type: ignore[index]
    verifier = Lexical()
    alone = await verifier.check("The tower was built in 1902.", [quote])
    assert alone.label == "supported"
    (found,) = await judged_support(made, (), {"p": page}, verifier)
    assert not found.by_all


async def test_labelled_claims_get_a_score_and_a_verdict_each() -> None:
    labels = (Label(claim="x", texts=("A",), supported=True), Label(claim="y", texts=("B",), supported=False))
    assert await judged_labels(Case(id="c", question="", labels=labels), Table({"A"})) == ((0.75, True), (0.75, False))


@pytest.mark.parametrize("count", [1, 2, 4])
async def test_the_number_of_verdicts_is_bounded_by_the_citations(count: int) -> None:
    pages = {str(n): chr(65 + n) * 50 for n in range(count)}
    verifier = Table({chr(65 + n) for n in range(count)})  # type: ignore[arg-type]
    await judged_support(answer(*pages), (), pages, verifier)
    assert len(verifier.asked) <= 1 + 2 * count
