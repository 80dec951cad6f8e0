"""How a question ends and why, from checked sentences and the evidence they were written from."""

from dataclasses import replace

import pytest
from fontes.agent.abstention import decide, likely_right, missing
from fontes.agent.state import Checked, Claim, Query, Sentence, Verdict
from fontes.crawler import Page, text_hash
from fontes.retrievers import Evidence, Passage
from hypothesis import given
from hypothesis import strategies as st

QUESTION = "How many steps does the Orvay tower have?"
QUERY = Query(text=QUESTION, original=QUESTION)
TWO = replace(QUERY, sub_questions=("Who built Orvay?", "How tall is Stennick?"))


def seen(text: str, title: str = "", *, published: str = "") -> Evidence:
    page = Page(text=text, hash=text_hash(text), title=title)
    return Evidence(passage=Passage.of(page, 0, len(text)), source="x", title=title, published=published)


def checked(
    *, question: int = 0, relevance: float | None = 0.9, score: float = 0.95, asserted: bool = True, withheld: str = ""
) -> Checked:
    verdict = Verdict(label="supported" if asserted else "unsupported", score=score, verifier="test")
    return Checked(
        sentence=Sentence(text="It has 301 steps.", quotes=(), question=question, relevance=relevance),
        claims=(Claim(text="It has 301 steps.", verdict=verdict),),
        asserted=asserted,
        withheld=withheld,
    )


ORVAY = seen("The tower was built in 1854. Its lamp burned whale oil.", "The Orvay tower")


def test_an_asserted_sentence_for_every_question_is_an_answer_without_reasons() -> None:
    decision = decide(QUERY, [checked()], [ORVAY], drafted=1)
    assert (decision.status, decision.reasons) == ("answered", ())
    assert decision.confidence == pytest.approx(0.9 * 0.95)


def test_one_of_two_sub_questions_is_a_part_and_the_reasons_say_which_is_missing() -> None:
    decision = decide(TWO, [checked()], [ORVAY], drafted=1)
    assert decision.status == "partial"
    assert decision.reasons[0] == "“How tall is Stennick?”: no passage names Stennick"


def test_a_sentence_that_does_not_answer_is_no_answer_even_when_it_is_asserted() -> None:
    decision = decide(QUERY, [checked(relevance=0.6)], [ORVAY], drafted=1, threshold=0.8)
    assert (decision.status, decision.confidence) == ("abstained", None)
    assert decision.reasons == (
        "the likeliest sentence answers with a probability of 0.60, 0.80 is asked for",
        "no passage mentions “steps”",
    )


def test_a_sentence_of_unknown_relevance_is_trusted_to_answer() -> None:
    decision = decide(QUERY, [checked(relevance=None)], [ORVAY], drafted=1)
    assert (decision.status, decision.confidence) == ("answered", 0.95)


def test_what_a_verifier_objected_to_is_a_reason() -> None:
    refused = checked(asserted=False, withheld="the number 301 is not in the source")
    decision = decide(QUERY, [refused], [ORVAY], drafted=1)
    assert "a sentence was withheld: the number 301 is not in the source" in decision.reasons


def test_an_unchecked_draft_is_a_part_of_an_answer_only() -> None:
    decision = decide(QUERY, [checked()], [ORVAY], drafted=3)
    assert (decision.status, decision.reasons) == ("partial", ("2 of 3 drafted sentences were not checked",))


@pytest.mark.parametrize(
    ("question", "evidence", "reasons"),
    [
        ("Who built it?", [], ("nothing was found to answer from",)),
        ("Who designed the Pharos?", [ORVAY], ("no passage names Pharos", "no passage mentions “designed”")),
        ("What did the Orvay tower cost in 2026?", [ORVAY], ("no passage is about 2026", "no passage mentions “cost”")),
        (
            "Did the Orvay tower burn oil?",
            [ORVAY],
            ("the nearest passage, about “The Orvay tower”, has no sentence that answers",),
        ),
        (
            "Did the Orvay tower burn acetylene?",
            [ORVAY, seen("Acetylene is a gas.")],
            ("the nearest passage, about “The Orvay tower”, does not mention “acetylene”",),
        ),
        ("Is salt added?", [seen("Salt is added.")], ("the nearest passage has no sentence that answers",)),
    ],
)
def test_reasons_name_what_is_missing(question: str, evidence: list[Evidence], reasons: tuple[str, ...]) -> None:
    assert missing(question, evidence) == reasons


def test_the_year_of_publication_is_a_year_that_a_passage_is_about() -> None:
    assert missing("Is it open in 2026?", [seen("It is open.", published="2026-03-01")]) == (
        "the nearest passage has no sentence that answers",
    )


def test_a_long_title_is_cut_and_stays_on_one_line() -> None:
    (reason,) = missing("Is it open?", [seen("It is open.", "A\n" + 60 * "very long ")])
    assert "\n" not in reason
    assert len(reason) < 160


@given(
    rows=st.lists(st.tuples(st.integers(0, 1), st.none() | st.floats(0, 1), st.floats(0, 1), st.booleans()), max_size=5)
)
def test_abstained_has_no_confidence_and_anything_less_than_answered_has_a_reason(
    rows: list[tuple[int, float | None, float, bool]],
) -> None:
    sentences = [
        checked(question=n, relevance=r, score=s, asserted=a, withheld="" if a else "no") for n, r, s, a in rows
    ]
    decision = decide(TWO, sentences, [ORVAY], drafted=len(sentences))
    assert (decision.confidence is None) == (decision.status == "abstained")
    assert bool(decision.reasons) == (decision.status != "answered")
    assert all(0 <= likely_right(each) <= 1 for each in sentences)
    assert decision == decide(TWO, list(reversed(sentences)), [ORVAY], drafted=len(sentences)) or len(rows) > 1


@given(question=st.text(max_size=80), text=st.text(max_size=80), title=st.text(max_size=100))
def test_any_question_and_page_have_a_reason_of_bounded_length(question: str, text: str, title: str) -> None:
    reasons = missing(question, [seen(text, title)])
    assert reasons
    assert all(len(reason) < 400 and "\n" not in reason for reason in reasons)


def test_a_thing_that_no_passage_names_by_its_number_is_named() -> None:
    lathe = seen("The Lathe 7200 weighs a ton.", "Lathes")
    assert missing("How much does the Lathe 7300 weigh?", [lathe]) == ("no passage names Lathe 7300",)


@pytest.mark.parametrize(
    ("question", "reasons"),
    [
        ("Wann wurde die Talsperre gebaut?", ("no passage mentions “Talsperre” or “gebaut”",)),
        ("Welche Stufen gibt es?", ("no passage names Stufen",)),
        ("Quelle est la hauteur du barrage de Tarn ?",
         ("no passage names Tarn", "no passage mentions “hauteur” or “barrage”")),
        ("¿Cuándo se construyó la presa?", ("no passage mentions “construyó” or “presa”",)),
        ("¿Quién es el alcalde de Tarn?", ("no passage names Tarn", "no passage mentions “alcalde”")),
        ("Combien de personnes sont mortes ?", ("no passage mentions “personnes” or “mortes”",)),
    ],
)  # fmt: skip
def test_words_that_ask_are_neither_names_nor_missing(question: str, reasons: tuple[str, ...]) -> None:
    assert missing(question, [ORVAY]) == reasons
