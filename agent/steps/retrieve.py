"""Find the passages that may answer."""

from collections.abc import Callable
from itertools import zip_longest

from ...retrievers import EmbedError, Evidence, Scope, Store
from ..account import notice
from ..asked_on import is_later, left_out_note
from ..asked_since import is_earlier, too_old_note
from ..deps import Deps
from ..state import Candidate, Plan, Searched, State, Update
from .rerank import evidence

_MOST_OF_A_WHOLE = 120  # passages, about 70,000 characters: a writer sums up no more at a time
_DEEPER = 4  # times as many are looked at where later or older pages are left out
_OWN_ROUTES = frozenset({"sources", "urls", "web"})


async def retrieve(state: State, deps: Deps) -> Update:
    """Search by words and by meaning, fused: in the pages read for this question, in the lasting index, or in both.

    Reads `query`, `plan`, `as_of` and `since`. Writes `candidates` (at most `deps.limits.candidates`, best first),
    `searched` and `notes`. A source that is asked for as a whole is taken whole, in reading order. What the two places
    find is taken in turn: their scores do not compare. Terms in quotation marks must stand in a passage to the letter;
    when no passage has them all, that is noted and the search goes on without the marks. So is an embedder that cannot
    be run:
    the words alone are searched by then. Of the lasting index only the sources with the plan's tags are searched, where
    it has any. Pages that are known to be later than `as_of`, or older than `since`, are left out, and named.

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
    depth = deps.limits.candidates * (_DEEPER if state.as_of or state.since else 1)
    found = await _found(plan, scopes, deps, phrases=query.quoted, most=depth)
    if query.quoted and not found:
        found = await _found(plan, scopes, deps, phrases=(), most=depth)
        terms = ", ".join(f"“{term}”" for term in query.quoted)
        notes.append(f"no passage holds {terms} to the letter: searched without the quotation marks")
    notes += deps.index.notes
    candidates = tuple(Candidate(passage=e.passage.id, score=e.score, stages=e.stages) for e in found)
    rows = _own_searches(plan, min(len(candidates), deps.limits.candidates))
    if query.is_whole:
        candidates = await _whole(state, candidates, deps)
    if state.as_of or state.since:
        candidates, later = await _without(candidates, state, deps, lambda day: is_later(day, state.as_of))
        candidates, older = await _without(candidates, state, deps, lambda day: is_earlier(day, state.since))
        notes += [left_out_note(later, state.as_of)] if later else []
        notes += [too_old_note(older, state.since)] if older else []
        candidates = candidates if query.is_whole else candidates[: deps.limits.candidates]
    deps.emit("progress", "retrieve", f"found {len(candidates)} passages")
    return {
        "candidates": candidates,
        "searched": (*state.searched, *rows),
        "notes": tuple(dict.fromkeys(notes)),
    }


async def _without(
    candidates: tuple[Candidate, ...], state: State, deps: Deps, is_out: Callable[[str], bool]
) -> tuple[tuple[Candidate, ...], dict[str, str]]:
    """The candidates without those of the dates that are out, and the sources, with dates, of these."""
    known = {each.passage.id: each for each in await evidence(candidates, state, deps)}
    out = {id_: each for id_, each in known.items() if is_out(each.published)}
    kept = tuple(each for each in candidates if each.passage in known and each.passage not in out)
    return kept, {each.source: each.published for each in out.values()}


async def _whole(state: State, candidates: tuple[Candidate, ...], deps: Deps) -> tuple[Candidate, ...]:
    """The passages of the sources named with the question, in reading order; of the best hit's page if none is."""
    store, plan = deps.index.store, state.planned
    named = frozenset((*plan.sources, *plan.urls))
    read = [(page, source) for page, source in await store.scope(state.run)]
    pages = [page for page, source in read if source in named]
    if plan.tags and "index" in plan.routes:
        pages += await _tagged(plan.tags, store)
    elif not pages:
        pages = [page for page, _ in read]
    if not pages and candidates:
        pages = [passage.page_hash for passage in (await store.passages([candidates[0].passage])).values()]
    order = {page: place for place, page in reversed(list(enumerate(pages)))}
    found = sorted(await store.passages_of(list(order)), key=lambda p: (order[p.page_hash], p.start))
    return tuple(Candidate(passage=passage.id, score=0.0) for passage in found[:_MOST_OF_A_WHOLE])


async def _tagged(tags: tuple[str, ...], store: Store) -> list[str]:
    """The pages with these tags where they can be read whole; () where they are too many: which of them is meant?"""
    _, passages = await store.tagged_passages(tags)
    is_readable = passages is not None and len(passages) <= _MOST_OF_A_WHOLE
    return await store.tagged_pages(tags) if is_readable else []


def _own_searches(plan: Plan, hits: int) -> tuple[Searched, ...]:
    """The ledger's rows of the places that are one's own."""
    places = [route for route in plan.routes if route in ("index", "sources")]
    return tuple(Searched(provider=place, query=query, hits=hits) for place in places for query in plan.queries)


async def _found(
    plan: Plan, scopes: list[Scope | None], deps: Deps, *, phrases: tuple[str, ...], most: int
) -> list[Evidence]:
    async def lists_of(*, by_meaning: bool) -> list[tuple[Evidence, ...]]:
        return [
            await deps.index.search(
                query, k=most, phrases=phrases, scope=scope, by_meaning=by_meaning, tags=() if scope else plan.tags
            )
            for query in plan.queries
            for scope in scopes
        ]

    try:
        lists = await lists_of(by_meaning=True)
    except EmbedError as error:
        notice(f"searched by words alone: {error}")
        lists = await lists_of(by_meaning=False)
    merged: dict[int, Evidence] = {}
    for row in zip_longest(*lists):
        for each in row:
            if each is not None:
                merged.setdefault(each.passage.id, each)
    return list(merged.values())[:most]
