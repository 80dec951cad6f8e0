"""What GDELT, Hacker News and Stack Exchange do in ways of their own."""

import gzip
import json
from typing import Any

import pytest
from fontes.tools import BadAnswer, LimitReached, SearchError, ServiceDown, Terms
from fontes.tools.search.gdelt import Gdelt
from fontes.tools.search.hacker_news import HackerNews
from fontes.tools.search.stack_exchange import StackExchange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FAST = Terms()


async def failure(search: Any) -> SearchError:
    with pytest.raises(SearchError) as failed:
        await search.search("tides")
    return failed.value


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Please limit requests to one every 5 seconds or contact us for larger queries.", LimitReached),
        ("Your query was too short or too long.\n", BadAnswer),
        ("Timespan is too short.", BadAnswer),
        ("", BadAnswer),
    ],
)
async def test_gdelt_says_its_errors_in_words_with_status_200(server: Any, said: str, kind: type[SearchError]) -> None:
    server.answer = lambda asked: server.reply(said, kind="text/html")
    failed = await failure(Gdelt(url=server.url, terms=FAST))
    assert type(failed) is kind
    assert said.strip() in str(failed)


async def test_gdelt_json_with_stray_escapes_and_controls_is_read(server: Any) -> None:
    body = r'{"articles": [{"url": "https://a.example/1", "title": "A \d \"q\" \u00e9 C:\\x' + "\t\x01" + '"}]}'
    server.answer = lambda asked: server.reply(body)
    (hit,) = await Gdelt(url=server.url, terms=FAST).search("tides")
    assert hit.title == r'A d "q" é C:\x'


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(max_size=30))
async def test_gdelt_json_that_is_right_is_left_as_it_is(server: Any, title: str) -> None:
    body = json.dumps({"articles": [{"url": "https://a.example/1", "title": "T" + title}]})
    server.answer = lambda asked: server.reply(body)
    assert len(await Gdelt(url=server.url, terms=FAST).search("tides")) == 1


async def test_gdelt_is_asked_without_short_words_and_with_quotes_where_needed(server: Any) -> None:
    server.answer = lambda asked: {}
    await Gdelt(url=server.url, terms=FAST).search('What does the EU say of covid-19 and "long covid"?')
    assert server.log[0].params["query"] == 'say "covid-19" "long covid"'


async def test_hacker_news_questions_have_their_own_page_and_old_stories_their_year(server: Any) -> None:
    hits = [
        {"objectID": "1", "title": "Ask HN: Tides?", "created_at": "2024-03-04T00:00:00Z", "url": None},
        {
            "objectID": "2",
            "title": "On tides (1969) [pdf]",
            "created_at": "2024-03-04T00:00:00Z",
            "url": "https://a.org/",
        },
        {"objectID": "x/../y", "title": "No number", "created_at": None},
    ]
    server.answer = lambda asked: {"hits": hits, "page": 0, "nbPages": 1}
    found = await HackerNews(url=server.url, terms=FAST).search("tides")
    assert [(hit.url, hit.published) for hit in found] == [
        ("https://news.ycombinator.com/item?id=1", "2024-03-04"), ("https://a.org/", "1969"),
    ]  # fmt: skip


def questions(**more: Any) -> dict[str, Any]:
    return {"items": [{"link": "https://a.example/q/1", "title": "Q &amp; A", "body": "<p>B</p>"}], **more}


async def test_stack_exchange_packs_its_answers(server: Any) -> None:
    packed = gzip.compress(json.dumps(questions()).encode())
    server.answer = lambda asked: server.reply(packed, headers={"Content-Encoding": "gzip"})
    (hit,) = await StackExchange(url=server.url, terms=FAST).search("tides")
    assert (hit.title, hit.snippet) == ("Q & A", "B")
    assert server.log[0].headers["accept-encoding"] == "gzip"


async def test_stack_exchange_is_left_alone_while_it_asks_for_that(server: Any) -> None:
    server.answer = lambda asked: questions(backoff=30, has_more=True)
    provider = StackExchange(url=server.url, terms=FAST)
    assert len(await provider.search("tides", limit=50)) == 1
    assert len(server.log) == 1, "no second page either"
    failed = await failure(provider)
    assert isinstance(failed, LimitReached)
    assert 29 < (failed.retry_after_s or 0) <= 30
    assert len(server.log) == 1


@pytest.mark.parametrize(
    ("status", "name", "said", "kind"),
    [
        (
            400,
            "throttle_violation",
            "too many requests from this IP, more requests available in 9 seconds",
            LimitReached,
        ),
        (502, "throttle_violation", "too many requests from this IP", LimitReached),
        (400, "temporarily_unavailable", "down for maintenance", ServiceDown),
        (400, "bad_parameter", "No site found for name `x`", BadAnswer),
    ],
)
async def test_stack_exchange_errors_are_told_apart(
    server: Any, status: int, name: str, said: str, kind: type[SearchError]
) -> None:
    body = {"error_id": status, "error_name": name, "error_message": said}
    server.answer = lambda asked: server.reply(body, status=status)
    assert type(await failure(StackExchange(url=server.url, terms=FAST))) is kind
