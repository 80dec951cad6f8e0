"""A claim that has the words of its source the other way round, or more of them."""

import pytest
from fontes.agent.verifiers.hard_checks import objections
from fontes.agent.verifiers.lexical import judge
from hypothesis import given
from hypothesis import strategies as st

TEXT = st.text(alphabet="AnnaBob beat caused than after because larger,;. ", max_size=120)


@pytest.mark.parametrize(
    ("claim", "evidence", "kind"),
    [
        ("Ada Wells beat Nadia Ferro in Rome.", "Captain Nadia Ferro beat Ada Wells in Rome, then lost.", "roles"),
        ("The water authority blamed the farmers.", "Farmers blamed the water authority.", "roles"),
        ("Dr Lee arrested the man in May.", "Dr Lee was arrested by the man in May.", "roles"),
        ("Crop failures led to the drought.", "The drought led to crop failures across the valley.", "roles"),
        ("Rising prices caused the strike.", "The strike, which in turn caused rising prices, was long.", "roles"),
        ("The audit found a gap because the mayor left.", "The mayor left because the audit found a gap.", "roles"),
        ("Arlen bought Green before holders approved it.", "Arlen bought Green after holders approved it.", "roles"),
        ("Jupiter is less dense than water.", "Jupiter is larger than Saturn, and Saturn is less dense than water.",
         "roles"),
        ("Saturn is denser than water.", "Saturn is less dense than water.", "comparison"),
        ("Drug A was less safe in men than in women.", "Drug A was less safe in women than in men.", "comparison"),
        ("The lake is shallower than the sea.", "The sea is shallower than the lake.", "comparison"),
        ("The choir will tour Japan in May with a band.", "The choir will tour Japan in May.", "addition"),
        ("Farmers blamed the water authority and sued it.",
         "Farmers blamed the water authority, but it had warned them.",
         "addition"),
        ("The town has a casino.", "The town has a library.", "addition"),
        ("The vaccine protected few of the infants.", "The vaccine protected nearly all of the infants.", "quantifier"),
        ("Ferro had lost to Maddox before.",
         "Nadia Ferro beat Wells, then lost the final to Kira Maddox. Ferro had never lost to Maddox before.",
         "negation"),
        ("Profits at Anatol Steel fell.", "Exports grew, so that profits at Anatol Steel rose.", "opposite"),
    ],
)  # fmt: skip
def test_what_is_turned_round_or_added_meets_an_objection(claim: str, evidence: str, kind: str) -> None:
    found = objections(claim, [evidence])
    assert kind in {each.kind for each in found}
    assert all(each.reason for each in found)
    assert judge(claim, [evidence]).label != "supported"


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("The pirates were defeated by the navy of Carvia.", "The navy of Carvia defeated the pirates off Cape Morn."),
        ("Olaf Strand interviewed Teresa Mbeki.", "Teresa Mbeki was interviewed by Olaf Strand for the radio."),
        ("Anna Berg met Carl Lund in Oslo.", "Carl Lund met Anna Berg in Oslo in May."),
        ("Patients treated with X improved.", "X improved patients treated with it."),
        ("After the vote, they left the hall.", "They left the hall after the vote."),
        ("The vote was held before they left the hall.", "They left the hall after the vote was held."),
        ("The road was closed because of heavy rain.", "Heavy rain led to the road being closed."),
        ("Sill is smaller than Orne.", "Orne is larger than Sill."),
        ("Men reported more pain than women.", "Women reported less pain than men after the operation."),
        ("The choir will tour Japan.", "The choir will tour Japan in May with a band."),
        ("On Thursday the committee rejected the plan.", "The committee rejected the plan on Thursday."),
    ],
)
def test_what_the_source_says_in_another_order_meets_none(claim: str, evidence: str) -> None:
    assert [each for each in objections(claim, [evidence]) if each.kind in ("roles", "comparison", "addition")] == []


@given(claim=TEXT, evidence=TEXT)
def test_a_sentence_is_never_turned_round_against_itself(claim: str, evidence: str) -> None:
    assert all(each.start <= each.end <= len(claim) for each in objections(claim, [evidence]))
    assert not {"roles", "addition"} & {each.kind for each in objections(claim, [claim])}
