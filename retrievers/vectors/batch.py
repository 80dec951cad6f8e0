"""What every plug checks before it stores or searches: a vector that is no vector poisons an index silently."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..embedders import Vectors32
from ..errors import VectorsError


@dataclass(frozen=True, slots=True)
class Batch:
    """Distinct ids, shape (n,), and their vectors, shape (n, dimensions): float32, finite, contiguous."""

    ids: NDArray[np.int64]
    rows: Vectors32


def batch(what: str, ids: Sequence[int] | NDArray[np.int64], vectors: Vectors32) -> Batch:
    """Check ids and vectors for the index called `what`; of an id given twice the last vector counts.

    Raises:
        VectorsError: an id beyond 63 bits, a shape other than (len(ids), dimensions), or a value that is no number.
    """
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    if rows.ndim != 2 or len(rows) != len(ids) or (len(ids) and not rows.shape[1]):
        raise VectorsError(what, f"{len(ids)} ids came with vectors of shape {rows.shape}")
    if not np.isfinite(rows).all():
        raise VectorsError(what, "a vector holds values that are no numbers")
    numbers = id_array(what, ids)
    last = len(numbers) - 1 - np.unique(numbers[::-1], return_index=True)[1]
    if len(last) < len(numbers):
        last.sort()  # the order in which they came
        numbers, rows = numbers[last], rows[last]
    return Batch(numbers, rows)


def id_array(what: str, ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Passage ids as an array of shape (n,).

    Raises:
        VectorsError: an id is beyond 63 bits.
    """
    try:
        return np.asarray(ids, dtype=np.int64).reshape(-1)
    except OverflowError as error:
        raise VectorsError(what, "an id is larger than 2**63 - 1") from error


def query_vector(what: str, vector: Vectors32) -> Vectors32:
    """The vector to look for as float32, shape (dimensions,).

    Raises:
        VectorsError: it has another shape, or holds a value that is no number.
    """
    found = np.ascontiguousarray(vector, dtype=np.float32)
    if found.ndim != 1:
        raise VectorsError(what, f"a query is one vector, this has shape {found.shape}")
    if not np.isfinite(found).all():
        raise VectorsError(what, "the query vector holds values that are no numbers")
    return found


def best_first(pairs: list[tuple[int, float]], limit: int) -> tuple[tuple[int, float], ...]:
    """The `limit` pairs (id, cosine) of highest cosine; equal ones by id, so that runs repeat."""
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[: max(limit, 0)])
