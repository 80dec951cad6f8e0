"""What is said of the present, and what only looks like it."""

import pytest
from fontes.agent.verifiers.sources.present import said_of_present
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("claim", "said", "most_days"),
    [
        ("The current director of the Mill Trust is Arne Holt.", "The current director of the Mill Trust is", 365),
        ("The CEO is Ida Moll.", "The CEO is", 365),
        ("The mayor of Upper Reed is Ida Moll.", "The mayor of Upper Reed is", 365),
        ("Reed’s harbour master is Karl Lund.", "Reed’s harbour master is", 365),
        ("Ida Moll is the mayor of Reed.", "is the mayor", 365),
        ("Ida Moll has been the director since 2011.", "has been the director", 365),
        ("The mill is run by Ida Moll.", "is run by", 365),
        ("A permit costs 4.50 crowns.", "costs 4.50", 90),
        ("Tickets cost 12 euros.", "Tickets cost 12", 90),
        ("Households with four children pay 3.20 crowns.", "pay 3.20", 90),
        ("The fee is 12 crowns.", "fee is 12", 90),
        ("The standing charge is 42 crowns a year.", "standing charge is 42", 90),
        ("Admission is free.", "Admission is free", 90),
        ("Der Erlaubnisschein kostet 15 Kronen im Jahr.", "kostet 15", 90),
        ("The parish has 6,300 inhabitants.", "has 6,300 inhabitants", 730),
        ("About 300 people live on the island.", "people live", 730),
        ("It is the largest weir in the country.", "is the largest", 730),
        ("The largest weir in the country is at Reed.", "The largest weir in the country is", 730),
        ("She holds the national record.", "holds the national record", 730),
        ("The mill is open daily.", "is open daily", 365),
        ("The mill is closed on Mondays.", "is closed on Mondays", 365),
        ("The bus takes 35 minutes.", "bus takes 35", 365),
        ("Version 3.2 is the newest release.", "newest release", 180),
        ("The chimney still stands.", "still", 365),
        ("The appeal has to date raised 5 million crowns.", "to date", 365),
    ],
)
def test_the_present_is_seen_in_both_orders_of_words(claim: str, said: str, most_days: int) -> None:
    assert said_of_present(claim) == (said, most_days)


@pytest.mark.parametrize(
    "claim",
    [
        "The eel pass built in 2018 cost 1.3 million crowns and has 28 steps.",
        "The repairs cost 3 million crowns.",
        "A ticket cost 4 crowns.",
        "The price was 3.85 crowns.",
        "The mayor was Ida Moll.",
        "Arne Holt was keeper from 1997 to 2019.",
        "Ida Moll is a former president of the club.",
        "The fair is opened by the mayor every year.",
        "The chimney was still standing in 1900.",
        "They still lived in the old mill.",
        "The king now had no army.",
        "It was the largest weir in the country.",
        "The mill was open daily.",
        "The church is believed to date from 1400.",
        "The list is kept up to date.",
        "She went so far as to call him a liar.",
        "Still, the mill turns.",
        "This year the divers counted 940 eels.",
        "The weir is 61 metres long.",
        "The trip has costs of 300 crowns.",
    ],
)
def test_the_past_and_what_does_not_age_are_not_the_present(claim: str) -> None:
    assert said_of_present(claim) is None


@given(st.text(max_size=200))
def test_what_is_found_stands_in_the_claim(claim: str) -> None:
    found = said_of_present(claim)
    assert found is None or found[0] in claim
