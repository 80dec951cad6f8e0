"""A question that is restricted to tags is answered from the sources with them, and from nothing else."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from fontes import Assistant, Settings
from fontes.agent.answer import Answer
from fontes.agent.deps import AtHand
from fontes.agent.errors import UnknownTag
from fontes.agent.models.scripted import Asked, Reply, ScriptedServer, quoting
from fontes.agent.models.scripted.evidence import passages
from fontes.agent.state import State
from fontes.agent.steps.route import planned
from fontes.agent.steps.understand import understood
from fontes.crawler import Page, Sighting, text_hash, utc_now

BUILT = "The Orvay lighthouse was built in 1854 by James Calder."
STENNICK = "The Stennick lighthouse was built in 1902 by Mary Hale."
FOG = "The fog horn of Orvay was made in Leith by Ann Moncrieff."


def page(text: str, *sources: str) -> Page:
    seen = tuple(Sighting(source=each, fetched=utc_now(), title=each) for each in sources)
    return Page(text=text, hash=text_hash(text), title="Lights", language="en", sightings=seen)


LIBRARY = (
    page(f"{BUILT} Its lamp burned whale oil until 1871.", "/coast/orvay.txt", "/attic/orvay.txt"),
    page(f"{STENNICK} Its horn fell silent in 1988.", "/coast/stennick.txt"),
    page(FOG, "/attic/horns.txt"),
)


@pytest.fixture
async def library(settings: Settings) -> AsyncIterator[Assistant]:
    async with Assistant(settings) as fontes:
        await filled(fontes)
        yield fontes


async def filled(fontes: Assistant) -> None:
    """`attic`: the horn and one of two sources of the Orvay page; `coast`: the other one and Stennick."""
    await fontes.index.add(LIBRARY)
    for tag in ("attic", "coast"):
        held = await fontes.index.store.source_names()
        await fontes.index.store.tag([each for each in held if each.startswith(f"/{tag}/")], [tag])
    await fontes.index.store.tag(["/coast/stennick.txt"], ["west/stennick"])


def cited(answer: Answer) -> set[str]:
    """Every source that stands anywhere in the answer."""
    claims = {citation.source for claim in answer.claims for citation in claim.citations}
    return claims | set(answer.ledger.read) | {each.source for each in answer.seen}


async def test_only_sources_with_the_tag_answer(library: Assistant) -> None:
    answer = await library.ask("Who built the Stennick lighthouse?", tags=["Coast"])
    assert (answer.status, cited(answer) & {"/coast/stennick.txt"}) == ("answered", {"/coast/stennick.txt"})
    answer = await library.ask("Who built the Stennick lighthouse?", tags=["attic"])
    assert "Mary Hale" not in answer.text
    assert cited(answer) <= {"/attic/orvay.txt", "/attic/horns.txt"}
    assert not [claim for claim in answer.claims for each in claim.citations if "Hale" in each.quote]


@pytest.mark.parametrize("tag", ["attic", "coast"])
async def test_a_page_of_several_sources_is_cited_where_it_carries_the_tag(library: Assistant, tag: str) -> None:
    answer = await library.ask("Who built the Orvay lighthouse?", tags=[tag])
    assert answer.status == "answered"
    assert cited(answer) & {"/attic/orvay.txt", "/coast/orvay.txt"} == {f"/{tag}/orvay.txt"}


async def test_no_untagged_source_is_cited_whatever_several_questions_are_asked_at_once(library: Assistant) -> None:
    question = "Who built the Orvay lighthouse, who built the Stennick lighthouse, and where was the fog horn made?"
    for tags in (["attic"], ["coast"], ["west/stennick"], ["attic", "west/stennick"]):
        allowed = await library.index.store.tagged_sources(tags)
        answer = await library.ask(question, tags=tags)
        assert cited(answer) <= allowed, tags
        assert answer.asserted


async def test_the_plan_shows_the_tags_and_is_kept_to(library: Assistant) -> None:
    question = "Who built the Orvay lighthouse?"
    plan = await library.plan(question, tags="COAST")
    assert (plan.routes, plan.tags, plan.web_queries) == (("index",), ("coast",), ())
    assert plan.reason == "the question is restricted to the sources tagged coast"
    changed = replace(plan, tags=("attic",))
    answer = await library.ask(question, plan=changed)
    assert {source for source in cited(answer) if "orvay" in source} == {"/attic/orvay.txt"}


async def test_an_unknown_tag_is_an_error_that_names_the_known_ones_before_anything_is_done(library: Assistant) -> None:
    for asks in (library.ask, library.plan, library.start):
        with pytest.raises(
            UnknownTag, match=r"“coasts”: no source .* carries it; known are coast, attic, west/stennick"
        ):
            await asks("Who built the Orvay lighthouse?", tags=["attic", "coasts"], conversation="c")
    with pytest.raises(UnknownTag, match="it holds a space; known are attic, coast"):
        await library.ask("Who built it?", tags=["two words"])
    assert await library.conversations.list() == ()


async def test_where_nothing_is_tagged_the_error_says_so(fontes: Assistant) -> None:
    with pytest.raises(UnknownTag, match="there are no tags yet"):
        await fontes.ask("Who built the Orvay lighthouse?", tags=["coast"])


async def test_the_tagged_sources_are_read_whole_where_a_whole_is_asked_for(library: Assistant) -> None:
    run = await library.start("Summarise it", tags=["attic"])
    await run.answer()
    found = await library.index.store.passages([each.passage for each in run.state.candidates])
    assert {each.page_hash for each in found.values()} == {LIBRARY[0].hash, LIBRARY[2].hash}


async def test_sources_named_with_the_question_are_asked_beside_the_tags(library: Assistant, docs: object) -> None:
    answer = await library.ask(
        "Where was the fog horn of Orvay made?", sources=[f"{docs}/stennick.txt"], tags=["attic"]
    )
    assert cited(answer) <= {"/attic/orvay.txt", "/attic/horns.txt", f"{docs}/stennick.txt"}
    assert "Leith" in answer.text


@pytest.mark.parametrize("web", [None, True, False])
def test_the_web_is_asked_beside_tags_only_where_the_caller_wants_it(web: bool | None) -> None:
    from datetime import date

    query = understood("What is the latest news from Oslo?", today=date(2026, 3, 15), longest=4_000)
    state = State(run="r", question="", asked="", query=query, tags=("news", "oslo"), web=web)
    at_hand = AtHand(index_pages=9, web=True, providers=("recorded",))
    plan = planned(state, at_hand=at_hand, today=date(2026, 3, 15))
    assert plan.routes == (("index", "web") if web else ("index",))
    assert plan.reason.startswith("the question is restricted to the sources tagged news or oslo")


def drafting(text: str, quote: str) -> Reply:
    return Reply(json.dumps({"sentences": [{"text": text, "labels": ["S1"], "quote": quote}]}))


@pytest.mark.parametrize(("tags", "is_found"), [(["attic"], True), (["coast"], False)])
async def test_a_round_of_repair_finds_nothing_without_the_tag(
    settings: Settings, tags: list[str], is_found: bool
) -> None:
    """The writer claims what only the horn's page bears out; the next round looks for it among what is allowed."""
    seen: set[str] = set()

    def says(asked: Asked) -> Reply:
        if "<passage " not in asked.text:
            return quoting(asked)
        given = passages(asked.messages).values()
        seen.update(given)
        if any(FOG in text for text in given):
            return drafting("The fog horn of Orvay was made by Ann Moncrieff.", FOG)
        return drafting("The fog horn of Orvay was made in Leith.", "")

    async with ScriptedServer(says) as server:
        more = {"model_url": server.url, "router": "rules", "evidence": 1, "rounds": 2}
        async with Assistant(Settings(**{**settings.model_dump(exclude_unset=True), **more})) as fontes:
            await filled(fontes)
            answer = await fontes.ask("Who built the Orvay lighthouse?", tags=tags)
            allowed = await fontes.index.store.tagged_sources(tags)
    assert any(ran.step == "repair" for ran in answer.trace)
    assert any(FOG in text for text in seen) is is_found
    assert ("Ann Moncrieff" in answer.text) is is_found
    assert cited(answer) <= allowed


async def test_a_run_that_is_gone_on_with_keeps_to_its_tags(settings: Settings, silent: Any) -> None:
    async with Assistant(settings, writer=silent) as fontes:
        await filled(fontes)
        run = await fontes.start("Who built the Orvay lighthouse?", tags=["coast"], conversation="c")
        await silent.began.wait()
        run.cancel()
        await run.answer()
    async with Assistant(settings) as fontes:
        resumed = await fontes.resume(run.id)
        answer = await resumed.answer()
        assert resumed.state.tagged == ("coast",)
    assert "James Calder" in answer.text
    assert cited(answer) <= {"/coast/orvay.txt", "/coast/stennick.txt"}
