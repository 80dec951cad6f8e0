"""The SearXNG provider on a local web: it finds the pages, and each failing search is its typed error."""

from pathlib import Path

import pytest
from fontes.tools import SearchError
from fontes.tools.localweb import Fault, LocalWeb
from fontes.tools.search.searxng import Searxng

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "localweb"
QUESTION = "When was Gannet Point Light automated?"


async def test_both_sides_of_the_contradiction_are_found() -> None:
    async with LocalWeb(EXAMPLE) as web:
        hits = await Searxng(web.search_url).search(QUESTION, limit=5)
    found = {hit.url: hit.published for hit in hits}
    assert found["http://harbour-office.test/lights/gannet-point.html"] == "2023-04-18"
    assert found["http://keepers-society.test/gannet-point.html"] == "2022-06-26"


@pytest.mark.parametrize(
    ("kind", "error"),
    [("search-down", "ServiceDown"), ("search-429", "LimitReached"), ("search-403", "BadAnswer"),
     ("search-html", "BadAnswer"), ("search-captcha", "BadAnswer"), ("search-garbage", "BadAnswer"),
     ("search-reset", "ServiceDown"), ("search-truncated", "ServiceDown"), ("search-nothing", "ServiceDown")],
)  # fmt: skip
async def test_each_failing_search_is_its_error(kind: str, error: str) -> None:
    async with LocalWeb(EXAMPLE, faults=[Fault.of(kind)]) as web:
        with pytest.raises(SearchError) as raised:
            await Searxng(web.search_url).search(QUESTION, limit=5)
    assert type(raised.value).__name__ == error
