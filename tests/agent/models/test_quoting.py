"""A drafted sentence stands on verbatim sentences of the passages that it names, or on none."""

from collections.abc import Callable

import pytest
from fontes.agent.models.drafted import Drafted
from fontes.agent.models.packing import Packed
from fontes.agent.models.quoting import Quoting, spoken
from fontes.agent.state import Quote, Sentence
from fontes.retrievers import Evidence
from hypothesis import given
from hypothesis import strategies as st

Seen = Callable[..., Evidence]

ORVAY = (
    "It is not true that the Orvay lighthouse was built in 1850. The Orvay lighthouse was built in 1854 by James "
    "Calder. Its lamp burned whale oil until 1871. Visitors may climb the tower in summer."
)
STENNICK = "The Stennick lighthouse was built in 1902 by Mary Hale. Its fog horn fell silent in 1988."
COOKING = "Boil the lentils for twenty minutes. Add salt at the end, or they stay hard."


@pytest.fixture
def quoted(seen: Seen) -> Callable[..., Sentence]:
    """The sentence that is made of a draft over S1 (Orvay), S2 (Stennick) and S3 (cooking)."""
    passages = (
        seen(ORVAY, title="Orvay", before="Preface.\n"),
        seen(STENNICK, title="Stennick"),
        seen(COOKING, title="Lentils"),
    )

    def make(text: str, *labels: str, quote: str = "") -> Sentence:
        quoting = Quoting(Packed(passages=passages), "en")
        sentence = quoting.sentence(Drafted(text=text, labels=labels or ("S1",), quote=quote))
        assert sentence is not None
        by_id = {e.passage.id: e.passage for e in passages}
        for q in sentence.quotes:
            passage = by_id[q.passage]
            assert passage.text[q.start - passage.start : q.end - passage.start] == q.text
            assert q.page_hash == passage.page_hash
        return sentence

    return make


Quoted = Callable[..., Sentence]


def texts(sentence: Sentence) -> list[str]:
    return [quote.text for quote in sentence.quotes]


def test_a_quote_stands_as_the_whole_sentence_around_it(quoted: Quoted) -> None:
    sentence = quoted("The Orvay lighthouse dates from 1850.", quote="the Orvay lighthouse was built in 1850")
    assert texts(sentence) == ["It is not true that the Orvay lighthouse was built in 1850."]
    assert sentence.quotes[0].start == len("Preface.\n")


def test_a_quote_with_an_ellipsis_gives_both_sentences(quoted: Quoted) -> None:
    sentence = quoted("Calder's lamp burned oil.", quote="built in 1854 by James Calder … burned whale oil")
    assert texts(sentence) == [
        "The Orvay lighthouse was built in 1854 by James Calder.",
        "Its lamp burned whale oil until 1871.",
    ]


def test_an_invented_quote_counts_for_nothing_and_the_words_decide(quoted: Quoted) -> None:
    sentence = quoted("The lamp burned whale oil until 1871.", quote="the lamp was fed with whale oil")
    assert texts(sentence) == ["Its lamp burned whale oil until 1871."]


def test_a_second_sentence_is_quoted_where_it_adds_words(quoted: Quoted) -> None:
    sentence = quoted("The Stennick lighthouse, built in 1902, has a fog horn, silent since 1988.", "S2")
    assert texts(sentence) == [STENNICK]


def test_each_label_without_the_quote_gives_its_own_sentence_or_goes(quoted: Quoted) -> None:
    text = "The Orvay lighthouse was built in 1854 and the Stennick lighthouse in 1902."
    sentence = quoted(text, "S1", "S2", "S3", quote="The Orvay lighthouse was built in 1854 by James Calder.")
    assert texts(sentence) == [
        "The Orvay lighthouse was built in 1854 by James Calder.",
        "The Stennick lighthouse was built in 1902 by Mary Hale.",
    ]


def test_a_quote_of_another_passage_is_that_passages(quoted: Quoted) -> None:
    sentence = quoted("Its horn was switched off in 1988.", "S3", quote="Its fog horn fell silent in 1988.")
    assert texts(sentence) == ["Its fog horn fell silent in 1988."]


@pytest.mark.parametrize("quote", ["", "salt", "The moon is made of cheese."])
def test_a_sentence_without_support_has_no_quote(quoted: Quoted, quote: str) -> None:
    assert quoted("The moon is made of cheese.", "S1", "S3", quote=quote).quotes == ()


@pytest.mark.parametrize(
    ("drafted", "text"),
    [
        ("The tower is high [1].", "The tower is high."),
        ("The tower [S1, S2] is high (S3).", "The tower is high."),
        ("The tower is high.【4†source】", "The tower is high."),
        ("- The tower\nis \u202ehigh.", "The tower is high."),
        ("## The tower is high.", "The tower is high."),
        ("Windows [NT] and (S) stay, as does [a].", "Windows [NT] and (S) stay, as does [a]."),
    ],
)
def test_a_sentence_is_on_one_line_without_reference_and_list_marks(drafted: str, text: str) -> None:
    assert spoken(drafted) == text


def test_what_holds_no_word_is_no_sentence(seen: Seen) -> None:
    quoting = Quoting(Packed(passages=(seen(ORVAY),)), "")
    assert quoting.sentence(Drafted(text=" [1] — !", labels=("S1",))) is None
    assert quoting.sentence(Drafted(text="2024-05-14", labels=("S1",))) is None


@given(
    text=st.text(min_size=1),
    quote=st.one_of(st.text(), st.sampled_from(ORVAY.split(". "))),
    label=st.sampled_from(["S1", "S2"]),
)
def test_whatever_a_model_writes_its_quotes_are_verbatim(seen: Seen, text: str, quote: str, label: str) -> None:
    passages = (seen(ORVAY, before="Preface.\n"), seen(STENNICK))
    sentence = Quoting(Packed(passages=passages), "en").sentence(Drafted(text=text, labels=(label,), quote=quote))
    pages = {e.passage.page_hash: ("Preface.\n" if e is passages[0] else "") + e.passage.text for e in passages}
    quotes: tuple[Quote, ...] = sentence.quotes if sentence else ()
    assert all(pages[q.page_hash][q.start : q.end] == q.text != "" for q in quotes)
