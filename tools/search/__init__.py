"""The search socket: anything that turns a query into hits."""

from typing import Protocol

from ..hit import Hit


class Search(Protocol):
    """A web search engine. `name` is what its hits are marked with."""

    name: str

    async def search(self, query: str, *, limit: int = 10) -> tuple[Hit, ...]:
        """Return at most `limit` hits, best first, no URL twice; () if nothing matches.

        Raises:
            SearchError: the engine refused, timed out, or answered in an unknown shape.
        """
        ...
