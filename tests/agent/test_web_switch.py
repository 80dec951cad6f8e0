"""What was switched off stays off: no search, no address of the question, no other document."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fontes import Assistant, Settings
from fontes.agent.errors import BadQuestion
from fontes.agent.state import Plan
from fontes.tools.localweb import Fault, LocalWeb

ASKED = "Who built the Orvay lighthouse?"
ADDRESS = "http://orvay.test/"
OF_ADDRESS = f"What does {ADDRESS} say about who built the Orvay lighthouse?"
OF_HOST = "What does wikipedia.org say about who built the Orvay lighthouse?"
PAGE = (
    b"<!doctype html><html><body><article><h1>Orvay</h1><p>The Orvay lighthouse was built in 1901 by Nobody Known, says"
    b" this page of the web, which nobody should have read.</p></article></body></html>"
)


@pytest.fixture
async def web() -> AsyncIterator[LocalWeb]:
    pages = {ADDRESS: PAGE, "https://wikipedia.org/": PAGE, "http://wikipedia.org/": PAGE}
    async with LocalWeb.of(pages, faults=()) as running:
        yield running


def over(web: LocalWeb, settings: Settings, *, is_on: bool) -> Settings:
    return Settings(
        home=settings.home, embedder="none", reranker="none", workers=1, web=is_on, search="searxng", host_gap_s=0.0,
        searxng_url=web.search_url, resolve=(f"*=127.0.0.1:{web.port}",),
    )  # fmt: skip


@pytest.mark.parametrize("question", [OF_ADDRESS, OF_HOST])
@pytest.mark.parametrize(("is_on", "said"), [(False, None), (True, False), (True, None)])
async def test_an_address_in_a_question_of_named_documents_is_not_fetched(
    web: LocalWeb, settings: Settings, docs: Path, question: str, is_on: bool, said: bool | None
) -> None:
    async with Assistant(over(web, settings, is_on=is_on)) as fontes:
        answer = await fontes.ask(question, sources=[docs], web=said)
    assert web.request_count == 0
    assert not any(source.startswith("http") for source in answer.ledger.read)
    [note] = [note for note in answer.notes if "not read" in note]
    assert note.endswith("; --web (web=True) reads it")


@pytest.mark.parametrize(("is_on", "said"), [(False, None), (True, False), (False, False)])
async def test_an_address_in_a_question_of_the_index_is_not_fetched_with_the_web_off(
    web: LocalWeb, settings: Settings, docs: Path, is_on: bool, said: bool | None
) -> None:
    async with Assistant(over(web, settings, is_on=is_on)) as fontes:
        await fontes.add([docs])
        answer = await fontes.ask(OF_ADDRESS, web=said)
    assert web.request_count == 0
    assert any(note.startswith(f"{ADDRESS} was not read: ") for note in answer.notes)


async def test_an_address_that_is_not_read_is_said_with_a_plan_of_ones_own_too(
    web: LocalWeb, settings: Settings, docs: Path
) -> None:
    async with Assistant(over(web, settings, is_on=False)) as fontes:
        plan = await fontes.plan(OF_ADDRESS, sources=[docs])
        answer = await fontes.ask(OF_ADDRESS, sources=[docs], plan=plan)
    assert plan.urls == ()
    assert any("was not read" in note for note in answer.notes)


async def test_with_the_web_on_an_address_in_the_question_is_read(web: LocalWeb, settings: Settings) -> None:
    async with Assistant(over(web, settings, is_on=True)) as fontes:
        answer = await fontes.ask(OF_ADDRESS)
    assert answer.ledger.read == (ADDRESS,)
    assert not any("not read" in note for note in answer.notes)


async def test_an_address_that_is_given_beside_the_question_is_read_whatever_the_settings_say(
    web: LocalWeb, settings: Settings
) -> None:
    async with Assistant(over(web, settings, is_on=False)) as fontes:
        answer = await fontes.ask(ASKED, sources=[ADDRESS])
    assert answer.ledger.read == (ADDRESS,)
    assert {request.path for request in web.log} <= {"/", "/robots.txt"}


async def test_sites_have_the_web_searched(web: LocalWeb, settings: Settings, docs: Path) -> None:
    async with Assistant(over(web, settings, is_on=True)) as fontes:
        await fontes.add([docs])
        plan = await fontes.plan(ASKED, sites=["orvay.test"])
        beside = await fontes.plan(ASKED, sites=["orvay.test"], sources=[docs], web=True)
    assert "web" in plan.routes
    assert (beside.routes, beside.sites) == (("sources", "web"), ("orvay.test",))


@pytest.mark.parametrize(
    ("is_on", "options", "names"),
    [
        (False, {}, "FONTES_WEB=0"),
        (True, {"web": False}, "web=False"),
        (True, {"sources": ["."]}, "--docs"),
        (True, {"sources": [ADDRESS]}, "--url"),
        (False, {"sources": ["."]}, "--docs"),
    ],
)
async def test_sites_are_refused_where_the_web_is_off(
    web: LocalWeb, settings: Settings, is_on: bool, options: dict[str, object], names: str
) -> None:
    async with Assistant(over(web, settings, is_on=is_on)) as fontes:
        with pytest.raises(BadQuestion, match="sites") as caught:
            await fontes.ask(ASKED, sites=["orvay.test"], **options)
    assert names in str(caught.value)
    assert "web=True" in str(caught.value)
    assert web.request_count == 0


async def test_a_plan_that_goes_to_the_web_is_refused_where_this_question_may_not(
    web: LocalWeb, settings: Settings
) -> None:
    async with Assistant(over(web, settings, is_on=True)) as fontes:
        with pytest.raises(BadQuestion, match="the plan"):
            await fontes.ask(ASKED, plan=Plan(routes=("web",), queries=(ASKED,)), web=False)
    assert web.request_count == 0


async def test_named_documents_never_give_way_to_others(settings: Settings, docs: Path, tmp_path: Path) -> None:
    other = tmp_path / "bread.txt"
    other.write_text("Bread is baked from flour, water and salt, and it rises for a night before.\n")
    async with (
        LocalWeb.of({}, faults=(Fault.of("search-down"),)) as web,
        Assistant(over(web, settings, is_on=True)) as fontes,
    ):
        await fontes.add([docs])
        answer = await fontes.ask(ASKED, sources=[other], web=True)
    assert answer.status == "abstained"
    assert "the own index was asked instead" not in answer.notes
    assert {row.provider for row in answer.ledger.searched} == {"sources", "searxng"}
