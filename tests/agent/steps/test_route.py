"""Where a question is taken, and with which queries and bounds."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fontes.agent.account import Account, paying
from fontes.agent.deps import AtHand, Deps
from fontes.agent.models.openai_compatible import OpenAICompatible
from fontes.agent.models.scripted import Reply, ScriptedServer
from fontes.agent.state import Plan, Ran, Route, State
from fontes.agent.steps.route import planned, route
from fontes.agent.steps.understand import understood
from fontes.retrievers import Index

Routing = Callable[..., Awaitable[tuple[OpenAICompatible, ScriptedServer]]]

TODAY = date(2026, 3, 15)
BOTH = AtHand(index_pages=120, web=True, providers=("recorded",))


def state_of(question: str, **given: object) -> State:
    query = understood(question, today=TODAY, longest=4_000)
    return replace(State(run="r", question=question, asked="", query=query), **given)


def plan_of(question: str, at_hand: AtHand = BOTH, **given: object) -> Plan:
    return planned(state_of(question, **given), at_hand=at_hand, today=TODAY)


def test_named_sources_are_asked_alone_or_with_the_addresses_given() -> None:
    plan = plan_of("Who built the tower?", sources=("a.txt", "b"))
    assert (plan.routes, plan.queries, plan.sources) == (("sources",), ("Who built the tower?",), ("a.txt", "b"))
    assert plan.reason == "the question is restricted to the 2 sources named with it"
    plan = plan_of("Who built the tower?", sources=("a.txt",), urls=("https://a.example/",))
    assert (plan.routes, plan.urls, plan.web_queries) == (("sources", "urls"), ("https://a.example/",), ())


def test_the_web_is_asked_beside_named_sources_where_the_caller_wants_it() -> None:
    plan = plan_of("Who built the tower?", sources=("a.txt",), web=True)
    assert (plan.routes, plan.sources, plan.pages > 0) == (("sources", "web"), ("a.txt",), True)
    assert plan.web_queries


@pytest.mark.parametrize(
    ("question", "at_hand", "web", "routes"),
    [
        ("Who built the tower?", BOTH, None, ("index", "web")),
        ("Who built the tower?", BOTH, False, ("index",)),
        ("Who built the tower?", AtHand(), None, ("index",)),
        ("Who built the tower?", AtHand(), True, ("index",)),
        ("Who built the tower?", replace(BOTH, index_pages=0), None, ("web",)),
        ("Who built the tower?", replace(BOTH, providers=()), None, ("index",)),
        ("Who built the tower?", replace(BOTH, web=False), None, ("index",)),
        ("Who built the tower?", replace(BOTH, web=False), True, ("index", "web")),
        ("What is the latest news from Oslo?", BOTH, None, ("web",)),
        ("What is the latest news from Oslo?", BOTH, False, ("index",)),
        ("Floods in Wales on bbc.co.uk", BOTH, None, ("web",)),
        ("What does our contract say about delays?", BOTH, None, ("index",)),
        ("What does our contract say about delays?", replace(BOTH, index_pages=0), None, ("index",)),
        ("What does our contract say about delays?", BOTH, True, ("index", "web")),
        ("What is the current version of our contract?", BOTH, None, ("index",)),
        ("Summarise https://a.example/x", BOTH, None, ("urls",)),
        ("Summarise https://a.example/x", AtHand(), False, ("ask_back",)),
        ("Summarise https://a.example/x", replace(BOTH, web=False), None, ("ask_back",)),
        ("Summarise https://a.example/x", replace(BOTH, web=False), True, ("urls", "web")),
        ("Who built the tower of https://a.example/x?", BOTH, False, ("index",)),
        ("What does wikipedia.org say about the tower?", replace(BOTH, web=False), None, ("index",)),
        ("Summarise https://a.example/x", BOTH, True, ("urls", "web")),
        ("Does https://a.example/x contradict our contract?", BOTH, None, ("urls", "index")),
        ("Does https://a.example/x contradict our contract?", replace(BOTH, index_pages=0), None, ("urls",)),
        ("Compare them", BOTH, None, ("ask_back",)),
    ],
)
def test_the_routes_of_a_question(question: str, at_hand: AtHand, web: bool | None, routes: tuple[Route, ...]) -> None:
    plan = plan_of(question, at_hand, web=web)
    assert plan.routes == routes
    assert plan.reason
    assert bool(plan.web_queries) == ("web" in routes)
    assert bool(plan.queries) == (routes != ("ask_back",))


def test_addresses_given_with_the_question_come_before_those_in_it_and_none_twice() -> None:
    plan = plan_of("Compare https://a.example/x with https://b.example/y", urls=("https://b.example/y",))
    assert plan.urls == ("https://b.example/y", "https://a.example/x")
    assert (plan.routes, plan.pages) == (("urls",), 2)


def test_a_pronoun_may_point_to_what_was_given_with_the_question() -> None:
    assert plan_of("Who signed it?", urls=("https://a.example/letter",)).routes == ("urls",)
    assert plan_of("Who signed it?", sources=("letter.txt",)).routes == ("sources",)


def test_a_question_that_names_nothing_is_asked_back_in_its_language() -> None:
    assert plan_of("Compare them").ask_back == "What does “them” refer to? Please ask again with its name."
    assert plan_of("warum?").ask_back == "Was möchten Sie wissen, und worüber?"
    assert plan_of("Who built it?").queries == ()


def test_the_web_is_asked_for_keywords_and_the_index_for_the_question() -> None:
    plan = plan_of("Who built the lighthouse of Orvay in 1854?")
    assert plan.queries == ("Who built the lighthouse of Orvay in 1854?",)
    assert plan.web_queries == ("built lighthouse Orvay 1854",)


def test_sub_questions_are_asked_side_by_side() -> None:
    plan = plan_of("Who founded Lego and when did it open its first park?")
    assert plan.queries == plan.web_queries == ("Who founded Lego?", "When did Lego open Lego’s first park?")
    assert plan.pages > plan_of("Who founded Lego?").pages


def test_a_claim_is_also_searched_for_what_speaks_against_it() -> None:
    plan = plan_of("The Orvay lighthouse was built by James Calder.")
    assert plan.web_queries[-1] == "Orvay lighthouse built James Calder false OR myth OR debunked"


def test_no_more_than_four_queries_go_to_the_web() -> None:
    question = "Who is A? Who is B? Who is C? Who is D?"
    assert len(plan_of(question).web_queries) == 4


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("What did the council decide last week?", "2026-03-02", ""),
        ("Who won the cup in 2018?", "", ""),
        ("Which towers were lit before 1900?", "", ""),
        ("Articles on whales published between 2019 and 2021", "2019-01-01", "2021-12-31"),
        ("Will it snow in Oslo tomorrow?", "", ""),
    ],
)
def test_the_search_is_bound_to_a_time_only_where_older_or_newer_pages_cannot_answer(
    question: str, since: str, until: str
) -> None:
    plan = plan_of(question)
    assert (plan.since, plan.until) == (since, until)


def test_language_and_sites_restrict_the_search() -> None:
    plan = plan_of("Was ist die Ursache der Flut, laut spiegel.de?")
    assert (plan.language, plan.sites) == ("de", ("spiegel.de",))


def test_no_more_pages_are_planned_than_the_budget_has_left() -> None:
    state = state_of("Compare whale oil with kerosene")
    assert planned(state, at_hand=BOTH, today=TODAY, pages_left=3).pages == 3
    assert planned(state, at_hand=BOTH, today=TODAY).pages == 10


def test_a_question_to_the_index_alone_reads_no_pages() -> None:
    plan = plan_of("Who built the tower?", AtHand(index_pages=5))
    assert (plan.pages, plan.seconds) == (0, 0.0)


# What a model suggests


def suggested(question: str, *routes: Route, at_hand: AtHand = BOTH, web: bool | None = None, **given: object) -> Plan:
    state = state_of(question, web=web, **given)
    return planned(replace(state, query=replace(state.understood, suggested=routes)), at_hand=at_hand, today=TODAY)


@pytest.mark.parametrize(
    ("routes", "taken", "reason"),
    [
        ((), ("index", "web"), "are asked"),
        (("index", "web"), ("index", "web"), "are asked"),
        (("web", "index"), ("web", "index"), "are asked: a model put the web first"),
        (("web",), ("web",), "could be asked: a model chose the web alone"),
        (("index",), ("index",), "could be asked: a model chose the own index alone"),
    ],
)
def test_where_both_can_be_asked_a_model_may_choose(
    routes: tuple[Route, ...], taken: tuple[Route, ...], reason: str
) -> None:
    plan = suggested("Who built the tower?", *routes)
    assert (plan.routes, plan.reason) == (taken, f"the own index (120 pages) and the web {reason}")
    assert bool(plan.web_queries) == ("web" in taken)


@pytest.mark.parametrize("routes", [("web",), ("index",), ("web", "index"), ("sources", "urls", "ask_back")])
def test_a_suggestion_never_adds_a_place_nor_takes_away_what_was_asked_for(routes: tuple[Route, ...]) -> None:
    tower = "Who built the tower?"
    assert suggested(tower, *routes, web=False).routes == ("index",)
    assert suggested(tower, *routes, at_hand=replace(BOTH, web=False)).routes == ("index",)
    assert suggested(tower, *routes, at_hand=replace(BOTH, providers=())).routes == ("index",)
    assert suggested(tower, *routes, at_hand=replace(BOTH, index_pages=0)).routes == ("web",)
    assert suggested(tower, *routes, sources=("a.txt",)).routes == ("sources",)
    assert suggested("Summarise https://a.example/x", *routes).routes == ("urls",)
    assert suggested("Compare them", *routes).routes == ("ask_back",)
    assert "web" in suggested(tower, *routes, web=True).routes
    assert "index" in suggested("What does our contract say about delays?", *routes, web=True).routes


async def test_the_trace_says_whether_a_model_chose(
    deps_over: Callable[[Index], Deps], routing: Routing, tmp_path: Path
) -> None:
    router, server = await routing(lambda _asked: Reply("{}"))
    deps = deps_over(Index(tmp_path, embedder=None, reranker=None, vectors=None))
    deps = replace(deps, at_hand=BOTH, router=router)
    state = state_of("Who built the tower?")
    ways: list[Ran] = []
    for routes in ((), ("index", "web"), ("web",)):
        account = Account(budget=deps.budget, tell=lambda _text: None)
        with paying(account):
            await route(replace(state, query=replace(state.understood, suggested=routes)), deps)
        ways += account.ran
    assert ways == [Ran(step="route", by=by) for by in ("rules", "rules", f"model {router.name}")]
    assert server.requests == []  # understand has asked


def test_a_search_ends_with_the_day_asked_as_on() -> None:
    assert plan_of("Who built the tower?", as_of="2023-05-01").until == "2023-05-01"
    assert plan_of("Papers published before 2020 about tides?", as_of="2023-05-01").until == "2019-12-31"
    assert plan_of("Papers published in 2025 about tides?", as_of="2023-05-01").until == "2023-05-01"
