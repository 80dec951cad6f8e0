"""The time for which something is said, and when it is past."""

from datetime import date

import pytest
from fontes.agent.verifiers.sources.as_of import as_of, freshness
from hypothesis import given, settings
from hypothesis import strategies as st

TODAY = date(2025, 1, 1)


@pytest.mark.parametrize(
    ("sentence", "published", "basis", "last"),
    [
        ("As of March 2021, the city had 5,120 inhabitants.", "2023-01-01", "stated", date(2021, 3, 31)),
        ("In 2019, revenue was $5 million.", "2023-01-01", "stated", date(2019, 12, 31)),
        ("Last updated: 3 May 2020. Tickets are free.", "", "stated", date(2020, 5, 3)),
        ("Last year 500 people visited.", "2020-05-01", "stated", date(2019, 12, 31)),
        ("The museum was founded in 1989.", "2023-01-01T10:00:00Z", "published", date(2023, 1, 1)),
        ("The museum is large.", "2023-01-01", "published", date(2023, 1, 1)),
        ("The divers counted 940 eels in May, against 61 in 2015.", "2022-06-17", "stated", date(2022, 5, 31)),
        ("The divers counted 940 eels, against 61 in 2015.", "2022-06-17", "published", date(2022, 6, 17)),
        ("The parish has 6,300 inhabitants, up from 5,700 in 2001.", "2022-06-17", "published", date(2022, 6, 17)),
        ("Sales were 6 million in 2021, compared with 5 million in 2020.", "2023-01-01", "stated", date(2021, 12, 31)),
        ("The number rose from 5,000 in 2001 to 6,000 in 2011.", "2023-01-01", "stated", date(2011, 12, 31)),
        ("The miller is Ida Moll, who took over in 2019.", "2024-02-11", "published", date(2024, 2, 11)),
        ("The mayor is Ida Moll, elected in 2019.", "2024-02-11", "published", date(2024, 2, 11)),
        ("Otto Reed, who came in 1874 and stayed, kept bees.", "2024-02-11", "published", date(2024, 2, 11)),
        ("The mill is 21 metres high and was repaired in 1999.", "2024-02-11", "published", date(2024, 2, 11)),
        ("Inflation is 3 percent in 2020.", "2021-01-01", "stated", date(2020, 12, 31)),
        ("In 2023 a permit costs 5 crowns.", "2022-12-01", "stated", date(2023, 12, 31)),
        ("Guided tours will not take place in 2025.", "2024-09-09", "published", date(2024, 9, 9)),
    ],
)
def test_a_sentence_holds_for_the_time_it_states_else_for_the_day_of_its_page(
    sentence: str, published: str, basis: str, last: date
) -> None:
    found = as_of(sentence, published)
    assert found is not None
    assert (found.basis, found.last) == (basis, last)


def test_without_any_date_nothing_is_known() -> None:
    assert as_of("The museum is large.", "") is None
    assert as_of("The museum was founded in 1989.", "soon") is None


@pytest.mark.parametrize(
    ("claim", "published", "label"),
    [
        ("Tim Cook is the CEO of Apple.", "2012-05-01", "stale"),
        ("Tim Cook is the CEO of Apple.", "2024-11-01", "fresh"),
        ("Python 3.9 is the latest stable version.", "2020-11-01", "stale"),
        ("The ticket costs $12.", "2024-06-01", "stale"),
        ("The firm currently employs 300 people.", "2021-06-01", "stale"),
        ("The city has a population of 5,120.", "2024-06-01", "fresh"),
        ("It is the world's tallest building.", "2009-06-01", "stale"),
        ("The firm currently employs 300 people.", "", "undated"),
        ("Tim Cook became CEO in 2011.", "2012-05-01", "timeless"),
        ("Water boils at 100 degrees.", "1999-01-01", "timeless"),
        ("As of 2012, Tim Cook is the CEO of Apple.", "2012-05-01", "timeless"),
        ("Until now nobody had seen it.", "2012-05-01", "timeless"),
        ("The current director of the Mill Trust is Arne Holt.", "2013-01-20", "stale"),
        ("The miller is Ida Moll, who took over in 2019.", "2020-02-11", "timeless"),
        ("The mayor is Ida Moll, who took over in 2019.", "2020-02-11", "stale"),
    ],
)
def test_only_what_is_said_of_the_present_grows_stale(claim: str, published: str, label: str) -> None:
    assert freshness(claim, as_of(claim, published), TODAY).label == label


def test_the_reason_names_the_words_the_day_and_the_age() -> None:
    claim = "Tim Cook is the CEO of Apple."
    found = freshness(claim, as_of(claim, "2012-05-01"), TODAY)
    assert found.is_stale
    assert found.reason == "says “is the CEO”, and its page is from 2012-05-01, 12 years ago"


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=12) | st.dates().map(str))
def test_any_sentence_and_date_are_read(sentence: str, published: str) -> None:
    found = as_of(sentence, published)
    assert found is None or found.first <= found.last
    freshness(sentence, found, TODAY)
