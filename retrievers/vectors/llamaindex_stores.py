"""What LlamaIndex leaves to each store: the meaning of a similarity, and how to count.

| store | its similarity | version, how it was checked |
|---|---|---|
| SimpleVectorStore | cosine | llama-index-core 0.14.25, in our tests |
| ChromaVectorStore | exp(-distance); the collection's is l2 squared (default), cosine or ip | 0.6.0, in our tests |
| QdrantVectorStore | cosine, if the store made its collection | 0.10.4, run by hand over an in-memory Qdrant |
| PGVectorStore | cosine; `count` must be given | 0.9.0, read only |

Of other stores some return distances (FaissVectorStore over an L2 index, say): `LlamaIndex` wants to be told.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..errors import VectorsError

if TYPE_CHECKING:
    from llama_index.core.vector_stores.types import BasePydanticVectorStore


def cosine_of(store: "BasePydanticVectorStore") -> Callable[[float], float]:
    """What turns this store's similarity into a cosine, for vectors of length one.

    Raises:
        VectorsError: the store is none of those in the table above.
    """
    name = store.class_name()
    if name in ("SimpleVectorStore", "QdrantVectorStore", "PGVectorStore"):
        return float
    if name == "ChromaVectorStore":
        space = (store.client.configuration_json.get("hnsw") or {}).get("space", "l2")
        halved = 2 if space == "l2" else 1  # the squared distance of unit vectors is 2 - 2 cos; the others are 1 - cos
        return lambda similarity: 1 + math.log(similarity) / halved
    raise VectorsError(name, "what its similarities mean is not known here: give `cosine`, which makes them cosines")


def count_of(store: "BasePydanticVectorStore") -> Callable[[], int] | None:
    """What counts this store's nodes; None where that is not known."""
    opened: Any = store
    match store.class_name():
        case "SimpleVectorStore":
            return lambda: len(opened.data.embedding_dict)
        case "ChromaVectorStore":
            return lambda: int(opened.client.count())
        case "QdrantVectorStore":
            return lambda: _count_qdrant(opened.client, opened.collection_name)
        case _:
            return None


def _count_qdrant(client: Any, collection: str) -> int:
    """LlamaIndex makes the collection with the first node: before that there is none to ask."""
    return int(client.count(collection).count) if client.collection_exists(collection) else 0
