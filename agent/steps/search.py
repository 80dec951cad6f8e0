"""Ask the search providers where to look."""

import asyncio
from dataclasses import replace
from datetime import date

from ...tools import Filters, Hit
from ...tools import Searched as Row
from ..account import is_callers_plan
from ..deps import Deps
from ..errors import BadQuestion
from ..state import Found, Plan, Searched, State, Update

_HITS_A_QUERY = 20
_MOST_HITS = 40
SEARCH_SHARE = 0.8
"""The most of a plan's seconds that the search may take, so that there is time to read what it finds."""


async def search(state: State, deps: Deps) -> Update:
    """Ask the plan's web queries side by side, each of several providers, and merge what they find.

    Reads `plan`, `since`, `sources`, `urls` and `tags`. Writes `hits` (each address once, best first), `searched` and
    `notes`: who answered, who did not and why. A hit is a pointer; nothing of it is ever cited. Where the plan's dates
    leave nothing, the query is asked again without them, unless the person set them: engines know no date of most
    pages. Where nobody answers, the own index joins the plan, unless the question is restricted to other sources or
    the plan is the caller's.

    Raises:
        BadQuestion: the plan's dates or sites are none.
    """
    plan = state.planned
    providers, filters = deps.web.search(), _filters(plan)
    found: list[list[Hit]] = [[] for _ in plan.web_queries]
    rows: list[Searched] = []
    wider: list[str] = []

    def tell(row: Row, hits: tuple[Hit, ...]) -> None:
        rows.append(_noted(row))
        outcome = f"{row.hits} hits" if row.error is None else row.error.why
        deps.emit("progress", "search", f"{row.provider}: {outcome}")

    async def ask(number: int, query: str) -> None:
        merged = await providers.gather(query, limit=_HITS_A_QUERY, filters=filters, progress=tell)
        is_dated = bool(filters.since or filters.until)
        if is_dated and not (merged.hits or merged.failed or state.since):
            wider.append("no page of the time asked about was found: searched without the dates")
            undated = replace(filters, since=None, until=None)
            merged = await providers.gather(query, limit=_HITS_A_QUERY, filters=undated, progress=tell)
        found[number].extend(merged.hits)

    seconds = SEARCH_SHARE * plan.seconds
    try:
        async with asyncio.timeout(seconds or None), asyncio.TaskGroup() as group:
            for number, query in enumerate(plan.web_queries):
                group.create_task(ask(number, query))
    except TimeoutError:
        rows.append(Searched(provider="all", query="", hits=0, seconds=seconds, error="out of time"))
    update: Update = {
        "hits": _in_turn(found),
        "searched": (*state.searched, *rows),
        "notes": (*state.notes, *_notes(rows), *dict.fromkeys(wider)),
    }
    is_restricted = bool(state.sources or state.urls or state.tags)
    if (
        all(row.error and not row.hits for row in rows)
        and deps.at_hand.index_pages
        and not (is_restricted or "index" in plan.routes or is_callers_plan(state.trace))
    ):
        # DESIGN §10: without any provider the own index answers, and the notes say so
        update["plan"] = replace(plan, routes=(*plan.routes, "index"))
        update["notes"] = (*update["notes"], "the own index was asked instead")
    return update


def _filters(plan: Plan) -> Filters:
    try:
        return Filters(
            since=_day(plan.since), until=_day(plan.until), language=plan.language, country=plan.country,
            sites=plan.sites,
        )  # fmt: skip
    except ValueError as error:
        raise BadQuestion("the search", str(error)) from error


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _noted(row: Row) -> Searched:
    return Searched(
        provider=row.provider,
        query=row.query,
        hits=row.hits,
        seconds=round(row.seconds, 3),
        error=row.error.why if row.error else f"a later page of results: {row.later.why}" if row.later else "",
    )


def _in_turn(found: list[list[Hit]]) -> tuple[Found, ...]:
    """The first hits of every query, then the second ones: no part of the question is left without pages."""
    merged: dict[str, Found] = {}
    for rank in range(_HITS_A_QUERY):
        for hits in found:
            if rank < len(hits):
                hit = hits[rank]
                merged.setdefault(
                    hit.url, Found(url=hit.url, title=hit.title, provider=hit.provider, published=hit.published)
                )
    return tuple(merged.values())[:_MOST_HITS]


def _notes(rows: list[Searched]) -> tuple[str, ...]:
    """Who saw the question, and who failed; one line each."""
    answered = sorted({row.provider for row in rows if row.hits or not row.error})
    failed = {row.provider: row.error for row in rows if row.error and row.provider not in answered}
    notes = [f"searched with {', '.join(answered)}"] if answered else []
    notes += [f"{provider} did not answer: {why}" for provider, why in sorted(failed.items())]
    if not answered:
        notes.append("no search provider answered: the web was not searched")
    return tuple(notes)
