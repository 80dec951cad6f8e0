"""Tavily: docs.tavily.com/documentation/api-reference/endpoint/search."""

from ..api import Api, Ask, Part
from ..connection import Key
from ..errors import QuotaSpent
from ..filters import ANY, Filters
from ..found import Batch, Found
from ..hit import Hit
from ..refusals import Refusal
from ..terms import Terms
from ..wire import Body, Results, Text, When

URL = "https://api.tavily.com/search"
TERMS = Terms()
_MOST = 20


class _Result(Body):
    url: str
    title: Text = ""
    content: Text = ""
    published_date: When = None


class _Answer(Body):
    results: Results[_Result]


class Tavily:
    """A search made for language models. It gives one page of results, of twenty at most."""

    name = "tavily"
    honours = frozenset({"since", "until", "sites", "not_sites"})

    def __init__(self, key: str, *, url: str = URL, terms: Terms = TERMS) -> None:
        where = Key(value=key, setting="FONTES_TAVILY_KEY", header="Authorization", prefix="Bearer ")
        self._api, self._url = Api(self.name, terms, key=where, judge=_judge), url

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says, with twenty hits at most."""

        async def page(ask: Ask, part: Part) -> Batch:
            wanted = {
                "query": ask.text,
                "max_results": part.count,
                "search_depth": "basic",
                "start_date": filters.since and filters.since.isoformat(),
                "end_date": filters.until and filters.until.isoformat(),
                "include_domains": filters.sites,
                "exclude_domains": filters.not_sites,
            }
            answer = await ask.post(self._url, wanted, _Answer)
            return Batch(
                found=tuple(
                    Found(url=each.url, title=each.title, snippet=each.content, published=each.published_date)
                    for each in answer.results
                )
            )

        return await self._api.collect(query, page, limit=limit, per_page=_MOST)


def _judge(status: int, text: str) -> Refusal | None:
    if status in (432, 433):  # the plan's limit, and that of pay-as-you-go
        return QuotaSpent, f"the plan's searches are used up (HTTP {status}); raise its limit at app.tavily.com"
    return None
