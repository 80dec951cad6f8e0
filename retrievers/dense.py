"""Search by meaning: vectors as blobs in the store, and the nearest-neighbour index derived from them.

A passage without a vector can still be found: the few that the lexical search brought are embedded on the spot.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from .allowed import FEW, Ids, only
from .embedders import Embedder, Learner, Vectors32
from .errors import VectorsError
from .lock import holding
from .passage import Passage
from .store import Store
from .vectors import Vectors
from .vectors.exact import Exact
from .vectors.stamp import Stamp, slug

# Passages embedded between two writes: what Ctrl-C can cost is three seconds of work.
EMBED_BATCH = 64
# Embedding a passage takes about 45 ms on two cores: this many keep a question under half a second.
EMBED_FOR_A_QUESTION = 8

# A question reads at most this many new vectors into memory (30 ms); beyond it the file is written anew.
TAIL = 20_000

Progress = Callable[[int, int], None]
"""Called with (done, total)."""


class Dense:
    """The dense half of an `Index`: one embedder, its vectors in the store, one nearest-neighbour plug over them."""

    def __init__(self, store: Store, embedder: Embedder, data_dir: Path, plug: Vectors | None) -> None:
        self.embedder = embedder
        self._store = store
        self._plug = plug
        self._directory = data_dir
        self._file = data_dir / f"vectors-{slug(embedder.name)}.bin"
        self._exact: Exact | None = None
        self._row = -1  # the newest vector that the open index holds; -1 before it is open
        self._model = 0
        self._opening = asyncio.Lock()  # parts two first questions that would both open the file

    async def model(self) -> int:
        """The embedder's number in the store.

        Raises:
            EmbedError: a served model that is new here does not answer, or makes other vectors than those kept.
        """
        if not self._model:
            number, dimensions = await self._store.known_model(self.embedder.name)
            if isinstance(self.embedder, Learner):
                await self.embedder.learn(dimensions)
            self._model = number or await self._store.model_id(self.embedder.name, self.embedder.dimensions)
        return self._model

    async def search(self, vector: Vectors32, *, limit: int, among: Ids | None = None) -> list[tuple[int, float]]:
        """Lasting passages by cosine, best first; with `among` (ids of lasting ones, ascending) of these alone.

        Raises:
            VectorsError: the index cannot be read nor made again.
        """
        if among is not None:
            return await self._search_among(vector, among, limit)
        # Some of what it returns may have been removed since: ask for more, and check each with the store.
        found = await self._query(vector, 2 * limit)
        lasting = await self._store.lasting([id_ for id_, _ in found])
        return [(id_, score) for id_, score in found if id_ in lasting][:limit]

    async def _search_among(self, vector: Vectors32, among: Ids, limit: int) -> list[tuple[int, float]]:
        """Within the exact index; a plug knows no passages to leave out, so few are compared here, of many it is asked
        for more and more until enough of them are among what it finds."""
        if self._plug is None:
            return list(await self._query(vector, limit, among))
        if len(among) <= FEW:
            ids, rows = await self._store.vectors(await self.model(), among.tolist())
            return (await asyncio.to_thread(_by_cosine, ids, rows, vector))[:limit] if ids else []
        depth = 4 * limit
        while True:
            found = await self._query(vector, depth)
            held = only(found, among)
            if len(held) >= limit or len(found) < depth:
                return held[:limit]
            depth *= 8

    async def _query(self, vector: Vectors32, limit: int, among: Ids | None = None) -> tuple[tuple[int, float], ...]:
        async with self._opening:
            vectors = await self._current()
        try:
            if among is not None and isinstance(vectors, Exact):
                return await vectors.query(vector, limit=limit, among=among)
            return await vectors.query(vector, limit=limit)
        except VectorsError:
            if vectors is self._plug:
                raise
        # The file is damaged where its header does not show it. It is derived: make it again from the blobs.
        async with self._opening:
            await self._write_file()
            vectors = await self._current()
            assert isinstance(vectors, Exact)
            return await vectors.query(vector, limit=limit, among=among)

    async def probe(self) -> None:
        """Bring the index up to the store and search it once, so that damage shows and is mended.

        Raises:
            VectorsError: it cannot be used.
        """
        await self.refresh()
        count = self.embedder.dimensions
        await self._query(np.full(count, count**-0.5, dtype=np.float32), 10)

    async def among(self, vector: Vectors32, passages: Sequence[Passage]) -> list[tuple[int, float]]:
        """The cosines of those of `passages` that have a vector; the first few are given one if they have none.

        The first few, not the first few without one: else every repetition of a question would know a little more
        than the one before, and answer differently.
        """
        model = await self.model()
        ids, rows = await self._store.vectors(model, [p.id for p in passages])
        known = set(ids)
        fresh = [p for p in passages[:EMBED_FOR_A_QUESTION] if p.id not in known]
        if fresh:
            made = await self.embed(fresh)
            ids = [*ids, *(p.id for p in fresh)]
            rows = np.concatenate([rows, made]) if len(rows) else made
        if not ids:
            return []
        return await asyncio.to_thread(_by_cosine, ids, rows, vector)

    async def embed(self, passages: Sequence[Passage]) -> Vectors32:
        """Embed passages and keep the vectors; returns them as they are kept."""
        rows = await self.embedder.embed_passages([p.in_full for p in passages])
        await self._store.put_vectors(await self.model(), [p.id for p in passages], rows)
        return rows.astype(np.float16).astype(np.float32)

    async def embed_missing(self, progress: Progress | None = None) -> int | None:
        """Give every lasting passage its vector; each batch is kept as soon as it is made.

        Returns how many were made, or None when another process is doing the same work already.
        """
        async with holding(self._directory / "embed.lock", wait_s=0) as held:
            if not held:
                return None
            model = await self.model()
            made = 0
            while ids := await self._store.without_vector(model, limit=EMBED_BATCH * 8):
                found = await self._store.passages(ids)
                slab = [found[id_] for id_ in ids if id_ in found]
                for at in range(0, len(slab), EMBED_BATCH):
                    await self.embed(slab[at : at + EMBED_BATCH])
                    made += len(slab[at : at + EMBED_BATCH])
                    if progress:
                        total, done = await self._store.vector_counts(model)
                        progress(done, total)
            return made

    async def refresh(self) -> None:
        """Bring the nearest-neighbour index on disk up to the store."""
        async with self._opening:
            vectors = await self._current()
            if isinstance(vectors, Exact) and (vectors.stamp() or self._stamp(0)).row < self._row:
                await self._write_file()

    async def counts(self) -> tuple[int, int]:
        """(passages in the lasting index, those with a vector)."""
        return await self._store.vector_counts(await self.model())

    async def forget(self, ids: Sequence[int]) -> None:
        """Take removed passages out of a plug; the exact index needs no telling, the store checks what it finds."""
        if self._plug is not None and ids:
            await self._plug.delete(ids)

    async def rebuild(self) -> None:
        """Make the nearest-neighbour index again from the blobs, without embedding anything."""
        async with self._opening:
            if self._plug is not None:
                await self._store.follow(self._plug_name, 0)  # first: a plug filled by half must not pass as current
                self._row = 0
                await self._plug.clear()
                await self._follow(self._plug, 0)
            else:
                await self._write_file()

    async def close(self) -> None:
        """Let go of the index."""
        if self._exact is not None:
            await self._exact.close()
        if self._plug is not None:
            await self._plug.close()

    async def _current(self) -> Vectors:
        """The index with every vector of the store in it; the caller holds `_opening`."""
        if self._plug is not None:
            if self._row < 0:
                self._row = await self._store.followed(self._plug_name) if await self._plug.count() else 0
            await self._follow(self._plug, self._row)
            return self._plug
        if self._exact is None:
            self._exact, self._row = await self._open_file()
        newest = await self._store.last_vector(await self.model())
        if newest - self._row > TAIL:
            await self._write_file()
        elif newest > self._row:
            await self._follow(self._exact, self._row)
        return self._exact

    async def _open_file(self) -> tuple[Exact, int]:
        try:
            exact = await asyncio.to_thread(Exact.open, self._file)
        except VectorsError:
            return Exact(), 0  # missing or damaged: it is derived, and read again from the blobs
        stamp = exact.stamp()
        if stamp is None or stamp.store != self._store.id:
            await exact.close()
            return Exact(), 0
        return exact, stamp.row

    async def _write_file(self) -> None:
        """Write the file anew and open it. Any process may: the rename is atomic, and readers keep the old one."""
        model = await self.model()
        stamp = self._stamp(await self._store.last_vector(model))

        def write(batches: Iterator[tuple[list[int], Vectors32]]) -> None:
            Exact.write(self._file, batches, stamp=stamp)

        await self._store.export_vectors(model, write)
        if self._exact is not None:
            await self._exact.close()
        self._exact, self._row = await self._open_file()

    async def _follow(self, vectors: Vectors, row: int) -> None:
        """Add what the store has beyond vector number `row`, in slabs."""
        model = await self.model()
        while True:
            newest, ids, rows = await self._store.vectors_after(model, row, limit=4096)
            if not ids:
                break
            await vectors.add(ids, rows)
            row = newest
        if row != self._row:
            self._row = row
            if vectors is self._plug:
                await self._store.follow(self._plug_name, row)

    @property
    def _plug_name(self) -> str:
        return f"{type(self._plug).__module__}.{type(self._plug).__qualname__}:{self.embedder.name}"

    def _stamp(self, row: int) -> Stamp:
        return Stamp(store=self._store.id, row=row)


def _by_cosine(ids: Sequence[int], rows: Vectors32, vector: Vectors32) -> list[tuple[int, float]]:
    scores = (rows.astype(np.float64) * vector.astype(np.float64)).sum(axis=1)  # to the last bit as `Exact` does
    order = np.lexsort((np.asarray(ids), -scores))
    return [(ids[i], float(scores[i])) for i in order]
