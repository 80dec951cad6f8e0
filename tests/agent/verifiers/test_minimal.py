"""The shortest stretch that supports a claim, and texts that do so better."""

from fontes.agent.verifiers.minimal import better, minimal, support
from hypothesis import given
from hypothesis import strategies as st

TEXT = (
    "The lighthouse of Cordouan stands at the mouth of the Gironde. King Henry IV ordered its construction. "
    "It was completed in 1611 by the architect Louis de Foix. Since 2021 it has been a World Heritage Site. "
    "Visitors reach it by boat at low tide. The tower is 68 metres high and has 301 steps."
)


def test_the_sentence_that_says_it_is_the_whole_citation() -> None:
    found = minimal("The tower has 301 steps and is 68 metres high.", TEXT)
    assert found is not None
    assert TEXT[found.start : found.end] == "The tower is 68 metres high and has 301 steps."


def test_a_claim_of_two_sentences_rests_on_both() -> None:
    found = minimal(
        "It was completed in 1611 by Louis de Foix, and since 2021 it has been a World Heritage Site.", TEXT
    )
    assert found is not None
    stretch = TEXT[found.start : found.end]
    assert stretch.startswith("It was completed in 1611")
    assert stretch.endswith("World Heritage Site.")


def test_a_claim_that_rests_on_the_whole_text_has_no_shorter_stretch() -> None:
    claim = "Cordouan stands at the mouth of the Gironde, Henry IV ordered it, Foix completed it, it has 301 steps."
    assert minimal(claim, TEXT) is None
    assert minimal(claim, "") is None


def test_a_better_text_takes_the_place_of_the_one_cited() -> None:
    found = better("The tower is 68 metres high.", "Visitors reach it by boat.", ["It is old. So is Royan.", TEXT])
    assert found is not None
    assert (found.text, TEXT[found.start : found.end]) == (1, "The tower is 68 metres high and has 301 steps.")


def test_what_is_cited_stays_if_nothing_is_clearly_better() -> None:
    claim = "The tower is 68 metres high and has 301 steps."
    assert better(claim, claim, [TEXT, claim]) is None
    assert better("The tower is green.", "The tower is 68 metres high.", ["Bananas ripen."]) is None


def test_the_title_need_not_be_repeated_in_the_stretch() -> None:
    claim, text = "Cordouan has 301 steps.", "It has 301 steps. It is white."
    assert support(claim, [text]) < support(claim, ["Cordouan", text])
    found = minimal(claim, text, title="Cordouan")
    assert found is not None
    assert text[found.start : found.end] == "It has 301 steps."


@given(st.text(max_size=60), st.text(alphabet="ab Cd.?! 12\n", max_size=120))
def test_a_stretch_lies_in_its_text_and_supports_nearly_as_well(claim: str, text: str) -> None:
    found = minimal(claim, text)
    if found is not None:
        assert 0 <= found.start < found.end <= len(text)
        assert found.score >= support(claim, [text]) - 0.03
