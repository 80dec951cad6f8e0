"""The archived copy of a page that is gone, and the list of copies of an address."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from fontes.tools import ANY, BadAnswer, Filters, LimitReached, QuotaSpent, SearchError, ServiceDown, Terms
from fontes.tools.search.wayback import Wayback


@pytest.fixture
def wayback(server: Any) -> Any:
    def make(**terms: Any) -> Wayback:
        return Wayback(available=f"{server.url}/wayback/available", captures=f"{server.url}/cdx", terms=Terms(**terms))

    return make


def snapshot(timestamp: str = "20230607080910", **more: Any) -> dict[str, Any]:
    closest = {"status": "200", "available": True, "url": "http://web.archive.org/web/x", "timestamp": timestamp}
    return {"url": "a.example/x", "archived_snapshots": {"closest": closest | more}}


async def test_a_page_that_is_gone_is_found_as_it_was(server: Any, wayback: Any) -> None:
    server.answer = lambda asked: snapshot()
    hit = await wayback().archived("https://a.example/x?utm_source=s#part", near=date(2023, 6, 1))
    assert hit.url == "https://web.archive.org/web/20230607080910id_/https://a.example/x"
    assert (hit.title, hit.snippet, hit.published) == ("https://a.example/x", "Archived on 2023-06-07.", "")
    assert server.log[0].params == {"url": "https://a.example/x", "timestamp": "20230601"}


async def test_without_a_day_the_latest_copy_is_wanted(server: Any, wayback: Any) -> None:
    server.answer = lambda asked: snapshot()
    await wayback().archived("https://a.example/x")
    assert server.log[0].params["timestamp"] == f"{datetime.now(UTC):%Y%m%d}"


@pytest.mark.parametrize("answered", [{"archived_snapshots": {}}, snapshot(available=False), snapshot(status="404")])
async def test_a_page_without_a_usable_copy_is_none(server: Any, wayback: Any, answered: Any) -> None:
    server.answer = lambda asked: answered
    assert await wayback().archived("https://a.example/x") is None


@pytest.mark.parametrize("url", ["http://10.0.0.1/x", "http://localhost/", "file:///etc/passwd", "tides", ""])
async def test_the_archive_is_not_told_of_private_addresses(server: Any, wayback: Any, url: str) -> None:
    assert await wayback().archived(url) is None
    assert await wayback().search(url) == ()
    assert not server.log


async def test_a_moment_that_is_none_is_a_bad_answer(server: Any, wayback: Any) -> None:
    server.answer = lambda asked: snapshot("../../evil")
    with pytest.raises(BadAnswer, match="not in the documented format"):
        await wayback().archived("https://a.example/x")


async def test_copies_are_listed_newest_first(server: Any, wayback: Any) -> None:
    rows = [
        ["timestamp", "original"],
        ["20210101000000", "http://a.example/x"],
        ["20230101000000", "https://a.example/x"],
    ]
    server.answer = lambda asked: server.reply(rows)
    hits = await wayback().search("see https://a.example/x please", filters=Filters(since=date(2021, 1, 1)))
    assert [(hit.rank, hit.url) for hit in hits] == [
        (1, "https://web.archive.org/web/20230101000000id_/https://a.example/x"),
        (2, "https://web.archive.org/web/20210101000000id_/http://a.example/x"),
    ]
    params = server.log[0].params
    assert (params["url"], params["from"], params["limit"]) == ("https://a.example/x", "20210101", "-10")
    assert "to" not in params


async def test_words_find_nothing_and_ask_nothing(server: Any, wayback: Any) -> None:
    assert await wayback().search("high tides", limit=3, filters=ANY) == ()
    assert not server.log


async def test_no_copies_are_no_hits(server: Any, wayback: Any) -> None:
    server.answer = lambda asked: server.reply([])
    assert await wayback().search("https://a.example/x") == ()


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ("", 429, LimitReached),
        ("org.archive.util.io.RuntimeIOException: AdministrativeAccessControlException: Blocked", 403, BadAnswer),
        ("oops", 503, ServiceDown),
        ("<html>busy</html>", 200, BadAnswer),
        ("[[1]]", 200, BadAnswer),
        ("{}", 200, BadAnswer),
    ],
)
async def test_failures_are_typed(server: Any, wayback: Any, body: str, status: int, kind: type[SearchError]) -> None:
    server.answer = lambda asked: server.reply(body, status=status)
    for asked in (wayback().search, wayback().archived):
        with pytest.raises(kind):
            await asked("https://a.example/x")


async def test_its_budget_and_rate_hold(server: Any, wayback: Any) -> None:
    server.answer = lambda asked: snapshot()
    provider = wayback(daily=1)
    assert await provider.archived("https://a.example/x")
    with pytest.raises(QuotaSpent):
        await provider.archived("https://a.example/y")
    slow = wayback(min_interval_s=100)
    assert await slow.archived("https://a.example/x")
    with pytest.raises(LimitReached):
        await slow.archived("https://a.example/y")
