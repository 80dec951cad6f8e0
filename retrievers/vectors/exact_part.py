"""Pieces of the exact index and the search through them: pure functions over arrays that nobody changes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..allowed import Ids
from ..embedders import Vectors32
from ..errors import VectorsError


@dataclass(frozen=True, slots=True)
class Part:
    """Ids, shape (n,), and their vectors, shape (n, dimensions); `live` marks those not deleted, None means all."""

    ids: NDArray[np.int64]
    rows: Vectors32
    live: NDArray[np.bool_] | None = None
    mapped: bool = False

    @property
    def size(self) -> int:
        """How many are live."""
        return len(self.ids) if self.live is None else int(np.count_nonzero(self.live))

    def without(self, gone: NDArray[np.int64]) -> "Part":
        """The same part with these ids (not empty, any order) deleted; itself when it holds none of them."""
        wanted = np.sort(gone)  # the few are sorted, not the many: 100,000 ids are checked in 2 ms
        places = np.minimum(np.searchsorted(wanted, self.ids), len(wanted) - 1)
        hit = wanted[places] == self.ids
        if not hit.any():
            return self
        live = ~hit if self.live is None else self.live & ~hit
        return Part(self.ids, self.rows, live, self.mapped)

    def among(self, wanted: Ids) -> "Part":
        """What the part holds of these ids."""
        if not len(wanted):
            return Part(self.ids[:0], self.rows[:0])
        places = np.minimum(np.searchsorted(wanted, self.ids), len(wanted) - 1)
        live = wanted[places] == self.ids
        if self.live is not None:
            live &= self.live
        chosen = np.flatnonzero(live)
        if len(chosen) > len(live) // 4:  # comparing all is quicker than copying so many out
            return Part(self.ids, self.rows, live)
        return Part(self.ids[chosen], self.rows[chosen])


def merged(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Join the last parts until each is more than twice as long as the next; a mapped part stays as it is.

    So n small additions leave about log2(n) parts, and each vector is copied about log2(n) times.
    """
    kept = [part for part in parts if part.mapped or part.size]
    while len(kept) > 1 and not kept[-2].mapped and len(kept[-2].ids) <= 2 * len(kept[-1].ids):
        last, before = kept.pop(), kept.pop()
        ids = [part.ids if part.live is None else part.ids[part.live] for part in (before, last)]
        rows = [part.rows if part.live is None else part.rows[part.live] for part in (before, last)]
        kept.append(Part(np.concatenate(ids), np.concatenate(rows)))
    return tuple(kept)


def nearest(what: str, parts: tuple[Part, ...], vector: Vectors32, limit: int) -> tuple[tuple[int, float], ...]:
    """The `limit` pairs (id, cosine) of highest cosine, equal ones by id. Vectors and `vector` have length one.

    Raises:
        VectorsError: the best rows hold values that are no numbers.
    """
    found = [_candidates(what, part, vector, limit) for part in parts]
    ids = np.concatenate([ids for ids, _ in found])
    cosines = np.concatenate([cosines for _, cosines in found])
    order = np.lexsort((ids, -cosines))[:limit]
    return tuple(zip(ids[order].tolist(), cosines[order].tolist(), strict=True))


def _candidates(what: str, part: Part, vector: Vectors32, limit: int) -> tuple[NDArray[np.int64], Vectors32]:
    """The best `limit` live rows of one part, and all that equal the last of them: ids and cosines, in any order."""
    # Not `@`: BLAS takes all cores, which gains little (memory is the bound) and loses much beside other work (20,000
    # rows: 16 ms against 0.9), and it gives equal rows unequal last bits, so that their order would not be by id.
    cosines: Vectors32 = np.einsum("ij,j->i", part.rows, vector)
    if part.live is not None:
        cosines[~part.live] = -np.inf
    wanted = min(limit, part.size)
    if not wanted:
        return part.ids[:0], cosines[:0]
    top = np.partition(cosines, len(cosines) - wanted)[len(cosines) - wanted :]
    if not np.isfinite(top).all():  # NaN sorts last, so one anywhere in the file shows up here
        raise VectorsError(what, "holds values that are no numbers")
    rows = np.flatnonzero(cosines >= top.min())
    return part.ids[rows], cosines[rows]
