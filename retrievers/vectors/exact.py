"""Exact search: every vector is compared, so nothing is missed and nothing has to be built.

One core, 384 dimensions: a query over 100,000 vectors takes 5 ms, over 20,000 1 ms (`benchmarks/vectors.py`).
"""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..allowed import Ids, only
from ..embedders import Vectors32
from ..errors import VectorsError
from .batch import batch, id_array, query_vector
from .exact_file import map_file, write_file
from .exact_part import Part, merged, nearest
from .stamp import Stamp

_OF_MOST = 4  # a quarter of all: finding these among all takes 8 ms for 100,000, the best few of all a part of it


class Exact:
    """The exact index: a mapped file, if opened from one, and what was added since in memory.

    Parts are never changed, only replaced, so a query goes on with those it began with, whatever is added meanwhile.
    Adding and deleting do not touch the file. Equal cosines are ordered by id.
    """

    def __init__(self) -> None:
        self._name = "the exact vector index"
        self._stamp: Stamp | None = None
        self._parts: tuple[Part, ...] = ()
        self._closed = False
        self._changes = threading.Lock()  # parts two writers; readers take the tuple as it is

    @classmethod
    def open(cls, path: Path) -> "Exact":
        """Map a file that `write` made; takes 0.1 ms, whatever its size.

        Raises:
            VectorsError: missing, of another format, damaged or cut off; make it anew from the blobs.
        """
        index = cls()
        index._name = str(path)
        index._stamp, ids, rows = map_file(path)
        if len(ids):
            index._parts = (Part(ids, rows, mapped=True),)
        return index

    write = staticmethod(write_file)  # makes the file for `open`; blocks

    def stamp(self) -> Stamp | None:
        """What the file was derived from; None when not opened from a file. Later changes do not move it."""
        return self._stamp

    async def add(self, ids: Sequence[int], vectors: Vectors32) -> None:
        """Keep vectors in memory; see `Vectors.add`."""
        if len(ids):
            await asyncio.to_thread(self._add, ids, vectors)

    async def delete(self, ids: Sequence[int]) -> None:
        """Hide vectors; see `Vectors.delete`."""
        if len(ids):
            await asyncio.to_thread(self._delete, ids)

    async def query(self, vector: Vectors32, *, limit: int, among: Ids | None = None) -> tuple[tuple[int, float], ...]:
        """Compare all vectors on a thread (numpy lets go of the GIL meanwhile); see `Vectors.query`.

        With `among` (ids, ascending, each once) only these are compared.
        """
        parts = self._open_parts()
        found = query_vector(self._name, vector)
        if not parts or limit < 1:
            return ()
        self._check_dimensions(parts, len(found))
        return await asyncio.to_thread(_nearest, self._name, parts, found, limit, among)

    async def count(self) -> int:
        """How many vectors are found by a query."""
        return sum(part.size for part in self._open_parts())

    async def clear(self) -> None:
        """Forget all vectors in memory and let go of the file, which stays on disk."""
        await asyncio.to_thread(self._clear)

    async def close(self) -> None:
        """Let go of the file; running queries finish first with what they hold."""
        self._parts, self._closed = (), True

    def _add(self, ids: Sequence[int], vectors: Vectors32) -> None:
        new = batch(self._name, ids, vectors)
        rows = new.rows.copy() if np.shares_memory(new.rows, vectors) else new.rows  # the caller may reuse its own
        with self._changes:
            parts = self._open_parts()
            self._check_dimensions(parts, rows.shape[1])
            kept = tuple(part.without(new.ids) for part in parts)
            self._parts = merged((*kept, Part(new.ids, rows)))

    def _delete(self, ids: Sequence[int]) -> None:
        gone = id_array(self._name, ids)
        with self._changes:
            self._parts = merged(tuple(part.without(gone) for part in self._open_parts()))

    def _clear(self) -> None:
        with self._changes:
            self._open_parts()
            self._parts, self._stamp = (), None

    def _open_parts(self) -> tuple[Part, ...]:
        if self._closed:
            raise VectorsError(self._name, "is closed")
        return self._parts

    def _check_dimensions(self, parts: tuple[Part, ...], dimensions: int) -> None:
        if parts and parts[0].rows.shape[1] != dimensions:
            raise VectorsError(
                self._name, f"holds vectors of {parts[0].rows.shape[1]} dimensions, this one has {dimensions}"
            )


def _nearest(
    name: str, parts: tuple[Part, ...], vector: Vectors32, limit: int, among: Ids | None
) -> tuple[tuple[int, float], ...]:
    if among is None:
        return nearest(name, parts, vector, limit)
    if _OF_MOST * len(among) > sum(part.size for part in parts):  # most of them, so some of the best as well
        found = only(nearest(name, parts, vector, 4 * _OF_MOST * limit), among)
        if len(found) >= limit:
            return tuple(found[:limit])
    return nearest(name, tuple(part.among(among) for part in parts), vector, limit)
