"""Filters hold what can be asked for, and say what cannot."""

from datetime import date
from typing import Any

import pytest
from fontes.tools import ANY, Filters
from fontes.tools.filters import age_days, within
from hypothesis import given
from hypothesis import strategies as st


def test_domains_are_kept_in_their_normal_form() -> None:
    filters = Filters(sites=("Example.ORG.", "*.a.org", "bücher.example"), not_sites=(".b.org",))
    assert filters.sites == ("example.org", "a.org", "xn--bcher-kva.example")
    assert filters.not_sites == ("b.org",)
    assert hash(filters) == hash(Filters(sites=["example.org", "a.org", "xn--bcher-kva.example"], not_sites=["b.org"]))


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"since": date(2024, 2, 1), "until": date(2024, 1, 1)}, "since 2024-02-01 is after until 2024-01-01"),
        ({"language": "EN"}, "language: two letters in lower case"),
        ({"language": "eng"}, "language: two letters"),
        ({"country": "de"}, "country: two letters in upper case"),
        ({"safe": "on"}, "safe: one of off, moderate, strict, not 'on'"),
        ({"sites": ("https://a.org/x",)}, "a site is a domain"),
        ({"sites": ("a b",)}, "a site is a domain"),
        ({"not_sites": ("",)}, "a site is a domain"),
    ],
)
def test_what_is_no_filter_is_named(given_: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Filters(**given_)


def test_a_domain_holds_itself_and_what_is_below_it() -> None:
    assert within("a.org", ("a.org",))
    assert within("x.a.org", ("b.org", "a.org"))
    assert not within("xa.org", ("a.org",))
    assert not within("org", ("a.org",))
    assert ANY.admits_host("anything.example")
    assert Filters(sites=("a.org",), not_sites=("x.a.org",)).admits_host("y.a.org")
    assert not Filters(sites=("a.org",), not_sites=("x.a.org",)).admits_host("x.a.org")


def test_sites_become_operators_of_the_query() -> None:
    assert ANY.in_query("tides") == "tides"
    assert Filters(sites=("a.org",)).in_query("tides") == "tides site:a.org"
    both = Filters(sites=("a.org", "b.org"), not_sites=("c.org",))
    assert both.in_query("tides") == "tides (site:a.org OR site:b.org) -site:c.org"


def test_an_age_reaches_back_to_the_first_day() -> None:
    today = date(2024, 5, 10)
    assert age_days(ANY, today) is None
    assert age_days(Filters(since=today), today) == 1
    assert age_days(Filters(since=date(2024, 5, 3)), today) == 8
    assert age_days(Filters(since=date(2030, 1, 1)), today) == 1


@pytest.mark.slow
@given(site=st.text(max_size=40))
def test_any_text_is_a_domain_or_is_refused(site: str) -> None:
    try:
        (kept,) = Filters(sites=(site,)).sites
    except ValueError:
        return
    assert Filters(sites=(kept,)).sites == (kept,)
