"""What every search provider keeps to, whatever it asks."""

import json
from pathlib import Path

import pytest
from fontes.tools import Search, SearchError
from fontes.tools.search.recorded import Recorded


@pytest.fixture(params=["recorded"])
def search(request: pytest.FixtureRequest, tmp_path: Path) -> Search:
    """Each provider in turn; "tides" finds five pages, one of them twice, and "nothing" finds none."""
    match request.param:
        case "recorded":
            urls = [*(f"https://a.example/{number}" for number in range(5)), "https://a.example/0"]
            path = tmp_path / "searches.jsonl"
            path.write_text(
                "\n".join(
                    json.dumps({"query": query, "results": [{"url": url, "title": "T"} for url in found]})
                    for query, found in (("tides", urls), ("nothing", []))
                )
            )
            return Recorded(path)
        case other:
            raise AssertionError(f"no such provider: {other}")


async def test_limit_is_an_upper_bound(search: Search) -> None:
    assert [len(await search.search("tides", limit=limit)) for limit in (0, 1, 3, 50)] == [0, 1, 3, 5]


async def test_ranks_count_from_one_and_hits_carry_the_providers_name(search: Search) -> None:
    hits = await search.search("tides")
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert {hit.provider for hit in hits} == {search.name}


async def test_no_url_comes_twice(search: Search) -> None:
    hits = await search.search("tides")
    assert len({hit.url for hit in hits}) == len(hits)


async def test_nothing_found_is_no_error(search: Search) -> None:
    assert await search.search("nothing") == ()


async def test_a_search_that_cannot_be_made_is_a_search_error(search: Search) -> None:
    with pytest.raises(SearchError, match=f"{search.name} could not search for 'no recording, no engine'"):
        await search.search("no recording, no engine")


async def test_the_same_query_finds_the_same(search: Search) -> None:
    assert await search.search("tides") == await search.search("tides")
