"""The one way back: search again for what the evidence did not support."""

from dataclasses import replace

from ..account import current_account, ran
from ..deps import Deps
from ..models.follow_up_queries import follow_up_queries, rule_queries
from ..models.wordings import Said
from ..state import Checked, Plan, State, Update
from .route import planned

_QUERIES = 4  # as route has them
_PAGES = 4
_SECONDS = 10.0
_SHARE_OF_TIME = 0.3  # of what is left, for search and crawl together; there is a draft to come
_LEAST_SECONDS = 5.0
_LACKING = ("partial", "unsupported")


def wants_repair(state: State, deps: Deps) -> bool:
    """Whether to search again: something is missing, a round and time are left, and it can bring something.

    Missing is support for a sentence, or an asserted sentence for a sub-question; not where a whole source was read, as
    there is nothing else in it to find. A round takes about as long as the way until here. After a round that brought
    the writer no new passage (`state.gain`) there is no other; nor is there one without a router when every place was
    asked every query that the rules can think of.
    """
    if not deps.repairs or state.rounds >= _most_rounds(deps):
        return False
    if state.planned.ask_back or state.understood.is_whole:
        return False
    missing = _unsupported(state) + _uncovered(state)
    if not missing or (state.rounds and not state.gain) or not _has_time(deps):
        return False
    if deps.router is not None or set(_widened(state, deps).routes) - set(state.planned.routes):
        return True
    query = state.understood
    return bool(rule_queries(query.text, missing, language=query.language, asked=state.planned.queries))


async def repair(state: State, deps: Deps) -> Update:
    """Plan another search: for what the unsupported sentences say, and for what no asserted sentence answers.

    Reads `query`, `plan`, `checked`, `searched`, `drafted_from`, `trace` and `rounds`. Writes `rounds` and `plan`: the
    same places, and what a model left out of them in route. Nothing named is read again, and nothing goes to the web
    that the writer may have from one's own documents; `web_queries` is () where nothing else is left to ask it. What is
    asserted stays.

    Raises:
        BudgetExceeded: the run has no round left.
        StoreError: the evidence could not be read back.
    """
    deps.budget.reserve("rounds").settle()
    query, before, plan = state.understood, state.planned, _widened(state, deps)
    missing = _unsupported(state) + _uncovered(state)
    follow_ups = await follow_up_queries(
        query.text, missing, deps.router, language=query.language, asked=before.queries
    )
    queries = follow_ups.queries or query.expansions or (query.text,)
    web_queries = await _for_the_web((*plan.web_queries, *queries), plan, state, deps)
    if set(plan.routes) - set(before.routes):
        queries = (*plan.queries, *queries)  # the place that was left out has not been asked anything yet
    number = state.rounds + 1
    by = f"{follow_ups.by} ({follow_ups.why})" if follow_ups.why else follow_ups.by
    ran("repair", f"{number}/{_most_rounds(deps)}", f"{by}: {'; '.join(queries)}")
    deps.emit("progress", "repair", f"searching again: {'; '.join(queries)}")
    why = f"searched again for {len(missing)} statement{'s' if len(missing) > 1 else ''} without support"
    return {"rounds": number, "plan": replace(_again(plan, web_queries, deps), queries=queries, reason=why)}


def _widened(state: State, deps: Deps) -> Plan:
    """The plan; where a model chose among the places of the rules in route, with all of them."""
    if not any(ran.step == "route" and ran.by.startswith("model ") for ran in state.trace):
        return state.planned
    by_rules = replace(state, query=replace(state.understood, suggested=()))
    return planned(by_rules, at_hand=deps.at_hand, today=deps.today())


def _again(plan: Plan, web_queries: tuple[str, ...], deps: Deps) -> Plan:
    """The plan with what a round may cost, and nothing named in it."""
    pages_left = deps.budget.left("pages")
    pages = _PAGES if web_queries else 0
    left = _seconds_left()
    seconds = _SECONDS if left is None else min(_SECONDS, left * _SHARE_OF_TIME)
    return replace(
        plan,
        web_queries=web_queries,
        sources=(),
        urls=(),
        pages=pages if pages_left is None else min(pages, int(pages_left)),
        seconds=seconds if web_queries else 0.0,
    )


async def _for_the_web(queries: tuple[str, ...], plan: Plan, state: State, deps: Deps) -> tuple[str, ...]:
    """Those of `queries` that were not asked there and may leave the machine, at most four.

    An unsupported sentence can say what stands in the evidence. Unless all of that came from the web, only queries in
    the person's own words go there: no document of theirs is told to a search provider, whatever it makes a model say.
    """
    if "web" not in plan.routes:
        return ()
    query = state.understood
    asked = {*state.planned.web_queries, *(row.query for row in state.searched)}
    new = [text for text in dict.fromkeys((*queries, *query.expansions)) if text not in asked]
    if not await _is_public(state, deps):
        said = Said(query.text, *query.sub_questions, *query.expansions, query.contrary)
        new = [text for text in new if said.admits(text, query.language, share=1.0, longest=len(text))]
    return tuple(new[:_QUERIES])


async def _is_public(state: State, deps: Deps) -> bool:
    if {"sources", "urls"} & set(state.planned.routes):
        return False
    given = await deps.index.store.passages(state.drafted_from)
    read = {page_hash for page_hash, _ in await deps.index.store.scope(state.run)}
    return len(given) == len(state.drafted_from) and all(passage.page_hash in read for passage in given.values())


def _unsupported(state: State) -> tuple[str, ...]:
    """The sentences withheld because the evidence does not carry them, without those that it speaks against."""
    return tuple(dict.fromkeys(checked.sentence.text for checked in state.checked if _lacks_support(checked)))


def _lacks_support(checked: Checked) -> bool:
    return not checked.asserted and any(claim.verdict.label in _LACKING for claim in checked.claims)


def _uncovered(state: State) -> tuple[str, ...]:
    covered = {checked.sentence.question for checked in state.checked if checked.asserted}
    every = enumerate(state.understood.sub_questions or (state.understood.text,))
    return tuple(text for number, text in every if number not in covered)


def _most_rounds(deps: Deps) -> int:
    return min(deps.limits.rounds, deps.budget.allowance.rounds)


def _has_time(deps: Deps) -> bool:
    left, whole = _seconds_left(), deps.budget.allowance.seconds
    if left is None or whole is None:
        return True
    return left >= max(_LEAST_SECONDS, whole - left)


def _seconds_left() -> float | None:
    account = current_account()
    return None if account is None else account.seconds_left()
