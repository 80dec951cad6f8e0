"""Passages and where they are found: store, lexical, vectors, fusion, rerank → Evidence."""

from typing import TYPE_CHECKING

from .embedders import Embedder
from .errors import (
    BadTag,
    EmbedError,
    LexicalError,
    ModelMissing,
    RerankError,
    RetrievalError,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreReadOnly,
    VectorsError,
)
from .index import BATCH, Index, Scope
from .lock import Held
from .passage import Evidence, Passage, passage_id
from .rerank import rerank
from .rerankers import Reranker
from .sentences import sentence_spans
from .served.errors import (
    BadReply,
    PromptTooLong,
    ReplyCut,
    ServedError,
    ServerBusy,
    ServerDown,
    ServerRefused,
    ServerStalled,
)
from .store import Source, Store, Tag, normal_tag
from .store.schema import store_errors
from .vectors import Vectors

if TYPE_CHECKING:
    from .served.endpoint import Endpoint

__all__ = [
    "BATCH",
    "BadReply",
    "BadTag",
    "EmbedError",
    "Embedder",
    "Endpoint",
    "Evidence",
    "Held",
    "Index",
    "LexicalError",
    "ModelMissing",
    "Passage",
    "PromptTooLong",
    "ReplyCut",
    "RerankError",
    "Reranker",
    "RetrievalError",
    "Scope",
    "ServedError",
    "ServerBusy",
    "ServerDown",
    "ServerRefused",
    "ServerStalled",
    "Source",
    "Store",
    "StoreBusy",
    "StoreCorrupt",
    "StoreError",
    "StoreFull",
    "StoreReadOnly",
    "Tag",
    "Vectors",
    "VectorsError",
    "normal_tag",
    "passage_id",
    "rerank",
    "sentence_spans",
    "store_errors",
]


def __getattr__(name: str) -> object:
    if name == "Endpoint":  # its HTTP library takes 60 ms to import, and most questions ask no server
        from .served.endpoint import Endpoint

        return Endpoint
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
