"""Which sentences begin with a pronoun, and which sentence before says what it means."""

import pytest
from fontes.agent.models.pointing_back import lead_in, points_back
from fontes.retrievers.sentences import sentence_spans
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "sentence",
    [
        "It is 61 metres high.",
        "They lay eggs in spring.",
        "Its roof is of slate.",
        "This version needs more memory.",
        "Neither of them floats.",
        "Both have a bell.",
        "Most of it is iron.",
        "The latter was sold.",
    ],
)
def test_a_pronoun_in_front_points_back(sentence: str) -> None:
    assert points_back(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["The tower is high.", "It is true that towers fall.", "It was not until 1950 that it opened.", "Both towers lean.",
     "Items are sold here.", "This."],
)  # fmt: skip
def test_other_sentences_stand_alone(sentence: str) -> None:
    assert not points_back(sentence)


def led(text: str) -> str:
    spans = sentence_spans(text)
    return text[lead_in(text, spans) :]


MILL = "Ash Mill stands on the Lune."


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        (f"The town is old. {MILL} It burnt in 1840.", f"{MILL} It burnt in 1840."),
        (f"{MILL} It burnt in 1840. It was rebuilt.", f"{MILL} It burnt in 1840. It was rebuilt."),
        (f"{MILL}\n\nIt burnt in 1840.", "It burnt in 1840."),
        ("Who built Ash Mill then? It burnt in 1840.", "It burnt in 1840."),
        (f"{MILL} The river burnt in 1840.", "The river burnt in 1840."),
        ("The Teal seats two persons. The Heron seats four persons. Neither of them floats.",) * 2,
        ("A town. The Teal and the Heron seat four. Both of them float.",
         "The Teal and the Heron seat four. Both of them float."),
        ("It is. It was. It has. It had been so.", "It had been so."),
    ],
)  # fmt: skip
def test_the_quote_begins_where_the_pronoun_is_explained(text: str, quoted: str) -> None:
    assert led(text) == quoted


def test_a_very_long_sentence_before_is_left_out() -> None:
    assert led(f"The mill {'and the barn ' * 50}burnt. It was rebuilt.") == "It was rebuilt."


@given(
    st.lists(
        st.sampled_from(["It is so.", "The mill burnt down again.", "Why?", "A\n\n", "Both of them fell."]), min_size=1
    )
)
def test_the_lead_is_the_start_of_a_sentence(parts: list[str]) -> None:
    text = " ".join(parts).strip()
    spans = sentence_spans(text)
    assert lead_in(text, spans) in {start for start, _ in spans}
