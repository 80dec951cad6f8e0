"""What the lexical verifier reads in a claim, and what it says is missing."""

import json
from importlib.resources import files

import pytest
from fontes.agent.verifiers.features import compare
from fontes.agent.verifiers.lexical import FEATURES, Lexical, shipped
from hypothesis import given
from hypothesis import strategies as st

SOURCE = (
    "The firm sold 2.4 million bicycles in 2021, an increase of 12% over the year before.",
    "Its chief executive, Anna Berg, said sales may fall in Spain. It was founded by twenty-five workers.",
)


@pytest.mark.parametrize(
    "claim",
    [
        "The firm sold 2,400,000 bicycles in 2021.",
        "The firm sold 2.4 million bicycles in 2021.",
        "The firm sold 2.4m bicycles in 2021.".replace("m ", "M "),
        "It was founded by 25 workers.",
    ],
)
async def test_a_number_may_be_written_in_another_way(claim: str) -> None:
    verdict = await Lexical().check(claim, SOURCE)
    assert (verdict.label, verdict.reason) == ("supported", "")


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("The firm sold 2.4 billion bicycles in 2021.", "the number 2.4 billion is not in the source"),
        ("The firm sold 2.4 million bicycles in 2020.", "the date 2020 is not in the source"),
        ("It was founded by thirty workers in 1999.", "the number thirty is not in the source"),
        (
            "Its sales in 2021 were a decrease of 12% over the year before.",
            "the source says “increase”, not “decrease”",
        ),
        ("It was not founded by twenty-five workers.", "the source does not negate it"),
        ("The bicycle firm was founded by Karl Lund and his workers.", "the name Karl Lund is not in the source"),
    ],
)
async def test_what_the_source_lacks_is_named_and_never_supported(claim: str, reason: str) -> None:
    verdict = await Lexical().check(claim, SOURCE)
    assert verdict.label in ("partial", "unsupported")
    assert verdict.reason == reason


async def test_words_after_a_hedge_or_negation_are_not_verbatim() -> None:
    assert (await Lexical().check("The tower fell.", ["Perhaps the tower fell."])).score < 0.95
    assert (await Lexical().check("The tower fell.", ["It is not true that the tower fell."])).label != "supported"
    assert (await Lexical().check("The tower fell.", ["In 1902 the tower fell."])).score >= 0.95


async def test_what_has_nothing_to_do_with_the_source_is_unsupported() -> None:
    verdict = await Lexical().check("Bananas ripen faster beside apples.", SOURCE)
    assert verdict.label == "unsupported"
    assert "of its words are not in the source" in verdict.reason


@given(st.text(max_size=60), st.lists(st.text(max_size=80), max_size=3))
def test_any_text_can_be_compared(claim: str, evidence: list[str]) -> None:
    found = compare(claim, evidence)
    assert found is None or (found.features.keys() >= set(FEATURES))


@given(st.text(alphabet="abcdefg hijk.,", min_size=1, max_size=60).filter(lambda text: any(map(str.isalpha, text))))
def test_a_text_stands_verbatim_in_itself(text: str) -> None:
    found = compare(text, [text])
    assert found is not None
    assert found.is_verbatim


def test_the_shipped_weights_are_those_of_the_features_and_say_where_they_are_from() -> None:
    data = json.loads(files("fontes.agent.verifiers").joinpath("lexical.json").read_text())
    assert tuple(shipped().weights) == FEATURES
    assert 0 < data["partial_at"] < 0.45 < data["supported_at"] < 0.95
    assert data["auroc"]["wice"] > 0.78
    assert not any("attributionbench" in name for name in data["data"])
