"""The reranker socket: anything that scores how well a text answers a query."""

from collections.abc import Sequence
from typing import Protocol


class Reranker(Protocol):
    """A cross-encoder or a service like one. `name` identifies model and version."""

    name: str

    async def score(self, query: str, texts: Sequence[str]) -> tuple[float, ...]:
        """One score per text, in order, higher is better; the same pair always scores the same.

        Raises:
            RerankError: the model could not be run.
        """
        ...
