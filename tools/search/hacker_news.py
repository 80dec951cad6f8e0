"""Hacker News, what programmers read and say, through Algolia's search of it: hn.algolia.com/api."""

import re
from datetime import UTC, date, datetime, timedelta

from ..api import Api, Ask, Params, Part
from ..filters import ANY, Filters
from ..found import Batch, Found
from ..hit import Hit
from ..keywords import keywords
from ..terms import Terms
from ..wire import Body, Results, Text, When

URL = "https://hn.algolia.com/api/v1/search"
TERMS = Terms(min_interval_s=0.36)  # 10,000 requests an hour from one address
_MOST = 50
_ITEM = "https://news.ycombinator.com/item?id={}"
# By the site's custom, what is not new carries its year in the title.
_YEAR = re.compile(r"\((\d{4})\)\s*(?:\[[^\]]*\])?\s*$")


class _Story(Body):
    objectID: str  # noqa: N815 the wire's name
    url: Text = ""
    title: Text = ""
    story_text: Text = ""
    created_at: When = None


class _Answer(Body):
    hits: Results[_Story]
    page: int
    nbPages: int  # noqa: N815 the wire's name


class HackerNews:
    """Stories: the page that a story links to, or its own page where it is a question or a text.

    The days are those of submission, mostly the day after publication.
    """

    name = "hacker_news"
    honours = frozenset({"since", "until"})

    def __init__(self, *, url: str = URL, terms: Terms = TERMS) -> None:
        self._api, self._url = Api(self.name, terms, max_query=300), url

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says."""

        async def page(ask: Ask, part: Part) -> Batch:
            wanted: Params = {
                "query": " ".join(keywords(ask.text)),
                "tags": "story",
                "hitsPerPage": part.count,
                "page": part.number,
                "numericFilters": _days(filters),
            }
            answer = await ask.get(self._url, wanted, _Answer)
            return Batch(found=tuple(map(_found, answer.hits)), more=answer.page + 1 < answer.nbPages)

        return await self._api.collect(query, page, limit=limit, per_page=_MOST)


def _days(filters: Filters) -> str:
    since = f"created_at_i>={_seconds(filters.since)}" if filters.since else ""
    until = f"created_at_i<{_seconds(filters.until + timedelta(days=1))}" if filters.until else ""
    return ",".join(filter(None, (since, until)))


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _found(story: _Story) -> Found:
    own = _ITEM.format(story.objectID) if story.objectID.isdecimal() else ""
    year = _YEAR.search(story.title) if story.url else None
    return Found(
        url=story.url or own,
        title=story.title,
        snippet=story.story_text,
        published=year[1] if year else story.created_at,
    )
