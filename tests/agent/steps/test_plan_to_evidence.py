"""Route, crawl, retrieve and rerank: from the question to the passages the writer gets."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fontes.agent.assistant import Assistant
from fontes.agent.budget import Allowance, Budget
from fontes.agent.deps import Deps, Limits
from fontes.agent.errors import NothingRead
from fontes.agent.state import Candidate, Plan, Query, State
from fontes.agent.steps.crawl import crawl
from fontes.agent.steps.rerank import rerank
from fontes.agent.steps.retrieve import retrieve
from fontes.agent.steps.route import route
from fontes.retrievers import Index


@pytest.fixture
def deps(fontes: Assistant, deps_over: Callable[[Index], Deps]) -> Deps:
    return replace(deps_over(fontes.index), reader=fontes.reader)


def asking(text: str, *quoted: str, sources: tuple[str, ...] = ()) -> State:
    query = Query(text=text, original=text, quoted=quoted)
    plan = Plan(routes=("sources",) if sources else ("index",), queries=(text,), sources=sources)
    return State(run="r", question=text, asked="", sources=sources, query=query, plan=plan)


async def test_a_question_goes_to_its_own_sources_when_it_names_any_else_to_the_index(deps: Deps) -> None:
    plan = (await route(replace(asking("who built Orvay"), plan=None), deps))["plan"]
    assert (plan.routes, plan.queries, plan.sources) == (("index",), ("who built Orvay",), ())
    plan = (await route(replace(asking("who", sources=("a.txt", "b")), plan=None), deps))["plan"]
    assert (plan.routes, plan.sources) == (("sources",), ("a.txt", "b"))
    assert plan.reason == "the question is restricted to the 2 sources named with it"


async def test_crawl_keeps_the_ledger_under_the_run(deps: Deps, docs: Path) -> None:
    (docs / "empty.txt").touch()
    await deps.index.store.begin_run("r", "q")
    assert await crawl(asking("who", sources=(str(docs),)), deps) == {"unused": ()}
    assert [skipped.reason for skipped in await deps.index.store.skipped("r")] == ["empty"]
    assert len(await deps.index.store.scope("r")) == 2


async def test_crawl_that_reads_nothing_fails_with_why_and_keeps_the_ledger(deps: Deps, docs: Path) -> None:
    await deps.index.store.begin_run("r", "q")
    with pytest.raises(NothingRead, match=r"nowhere\.txt: it does not exist"):
        await crawl(asking("who", sources=(str(docs / "nowhere.txt"),)), deps)
    assert [skipped.reason for skipped in await deps.index.store.skipped("r")] == ["unreadable"]


async def test_crawl_stops_at_the_budget_of_pages_and_answers_from_the_rest(deps: Deps, docs: Path) -> None:
    await deps.index.store.begin_run("r", "q")
    await crawl(asking("who", sources=(str(docs),)), replace(deps, budget=Budget(Allowance(pages=1))))
    assert [skipped.reason for skipped in await deps.index.store.skipped("r")] == ["budget"]
    assert len(await deps.index.store.scope("r")) == 1


async def test_retrieve_finds_at_most_as_many_as_are_wanted_best_first(
    fontes: Assistant, deps: Deps, docs: Path
) -> None:
    await fontes.add([docs])
    update = await retrieve(asking("Orvay lighthouse"), deps)
    assert len(update["candidates"]) == 2
    scores = [candidate.score for candidate in update["candidates"]]
    assert scores == sorted(scores, reverse=True)
    few = replace(deps, limits=Limits(candidates=1))
    assert (await retrieve(asking("Orvay lighthouse"), few))["candidates"] == update["candidates"][:1]


async def test_quoted_terms_must_stand_in_the_passage_to_the_letter(fontes: Assistant, deps: Deps, docs: Path) -> None:
    await fontes.add([docs])
    found = await retrieve(asking("lighthouse built", "stennick lighthouse"), deps)
    assert len(found["candidates"]) == 1
    assert found["notes"] == ()


async def test_quoted_terms_that_no_passage_holds_are_noted_and_searched_without_the_marks(
    fontes: Assistant, deps: Deps, docs: Path
) -> None:
    await fontes.add([docs])
    found = await retrieve(asking("lighthouse built", "lighthouse Stennick"), deps)
    assert len(found["candidates"]) == 2
    assert found["notes"] == (
        "no passage holds “lighthouse Stennick” to the letter: searched without the quotation marks",
    )


async def test_without_a_reranker_the_order_of_retrieval_stands(deps: Deps) -> None:
    candidates = tuple(Candidate(passage=number, score=1 / number) for number in range(1, 30))
    state = replace(asking("who"), candidates=candidates)
    assert (await rerank(state, deps))["selected"] == candidates[: deps.limits.evidence]


class Longest:
    """A reranker that likes long passages."""

    name = "longest"

    async def score(self, query: str, passages: list[str]) -> list[float]:
        return [float(len(passage)) for passage in passages]


async def test_the_reranker_scores_the_first_candidates_and_the_others_follow(
    fontes: Assistant, deps: Deps, tmp_path: Path
) -> None:
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text("A lighthouse. " * (1 + number) + f"Number {number}.", encoding="utf-8")
    await fontes.add([tmp_path / f"{number}.txt" for number in range(4)])
    state = asking("lighthouse")
    state = replace(state, candidates=(await retrieve(state, deps))["candidates"])
    selected = (await rerank(state, replace(deps, reranker=Longest(), limits=Limits(rerank=2, evidence=3))))["selected"]
    assert [candidate.passage for candidate in selected[2:]] == [state.candidates[2].passage]
    assert {candidate.passage for candidate in selected[:2]} == {c.passage for c in state.candidates[:2]}
    assert all("rerank" in dict(candidate.stages) for candidate in selected[:2])
    assert "rerank" not in dict(selected[2].stages)


async def test_a_passage_that_was_removed_meanwhile_is_left_out(fontes: Assistant, deps: Deps, docs: Path) -> None:
    await fontes.add([docs])
    state = asking("lighthouse")
    candidates = (await retrieve(state, deps))["candidates"]
    await fontes.index.remove([str(docs / "orvay.txt")])
    selected = await rerank(replace(state, candidates=candidates), replace(deps, reranker=Longest()))
    assert len(selected["selected"]) == 1
