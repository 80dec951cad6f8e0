"""A recording plays back what it holds, and says exactly what it does not."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fontes.tools import Filters, Hit, NotRecorded, SearchError
from fontes.tools.search.recorded import Recorded
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Record = Callable[..., Recorded]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """A provider that plays a file of these lines."""

    def write(*lines: object) -> Recorded:
        path = tmp_path / "searches.jsonl"
        texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
        path.write_text("\n".join(texts), encoding="utf-8")
        return Recorded(path)

    return write


def results(*urls: str) -> list[dict[str, str]]:
    return [{"url": url, "title": f"T {url}"} for url in urls]


async def test_the_recorded_hits_come_back_in_order_and_ranked(record: Record) -> None:
    full = {"url": "https://a.example", "title": "Ä", "snippet": "s\u2028t", "published": "2025-05-01", "extra": 1}
    provider = record({"query": "tides", "results": [full, {"url": "https://b.example"}], "engine": "x"})
    assert await provider.search("tides") == (
        Hit(
            url="https://a.example", title="Ä", snippet="s\u2028t", provider="recorded", rank=1, published="2025-05-01"
        ),
        Hit(url="https://b.example", title="", snippet="", provider="recorded", rank=2),
    )


async def test_queries_are_compared_without_case_and_spacing(record: Record) -> None:
    provider = record({"query": "  High   TIDES\n", "results": results("u")})
    assert len(await provider.search("high tides")) == 1
    assert len(await provider.search("HIGH\ttides ")) == 1


async def test_a_limit_bounds_the_hits(record: Record) -> None:
    provider = record({"query": "q", "results": results(*"abcdefghijklmnop")})
    assert len(await provider.search("q")) == 10
    assert [hit.url for hit in await provider.search("q", limit=2)] == ["a", "b"]
    assert await provider.search("q", limit=0) == ()


async def test_fifty_hits_are_the_most_and_filters_choose_nothing(record: Record) -> None:
    provider = record({"query": "q", "results": results(*(f"https://a.example/{number}" for number in range(60)))})
    assert len(await provider.search("q", limit=100)) == 50
    assert len(await provider.search("q", limit=3, filters=Filters(sites=("b.example",), language="de"))) == 3
    assert provider.honours == frozenset()


async def test_no_url_comes_twice_and_the_better_place_counts(record: Record) -> None:
    provider = record({"query": "q", "results": [*results("a", "b"), {"url": "a", "title": "worse"}, *results("c")]})
    hits = await provider.search("q", limit=3)
    assert [(hit.url, hit.rank, hit.title) for hit in hits] == [("a", 1, "T a"), ("b", 2, "T b"), ("c", 3, "T c")]


async def test_of_a_query_recorded_twice_the_later_recording_counts(record: Record) -> None:
    provider = record({"query": "q", "results": results("old")}, "", {"query": "Q", "results": results("new")})
    assert [hit.url for hit in await provider.search("q")] == ["new"]


async def test_a_query_that_found_nothing_is_recorded_too(record: Record) -> None:
    assert await record({"query": "q", "results": []}).search("q") == ()


async def test_what_is_not_recorded_is_no_empty_answer(record: Record) -> None:
    provider = record({"query": "a", "results": []}, {"query": "b", "results": []})
    with pytest.raises(NotRecorded, match=r"could not search for 'c': it is not among the 2 queries in .*\.jsonl"):
        await provider.search("c")


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[" * 100_000,
        "[]",
        '"text"',
        '{"query": "q"}',
        '{"query": "q", "results": [{"title": "no address"}]}',
        '{"results": []}',
    ],
)
async def test_a_broken_line_is_named_with_its_number(line: str, record: Record) -> None:
    provider = record({"query": "q", "results": []}, "", line)
    with pytest.raises(SearchError, match=r"searches\.jsonl, line 3: ") as failed:
        await provider.search("q")
    assert not isinstance(failed.value, NotRecorded)


async def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "searches.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"query": "q", "results": []}\r\n{"query": "r", "results": []}\r\n')
    assert await Recorded(path).search("r") == await Recorded(path).search("q") == ()


async def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SearchError, match=r"gone\.jsonl cannot be read"):
        await Recorded(tmp_path / "gone.jsonl").search("q")


async def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "searches.jsonl").write_bytes(gzip.compress(b"{}"))
    with pytest.raises(SearchError, match=r"searches\.jsonl cannot be read"):
        await Recorded(tmp_path / "searches.jsonl").search("q")


@given(query=st.text(min_size=1), urls=st.lists(st.text(min_size=1), max_size=8), limit=st.integers(0, 10))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
async def test_any_recording_plays_back(query: str, urls: list[str], limit: int, record: Record) -> None:
    """Line ends inside a string are escaped in JSON, others (U+2028 and its like) are not: neither ends the line."""
    query, *urls = (text.encode("utf-8", "replace").decode() for text in (query, *urls))
    hits = await record({"query": query, "results": results(*urls)}).search(query, limit=limit)
    assert [hit.url for hit in hits] == list(dict.fromkeys(urls))[:limit]
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


async def test_real_searches_of_a_week_play_back(shared_data: Path, record: Record) -> None:
    with gzip.open(shared_data / "web" / "realtimeqa" / "questions.jsonl.gz", "rt", encoding="utf-8") as file:
        questions = [json.loads(line) for line in file]
    provider = record(
        *(
            {
                "query": question["question"],
                "results": [
                    {"url": hit["url"], "title": hit["title"], "snippet": hit["text"][:300]}
                    for hit in question["results"]
                ],
            }
            for question in questions
        )
    )
    for question in questions:
        if question["results"]:
            (first,) = await provider.search(question["question"], limit=1)
            assert (first.url, first.rank) == (question["results"][0]["url"], 1)
