"""Chroma: an HNSW index in a directory of its own, or on a Chroma server. It holds ids and vectors, never text."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..embedders import Vectors32
from ..errors import VectorsError
from .batch import Batch, batch, best_first, id_array, query_vector
from .chroma_client import connect, disconnect, sweep, wipe
from .stamp import Stamp

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

T = TypeVar("T")

_MAX_BATCH = 5461  # Chroma refuses more at once
_FIRST_BATCH = 16  # and the smallest: a call costs 4 ms, a vector 1 ms
_SERVER_BATCH = 2000  # 3 MB of 384 dimensions: seconds, even on a busy server
_DELETE_BATCH = 500  # 30 ms and 0.1 ms an id


class Chroma:
    """One Chroma collection, in the directory `path` or on the server at `url`; opened on first use.

    Approximate (HNSW, ef_search 200) and quick from 100,000 vectors on. A directory belongs to one process at a
    time: Chroma takes no lock, and a second process is served stale answers. Equal cosines are ordered by id,
    but which of them are among the first `limit` is Chroma's choice.

    Chroma holds the GIL while it adds to a directory, so a thread alone does not keep the event loop free. Vectors
    are therefore added in batches that grow or shrink to take about `stall_s` seconds each: 0.05 for a process
    that serves somebody, a second or more for a rebuild, which is then about twice as quick. A server is another
    process and gets large batches; `timeout_s` bounds each wait for it.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        url: str = "",
        collection: str = "passages",
        stall_s: float = 0.05,
        timeout_s: float = 60.0,
    ) -> None:
        if (path is None) == (not url):
            raise ValueError("Chroma takes either a directory or the URL of a server")
        self._path, self._url, self._name = path, url, collection
        self._what = f"Chroma at {url or path}"
        self._stall_s, self._timeout_s = stall_s, timeout_s
        self._batch = _FIRST_BATCH if path else _SERVER_BATCH
        self._client: Client | None = None
        self._collection: Collection | None = None
        self._closed = False
        self._opening = threading.Lock()  # parts two first uses, and use from close

    async def add(self, ids: Sequence[int], vectors: Vectors32) -> None:
        """See `Vectors.add`. Replacing a vector costs 3 ms, several times as much as adding: clear before a rebuild."""
        if len(ids):
            found = batch(self._what, ids, vectors)
            await asyncio.to_thread(self._run, lambda collection: self._add(collection, found))

    async def delete(self, ids: Sequence[int]) -> None:
        """See `Vectors.delete`."""
        if len(ids):
            names = [str(number) for number in id_array(self._what, ids).tolist()]
            await asyncio.to_thread(self._run, lambda collection: _delete(collection, names))

    async def query(self, vector: Vectors32, *, limit: int) -> tuple[tuple[int, float], ...]:
        """See `Vectors.query`."""
        found = query_vector(self._what, vector)
        if limit < 1:
            return ()
        return await asyncio.to_thread(self._run, lambda collection: _nearest(collection, found, limit))

    async def count(self) -> int:
        """How many vectors the collection holds."""
        return await asyncio.to_thread(self._run, lambda collection: collection.count())

    async def clear(self) -> None:
        """Forget everything, the stamp too; mends a damaged directory and gives its space back."""
        await asyncio.to_thread(self._guarded, self._clear)

    async def stamp(self) -> Stamp | None:
        """What `set_stamp` said last, in this process or before; None when nothing did since the last `clear`.

        Raises:
            VectorsError: the engine refused or is unreachable.
        """
        return await asyncio.to_thread(self._run, self._read_stamp)

    async def set_stamp(self, stamp: Stamp) -> None:
        """Note how far the index has come: after adding and deleting, so that a crash leaves a stamp too low.

        Raises:
            VectorsError: the engine refused or is unreachable.
        """
        metadata: dict[str, str | int] = {"store": stamp.store, "row": stamp.row}
        await asyncio.to_thread(self._run, lambda collection: collection.modify(metadata=metadata))

    async def close(self) -> None:
        """Release the directory or the connections; what is under way on other threads may fail."""
        await asyncio.to_thread(self._close)

    def _run(self, work: "Callable[[Collection], T]") -> T:
        return self._guarded(lambda: work(self._opened()))

    def _guarded(self, work: Callable[[], T]) -> T:
        """Do the work on this thread and raise what Chroma raises as our own error."""
        try:
            return work()
        except VectorsError:
            raise
        except Exception as error:  # Chroma raises bare Exceptions too, and AttributeError when closed meanwhile
            raise VectorsError(self._what, f"{type(error).__name__}: {error}") from error

    def _opened(self) -> "Collection":
        with self._opening:
            if self._collection is None:
                collection = self._connected().get_or_create_collection(
                    self._name,
                    embedding_function=None,
                    configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
                )
                self._check_space(collection)
                self._collection = collection
            return self._collection

    def _connected(self) -> "Client":
        """The client; the caller holds `_opening`."""
        if self._closed:
            raise VectorsError(self._what, "is closed")
        if self._client is None:
            self._client = connect(self._path, self._url, self._timeout_s)
        return self._client

    def _check_space(self, collection: "Collection") -> None:
        space = (collection.configuration_json.get("hnsw") or {}).get("space")
        if space != "cosine":  # somebody else made it, and its distances mean something else
            raise VectorsError(self._what, f"the collection {self._name!r} measures {space}, not cosine")

    def _add(self, collection: "Collection", found: Batch) -> None:
        names = [str(number) for number in found.ids.tolist()]
        start = 0
        while start < len(names):
            end = start + self._batch
            began = time.perf_counter()
            collection.upsert(ids=names[start:end], embeddings=found.rows[start:end])
            if self._path:
                self._adapt(time.perf_counter() - began)
            start = end

    def _adapt(self, took_s: float) -> None:
        if took_s > self._stall_s:
            self._batch = max(self._batch // 2, _FIRST_BATCH)
        elif took_s < self._stall_s / 3:
            self._batch = min(self._batch * 2, _MAX_BATCH)

    def _read_stamp(self, collection: "Collection") -> Stamp | None:
        assert self._client is not None
        metadata = self._client.get_collection(collection.name, embedding_function=None).metadata or {}
        store, row = metadata.get("store"), metadata.get("row")
        return Stamp(store=store, row=row) if isinstance(store, str) and isinstance(row, int) else None

    def _clear(self) -> None:
        from chromadb.errors import ChromaError, NotFoundError

        with self._opening:
            self._collection = None
            try:
                client = self._connected()
            except ChromaError:
                if self._path is None:
                    raise
                wipe(self._path)
                client = self._connected()
            with suppress(NotFoundError):
                client.delete_collection(self._name)
            if self._path is not None:
                sweep(self._path)
        self._opened()

    def _close(self) -> None:
        with self._opening:
            client, self._client, self._collection, self._closed = self._client, None, None, True
            if client is not None:
                disconnect(client)


def _delete(collection: "Collection", names: list[str]) -> None:
    for start in range(0, len(names), _DELETE_BATCH):
        collection.delete(ids=names[start : start + _DELETE_BATCH])


def _nearest(collection: "Collection", vector: Vectors32, limit: int) -> tuple[tuple[int, float], ...]:
    answer = collection.query(query_embeddings=vector[None, :], n_results=limit, include=["distances"])
    distances = answer["distances"]
    if distances is None:
        raise ValueError("the answer came without distances")
    pairs = [(int(name), 1.0 - distance) for name, distance in zip(answer["ids"][0], distances[0], strict=True)]
    return best_first(pairs, limit)
