"""What all providers get from the one way in which they speak HTTP, tried with one of them."""

import asyncio
import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from fontes.tools import BadAnswer, SearchError, ServiceDown, Terms
from fontes.tools.search.searxng import Searxng

FOUND = {"results": [{"url": "https://a.example/", "title": "T", "content": "S"}]}


def packed(server: Any, body: bytes) -> Any:
    return server.reply(gzip.compress(body), headers={"Content-Encoding": "gzip"})


async def test_the_user_agent_is_honest_and_names_a_contact(server: Any) -> None:
    server.answer = lambda asked: FOUND
    await Searxng(server.url).search("tides")
    await Searxng(server.url, terms=Terms(contact="me@example.org")).search("tides")
    await Searxng(server.url, terms=Terms(contact="evil\r\nX-Injected: 1")).search("tides")
    agents = [asked.headers["user-agent"] for asked in server.log]
    assert agents[0].startswith("Fontes/")
    assert agents[1].endswith(" (+me@example.org)")
    assert agents[2] == agents[0]
    assert "x-injected" not in server.log[2].headers


async def test_a_redirect_within_the_host_is_followed(server: Any) -> None:
    def answer(asked: Any) -> Any:
        if asked.path == "/search":
            return server.reply(status=308, headers={"Location": "/moved/search?" + "q=tides&format=json"})
        return FOUND

    server.answer = answer
    assert len(await Searxng(server.url).search("tides", limit=1)) == 1
    assert [asked.path for asked in server.log] == ["/search", "/moved/search"]


@pytest.mark.parametrize("location", ["http://127.0.0.1:9/", "//other.example/", "https://127.0.0.1/", "http://[", ""])
async def test_a_redirect_elsewhere_is_not(server: Any, location: str) -> None:
    server.answer = lambda asked: server.reply(status=302, headers={"Location": location})
    with pytest.raises(SearchError):
        await Searxng(server.url).search("tides")
    assert all(asked.path == "/search" for asked in server.log)


async def test_compressed_answers_are_read(server: Any) -> None:
    server.answer = lambda asked: packed(server, json.dumps(FOUND).encode())
    assert len(await Searxng(server.url).search("tides", limit=1)) == 1


async def test_an_answer_that_swells_is_not_unpacked_to_its_end(server: Any) -> None:
    server.answer = lambda asked: packed(server, b" " * 50_000_000)
    with pytest.raises(BadAnswer, match="larger than 5,000,000 bytes"):
        await Searxng(server.url).search("tides")


async def test_a_broken_compression_is_a_bad_answer(server: Any) -> None:
    server.answer = lambda asked: server.reply(zlib.compress(b"x")[1:], headers={"Content-Encoding": "gzip"})
    with pytest.raises(BadAnswer, match="cannot be decompressed"):
        await Searxng(server.url).search("tides")


async def test_a_folder_that_cannot_hold_the_counts_is_named(server: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    terms = Terms(daily=5, counts=tmp_path / "file")
    with pytest.raises(SearchError, match=r"its requests cannot be counted: .*file"):
        await Searxng(server.url, terms=terms).search("tides")
    assert not server.log


async def test_requests_keep_their_distance(server: Any) -> None:
    times: list[float] = []
    loop = asyncio.get_running_loop()

    def answer(asked: Any) -> Any:
        times.append(loop.time())
        return FOUND

    server.answer = answer
    provider = Searxng(server.url, terms=Terms(min_interval_s=0.1))
    await asyncio.gather(*(provider.search(f"q{number}", limit=1) for number in range(3)))
    assert times[2] - times[0] >= 0.15


async def test_a_retry_counts_against_the_budget(server: Any) -> None:
    server.answer = lambda asked: server.reply(status=500)
    with pytest.raises(SearchError, match="budget of 1 requests"):
        await Searxng(server.url, terms=Terms(daily=1)).search("tides")
    assert len(server.log) == 1


async def test_a_host_without_a_name_server_entry_is_down(server: Any) -> None:
    with pytest.raises(ServiceDown, match="cannot be reached"):
        await Searxng("http://localhost:1").search("tides")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"min_interval_s": -1}, "min_interval_s must not be negative"),
        ({"deadline_s": 0}, "deadline_s and max_bytes must be positive"),
        ({"max_bytes": 0}, "deadline_s and max_bytes must be positive"),
        ({"daily": 0}, "daily: at least 1"),
    ],
)
def test_terms_that_nothing_could_keep_are_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Terms(**wrong)
