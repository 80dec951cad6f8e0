"""Passages and where they are found: store, lexical, vectors, fusion, rerank → Evidence."""

from .embedders import Embedder
from .errors import (
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
from .passage import Evidence, Passage, passage_id
from .rerank import rerank
from .rerankers import Reranker
from .sentences import sentence_spans
from .store import Source, Store
from .store.schema import store_errors
from .vectors import Vectors

__all__ = [
    "BATCH",
    "EmbedError",
    "Embedder",
    "Evidence",
    "Index",
    "LexicalError",
    "ModelMissing",
    "Passage",
    "RerankError",
    "Reranker",
    "RetrievalError",
    "Scope",
    "Source",
    "Store",
    "StoreBusy",
    "StoreCorrupt",
    "StoreError",
    "StoreFull",
    "StoreReadOnly",
    "Vectors",
    "VectorsError",
    "passage_id",
    "rerank",
    "sentence_spans",
    "store_errors",
]
