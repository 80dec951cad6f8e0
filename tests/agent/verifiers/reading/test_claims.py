"""How a drafted sentence is cut into claims, and what each of them is about."""

import re
import time

import pytest
from fontes.agent.verifiers.reading.claims import claims_of
from fontes.agent.verifiers.reading.terms import is_content
from hypothesis import given
from hypothesis import strategies as st

BEFORE = ("Anna Berg is a swimmer.", "She was born in Oslo.")
CLAUSES = st.lists(
    st.sampled_from(
        ["Anna Berg", "he", "It", "was born", "in Oslo", "and", "died", ",", ", who", ";", "the firm", "founded",
         "“left", "”", "(1970)", "which", "has", "1,200 people", "if", ", and", "the town", "won", "a prize", ".",
         "Bob"]
    ), max_size=14,
).map(" ".join)  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        (
            "Anna Berg was born in Oslo in 1970 and died in Paris in 2019.",
            ["Anna Berg was born in Oslo in 1970.", "Anna Berg died in Paris in 2019."],
        ),
        (
            "Anna Berg, who was born in 1970, founded the firm in Oslo.",
            ["Anna Berg founded the firm in Oslo.", "Anna Berg was born in 1970."],
        ),
        (
            "The firm was founded by Anna Berg, who was born in 1970.",
            ["The firm was founded by Anna Berg.", "Anna Berg was born in 1970."],
        ),
        (
            "Anna Berg, the firm's chief executive, resigned in 2020.",
            ["Anna Berg resigned in 2020.", "Anna Berg is the firm's chief executive."],
        ),
        (
            "Berlin is the capital of Germany; it has 3.6 million inhabitants.",
            ["Berlin is the capital of Germany.", "Berlin has 3.6 million inhabitants."],
        ),
        (
            "The tower was completed in 1889, while the bridge was finished in 1900.",
            ["The tower was completed in 1889.", "The bridge was finished in 1900."],
        ),
    ],
)
def test_each_statement_becomes_a_claim_that_stands_alone(sentence: str, claims: list[str]) -> None:
    assert [claim.text for claim in claims_of(sentence)] == claims


@pytest.mark.parametrize(
    "sentence",
    [
        "If the law passes, the town will grow and its taxes will fall.",
        "According to the police, Smith stole a car and fled to Leeds.",
        "Smith allegedly stole a car and fled to Leeds.",
        "The mayor said that the bridge was closed and the road was flooded.",
        "The note read “I came to the town and saw the fair” in red.",
        "The firm sells apples, pears and plums.",
        "Johnson and Johnson was founded in 1886.",
        "Between 1990 and 1995 the town grew.",
        "Chen was born and raised in New York.",
        "The house was sold in May and moved to Rome.",
        "In 2010 she moved to Paris and married Bob.",
        "The riffs, the grooves, and the repetition made the album a success.",
        "Gerty Cori was the third woman to win it, and the first woman to be awarded the prize in medicine.",
    ],
)
def test_where_a_cut_could_be_wrong_there_is_none(sentence: str) -> None:
    assert len(claims_of(sentence, title="Anna Berg")) == 1


@pytest.mark.parametrize(
    ("sentence", "before", "title", "text", "resolved"),
    [
        ("She won the title in 2014.", BEFORE, "", "Anna Berg won the title in 2014.", True),
        ("Her father was a baker.", BEFORE, "", "Anna Berg’s father was a baker.", True),
        ("It sells pears.", (), "Acme Corp - Wikipedia", "Acme Corp sells pears.", True),
        ("The company was founded in 1999.", (), "Acme Corp", "Acme Corp was founded in 1999.", True),
        ("She won the title in 2014.", (), "", "She won the title in 2014.", False),
        ("The company was founded in 1999.", (), "", "The company was founded in 1999.", False),
        ("They met in London.", ("Anna Berg is a painter.",), "", "They met in London.", False),
        ("It closed in 1990.", ("The museum stands in Bonn.",), "Kunstmuseum", "It closed in 1990.", False),
        ("It is clear that the tower fell.", (), "Eiffel Tower", "It is clear that the tower fell.", True),
        ("The tower fell.", (), "Eiffel Tower", "The tower fell.", True),
    ],
)
def test_a_leading_pronoun_is_replaced_where_it_is_certain(
    sentence: str, before: tuple[str, ...], title: str, text: str, resolved: bool
) -> None:
    (claim,) = claims_of(sentence, before=before, title=title)
    assert (claim.text, claim.resolved) == (text, resolved)


@pytest.mark.parametrize("sentence", ["", "  ", "…", "?!"])
def test_what_holds_no_word_claims_nothing(sentence: str) -> None:
    assert claims_of(sentence) == ()


def test_a_sentence_of_5000_words_is_cut_in_time() -> None:
    sentence = "Anna Berg was born in Oslo, and the town has 1,200 people; " * 450
    start = time.process_time()
    assert claims_of(sentence)
    assert time.process_time() - start < 2


def covered(sentence: str) -> None:
    claims = claims_of(sentence)
    held = set[int]()
    for claim in claims:
        assert 0 <= claim.start < claim.end <= len(sentence)
        assert claim.text
        held |= set(range(claim.start, claim.end))
    for word in re.finditer(r"[^\W_]+", sentence):
        assert not is_content(word.group()) or word.start() in held, word.group()


@given(st.one_of(CLAUSES, st.text(max_size=80)))
def test_the_stretches_lie_in_the_sentence_and_hold_its_content_words(sentence: str) -> None:
    covered(sentence)


def test_the_stretches_of_real_sentences_hold_their_content_words(real_sentences: list[str]) -> None:
    for sentence in real_sentences:
        covered(sentence)
