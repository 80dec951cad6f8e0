"""Find the passages that may answer."""

from ..deps import Deps
from ..state import Candidate, State, Update


async def retrieve(state: State, deps: Deps) -> Update:
    """Search by words and by meaning, fused; in the run's own pages if the plan names sources, else in the index.

    Reads `query` and `plan`. Writes `candidates` (at most `deps.limits.candidates`, best first) and `notes`. Terms in
    quotation marks must stand in a passage to the letter; when no passage has them all, that is noted and the search
    goes on without the marks.

    Raises:
        RetrievalError: the store or the lexical index cannot be used.
    """
    query = state.understood
    scope = await deps.index.scope(state.run) if state.sources else None
    notes = list(state.notes)
    found = await deps.index.search(query.text, k=deps.limits.candidates, phrases=query.quoted, scope=scope)
    if query.quoted and not found:
        found = await deps.index.search(query.text, k=deps.limits.candidates, scope=scope)
        terms = ", ".join(f"“{term}”" for term in query.quoted)
        notes.append(f"no passage holds {terms} to the letter: searched without the quotation marks")
    notes += deps.index.notes
    candidates = tuple(Candidate(passage=e.passage.id, score=e.score, stages=e.stages) for e in found)
    deps.emit("progress", "retrieve", f"found {len(candidates)} passages")
    return {"candidates": candidates, "notes": tuple(dict.fromkeys(notes))}
