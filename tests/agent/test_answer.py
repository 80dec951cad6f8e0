"""An answer numbers its sources as a reader meets them, and shows nothing as fact that was not asserted."""

from fontes.agent.answer import Answer
from fontes.agent.state import Checked, Citation, Claim, Sentence, Verdict


def citation(source: str, start: int = 0) -> Citation:
    return Citation(page_hash=f"hash of {source}", start=start, end=start + 5, quote="quote", source=source)


def claim(text: str, *citations: Citation) -> Claim:
    return Claim(text=text, verdict=Verdict(label="supported", score=0.9, verifier="v/1"), citations=citations)


def checked(text: str, *claims: Claim, asserted: bool = True) -> Checked:
    sentence = Sentence(text=text, quotes=())
    return Checked(sentence=sentence, claims=claims, asserted=asserted, withheld="" if asserted else "why")


def answer(*sentences: Checked) -> Answer:
    return Answer(status="answered", question="q", run="r", sentences=sentences)


def test_sources_are_numbered_in_reading_order_and_once_each() -> None:
    a, b, again = citation("a.txt"), citation("b.txt"), citation("a.txt", start=50)
    said = answer(checked("First.", claim("1", b)), checked("Second.", claim("2", a, b), claim("3", again)))
    assert said.sources == ((b,), (a, again))
    assert [said.number(c) for c in (b, a, again)] == [1, 2, 2]
    assert said.text == "First. [1] Second. [1][2]"


def test_a_withheld_sentence_is_in_no_text_and_gives_its_source_no_number() -> None:
    withheld = checked("Dubious.", claim("1", citation("x.txt")), asserted=False)
    said = answer(withheld, checked("Sure.", claim("2", citation("a.txt"))))
    assert said.text == "Sure. [1]"
    assert said.asserted == (said.sentences[1],)
    assert said.number(citation("x.txt")) is None
    assert [c.text for c in said.claims] == ["1", "2"]


def test_a_withheld_claim_of_a_source_that_is_cited_has_that_sources_number() -> None:
    said = answer(
        checked("Dubious.", claim("1", citation("a.txt")), asserted=False),
        checked("Sure.", claim("2", citation("a.txt"))),
    )
    assert said.number(citation("a.txt")) == 1


def test_the_same_citation_twice_is_listed_once() -> None:
    a = citation("a.txt")
    assert answer(checked("One.", claim("1", a)), checked("Two.", claim("2", a))).sources == ((a,),)


def test_an_answer_without_asserted_sentences_has_no_text() -> None:
    said = answer(checked("Dubious.", claim("1"), asserted=False))
    assert (said.text, said.sources) == ("", ())


def test_a_printed_answer_reads_as_text_with_its_sources() -> None:
    cited = answer(checked("A.", claim("1", citation("u1"))), checked("B.", claim("2", citation("u2"))))
    assert str(cited).splitlines()[0] == cited.text
    assert [line[:3] for line in str(cited).splitlines()[2:]] == ["[1]", "[2]"]
    assert "u2" in str(cited).splitlines()[-1]


def test_a_printed_answer_that_abstained_says_why_and_shows_no_escape_sequence() -> None:
    assert str(Answer(status="abstained", question="q", run="r", reasons=("no", "\x1b[31mnothing"))) == (
        "No answer: no; nothing"
    )
    assert str(Answer(status="abstained", question="q", run="r", notes=("Of what?",))) == "No answer: Of what?"
