"""Any LlamaIndex vector store as an index: Qdrant, pgvector, Chroma and the rest, given as an object."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from ..embedders import Vectors32
from ..errors import VectorsError
from .batch import Batch, batch, best_first, id_array, query_vector
from .llamaindex_stores import cosine_of, count_of

if TYPE_CHECKING:
    from llama_index.core.schema import BaseNode
    from llama_index.core.vector_stores.types import BasePydanticVectorStore, VectorStoreQueryResult

T = TypeVar("T")

_BATCH = 200  # local stores hold the GIL meanwhile, 0.1 s or so; Qdrant takes 64 at once
_COSINE_SLACK = 0.01


class LlamaIndex:
    """One LlamaIndex store, used through its synchronous methods on one thread of our own.

    Those methods are the ones every store has; the asynchronous ones mostly call them on the event loop, and some
    stores are not safe on two threads. Passage ids become UUIDs (`str(UUID(int=id))`), the only form that Qdrant
    and Weaviate take. Nodes carry no text. An id that is there already is deleted first, because some stores
    ignore a second one: until it is added again a query misses it.

    LlamaIndex does not say what a similarity is, nor how to count. `cosine` turns the store's similarity into a
    cosine, and `count` counts its nodes; what is known is in the table in `llamaindex_stores`, the rest must be
    given. The store belongs to the caller, who closes it after this.

    Raises:
        VectorsError: the meaning of the store's similarities is unknown, and no `cosine` given.
    """

    def __init__(
        self,
        store: "BasePydanticVectorStore",
        *,
        cosine: Callable[[float], float] | None = None,
        count: Callable[[], int] | None = None,
    ) -> None:
        self._store = store
        self._what = store.class_name()
        self._cosine = cosine or cosine_of(store)
        self._count = count or count_of(store)
        # Before the first node Qdrant has no collection to ask, and Chroma refuses to delete nothing.
        self._holds_some = self._count is None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vectors")

    async def add(self, ids: Sequence[int], vectors: Vectors32) -> None:
        """See `Vectors.add`."""
        if len(ids):
            found = batch(self._what, ids, vectors)
            for start in range(0, len(found.ids), _BATCH):
                some = Batch(found.ids[start : start + _BATCH], found.rows[start : start + _BATCH])
                await self._run(partial(self._add, some))

    async def delete(self, ids: Sequence[int]) -> None:
        """See `Vectors.delete`."""
        names = [_name(number) for number in id_array(self._what, ids).tolist()]
        for start in range(0, len(names), _BATCH):
            await self._run(partial(self._delete, names[start : start + _BATCH]))

    async def query(self, vector: Vectors32, *, limit: int) -> tuple[tuple[int, float], ...]:
        """See `Vectors.query`."""
        found = query_vector(self._what, vector)
        if limit < 1:
            return ()
        return await self._run(partial(self._query, found, limit))

    async def count(self) -> int:
        """How many vectors the store holds.

        Raises:
            VectorsError: it is not known how to count them, or the store failed.
        """
        if self._count is None:
            raise VectorsError(self._what, "how it counts is not known here: give `count`, which does")
        return await self._run(self._count)

    async def clear(self) -> None:
        """Forget everything in the store."""
        await self._run(self._clear)

    async def close(self) -> None:
        """Stop using the store, once what is under way is done; it stays open, it was given."""
        await asyncio.to_thread(self._thread.shutdown)

    async def _run(self, work: Callable[[], T]) -> T:
        """Do the work on the store's thread and raise what the store raises as our own error."""
        try:
            running = asyncio.get_running_loop().run_in_executor(self._thread, work)
        except RuntimeError as error:
            raise VectorsError(self._what, "is closed") from error
        try:
            return await running
        except VectorsError:
            raise
        except Exception as error:  # each of a hundred stores raises its own engine's errors
            raise VectorsError(self._what, f"{type(error).__name__}: {error}") from error

    def _add(self, some: Batch) -> None:
        names = [_name(number) for number in some.ids.tolist()]
        self._delete(names)
        self._store.add([_node(name, row) for name, row in zip(names, some.rows.tolist(), strict=True)])
        self._holds_some = True

    def _delete(self, names: list[str]) -> None:
        if not self._has_any():
            return
        try:
            self._store.delete_nodes(names)
        except NotImplementedError:
            for name in names:
                self._store.delete(name)

    def _query(self, vector: Vectors32, limit: int) -> tuple[tuple[int, float], ...]:
        from llama_index.core.vector_stores.types import VectorStoreQuery

        if not self._has_any():
            return ()
        answer = self._store.query(VectorStoreQuery(query_embedding=vector.tolist(), similarity_top_k=limit))
        pairs = self._pairs(answer)
        if len(pairs) > 1 and pairs[0][1] < pairs[-1][1]:
            raise VectorsError(
                self._what, "its best match has the lowest similarity: give `cosine`, which turns that round"
            )
        if any(abs(cosine) > 1 + _COSINE_SLACK for _, cosine in pairs):
            raise VectorsError(self._what, "its similarities are no cosines: give `cosine`, which makes them so")
        return best_first(pairs, limit)

    def _pairs(self, answer: "VectorStoreQueryResult") -> list[tuple[int, float]]:
        names = answer.ids if answer.ids is not None else [node.node_id for node in answer.nodes or ()]
        if answer.similarities is None:
            raise VectorsError(self._what, "it returns no similarities")
        return [
            (UUID(name).int, self._cosine(similarity))
            for name, similarity in zip(names, answer.similarities, strict=True)
        ]

    def _clear(self) -> None:
        if self._has_any():
            self._store.clear()
            self._holds_some = self._count is None

    def _has_any(self) -> bool:
        if not self._holds_some and self._count is not None:
            self._holds_some = self._count() > 0
        return self._holds_some


def _name(number: int) -> str:
    return str(UUID(int=number))


def _node(name: str, embedding: list[float]) -> "BaseNode":
    """A node without text; it is its own source document, so that stores which only delete documents can delete it."""
    from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

    source = RelatedNodeInfo(node_id=name)
    return TextNode(id_=name, text="", embedding=embedding, relationships={NodeRelationship.SOURCE: source})
