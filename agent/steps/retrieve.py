"""Find the passages that may answer."""

from itertools import zip_longest

from ...retrievers import Evidence, Scope
from ..deps import Deps
from ..state import Candidate, State, Update

_OWN_ROUTES = frozenset({"sources", "urls", "web"})


async def retrieve(state: State, deps: Deps) -> Update:
    """Search by words and by meaning, fused: in the pages read for this question, in the lasting index, or in both.

    Reads `query` and `plan`. Writes `candidates` (at most `deps.limits.candidates`, best first) and `notes`. What the
    two places find is taken in turn: their scores do not compare. Terms in quotation marks must stand in a passage to
    the letter; when no passage has them all, that is noted and the search goes on without the marks.

    Raises:
        RetrievalError: the store or the lexical index cannot be used.
    """
    query, plan = state.understood, state.planned
    notes = list(state.notes)
    scopes: list[Scope | None] = []
    if _OWN_ROUTES & set(plan.routes):
        scopes.append(await deps.index.scope(state.run))
    if "index" in plan.routes:
        scopes.append(None)
    found = await _found(plan.queries, scopes, deps, phrases=query.quoted)
    if query.quoted and not found:
        found = await _found(plan.queries, scopes, deps, phrases=())
        terms = ", ".join(f"“{term}”" for term in query.quoted)
        notes.append(f"no passage holds {terms} to the letter: searched without the quotation marks")
    notes += deps.index.notes
    candidates = tuple(Candidate(passage=e.passage.id, score=e.score, stages=e.stages) for e in found)
    deps.emit("progress", "retrieve", f"found {len(candidates)} passages")
    return {"candidates": candidates, "notes": tuple(dict.fromkeys(notes))}


async def _found(
    queries: tuple[str, ...], scopes: list[Scope | None], deps: Deps, *, phrases: tuple[str, ...]
) -> list[Evidence]:
    most = deps.limits.candidates
    lists = [
        await deps.index.search(query, k=most, phrases=phrases, scope=scope) for query in queries for scope in scopes
    ]
    merged: dict[int, Evidence] = {}
    for row in zip_longest(*lists):
        for evidence in row:
            if evidence is not None:
                merged.setdefault(evidence.passage.id, evidence)
    return list(merged.values())[:most]
