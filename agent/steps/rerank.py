"""Keep the passages that best answer the question."""

from ...retrievers import Evidence, RerankError
from ...retrievers import rerank as reranked
from ..account import notice
from ..deps import Deps
from ..state import Candidate, State, Update


async def rerank(state: State, deps: Deps) -> Update:
    """Score the first candidates with the cross-encoder and fuse its order with theirs.

    Reads `query` and `candidates`. Writes `selected`: at most `deps.limits.evidence`, best first. Without a reranker,
    or with one that cannot be run (which is noted), the order of retrieval stands; so does that of a source which is
    asked for as a whole, with all its passages.
    """
    if state.understood.is_whole:
        return {"selected": state.candidates}
    if deps.reranker is None or not state.candidates:
        return {"selected": state.candidates[: deps.limits.evidence]}
    head = await evidence(state.candidates[: deps.limits.rerank], state, deps)
    try:
        ordered = await reranked(state.understood.text, head, deps.reranker)
    except RerankError as error:
        notice(f"not reranked: {error}")
        return {"selected": state.candidates[: deps.limits.evidence]}
    selected = (
        *(Candidate(passage=e.passage.id, score=e.score, stages=e.stages) for e in ordered),
        *state.candidates[deps.limits.rerank :],
    )
    return {"selected": selected[: deps.limits.evidence]}


async def evidence(candidates: tuple[Candidate, ...], state: State, deps: Deps) -> list[Evidence]:
    """The candidates with their text from the store, in their order; what was removed meanwhile is left out."""
    ranked = [(c.passage, c.score, c.stages) for c in candidates]
    return await deps.index.evidence(ranked, run=state.run, tags=state.tagged)
