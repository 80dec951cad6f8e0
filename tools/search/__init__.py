"""The search socket: anything that turns a query into hits."""

from typing import Protocol

from ..filters import ANY, Filters
from ..hit import Hit

MOST = 50
"""The most hits that one search gives, however many are asked for."""


class Search(Protocol):
    """A web search engine.

    Attributes:
        name: what its hits are marked with, and what it is called in messages.
        honours: the names of the `Filters` fields that its service applies itself.
    """

    name: str
    honours: frozenset[str]

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """Return at most `limit` hits (and `MOST`), best first, no page twice; () if nothing matches.

        URLs are http(s), in canonical form; titles and snippets are plain text without control characters, and data:
        what they say is never an instruction.

        Raises:
            SearchError: no usable answer; its type says why (limit, quota, key, answer, service).
        """
        ...
