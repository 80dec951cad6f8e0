"""What headers and metas ask, and which of it forbids an answer."""

from datetime import UTC, datetime

import pytest
from fontes.crawler import CrawlPolicy
from fontes.crawler.robots import forbidden_by, header_signals, meta_signals, nofollow
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2025, 6, 1, tzinfo=UTC)
ALL = CrawlPolicy().obey


def robots_tags(*values: str) -> tuple[str, ...]:
    return header_signals([("X-Robots-Tag", value) for value in values], "Fontes")


@pytest.mark.parametrize(
    ("values", "signals"),
    [
        (("noindex",), ("robots: noindex",)),
        (("NoIndex, NOFOLLOW",), ("robots: noindex", "robots: nofollow")),
        (("noindex", "nofollow", "noindex"), ("robots: noindex", "robots: nofollow")),
        (("noindex nofollow; noai",), ("robots: noindex", "robots: nofollow", "robots: noai")),
        (("googlebot: noindex, nofollow",), ()),
        (("fontes: noindex, nofollow",), ("robots: noindex", "robots: nofollow")),
        (("noarchive, googlebot: noindex, Fontes : nosnippet",), ("robots: noarchive", "robots: nosnippet")),
        (("googlebot: noindex", "noarchive"), ("robots: noarchive",)),
        (("robots: noindex", "*: nofollow"), ("robots: noindex", "robots: nofollow")),
        (("max-snippet: 0, Max-Image-Preview:Large",), ("robots: max-snippet:0", "robots: max-image-preview:large")),
        (("otherbot: max-snippet:0",), ()),
        (("fontes: max-snippet:0",), ("robots: max-snippet:0",)),
        (
            ("unavailable_after: Friday, 25-Jun-2010 15:00:00 PST, noarchive",),
            ("robots: unavailable_after: Friday, 25-Jun-2010 15:00:00 PST", "robots: noarchive"),
        ),
        (("otherbot: unavailable_after: 25 Jun 2010 15:00:00 PST",), ()),
        (("", ",", ":", " : "), ()),
    ],
)
def test_robots_tags_are_told_where_they_are_for_everyone_or_the_agent(
    values: tuple[str, ...], signals: tuple[str, ...]
) -> None:
    assert robots_tags(*values) == signals


def test_usage_preferences_are_told_one_by_one() -> None:
    headers = [("Content-Usage", 'Train-AI=N , ai-use=y;q="a", search, search="n"'), ("content-signal", "ai-input=no")]
    assert header_signals(headers, "Fontes") == (
        "content-usage: train-ai=n", "content-usage: ai-use=y", "content-signal: ai-input=no",
    )  # fmt: skip


def test_of_a_preference_that_is_stated_twice_the_last_counts() -> None:
    assert header_signals([("Content-Usage", "ai-use=n, ai-use=y")], "Fontes") == ("content-usage: ai-use=y",)


def test_reservations_are_told() -> None:
    headers = [("TDM-Reservation", " 1 "), ("tdm-policy", "https://a.example/p"), ("Server", "noindex")]
    assert header_signals(headers, "Fontes") == ("tdm-reservation: 1", "tdm-policy: https://a.example/p")
    assert header_signals([("tdm-reservation", "2")], "Fontes") == ()


def test_metas_are_told_where_they_are_for_everyone_or_the_agent() -> None:
    metas = [
        ("Robots", "noindex, max-snippet:-1"), ("googlebot", "noarchive"), ("FONTES", "nosnippet"),
        ("tdm-reservation", "1"), ("tdm-policy", "https://a.example/p"), ("description", "nofollow"), ("", "noai"),
    ]  # fmt: skip
    assert meta_signals(metas, "Fontes/1.0") == (
        "robots: noindex", "robots: max-snippet:-1", "robots: nosnippet", "tdm-reservation: 1",
        "tdm-policy: https://a.example/p",
    )  # fmt: skip
    assert meta_signals(metas[-1:], "") == ()


@pytest.mark.parametrize(
    ("signal", "kind"),
    [
        ("robots: noindex", "noindex"),
        ("robots: none", "noindex"),
        ("robots: unavailable_after: 25 Jun 2010 15:00:00 PST", "noindex"),
        ("robots: unavailable_after: Friday, 25-Jun-2010 15:00:00 PST", "noindex"),
        ("robots: unavailable_after: 2010-06-25", "noindex"),
        ("robots: unavailable_after: 2025-05-31T23:00:00-00:30", "noindex"),
        ("robots: nosnippet", "nosnippet"),
        ("robots: max-snippet:0", "nosnippet"),
        ("robots: noai", "noai"),
        ("content-signal: ai-input=no", "ai-input"),
        ("content-usage: ai-use=n", "ai-input"),
        ("content-usage: ai-output=n", "ai-input"),
        ("content-usage: infer-user=n", "ai-input"),
        ("content-usage: bots=n", "ai-input"),
        ("tdm-reservation: 1", "tdm"),
    ],
)
def test_an_opt_out_forbids_unless_the_policy_ignores_its_kind(signal: str, kind: str) -> None:
    given = ("robots: noarchive", signal)
    assert forbidden_by(given, ALL, now=NOW) == signal
    assert forbidden_by(given, frozenset({kind}), now=NOW) == signal
    assert forbidden_by(given, ALL - {kind}, now=NOW) == ""


@pytest.mark.parametrize(
    "signal",
    [
        "robots: all", "robots: nofollow", "robots: noimageai", "robots: noarchive", "robots: max-snippet:50",
        "robots: max-snippet:-1", "robots: unavailable_after: 2030-01-01", "robots: unavailable_after: someday",
        "robots: unavailable_after: 2025-05-31T23:00:00-02:00", "content-signal: ai-train=no",
        "content-signal: ai-input=yes", "content-signal: search=no", "content-usage: train-ai=n",
        "content-usage: search=n", "tdm-reservation: 0", "tdm-policy: https://a.example/1", "",
    ],
)  # fmt: skip
def test_what_asks_for_something_else_does_not_forbid(signal: str) -> None:
    assert forbidden_by((signal,), ALL, now=NOW) == ""


def test_the_most_restrictive_signal_counts() -> None:
    assert forbidden_by(("robots: index", "robots: all", "robots: noindex"), ALL, now=NOW) == "robots: noindex"
    usage = ("content-usage: ai-use=y", "content-usage: ai-use=n")
    assert forbidden_by(usage, ALL, now=NOW) == "content-usage: ai-use=n"


def test_a_wider_category_counts_where_the_narrow_one_is_not_allowed() -> None:
    assert forbidden_by(("content-usage: bots=n", "content-usage: ai-output=y"), ALL, now=NOW) == ""
    assert forbidden_by(("content-usage: bots=n", "content-usage: search=y"), ALL, now=NOW) == "content-usage: bots=n"


def test_a_later_reservation_replaces_an_earlier_one() -> None:
    assert forbidden_by(("tdm-reservation: 1", "tdm-reservation: 0"), ALL, now=NOW) == ""
    assert forbidden_by(("tdm-reservation: 0", "tdm-reservation: 1"), ALL, now=NOW) == "tdm-reservation: 1"


def test_links_are_not_followed_where_the_page_asks_so() -> None:
    assert nofollow(("robots: noindex", "robots: nofollow"))
    assert nofollow(("robots: none",))
    assert not nofollow(("robots: noindex",))


NAMES = st.sampled_from(["x-robots-tag", "content-usage", "content-signal", "tdm-reservation", "robots", "fontes", "x"])
VALUES = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            ["noindex", "unavailable_after:", "fontes:", ",", ";", ":", " ", "25 Jun 2010", "0", "=n", "Fri"]
        )
    ).map("".join),
    st.text("0123456789:-+, JunTFZ", max_size=30).map("unavailable_after: {}".format),
)


@given(pairs=st.lists(st.tuples(NAMES, VALUES), max_size=5), agent=st.text())
def test_nothing_that_a_site_sends_makes_it_raise(pairs: list[tuple[str, str]], agent: str) -> None:
    signals = header_signals(pairs, agent) + meta_signals(pairs, agent)
    assert all(": " in signal for signal in signals)
    assert forbidden_by(signals, ALL, now=NOW) in ("", *signals)
