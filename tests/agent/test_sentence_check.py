"""A sentence is asserted only on a quote that stands in the stored text to the letter."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fontes.agent.errors import VerifierError
from fontes.agent.sentence_check import SentenceCheck
from fontes.agent.state import Checked, Quote, Sentence, Verdict
from fontes.agent.verifiers import Verifier
from fontes.agent.verifiers.lexical import Lexical
from fontes.crawler import Page, Sighting, text_hash
from fontes.retrievers import Evidence, Index

TEXT = "Überall rauscht das Meer. 😀 The Orvay tower was built in 1854 by James Calder. It was lit in 1856."
BUILT = "The Orvay tower was built in 1854 by James Calder."


def page_of(text: str, source: str, published: str = "") -> Page:
    seen = Sighting(source=source, fetched="2026-01-01T00:00:00Z", title=f"T {source}", published=published)
    return Page(text=text, hash=text_hash(text), title="T", sightings=(seen,))


class Judge:
    """A verifier of the test's own: it says what it is told to say, and notes what it was asked."""

    def __init__(self, name: str = "judge/1", label: str = "supported") -> None:
        self.name = name
        self.label = label
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    async def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
        self.asked.append((claim, tuple(evidence)))
        match self.label if evidence else "unsupported":
            case "supported":
                return Verdict(label="supported", score=0.9, verifier=self.name)
            case "contradicted":
                return Verdict(label="contradicted", score=0.1, verifier=self.name, reason="the source says 1855")
            case "none":
                raise VerifierError(self.name, "it is asleep")
            case _:
                return Verdict(label="unsupported", score=0.1, verifier=self.name)


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[Index]:
    async with Index.open(tmp_path, embedder=None, reranker=None) as index:
        await index.add([page_of(TEXT, "a.txt", "2025-05-05"), page_of(f"Copied. {BUILT}", "b.txt", "2026-02-02")])
        yield index


@pytest.fixture
async def found(index: Index) -> Evidence:
    """The passage of a.txt."""
    return next(e for e in await index.search("Meer") if e.source == "a.txt")


def quote_of(found: Evidence, text: str) -> Quote:
    start = found.passage.start + found.passage.text.index(text)
    return Quote(
        passage=found.passage.id, page_hash=found.passage.page_hash, start=start, end=start + len(text), text=text
    )


def check_over(index: Index, verifier: Judge, *, run: str = "r", told: list[Checked] | None = None) -> SentenceCheck:
    return SentenceCheck(index.store, verifier, run=run, threshold=0.5, tell=(told if told is not None else []).append)


async def test_a_part_of_a_longer_sentence_is_never_asserted(index: Index) -> None:
    text = "It is entirely false, as many have said, that the viaduct collapsed in 1888, whatever the papers wrote."
    await index.add([page_of(text, "c.txt")])
    found = next(e for e in await index.search("viaduct") if e.source == "c.txt")
    for part in ("the viaduct collapsed in 1888,", "that the viaduct collapsed in 1888", text[:-12]):
        checked = await check_over(index, Judge())(Sentence(text=part, quotes=(quote_of(found, part),)))
        assert not checked.asserted
        assert "part of a longer sentence" in checked.withheld
    assert (await check_over(index, Judge())(Sentence(text=text, quotes=(quote_of(found, text),)))).asserted


async def test_a_right_quote_is_asserted_with_where_it_stands(index: Index, found: Evidence) -> None:
    told: list[Checked] = []
    sentence = Sentence(text=BUILT, quotes=(quote_of(found, BUILT),))
    checked = await check_over(index, Judge(), told=told)(sentence)
    assert checked.asserted
    assert checked.withheld == ""
    (claim,) = checked.claims
    (citation,) = claim.citations
    assert TEXT[citation.start : citation.end] == citation.quote == BUILT
    assert (citation.source, citation.title) == ("a.txt", "T a.txt")
    assert (citation.fetched, citation.published) == ("2026-01-01T00:00:00Z", "2025-05-05")
    assert (claim.independent_sources, claim.as_of) == (1, "2025-05-05")
    assert claim.verdict == Verdict(label="supported", score=0.9, verifier="judge/1")
    assert told == [checked]


async def test_quotes_from_two_pages_count_as_two_sources_and_date_by_the_newest(index: Index, found: Evidence) -> None:
    other = next(e for e in await index.search("Copied") if e.source == "b.txt")
    sentence = Sentence(text=BUILT, quotes=(quote_of(found, BUILT), quote_of(other, BUILT)))
    (claim,) = (await check_over(index, Judge())(sentence)).claims
    assert (claim.independent_sources, claim.as_of) == (2, "2026-02-02")
    assert [citation.source for citation in claim.citations] == ["a.txt", "b.txt"]


SIZE = len(TEXT)
BROKEN: dict[str, Callable[[Quote], Quote]] = {
    "shifted": lambda q: replace(q, start=q.start + 1, end=q.end + 1),
    "too long": lambda q: replace(q, end=q.end + 1),
    "too short": lambda q: replace(q, end=q.end - 1),
    "changed": lambda q: replace(q, text=q.text.replace("1854", "1855")),
    "in other case": lambda q: replace(q, text=q.text.upper()),
    "empty": lambda q: replace(q, end=q.start, text=""),
    "backwards": lambda q: replace(q, start=q.end, end=q.start),
    "counted from the end": lambda q: replace(q, start=q.start - SIZE, end=q.end - SIZE),
    "beyond the end": lambda q: replace(q, start=SIZE - 5, end=SIZE + 5, text=TEXT[-5:]),
    "counted in bytes": lambda q: replace(q, start=q.start + 4, end=q.end + 4),
    "of no page": lambda q: replace(q, page_hash="0" * 64),
    "of no passage": lambda q: replace(q, passage=q.passage ^ 1),
}


@pytest.mark.parametrize("breaking", BROKEN.values(), ids=BROKEN)
async def test_a_quote_that_is_not_at_its_span_is_no_citation(
    breaking: Callable[[Quote], Quote], index: Index, found: Evidence
) -> None:
    quote = breaking(quote_of(found, BUILT))
    checked = await check_over(index, Judge())(Sentence(text=BUILT, quotes=(quote,)))
    assert not checked.asserted
    assert checked.withheld == "its quote is not in the stored text"
    assert checked.claims[0].citations == ()
    assert checked.claims[0].verdict.label == "unsupported"


async def test_a_quote_from_one_page_is_not_cited_as_anothers(index: Index, found: Evidence) -> None:
    other = next(e for e in await index.search("Copied") if e.source == "b.txt")
    borrowed = replace(quote_of(found, BUILT), passage=other.passage.id)
    assert (await check_over(index, Judge())(Sentence(text=BUILT, quotes=(borrowed,)))).claims[0].citations == ()


async def test_a_sentence_without_a_quote_is_not_asserted(index: Index) -> None:
    checked = await check_over(index, Judge())(Sentence(text=BUILT, quotes=()))
    assert checked.withheld == "its quote is not in the stored text"


async def test_one_good_quote_carries_a_sentence_whose_other_quote_is_broken(index: Index, found: Evidence) -> None:
    good = quote_of(found, BUILT)
    checked = await check_over(index, Judge())(Sentence(text=BUILT, quotes=(replace(good, start=good.start + 1), good)))
    assert checked.asserted
    assert len(checked.claims[0].citations) == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/x", "HTTP://EVIL.EXAMPLE", "ftp://h/x", "www.evil.example", "evil.com", "a@evil.example",
        "javascript:alert(1)", "<b>now</b>", "<script>", "[here](x)", "![](x)", "```sh", "**bold**", "&lt;b&gt;",
    ],
)  # fmt: skip
async def test_a_sentence_with_an_address_or_markup_is_never_asserted(
    address: str, index: Index, found: Evidence
) -> None:
    sentence = Sentence(text=f"The tower, see {address} was built in 1854.", quotes=(quote_of(found, BUILT),))
    checked = await check_over(index, Judge())(sentence)
    assert (checked.asserted, checked.withheld) == (False, "it holds an address or markup")


@pytest.mark.parametrize("text", ["The data: 5 lamps and 3 lenses.", "In 1854 a < b and c > d.", "He wrote 2*3 [sic]."])
async def test_plain_words_with_signs_in_them_are_no_address(text: str, index: Index, found: Evidence) -> None:
    assert (await check_over(index, Judge())(Sentence(text=text, quotes=(quote_of(found, BUILT),)))).asserted


async def test_what_the_verifier_does_not_support_is_withheld_with_its_reason(index: Index, found: Evidence) -> None:
    sentence = Sentence(text=BUILT, quotes=(quote_of(found, BUILT),))
    contradicted = await check_over(index, Judge(label="contradicted"))(sentence)
    assert (contradicted.asserted, contradicted.withheld) == (False, "the source says 1855")
    unsupported = await check_over(index, Judge("judge/2", label="unsupported"))(sentence)
    assert (unsupported.asserted, unsupported.withheld) == (False, "unsupported by what it cites")


@pytest.mark.parametrize(
    ("relevance", "withheld"),
    [
        (None, ""),
        (0.5, ""),
        (1.0, ""),
        (0.49, "it does not answer the question"),
        (0, "it does not answer the question"),
    ],
)
async def test_what_hardly_answers_is_withheld(
    relevance: float | None, withheld: str, index: Index, found: Evidence
) -> None:
    sentence = Sentence(text=BUILT, quotes=(quote_of(found, BUILT),), relevance=relevance)
    checked = await check_over(index, Judge())(sentence)
    assert (checked.asserted, checked.withheld) == (not withheld, withheld)


async def test_the_same_claim_on_the_same_evidence_is_judged_once_by_each_verifier(
    index: Index, found: Evidence
) -> None:
    sentence = Sentence(text=BUILT, quotes=(quote_of(found, BUILT),))
    judge, namesake, other = Judge(), Judge(), Judge("judge/2")
    await index.store.begin_run("r1", "Who built it?")
    check = check_over(index, judge, run="r1")
    first = await check(sentence)
    await check.keep()
    second = await check_over(index, namesake, run="r2")(sentence)
    third = await check_over(index, other)(sentence)
    assert judge.asked == other.asked == [(BUILT, (f"T\n{BUILT}",))]
    assert namesake.asked == []
    assert first == second
    assert third.claims[0].verdict.verifier == "judge/2"


async def test_another_claim_or_other_evidence_is_judged_anew(index: Index, found: Evidence) -> None:
    judge = Judge()
    check = check_over(index, judge)
    for text, quote in ((BUILT, BUILT), ("Calder built it.", BUILT), (BUILT, "It was lit in 1856.")):
        await check(Sentence(text=text, quotes=(quote_of(found, quote),)))
    assert len(judge.asked) == 3


async def test_an_error_of_the_verifier_is_raised_and_not_remembered(index: Index, found: Evidence) -> None:
    sentence = Sentence(text=BUILT, quotes=(quote_of(found, BUILT),))
    with pytest.raises(VerifierError, match="judge/1: it is asleep"):
        await check_over(index, Judge(label="none"))(sentence)
    assert (await check_over(index, Judge())(sentence)).asserted


TOLD = {
    "harbour.txt": (
        "Gannet Point Light. Gannet Point Light was automated in 1991, when a cable replaced the generators.",
        "2023-04-18",
    ),
    "walk.txt": (
        "A walk on the island. Gannet Point Light was automated in 1989, when the last keepers left.",
        "2022-06-26",
    ),
    "copy.txt": ("News. Gannet Point Light was automated in 1991, when a cable replaced the generators.", "2024-01-01"),
}


@pytest.fixture
async def lights(tmp_path: Path) -> AsyncIterator[Index]:
    async with Index.open(tmp_path, embedder=None, reranker=None) as index:
        await index.add([page_of(text, source, published) for source, (text, published) in TOLD.items()])
        yield index


async def check_of(
    index: Index, question: str, *, verifier: Verifier | None = None
) -> tuple[SentenceCheck, dict[str, Evidence]]:
    found = await index.search(question)
    check = SentenceCheck(
        index.store, verifier or Lexical(), run="r", threshold=0.5, tell=lambda _: None, today=lambda: date(2026, 1, 1)
    )
    check.consider(found)
    return check, {each.source: each for each in found}


AUTOMATED = "Gannet Point Light was automated in 1991, when a cable replaced the generators."


async def test_another_page_that_says_otherwise_is_a_contradiction_with_both_sides(lights: Index) -> None:
    check, found = await check_of(lights, "Gannet Point Light automated")
    checked = await check(Sentence(text=AUTOMATED, quotes=(quote_of(found["harbour.txt"], AUTOMATED),)))
    assert checked.asserted
    [conflict] = checked.claims[0].contradictions
    assert {conflict.older.value, conflict.newer.value} == {"1989", "1991"}
    assert {conflict.older.source, conflict.newer.source} & {"walk.txt"}
    for side in (conflict.older, conflict.newer):
        text = (await lights.store.texts([side.page_hash]))[side.page_hash]
        assert text[side.start : side.end] == side.quote


async def test_a_copy_is_cited_too_and_counts_as_one_source(lights: Index) -> None:
    check, found = await check_of(lights, "Gannet Point Light automated")
    claim = (await check(Sentence(text=AUTOMATED, quotes=(quote_of(found["harbour.txt"], AUTOMATED),)))).claims[0]
    assert {citation.source for citation in claim.citations} == {"harbour.txt", "copy.txt"}
    assert (claim.independent_sources, len(claim.merged)) == (1, 1)
    assert claim.as_of == "2024-01-01"


async def test_a_passage_that_says_it_takes_the_place_of_one_that_does_not(lights: Index) -> None:
    check, found = await check_of(lights, "Gannet Point Light automated")
    wrong = quote_of(found["walk.txt"], "A walk on the island.")
    checked = await check(Sentence(text="Gannet Point Light was automated in 1991.", quotes=(wrong,)))
    claim = checked.claims[0]
    assert (checked.asserted, "harbour.txt" in claim.moved or "copy.txt" in claim.moved) == (True, True)
    assert all(citation.source != "walk.txt" for citation in claim.citations)
    assert claim.citations[0].quote == AUTOMATED


async def test_a_written_sentence_is_asserted_only_if_each_of_its_claims_is_supported(lights: Index) -> None:
    check, found = await check_of(lights, "Gannet Point Light automated")
    quotes = (quote_of(found["harbour.txt"], AUTOMATED),)
    text = "Gannet Point Light was automated in 1991; it was sold to a hotel in 2004."
    checked = await check(Sentence(text=text, quotes=quotes))
    assert [claim.verdict.label == "supported" for claim in checked.claims] == [True, False]
    assert (checked.asserted, "2004" in checked.withheld) == (False, True)


async def test_a_pronoun_is_read_by_the_sentence_before(lights: Index) -> None:
    check, found = await check_of(lights, "Gannet Point Light automated")
    quotes = (quote_of(found["harbour.txt"], AUTOMATED),)
    before = "Gannet Point Light stands on the eastern shore."
    checked = await check(Sentence(text="It was automated in 1991.", quotes=quotes, before=before))
    assert (checked.claims[0].text, checked.asserted) == ("Gannet Point Light was automated in 1991.", True)


async def test_what_is_said_of_the_present_by_an_old_page_is_marked(tmp_path: Path) -> None:
    said = "Ada Meer is the chief executive of Orvay Ferries."
    async with Index.open(tmp_path, embedder=None, reranker=None) as index:
        await index.add([page_of(f"Staff. {said}", "staff.txt", "2012-03-01")])
        check, found = await check_of(index, "Orvay Ferries")
        claim = (await check(Sentence(text=said, quotes=(quote_of(found["staff.txt"], said),)))).claims[0]
    assert "2012" in claim.stale


async def test_a_verdict_that_another_gave_is_not_kept_as_the_judges(index: Index, found: Evidence) -> None:
    class Down(Judge):
        async def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
            self.asked.append((claim, tuple(evidence)))
            return Verdict(label="supported", score=0.9, verifier="lexical, for judge/1 is down")

    sentence, judge = Sentence(text=BUILT, quotes=(quote_of(found, BUILT),)), Down()
    await check_over(index, judge)(sentence)
    await check_over(index, judge)(sentence)
    assert len(judge.asked) == 2


@pytest.mark.parametrize(
    "text",
    ["As was asked for, the answer is: was the Orvay tower built in 1854?", "The Orvay tower was built in 1854 by:",
     "| Orvay | tower | built | 1854 |"],
)  # fmt: skip
async def test_what_a_model_wrote_is_asserted_only_if_it_states_something(
    index: Index, found: Evidence, text: str
) -> None:
    checked = await check_over(index, Judge())(Sentence(text=text, quotes=(quote_of(found, BUILT),)))
    assert (checked.asserted, checked.withheld) == (False, "it is no whole statement")
