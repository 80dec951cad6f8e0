"""Decide where the question is taken."""

import re
from dataclasses import replace
from datetime import date, timedelta

from ..account import CALLER, ran
from ..deps import AtHand, Deps
from ..questions.follow_ups import ask_back
from ..questions.own_documents import is_about_own_documents
from ..state import Intent, Plan, Query, Route, State, Update
from ..web_switch import unread_addresses, unread_note

_MOST_WEB_QUERIES = 4  # each costs a request to every provider asked, and most keyless ones slow down after a few
_PAGES: dict[Intent, int] = {"fact": 6, "url": 6, "how_to": 6, "claim": 8, "comparison": 10, "list": 10}
_PAGES_A_SUB_QUESTION = 4
_MOST_PAGES = 18
_WEB_SECONDS = 20.0
_URL_SECONDS = 30.0  # there is no other page to read instead of a slow one

_ABOUT_PUBLICATIONS = re.compile(
    r"\b(?:published|papers?|articles?|studies|study|news|preprints?|reports?|posts?|reviews?"
    r"|veröffentlicht\w*|artikel|studien|publié\w*"
    r"|articles|études|publicad\w*|artículos?|artigos?|estudi?os?|pubblicat\w*|articoli|gepubliceerd\w*|artikelen)\b",
    re.IGNORECASE,
)
_BOTH: frozenset[Route] = frozenset(("index", "web"))
_NAMES: dict[Route, str] = {"index": "the own index", "web": "the web"}
_SINCE_COUNTS = timedelta(days=400)
"""A page about what happened later than that is seldom older than it; of earlier days the undated pages are most."""


async def route(state: State, deps: Deps) -> Update:
    """Take the question to what was named with it, tags among it, else to the own index, the web, or both.

    Reads `query`, `sources`, `urls`, `tags`, `sites`, `since`, `as_of` and `web`. Writes `plan`; one that the caller
    gave stands. Writes `notes` where an address in the question is not read, as the web is off. Where both can be
    asked, what a model suggests (`query.suggested`) may leave one out or change their order; it never adds.
    """
    note = unread_note(state, deps.at_hand)
    noted: Update = {"notes": (*state.notes, note)} if note else {}
    if state.plan is not None:
        ran("route", CALLER)
        return noted
    plan = planned(state, at_hand=deps.at_hand, today=deps.today(), pages_left=deps.budget.left("pages"))
    by_rules = replace(state, query=replace(state.understood, suggested=()))
    is_suggested = plan.routes != planned(by_rules, at_hand=deps.at_hand, today=deps.today()).routes
    ran("route", f"model {deps.router.name}" if deps.router is not None and is_suggested else "rules")
    return {"plan": plan, **noted}


def planned(state: State, *, at_hand: AtHand, today: date, pages_left: float | None = None) -> Plan:
    """The plan for an understood question.

    An address in the question is read unless the web is switched off. Named sources, tags or addresses are asked alone,
    unless the question also speaks of the own documents or the caller wants the web beside them. "index" alone: tags or
    the own documents are meant, or there is no web; "web" alone: the index is empty, a site is named, or the answer
    changes by the day. "ask_back": nothing is named at all, or only an address that is not read.
    """
    query = state.understood
    unread = unread_addresses(state, at_hand)
    urls = tuple(dict.fromkeys((*state.urls, *(url for url in query.urls if url not in unread))))
    if state.sources or state.tags:
        routes, reason = _restricted(state, has_urls=bool(urls), at_hand=at_hand)
    elif urls:
        routes, reason = _with_addresses(query, len(urls), state.web, at_hand)
    elif unread and (query.is_whole or ask_back(query.text)):
        return _asked_back(unread_note(state, at_hand), "the question is about an address, and the web is off")
    elif question := ask_back(query.text):
        return _asked_back(question, "the question names nothing to search for")
    else:
        routes, reason = _choice(query, state.web, at_hand)
        if set(routes) == _BOTH:
            routes, reason = _suggested(query, state.web, routes, reason)
    plan = Plan(
        routes=routes, queries=query.sub_questions or (query.text,), sources=state.sources, urls=urls, tags=state.tags,
        since=state.since, reason=reason,
    )  # fmt: skip
    pages = len(urls)
    if "web" in routes:
        plan = _with_search(plan, query, state, today)
        pages += min(_PAGES[query.intent] + _PAGES_A_SUB_QUESTION * max(0, len(query.sub_questions) - 1), _MOST_PAGES)
    seconds = _URL_SECONDS if urls else _WEB_SECONDS if pages else 0.0
    return replace(plan, pages=pages if pages_left is None else min(pages, int(pages_left)), seconds=seconds)


def _asked_back(question: str, reason: str) -> Plan:
    return Plan(routes=("ask_back",), queries=(), ask_back=question, reason=reason)


def _restricted(state: State, *, has_urls: bool, at_hand: AtHand) -> tuple[tuple[Route, ...], str]:
    """To what the person named; the web beside it only where they said so."""
    routes: list[Route] = []
    named: list[str] = []
    if state.sources:
        routes.append("sources")
        named.append(f"the {len(state.sources)} source{'s' if len(state.sources) > 1 else ''} named with it")
    if has_urls:
        routes.append("urls")
    if state.tags:
        routes.append("index")
        named.append(f"the sources tagged {' or '.join(state.tags)}")
    reason = f"the question is restricted to {' and '.join(named)}"
    if state.web and at_hand.providers:
        routes.append("web")
        reason = f"{reason}; the web was asked for"
    return tuple(routes), reason


def _choice(query: Query, web: bool | None, at_hand: AtHand) -> tuple[tuple[Route, ...], str]:
    """Between the own index and the web; `web` is what the caller said of this question."""
    is_own = is_about_own_documents(query.text)
    if not (at_hand.web if web is None else web):
        return ("index",), "the web is off: the own index is asked"
    if not at_hand.providers:
        return ("index",), "no search provider is configured: the own index is asked"
    if is_own and not web:
        return ("index",), "the question is about one's own documents: the web is not asked"
    if not at_hand.index_pages:
        return ("web",), "the index is empty: the web is asked"
    if query.sites:
        return ("web",), f"the question names {' and '.join(query.sites)}: the web is asked"
    if query.fresh and not is_own:
        return ("web",), "the question is about how things stand now: the web is asked"
    return ("index", "web"), f"the own index ({at_hand.index_pages:,} pages) and the web are asked"


def _suggested(query: Query, web: bool | None, routes: tuple[Route, ...], reason: str) -> tuple[tuple[Route, ...], str]:
    """Of index and web what a model would ask first, or alone; what the person asked for is not left out."""
    asked_for: set[Route] = {"web"} if web else set()
    if is_about_own_documents(query.text):
        asked_for.add("index")
    chosen: tuple[Route, ...] = tuple(route for route in query.suggested if route in routes)
    if not chosen:
        return routes, reason
    kept: tuple[Route, ...] = tuple(route for route in routes if route in asked_for and route not in chosen)
    chosen = (*chosen, *kept)
    first = _NAMES[chosen[0]]
    if len(chosen) == 1:
        return chosen, f"{reason.removesuffix(' are asked')} could be asked: a model chose {first} alone"
    return chosen, reason if chosen == routes else f"{reason}: a model put {first} first"


def _with_addresses(query: Query, count: int, web: bool | None, at_hand: AtHand) -> tuple[tuple[Route, ...], str]:
    routes: list[Route] = ["urls"]
    reason = f"the question is about the {f'{count} addresses' if count > 1 else 'address'} given"
    if is_about_own_documents(query.text) and at_hand.index_pages:
        routes.append("index")
        reason = f"{reason} and about one's own documents"
    if web and at_hand.providers:
        routes.append("web")
        reason = f"{reason}; the web was asked for"
    return tuple(routes), reason


def _with_search(plan: Plan, query: Query, state: State, today: date) -> Plan:
    since, until = _published(query, today)
    return replace(
        plan,
        web_queries=_web_queries(query),
        since=state.since or since,
        until=min(filter(None, (until, state.as_of)), default=""),
        language=query.language,
        sites=tuple(dict.fromkeys((*state.sites, *query.sites))),
    )


def _web_queries(query: Query) -> tuple[str, ...]:
    """The sub-questions, or the keywords; then other wordings; a search for the other side of a claim always."""
    wordings = (*query.sub_questions, *query.expansions) or (query.text,)
    if query.sub_questions:
        wordings = query.sub_questions  # keywords of several questions at once find pages on none
    room = _MOST_WEB_QUERIES - bool(query.contrary)
    return tuple(dict.fromkeys((*wordings[:room], *filter(None, [query.contrary]))))


def _published(query: Query, today: date) -> tuple[str, str]:
    """When a page that can answer was published.

    What happened in a window can be told by any later page, so `until` counts only for questions about publications.
    The day that a claim names is often half a date ("In March …"), so claims are not narrowed.
    """
    if _ABOUT_PUBLICATIONS.search(query.text):
        return query.since, query.until
    is_recent = (
        query.intent != "claim" and query.since and today - _SINCE_COUNTS <= date.fromisoformat(query.since) <= today
    )
    return (query.since if is_recent else ""), ""
