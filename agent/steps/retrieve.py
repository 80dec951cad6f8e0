"""Find the passages that may answer."""

from itertools import zip_longest

from ...retrievers import EmbedError, Evidence, Scope
from ..account import notice
from ..deps import Deps
from ..state import Candidate, Plan, Searched, State, Update

_MOST_OF_A_WHOLE = 120  # passages, about 70,000 characters: a writer sums up no more at a time
_OWN_ROUTES = frozenset({"sources", "urls", "web"})


async def retrieve(state: State, deps: Deps) -> Update:
    """Search by words and by meaning, fused: in the pages read for this question, in the lasting index, or in both.

    Reads `query` and `plan`. Writes `candidates` (at most `deps.limits.candidates`, best first), `searched` and
    `notes`. A source that is asked for as a whole is taken whole, in reading order. What the two places find is taken
    in turn: their scores do not compare. Terms in quotation marks must stand in a passage to the letter; when no
    passage has them all, that is noted and the search goes on without the marks. So is an embedder that cannot be run:
    the words alone are searched by then.

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
    rows = _own_searches(plan, len(candidates))
    if query.is_whole:
        candidates = await _whole(state, candidates, deps)
    deps.emit("progress", "retrieve", f"found {len(candidates)} passages")
    return {
        "candidates": candidates,
        "searched": (*state.searched, *rows),
        "notes": tuple(dict.fromkeys(notes)),
    }


async def _whole(state: State, candidates: tuple[Candidate, ...], deps: Deps) -> tuple[Candidate, ...]:
    """The passages of the sources named with the question, in reading order; of the best hit's page if none is."""
    store, named = deps.index.store, frozenset((*state.planned.sources, *state.planned.urls))
    read = [(page, source) for page, source in await store.scope(state.run)]
    pages = [page for page, source in read if source in named] or [page for page, _ in read]
    if not pages and candidates:
        pages = [passage.page_hash for passage in (await store.passages([candidates[0].passage])).values()]
    order = {page: place for place, page in reversed(list(enumerate(pages)))}
    found = sorted(await store.passages_of(list(order)), key=lambda p: (order[p.page_hash], p.start))
    return tuple(Candidate(passage=passage.id, score=0.0) for passage in found[:_MOST_OF_A_WHOLE])


def _own_searches(plan: Plan, hits: int) -> tuple[Searched, ...]:
    """The ledger's rows of the places that are one's own."""
    places = [route for route in plan.routes if route in ("index", "sources")]
    return tuple(Searched(provider=place, query=query, hits=hits) for place in places for query in plan.queries)


async def _found(
    queries: tuple[str, ...], scopes: list[Scope | None], deps: Deps, *, phrases: tuple[str, ...]
) -> list[Evidence]:
    most = deps.limits.candidates

    async def lists_of(*, by_meaning: bool) -> list[tuple[Evidence, ...]]:
        return [
            await deps.index.search(query, k=most, phrases=phrases, scope=scope, by_meaning=by_meaning)
            for query in queries
            for scope in scopes
        ]

    try:
        lists = await lists_of(by_meaning=True)
    except EmbedError as error:
        notice(f"searched by words alone: {error}")
        lists = await lists_of(by_meaning=False)
    merged: dict[int, Evidence] = {}
    for row in zip_longest(*lists):
        for evidence in row:
            if evidence is not None:
                merged.setdefault(evidence.passage.id, evidence)
    return list(merged.values())[:most]
