"""A turn while its answer comes in: marks, verdicts, and what is withheld."""

from fontes.agent.answer import Answer
from fontes.agent.events import Event
from fontes.agent.state import Checked, Citation, Claim, Quote, Sentence, Verdict
from fontes.agent.tui.turn import ShownTurn


def sentence(text: str) -> Sentence:
    quote = Quote(passage=1, page_hash="h", start=0, end=len(text), text=text)
    return Sentence(text=text, quotes=(quote,))


def checked(text: str, *sources: str, label: str = "supported") -> Checked:
    """A sentence with its verdict, cited from these sources."""
    citations = tuple(Citation(page_hash="h", start=0, end=1, quote=text[:1], source=each) for each in sources)
    verdict = Verdict(label=label, score=0.9, verifier="test")
    is_asserted = label == "supported"
    return Checked(
        sentence=sentence(text),
        claims=(Claim(text=text, verdict=verdict, citations=citations, independent_sources=len(sources)),),
        asserted=is_asserted,
        withheld="" if is_asserted else "its quotes say otherwise",
    )


def told(*values: object) -> ShownTurn:
    """A turn that has heard of these sentences, verdicts, and answers."""
    turn = ShownTurn(question="?")
    for value in values:
        kind = {Sentence: "sentence", Checked: "verdict", Answer: "answer"}[type(value)]
        turn.take(Event(kind=kind, step="draft", at=0, value=value))
    return turn


def test_a_sentence_has_no_verdict_until_it_is_checked() -> None:
    turn = told(sentence("A."), sentence("B."), checked("A.", "a.txt"))
    assert [(each.text, each.label, each.marks) for each in turn.sentences()] == [
        ("A.", "supported", "[1]"), ("B.", None, ""),
    ]  # fmt: skip


def test_no_number_is_given_behind_a_sentence_that_is_still_checked() -> None:
    turn = told(sentence("A."), sentence("B."), checked("B.", "b.txt"))
    assert [each.marks for each in turn.sentences()] == ["", "[…]"]
    turn.take(Event(kind="verdict", step="verify", at=0, value=checked("A.", "a.txt", "b.txt")))
    assert [each.marks for each in turn.sentences()] == ["[1][2]", "[2]"]


def test_the_numbers_of_the_stream_are_those_of_the_answer() -> None:
    parts = (checked("A.", "a.txt"), checked("B.", "x.txt", label="contradicted"), checked("C.", "c.txt", "a.txt"))
    turn = told(*(each.sentence for each in parts), *parts)
    streamed = {each.text: each.marks for each in turn.sentences() if each.is_asserted}
    turn.take(
        Event(
            kind="answer", step="answer", at=0, value=Answer(status="answered", question="?", run="r", sentences=parts)
        )
    )
    assert {each.text: each.marks for each in turn.sentences()} == streamed == {"A.": "[1]", "C.": "[1][2]"}


def test_what_is_withheld_is_marked_while_it_streams_then_folded_and_shown_when_wanted() -> None:
    part = checked("B.", "x.txt", label="contradicted")
    turn = told(part.sentence, part)
    assert [each.beside for each in turn.sentences()] == [("not asserted: its quotes say otherwise",)]
    turn.take(
        Event(
            kind="answer",
            step="answer",
            at=0,
            value=Answer(status="abstained", question="?", run="r", sentences=(part,)),
        )
    )
    assert turn.sentences() == ()
    turn.with_withheld = True
    assert [each.label for each in turn.sentences()] == ["contradicted"]


def test_a_sentence_drafted_twice_stands_once() -> None:
    assert len(told(sentence("A."), sentence("A.")).sentences()) == 1


def test_what_is_verified_can_be_looked_at_before_the_answer_is_there() -> None:
    turn = told(sentence("A."), sentence("B."), checked("A.", "a.txt"))
    assert turn.answer_so_far().asserted == (checked("A.", "a.txt"),)
    assert told(sentence("A.")).answer_so_far() is None
