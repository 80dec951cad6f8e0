"""OpenAlex, an open catalogue of scholarly works: developers.openalex.org/api-reference/works."""

from urllib.parse import quote

from pydantic import Field

from ..api import Api, Ask, Params, Part
from ..connection import Key
from ..errors import LimitReached, QuotaSpent
from ..filters import ANY, Filters
from ..found import Batch, Found
from ..hit import Hit
from ..keywords import keywords
from ..refusals import Refusal
from ..terms import Terms
from ..wire import Body, Results, Text, When

URL = "https://api.openalex.org/works"
TERMS = Terms(min_interval_s=0.1, daily=1_000)  # what the dollar a day of a free key pays for; without a key, about 10
_SETTING = "FONTES_OPENALEX_KEY"
_MOST = 50
_STATE = "id,doi,is_retracted"
_FIELDS = "doi,display_name,publication_date,primary_location,best_oa_location,abstract_inverted_index"


class _Location(Body):
    landing_page_url: Text = ""


class _Work(Body):
    doi: Text = ""
    display_name: Text = ""
    publication_date: When = None
    primary_location: _Location | None = None
    best_oa_location: _Location | None = None
    abstract_inverted_index: dict[str, list[int]] | None = None


class _Meta(Body):
    count: int


class _Answer(Body):
    meta: _Meta
    results: Results[_Work] = Field(default_factory=list)


class OpenAlex:
    """Works of all fields. A hit is the page of an open copy where one is known, else the publisher's, else the DOI."""

    name = "openalex"
    honours = frozenset({"since", "until", "language"})

    def __init__(self, key: str = "", *, url: str = URL, terms: Terms = TERMS) -> None:
        where = Key(value=key, setting=_SETTING, param="api_key", required=False) if key else None
        self._api, self._url = Api(self.name, terms, key=where, judge=_judge), url

    async def work(self, doi: str) -> str | None:
        """What is known of a DOI, as JSON with `is_retracted`; None when it is not known here.

        Raises:
            SearchError: no usable answer.
        """
        return await self._api.document(doi, f"{self._url}/doi:{quote(doi, safe='')}", {"select": _STATE})

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says. Each page of results costs as much as a search."""

        async def page(ask: Ask, part: Part) -> Batch:
            wanted: Params = {
                "search": " ".join(keywords(ask.text)),
                "filter": _filter(filters),
                "page": part.number + 1,
                "per_page": part.count,
                "select": _FIELDS,
            }
            answer = await ask.get(self._url, wanted, _Answer)
            more = answer.meta.count > part.start + part.count
            return Batch(found=tuple(map(_found, answer.results)), more=more)

        return await self._api.collect(query, page, limit=limit, per_page=_MOST)


def _filter(filters: Filters) -> str:
    wanted = {
        "from_publication_date": filters.since,
        "to_publication_date": filters.until,
        "language": filters.language,
    }
    return ",".join(f"{name}:{value}" for name, value in wanted.items() if value)


def _found(work: _Work) -> Found:
    locations = filter(None, (work.best_oa_location, work.primary_location))
    pages = (location.landing_page_url for location in locations)
    return Found(
        url=next(filter(None, pages), work.doi),
        title=work.display_name,
        snippet=_abstract(work.abstract_inverted_index or {}),
        published=work.publication_date,
    )


def _abstract(places: dict[str, list[int]]) -> str:
    """The abstract, of which OpenAlex gives each word with the places where it stands."""
    return " ".join(word for _, word in sorted((place, word) for word, all_ in places.items() for place in all_))


def _judge(status: int, text: str) -> Refusal | None:
    """403 means too fast here, and 429 mostly that the day's budget is spent, not that a key is wrong."""
    said = text.casefold()
    if status == 429 and ("budget" in said or "credit" in said or "daily" in said):
        why = f"the day's searches are used up (HTTP 429); wait until 00:00 UTC, or set {_SETTING} to a key (free)"
        return QuotaSpent, why
    if status == 403 and "rate limit" in said:
        return LimitReached, "too many questions (HTTP 403); it will be asked again later"
    return None
