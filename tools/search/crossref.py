"""Crossref, the register of DOIs: api.crossref.org/swagger-ui, www.crossref.org/documentation/retrieve-metadata."""

import re
from datetime import date
from urllib.parse import quote

from pydantic import Field

from ..api import Api, Ask, Params, Part
from ..filters import ANY, Filters
from ..found import Batch, Found
from ..hit import Hit
from ..terms import Terms
from ..wire import Body, Results, Text

URL = "https://api.crossref.org/works"
TERMS = Terms(min_interval_s=1.0, deadline_s=15.0)  # the public pool's rate for lists
_MOST = 50
_JATS = re.compile(r"</?jats:[^>]*>")  # the markup of abstracts, from the publishers' own format
_FIELDS = "URL,title,abstract,issued"


class _Day(Body):
    parts: list[list[int | None]] = Field(default_factory=list, alias="date-parts")


class _Work(Body):
    url: str = Field(alias="URL")
    title: list[Text] = Field(default_factory=list)
    abstract: Text = ""
    issued: _Day | None = None


class _Message(Body):
    total: int = Field(alias="total-results")
    items: Results[_Work] = Field(default_factory=list)


class _Answer(Body):
    message: _Message


class Crossref:
    """Works by their metadata, abstracts included where publishers gave them. `email` leads to the polite pool."""

    name = "crossref"
    honours = frozenset({"since", "until"})

    def __init__(self, *, email: str = "", url: str = URL, terms: Terms = TERMS) -> None:
        self._api, self._email, self._url = Api(self.name, terms), email, url

    async def work(self, doi: str) -> str | None:
        """What is registered of a DOI, as JSON with its `updated-by`; None when it is not registered here.

        Raises:
            SearchError: no usable answer.
        """
        return await self._api.document(doi, f"{self._url}/{quote(doi, safe='')}", {"mailto": self._email})

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says; every hit is the address of a DOI."""

        async def page(ask: Ask, part: Part) -> Batch:
            wanted: Params = {
                "query.bibliographic": ask.text,
                "rows": part.count,
                "offset": part.start,
                "filter": _filter(filters),
                "select": _FIELDS,
                "mailto": self._email,
            }
            message = (await ask.get(self._url, wanted, _Answer)).message
            return Batch(found=tuple(map(_found, message.items)), more=message.total > part.start + part.count)

        return await self._api.collect(query, page, limit=limit, per_page=_MOST)


def _filter(filters: Filters) -> str:
    wanted = {"from-pub-date": filters.since, "until-pub-date": filters.until}
    return ",".join(f"{name}:{value}" for name, value in wanted.items() if value)


def _found(work: _Work) -> Found:
    return Found(
        url=work.url.replace("http://dx.doi.org/", "https://doi.org/", 1),
        title=next(iter(work.title), ""),
        snippet=_JATS.sub(" ", work.abstract),
        published=_day(work.issued),
    )


def _day(issued: _Day | None) -> str:
    """The day, month or year; Crossref writes `[[2024, 3]]`, and `[[null]]` for none."""
    parts = [part for part in (issued.parts[0] if issued and issued.parts else []) if part]
    try:
        return date(*[*parts, 1, 1][:3]).isoformat()[: (0, 4, 7, 10)[len(parts)]] if 1 <= len(parts) <= 3 else ""
    except (ValueError, OverflowError):
        return ""
