"""Stores of LlamaIndex beyond the contract: unknown ones, and what they are told and tell."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from fontes.retrievers.embedders import Vectors32
from fontes.retrievers.errors import VectorsError
from fontes.retrievers.vectors.llamaindex import LlamaIndex
from llama_index.core.bridge.pydantic import Field
from llama_index.core.schema import BaseNode, MetadataMode
from llama_index.core.vector_stores import SimpleVectorStore
from llama_index.core.vector_stores.types import VectorStoreQuery, VectorStoreQueryResult

UnitVectors = Callable[..., Vectors32]


class Foreign(SimpleVectorStore):
    """A store that deletes documents only, returns nodes instead of ids, and distances instead of similarities."""

    added: list[BaseNode] = Field(default_factory=list)

    @classmethod
    def class_name(cls) -> str:
        return "Foreign"

    def add(self, nodes: Sequence[BaseNode], **add_kwargs: Any) -> list[str]:
        self.added.extend(nodes)
        return super().add(nodes)

    def delete_nodes(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("delete_nodes not implemented")

    def query(self, query: VectorStoreQuery, **kwargs: Any) -> VectorStoreQueryResult:
        found = super().query(query)
        nodes = [next(node for node in self.added if node.node_id == name) for name in found.ids or ()]
        return VectorStoreQueryResult(nodes=nodes, similarities=[1 - s for s in found.similarities or ()])


def _cosine(distance: float) -> float:
    return 1 - distance


async def test_an_unknown_store_works_once_it_is_explained(unit_vectors: UnitVectors) -> None:
    rows, store = unit_vectors(10), Foreign()
    vectors = LlamaIndex(store, cosine=_cosine, count=lambda: len(store.data.embedding_dict))
    await vectors.add(range(10), rows)
    await vectors.delete([3])
    await vectors.add([4], rows[3:4])
    assert await vectors.count() == 9
    assert (await vectors.query(rows[3], limit=2))[0] == pytest.approx((4, 1))
    await vectors.close()


async def test_an_unknown_store_has_to_be_explained(unit_vectors: UnitVectors) -> None:
    with pytest.raises(VectorsError, match="Foreign: what its similarities mean is not known here: give `cosine`"):
        LlamaIndex(Foreign())
    vectors = LlamaIndex(Foreign(), cosine=_cosine)
    with pytest.raises(VectorsError, match="give `count`"):
        await vectors.count()
    await vectors.add([1], unit_vectors(1))
    assert [number for number, _ in await vectors.query(unit_vectors(1)[0], limit=1)] == [1]
    await vectors.close()


async def test_distances_taken_for_similarities_are_noticed(unit_vectors: UnitVectors) -> None:
    vectors = LlamaIndex(Foreign(), cosine=float)
    await vectors.add(range(5), unit_vectors(5))
    with pytest.raises(VectorsError, match="best match has the lowest similarity"):
        await vectors.query(unit_vectors(1)[0], limit=5)
    await vectors.close()


async def test_what_is_no_cosine_is_noticed(unit_vectors: UnitVectors) -> None:
    vectors = LlamaIndex(SimpleVectorStore(), cosine=lambda similarity: 100 * similarity)
    await vectors.add([1], unit_vectors(1))
    with pytest.raises(VectorsError, match="no cosines"):
        await vectors.query(unit_vectors(1)[0], limit=5)
    await vectors.close()


async def test_the_store_gets_no_text(unit_vectors: UnitVectors) -> None:
    store = Foreign()
    vectors = LlamaIndex(store, cosine=_cosine)
    await vectors.add([7], unit_vectors(1))
    [node] = store.added
    assert (node.get_content(metadata_mode=MetadataMode.ALL), node.metadata) == ("", {})
    assert node.node_id == node.ref_doc_id == "00000000-0000-0000-0000-000000000007"
    await vectors.close()
