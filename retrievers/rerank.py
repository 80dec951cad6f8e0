"""The second look: a cross-encoder reads query and passage together, and its order is fused with the first."""

from collections.abc import Sequence
from dataclasses import replace

from .fusion import blend
from .passage import Evidence
from .rerankers import Reranker


async def rerank(query: str, evidence: Sequence[Evidence], reranker: Reranker) -> list[Evidence]:
    """All of `evidence`, in the order that first stage and cross-encoder agree on best.

    The cross-encoder's logit is added as the stage `rerank`; `score` stays that of the first stage's fusion.

    Raises:
        RerankError: the model could not score a pair.
    """
    scores = await reranker.score(query, [found.passage.in_full for found in evidence])
    by_id = {
        found.passage.id: replace(found, stages=(*found.stages, ("rerank", score)))
        for found, score in zip(evidence, scores, strict=True)
    }
    return [by_id[id_] for id_ in blend(list(by_id), scores)]
