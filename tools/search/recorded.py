"""Searches played back from a file, for replays, demonstrations and tests: the same query, the same hits."""

import asyncio
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ..errors import NotRecorded, SearchError
from ..filters import ANY, Filters
from ..hit import Hit
from . import MOST


class _Result(BaseModel):
    model_config = ConfigDict(extra="ignore")

    url: str
    title: str = ""
    snippet: str = ""
    published: str = ""


class _Recording(BaseModel):
    model_config = ConfigDict(extra="ignore")

    query: str
    results: list[_Result]


class Recorded:
    """Plays a JSON Lines file of `{"query": …, "results": [{"url", "title", "snippet", "published"}, …]}`.

    Queries are compared without regard to case and spacing. Of a query recorded twice the later recording counts.
    """

    name = "recorded"
    honours: frozenset[str] = frozenset()

    def __init__(self, path: Path) -> None:
        self._path = path
        self._hits: dict[str, tuple[Hit, ...]] | None = None

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """The recorded hits, as they were recorded: `filters` choose nothing.

        Raises:
            NotRecorded: the file does not hold this query.
            SearchError: the file cannot be read; the message names the line.
        """
        if self._hits is None:
            self._hits = await asyncio.to_thread(self._load, query)
        key = _key(query)
        if key not in self._hits:
            raise NotRecorded(self.name, query, f"it is not among the {len(self._hits)} queries in {self._path}")
        return self._hits[key][: min(limit, MOST)]

    def _load(self, query: str) -> dict[str, tuple[Hit, ...]]:
        try:
            lines = self._path.read_text(encoding="utf-8-sig").split("\n")  # splitlines cuts at U+2028 in a string
        except (OSError, UnicodeDecodeError) as error:
            raise SearchError(self.name, query, f"{self._path} cannot be read ({error})") from error
        recorded: dict[str, tuple[Hit, ...]] = {}
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                recording = _Recording.model_validate_json(line)
            except ValidationError as error:
                raise SearchError(self.name, query, f"{self._path}, line {number}: {error}") from error
            recorded[_key(recording.query)] = self._ranked(recording.results)
        return recorded

    def _ranked(self, results: list[_Result]) -> tuple[Hit, ...]:
        unique: dict[str, _Result] = {}
        for result in results:
            unique.setdefault(result.url, result)
        return tuple(
            Hit(url=r.url, title=r.title, snippet=r.snippet, provider=self.name, rank=rank, published=r.published)
            for rank, r in enumerate(unique.values(), start=1)
        )


def _key(query: str) -> str:
    return " ".join(query.casefold().split())
