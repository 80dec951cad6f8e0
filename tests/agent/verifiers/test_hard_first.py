"""What the hard checks make of a verifier that says yes to everything."""

from collections.abc import Sequence

import pytest
from fontes.agent.state import Label, Verdict
from fontes.agent.verifiers.hard_checks import objections
from fontes.agent.verifiers.hard_first import HardFirst
from hypothesis import given
from hypothesis import strategies as st

SOURCE = (
    "The firm sold 2.4 million bicycles in 2021, an increase of 12% over the year before.",
    "Its chief executive, Anna Berg, said sales may fall in Spain.",
)
TRUE = "The firm sold 2.4 million bicycles in 2021."
FALSE = (
    ("The firm sold 3.1 million bicycles in 2021.", "partial", "the number 3.1 million is not in the source"),
    ("The firm sold 2.4 million bicycles in 2020.", "partial", "the date 2020 is not in the source"),
    ("Its chief executive is Bertha Klum.", "partial", "the name Bertha Klum is not in the source"),
    ("The firm did not sell 2.4 million bicycles in 2021.", "unsupported", "the source does not negate it"),
)


class Says:
    """Says the same of every claim."""

    def __init__(self, label: Label, score: float = 0.97, reason: str = "") -> None:
        self.name = "says/1"
        self.verdict = Verdict(label=label, score=score, verifier=self.name, reason=reason)

    async def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
        return self.verdict


class SaysTogether(Says):
    """And judges many together."""

    async def check_all(self, claims: Sequence[str], evidence: Sequence[str]) -> tuple[Verdict, ...]:
        return tuple(self.verdict for _ in claims)


async def test_without_an_objection_the_verdict_stands() -> None:
    verifier = HardFirst(Says("supported"))
    verdict = await verifier.check(TRUE, SOURCE)
    assert verdict == Verdict(label="supported", score=0.97, verifier="says/1+hard/2")
    assert verdict.verifier == verifier.name


@pytest.mark.parametrize(("claim", "label", "reason"), FALSE)
async def test_with_an_objection_nothing_is_supported(claim: str, label: Label, reason: str) -> None:
    verdict = await HardFirst(Says("supported")).check(claim, SOURCE)
    assert (verdict.label, verdict.score, verdict.reason) == (label, 0.45, reason)


@pytest.mark.parametrize(("claim", "label", "reason"), FALSE)
async def test_contradicted_and_unsupported_stay(claim: str, label: Label, reason: str) -> None:
    verdict = await HardFirst(Says("contradicted", 0.03, "the source denies it")).check(claim, SOURCE)
    assert (verdict.label, verdict.score, verdict.reason) == ("contradicted", 0.03, "the source denies it")
    assert (await HardFirst(Says("unsupported", 0.2)).check(claim, SOURCE)).label == "unsupported"


@pytest.mark.parametrize("inner", [Says("supported"), SaysTogether("supported")], ids=["one by one", "together"])
async def test_many_claims_are_judged_as_each_is_alone(inner: Says) -> None:
    verifier = HardFirst(inner)
    claims = [TRUE, *(claim for claim, _, _ in FALSE)]
    alone = tuple([await verifier.check(claim, SOURCE) for claim in claims])
    assert await verifier.check_all(claims, SOURCE) == alone


@given(claim=st.text(max_size=80), source=st.text(max_size=80), score=st.floats(0, 1))
async def test_what_is_supported_has_no_objection_whatever_is_claimed(claim: str, source: str, score: float) -> None:
    verdict = await HardFirst(Says("supported", score)).check(claim, [source])
    assert (verdict.label == "supported") == (not objections(claim, [source]))
    assert verdict.score <= score
