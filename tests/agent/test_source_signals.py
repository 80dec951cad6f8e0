"""What can be seen of a source: kind of site, author, date, references, copied text, notices."""

from datetime import date

import pytest
from fontes.agent.site_kinds import site_kind
from fontes.agent.source_signals import source_signals
from fontes.crawler import Sighting
from hypothesis import given
from hypothesis import strategies as st

TODAY = date(2025, 1, 1)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("https://www.gov.uk/x", "government"),
        ("https://www.nasa.gov/", "government"),
        ("https://ec.europa.eu/x", "government"),
        ("https://cs.stanford.edu/x", "university"),
        ("https://www.ox.ac.uk/", "university"),
        ("https://arxiv.org/abs/2401.1", "scholarly"),
        ("https://pubmed.ncbi.nlm.nih.gov/1/", "scholarly"),
        ("https://en.wikipedia.org/wiki/Lund", "encyclopedia"),
        ("https://www.bbc.co.uk/news/1", "news"),
        ("https://www.lundherald.com/x", "news"),
        ("https://old.reddit.com/r/lund", "forum"),
        ("https://forum.example.com/x", "forum"),
        ("https://www.youtube.com/watch", "social"),
        ("https://www.amazon.co.uk/dp/1", "shop"),
        ("https://anna.substack.com/p/x", "blog"),
        ("https://example.com/blog/x", "blog"),
        ("https://docs.python.org/3/", "documentation"),
        ("https://example.com/", "other"),
        ("https://governor.example.com/", "other"),
        ("http://[bad", "other"),
        ("/home/me/notes.md", "file"),
    ],
)
def test_the_kind_of_site_is_told_by_a_rule_that_is_named(source: str, kind: str) -> None:
    found = site_kind(source)
    assert found.kind == kind
    assert found.told_by


def test_what_a_page_declares_counts_for_less_than_what_is_known() -> None:
    assert site_kind("https://example.com/a", ("NewsArticle",)).kind == "news"
    assert site_kind("https://en.wikipedia.org/wiki/Lund", ("NewsArticle",)).kind == "encyclopedia"


def seen(source: str = "https://example.com/a", **other: str) -> Sighting:
    return Sighting(source=source, fetched="2025-01-01T00:00:00Z", **other)


def test_each_signal_is_shown_as_what_it_is() -> None:
    text = (
        "Sugar helps [1]. It hurts [12].\nReferences\n1. Berg, A., Sugar and sleep in mice, 2020.\n"
        "2. Nord, C., Salt and sleep in mice, 2021.\n"
    )
    found = source_signals(seen(author="Anna Berg", published="2024-12-02T10:00:00Z"), text, today=TODAY)
    assert (found.published, found.age_days, found.references) == ("2024-12-02", 30, 2)
    assert found.has_author
    assert found.copied_share is None
    assert found.lines() == (
        "other (no rule knows it)",
        "by Anna Berg",
        "published 2024-12-02, 30 days ago",
        "points to 2 works or addresses",
    )


def test_what_is_missing_is_said() -> None:
    found = source_signals(seen("http://example.com/a", published="lately"), "", today=TODAY)
    assert found.age_days is None
    assert found.lines()[1:] == (
        "names no author",
        "published lately",
        "points to no other work",
        "was read without encryption (http)",
    )


def test_a_date_to_come_is_no_negative_age() -> None:
    assert source_signals(seen(published="2026-01-01"), "", today=TODAY).age_days == 0


def test_the_share_of_copied_words_is_measured_against_the_other_sources() -> None:
    own = "one two three four five six seven eight nine ten"
    found = source_signals(seen(), own, today=TODAY, others=("one two three four five six seven", "other words"))
    assert found.copied_share == pytest.approx(3 / 6)


def test_a_retraction_comes_first_and_only_where_works_are_published() -> None:
    text = "This article has been retracted by the editors."
    lines = source_signals(seen("https://arxiv.org/abs/1"), text, today=TODAY).lines()
    assert lines[0] == "retraction: “This article has been retracted by the editors.”"
    assert source_signals(seen("https://www.bbc.co.uk/news/1"), text, today=TODAY).notice is None


@given(st.text(max_size=60), st.text(max_size=300), st.text(max_size=12))
def test_any_page_is_looked_at(source: str, text: str, published: str) -> None:
    found = source_signals(seen(source, published=published), text, today=TODAY, others=(text,))
    assert found.lines()
    assert found.copied_share in (None, 1.0)
