"""Serper, Google's results as JSON: serper.dev/playground."""

from datetime import date

from ..api import Api, Ask, Part
from ..connection import Key
from ..errors import QuotaSpent
from ..filters import ANY, Filters
from ..found import Batch, Found
from ..hit import Hit
from ..refusals import Refusal
from ..terms import Terms
from ..wire import Body, Results, Text, When

URL = "https://google.serper.dev/search"
TERMS = Terms()
_MOST = 10  # a page of more costs two credits
_FULL = 7  # results beside the boxes and adverts of a page that has a next one


class _Result(Body):
    link: str
    title: Text = ""
    snippet: Text = ""
    date: When = None


class _Answer(Body):
    organic: Results[_Result]


class Serper:
    """Google's results. `language` is sent as that of the page of results, a preference and no filter."""

    name = "serper"
    honours = frozenset({"since", "until", "country", "sites", "not_sites"})

    def __init__(self, key: str, *, url: str = URL, terms: Terms = TERMS) -> None:
        where = Key(value=key, setting="FONTES_SERPER_KEY", header="X-API-KEY")
        self._api, self._url = Api(self.name, terms, key=where, judge=_judge, max_query=1_500), url

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says."""

        async def page(ask: Ask, part: Part) -> Batch:
            wanted = {
                "q": filters.in_query(ask.text),
                "num": _MOST,
                "page": part.number + 1,
                "gl": filters.country.lower(),
                "hl": filters.language,
                "tbs": _days(filters.since, filters.until),
            }
            answer = await ask.post(self._url, wanted, _Answer)
            return Batch(
                found=tuple(
                    Found(url=each.link, title=each.title, snippet=each.snippet, published=each.date)
                    for each in answer.organic
                ),
                more=len(answer.organic) >= _FULL,
            )

        return await self._api.collect(query, page, limit=limit, per_page=_MOST)


def _days(since: date | None, until: date | None) -> str | None:
    """Google's custom date range, in its American order; an end may be left open."""
    if not since and not until:
        return None
    first, last = (f"{day.month}/{day.day}/{day.year}" if day else "" for day in (since, until))
    return f"cdr:1,cd_min:{first},cd_max:{last}"


def _judge(status: int, text: str) -> Refusal | None:
    if status == 400 and "credits" in text.casefold():
        return QuotaSpent, "the account has no credits left (HTTP 400); buy more at serper.dev"
    return None
