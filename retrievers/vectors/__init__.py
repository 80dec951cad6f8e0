"""The vector socket: a nearest-neighbour index over passage ids, derived from the blobs in the store."""

from collections.abc import Sequence
from typing import Protocol

from ..embedders import Vectors32


class Vectors(Protocol):
    """Nearest neighbours by cosine. Ids are passage ids (63-bit); vectors arrive L2-normalised.

    The index is derived and may be stale or gone: whoever asks checks every id against the store.
    """

    async def add(self, ids: Sequence[int], vectors: Vectors32) -> None:
        """Add or replace; `vectors` has shape (len(ids), dimensions).

        Raises:
            VectorsError: the engine refused or is unreachable.
        """
        ...

    async def delete(self, ids: Sequence[int]) -> None:
        """Forget these ids; unknown ones are ignored.

        Raises:
            VectorsError: the engine refused or is unreachable.
        """
        ...

    async def query(self, vector: Vectors32, *, limit: int) -> tuple[tuple[int, float], ...]:
        """At most `limit` pairs (id, cosine), best first.

        Raises:
            VectorsError: the engine refused or is unreachable.
        """
        ...

    async def count(self) -> int:
        """How many vectors it holds."""
        ...

    async def clear(self) -> None:
        """Forget everything."""
        ...

    async def close(self) -> None:
        """Release files and connections."""
        ...
