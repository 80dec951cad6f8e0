"""The one way back: bounded, worth it, and telling nobody what stands in one's own documents."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from fontes.agent.account import CALLER, Account, paying
from fontes.agent.budget import Allowance, Budget
from fontes.agent.deps import AtHand, Deps, Limits
from fontes.agent.errors import BudgetExceeded
from fontes.agent.models.openai_compatible import OpenAICompatible
from fontes.agent.models.scripted import Asked, Reply, ScriptedServer
from fontes.agent.state import Checked, Claim, Label, Plan, Ran, Route, Searched, Sentence, State, Update, Verdict
from fontes.agent.steps.repair import repair, wants_repair
from fontes.agent.steps.understand import understood
from fontes.crawler import Page, Sighting, text_hash
from fontes.retrievers import Index

Routing = Callable[..., Awaitable[tuple[OpenAICompatible, ScriptedServer]]]

TODAY = date(2026, 3, 15)
TWO = "Who built the Orvay lighthouse and when did it close?"
BUILT = "The Orvay lighthouse was built by James Calder."
CLOSED = "It closed in 1988."


@pytest.fixture
async def deps(deps_over: Callable[[Index], Deps], tmp_path: Path) -> AsyncIterator[Deps]:
    """A writer that gains from repair, one round of it, and an empty index."""
    async with Index(tmp_path, embedder=None, reranker=None, vectors=None) as index:
        await index.store.begin_run("r", TWO)
        yield replace(deps_over(index), repairs=True, budget=Budget(Allowance(seconds=None, rounds=1)))


def checked(text: str, label: Label = "supported", *, question: int = 0, withheld: str = "") -> Checked:
    claim = Claim(text=text, verdict=Verdict(label=label, score=0.5, verifier="test"))
    why = withheld or ("" if label == "supported" else label)
    return Checked(
        sentence=Sentence(text=text, quotes=(), question=question), claims=(claim,), asserted=not why, withheld=why
    )


def state_of(*sentences: Checked, routes: tuple[Route, ...] = ("index",), question: str = TWO, **given: Any) -> State:
    query = understood(question, today=TODAY, longest=4_000)
    queries = query.sub_questions or (query.text,)
    plan = Plan(routes=routes, queries=queries, web_queries=queries if "web" in routes else (), pages=6, seconds=20.0)
    state = State(run="r", question=question, asked="", query=query, plan=plan, checked=sentences)
    return replace(state, **given)


async def repaired(state: State, deps: Deps) -> tuple[Update, Plan, Ran]:
    account = Account(budget=deps.budget, tell=lambda _text: None)
    with paying(account):
        update = await repair(state, deps)
    [ran] = account.ran
    return update, update["plan"], ran


async def read_by(deps: Deps, source: str, text: str, *, run: str) -> tuple[int, ...]:
    """Store a page, for `run` or in the lasting index (""); the ids of its passages."""
    page = Page(text=text, hash=text_hash(text), title="", sightings=(Sighting(source=source, fetched="2026-03-15"),))
    await deps.index.put([page], run=run)
    return tuple(passage.id for passage in await deps.index.store.passages_of([page.hash]))


# Whether


@pytest.mark.parametrize(
    ("sentences", "wanted"),
    [
        ((checked(BUILT), checked(CLOSED, question=1)), False),
        ((checked(BUILT), checked(CLOSED, "unsupported", question=1)), True),
        ((checked(BUILT), checked(CLOSED, "partial", question=1)), True),
        ((checked(BUILT), checked(CLOSED, question=1), checked("It was red.", "unsupported")), True),
        ((checked(BUILT), checked(CLOSED, question=1), checked("It was red.", "contradicted")), False),
        ((checked(BUILT), checked(CLOSED, question=1), checked("See it.", withheld="it holds an address")), False),
        ((checked(BUILT),), True),
        ((), True),
    ],
)
async def test_it_is_wanted_where_support_or_a_sentence_for_a_sub_question_is_missing(
    deps: Deps, sentences: tuple[Checked, ...], *, wanted: bool
) -> None:
    assert wants_repair(state_of(*sentences), deps) is wanted


async def test_it_is_not_wanted_without_a_writer_that_gains_or_a_round_that_is_left(deps: Deps) -> None:
    state = state_of()
    assert wants_repair(state, deps)
    assert not wants_repair(state, replace(deps, repairs=False))
    assert not wants_repair(state, replace(deps, limits=Limits(rounds=0)))
    assert not wants_repair(state, replace(deps, budget=Budget(Allowance(rounds=0))))
    assert not wants_repair(replace(state, rounds=1, gain=3), deps)


async def test_another_round_follows_only_one_that_brought_new_passages(deps: Deps) -> None:
    deps = replace(deps, limits=Limits(rounds=3), budget=Budget(Allowance(rounds=3)))
    assert wants_repair(replace(state_of(), rounds=1, gain=2), deps)
    assert not wants_repair(replace(state_of(), rounds=1, gain=0), deps)


async def test_a_question_asked_back_and_a_whole_source_are_not_searched_for_again(deps: Deps) -> None:
    state = state_of()
    assert not wants_repair(replace(state, plan=replace(state.planned, ask_back="What?")), deps)
    assert not wants_repair(replace(state, query=replace(state.understood, is_whole=True)), deps)


async def test_rules_do_not_ask_the_same_again_and_a_model_may_find_other_words(deps: Deps, routing: Routing) -> None:
    state = state_of(question="Orvay?")
    assert not wants_repair(state, deps)
    router, _ = await routing(lambda _asked: Reply("{}"))
    assert wants_repair(state, replace(deps, router=router))


@pytest.mark.parametrize(("whole", "left", "wanted"), [(120, 100, True), (120, 50, False), (8, 4.9, False)])
async def test_a_round_needs_as_long_as_the_way_until_then(
    deps: Deps, whole: float, left: float, *, wanted: bool
) -> None:
    deps = replace(deps, budget=Budget(Allowance(seconds=whole, rounds=1)))
    with paying(Account(budget=deps.budget, tell=lambda _text: None, ends=monotonic() + left)):
        assert wants_repair(state_of(), deps) is wanted


# What


async def test_a_round_asks_for_what_is_missing_and_keeps_what_is_asserted(deps: Deps) -> None:
    state = state_of(checked(BUILT), checked("The Orvay lighthouse closed in 1988.", "unsupported", question=1))
    update, plan, ran = await repaired(state, deps)
    assert set(update) == {"rounds", "plan"}
    assert update["rounds"] == 1
    assert plan.queries == ("Orvay lighthouse closed 1988", "built Orvay lighthouse close", "Orvay lighthouse")
    assert (plan.routes, plan.web_queries, plan.pages, plan.seconds) == (("index",), (), 0, 0.0)
    assert plan.reason == "searched again for 2 statements without support"
    assert ran == Ran(step="repair", by="1/1", detail=f"rules: {'; '.join(plan.queries)}")


async def test_a_model_words_the_round_s_queries(deps: Deps, routing: Routing) -> None:
    router, _ = await routing(lambda _asked: Reply(json.dumps({"queries": ["Orvay lighthouse end 1988"]})))
    _, plan, ran = await repaired(state_of(checked(CLOSED, "unsupported", question=1)), replace(deps, router=router))
    assert plan.queries == ("Orvay lighthouse end 1988",)
    assert ran.detail == "model scripted: Orvay lighthouse end 1988"


async def test_the_rules_do_it_where_the_model_fails_and_the_trace_says_why(deps: Deps, routing: Routing) -> None:
    def fails(asked: Asked) -> Reply:
        return Reply("No." if "evidence" in asked.text else "Hello.")

    router, _ = await routing(fails, obeys_schema=False)
    _, plan, ran = await repaired(state_of(checked(CLOSED, "unsupported", question=1)), replace(deps, router=router))
    assert plan.queries
    assert ran.detail.startswith("rules (there is no JSON object in it): ")


async def test_nothing_named_is_read_again(deps: Deps) -> None:
    state = state_of(routes=("sources", "urls"))
    state = replace(state, plan=replace(state.planned, sources=("a.txt",), urls=("https://a.example/",)))
    _, plan, _ = await repaired(state, deps)
    assert (plan.routes, plan.sources, plan.urls) == (("sources", "urls"), (), ())


async def test_a_round_is_paid_for(deps: Deps) -> None:
    await repaired(state_of(), deps)
    with pytest.raises(BudgetExceeded, match="the budget of rounds"):
        await repaired(state_of(), deps)


# To the web

SECRET = checked("The Orvay lighthouse is guarded by the code Kestrel 4711.", "unsupported")


async def test_what_was_written_from_web_pages_alone_may_be_searched_on_the_web(deps: Deps) -> None:
    given = await read_by(deps, "https://a.example/", "The lighthouse of Orvay.", run="r")
    state = state_of(SECRET, routes=("index", "web"), drafted_from=given)
    _, plan, _ = await repaired(state, deps)
    assert plan.web_queries == plan.queries
    assert "Kestrel" in plan.queries[0]
    assert (plan.pages, plan.seconds) == (4, 10.0)


@pytest.mark.parametrize("routes", [("index", "web"), ("sources", "web"), ("urls", "web")])
async def test_what_one_s_own_documents_may_have_said_is_never_told_to_a_search_provider(
    deps: Deps, routes: tuple[Route, ...]
) -> None:
    run = "" if "index" in routes else "r"
    given = await read_by(deps, "https://a.example/", "The lighthouse of Orvay.", run="r")
    given += await read_by(deps, "notes.txt", "The code is Kestrel 4711.", run=run)
    state = state_of(SECRET, routes=routes, drafted_from=given)
    _, plan, _ = await repaired(state, deps)
    assert "Kestrel" in plan.queries[0]
    assert plan.web_queries
    assert not any(word in query for query in plan.web_queries for word in ("Kestrel", "4711", "code", "guarded"))


async def test_the_web_is_not_asked_the_same_again(deps: Deps) -> None:
    state = state_of(SECRET, routes=("index", "web"), drafted_from=(1, 2))
    asked = tuple(
        Searched(provider="any", query=query, hits=1)
        for query in (*state.understood.expansions, "built Orvay lighthouse close", "Orvay lighthouse")
    )
    _, plan, _ = await repaired(replace(state, searched=asked), deps)
    assert plan.queries
    assert (plan.web_queries, plan.pages, plan.seconds) == ((), 0, 0.0)
    assert plan.routes == ("index", "web")  # what was read of it is still searched


async def test_no_more_pages_are_planned_than_are_left(deps: Deps) -> None:
    deps = replace(deps, budget=Budget(Allowance(seconds=None, rounds=1, pages=2)))
    _, plan, _ = await repaired(state_of(SECRET, routes=("web",)), deps)
    assert plan.pages == 2


# What a model left out in route

CHOSE = (Ran(step="route", by="model small"),)
BOTH = AtHand(index_pages=9, web=True, providers=("any",))


async def test_a_place_that_a_model_left_out_is_asked_in_a_round_of_repair(deps: Deps) -> None:
    deps = replace(deps, at_hand=BOTH)
    state = state_of(question="Orvay?", trace=CHOSE)
    assert wants_repair(state, deps)
    _, plan, _ = await repaired(state, deps)
    assert (plan.routes, plan.queries[0]) == (("index", "web"), "Orvay?")
    assert plan.web_queries[0] == "Orvay"
    state = state_of(question="Orvay?", routes=("web",), trace=CHOSE)
    _, plan, _ = await repaired(state, replace(deps, budget=Budget(Allowance(rounds=1))))
    assert (plan.routes, plan.queries[0]) == (("index", "web"), "Orvay?")


async def test_a_plan_of_the_person_or_the_rules_is_not_widened(deps: Deps) -> None:
    deps = replace(deps, at_hand=BOTH)
    for trace in ((), (Ran(step="route", by="rules"),), (Ran(step="route", by=CALLER),)):
        assert not wants_repair(state_of(question="Orvay?", trace=trace), deps)
    assert not wants_repair(state_of(question="Orvay?", trace=CHOSE, web=False), deps)
