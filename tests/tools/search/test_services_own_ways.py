"""What only one service does: its own error bodies, defaults and addresses."""

from typing import Any

import pytest
from fontes.tools import BadAnswer, Filters, KeyMissing, LimitReached, ServiceDown
from fontes.tools.search.google import Google
from fontes.tools.search.mediawiki import MediaWiki
from fontes.tools.search.searxng import Searxng

FORBIDDEN = "<!doctype html><html><title>403 Forbidden</title><h1>Forbidden</h1></html>"  # as Flask words it


async def test_a_searxng_without_json_is_told_how_to_offer_it(server: Any) -> None:
    server.answer = lambda asked: server.reply(FORBIDDEN, status=403, kind="text/html")
    with pytest.raises(BadAnswer, match=r"settings\.yml set search: formats: \[html, json\].*FONTES_SEARXNG_URL"):
        await Searxng(server.url).search("tides")


async def test_a_searxng_whose_engines_all_failed_has_not_answered(server: Any) -> None:
    engines = [["google", "Suspended: too many requests"], ["duckduckgo", "CAPTCHA"], "odd"]
    server.answer = lambda asked: {"results": [], "unresponsive_engines": engines}
    with pytest.raises(ServiceDown, match="google: Suspended: too many requests, duckduckgo: CAPTCHA, odd"):
        await Searxng(server.url).search("tides")


async def test_a_searxng_with_hits_may_have_lost_an_engine(server: Any) -> None:
    found = [{"url": "https://a.example/"}]
    server.answer = lambda asked: {"results": found, "unresponsive_engines": [["google", "timeout"]]}
    assert len(await Searxng(server.url).search("tides", limit=1)) == 1


@pytest.mark.parametrize("path", ["", "/", "/search", "/search/"])
async def test_a_searxng_is_found_under_each_spelling_of_its_address(server: Any, path: str) -> None:
    server.answer = lambda asked: {"results": []}
    await Searxng(server.url + "/sx" + path).search("tides")
    assert server.log[0].path == "/sx/search"


async def test_an_instance_or_engine_that_is_not_set_is_said() -> None:
    with pytest.raises(KeyMissing, match="FONTES_SEARXNG_URL"):
        await Searxng("").search("tides")
    with pytest.raises(KeyMissing, match="FONTES_GOOGLE_CX"):
        await Google("key", cx="").search("tides")


@pytest.mark.parametrize(
    ("code", "kind"), [("ratelimited", LimitReached), ("maxlag", ServiceDown), ("badvalue", BadAnswer), ("", BadAnswer)]
)
async def test_an_error_of_a_wiki_comes_with_status_200(server: Any, code: str, kind: type[Exception]) -> None:
    server.answer = lambda asked: {"error": {"code": code, "info": "Why it did not work", "docref": "See the help."}}
    with pytest.raises(kind, match="Why it did not work"):
        await MediaWiki(url=server.url).search("tides")


async def test_what_is_no_wiki_is_told_apart_from_a_wiki_without_hits(server: Any) -> None:
    server.answer = lambda asked: {"batchcomplete": True}
    assert await MediaWiki(url=server.url).search("tides") == ()
    server.answer = lambda asked: {"hello": "world"}
    with pytest.raises(BadAnswer, match=r"api\.php"):
        await MediaWiki(url=server.url).search("tides")


async def test_the_wiki_of_the_questions_language_is_asked(server: Any) -> None:
    server.answer = lambda asked: {"batchcomplete": True}
    wiki = MediaWiki(url=server.url + "/{language}", language="fr")
    await wiki.search("marée")
    await wiki.search("tides", filters=Filters(language="en"))
    assert [asked.path for asked in server.log] == ["/fr", "/en"]
    assert (wiki.name, MediaWiki(name="lexicon").name) == ("wikipedia", "lexicon")


async def test_a_snippet_of_google_loses_the_day_before_it(server: Any) -> None:
    item = {"link": "https://a.example/", "title": "T", "snippet": "Mar 4, 2024 ... The tide"}
    tagged = item | {"pagemap": {"metatags": [{"article:published_time": "2024-01-02T03:04:05Z", "og:x": 7}]}}
    server.answer = lambda asked: {"queries": {"request": []}, "items": [item, tagged | {"link": "https://b.example/"}]}
    hits = await Google("key", cx="cx", url=server.url).search("tides", limit=2)
    assert [(hit.snippet, hit.published) for hit in hits] == [("The tide", "2024-03-04"), ("The tide", "2024-01-02")]
