"""A question of the web from the asking to the answer, over pages, robots.txt and a search on loopback."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from fontes.agent.answer import Answer
from fontes.agent.assistant import Assistant
from fontes.agent.events import Event
from fontes.agent.run import Run
from fontes.agent.settings import Settings
from fontes.tools.localweb import Fault, LocalWeb, Served

QUESTION = "Who built the Hirsholm lighthouse?"
ANSWER = "The Hirsholm lighthouse was built in 1838 by Anna Krag."
BOTH = "Who built the Orvay lighthouse? Who built the Hirsholm lighthouse?"
ORVAY_PAGE, HIRSHOLM, KEEPERS = "http://orvay.test/", "http://hirsholm.test/", "http://keepers.test/hirsholm"


def page(title: str, *paragraphs: str) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    filler = "Boats have passed it every night since, and its keepers wrote down every storm in ledgers of green cloth."
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><article><h1>{title}</h1>{body}<p>{filler}</p></article></body></html>"
    ).encode()


PAGES: dict[str, bytes | Served] = {
    HIRSHOLM: page("Hirsholm", ANSWER, "Its lamp was lit by hand until 1962."),
    KEEPERS: page("Keepers of Hirsholm", "Among the keepers of the Hirsholm lighthouse was Peder Holm, until 1901."),
    "http://texel.test/": page("Texel", "The Texel lighthouse was built in 1864 by Quirinus Harder."),
}
Opened = Callable[..., AbstractAsyncContextManager[tuple[Assistant, LocalWeb]]]


def over(web: LocalWeb, settings: Settings) -> Settings:
    """The same data directory, with that web as the internet and its search as the provider."""
    return Settings(
        home=settings.home, embedder="none", reranker="none", workers=1, web=True, search="searxng", host_gap_s=0.0,
        searxng_url=web.search_url, resolve=(f"*=127.0.0.1:{web.port}",),
    )  # fmt: skip


@pytest.fixture
def opened(settings: Settings) -> Opened:
    """An assistant, and the web it searches: the pages above, with more of them or with faults."""

    @asynccontextmanager
    async def open_both(
        *faults: Fault, more: dict[str, bytes | Served] | None = None
    ) -> AsyncIterator[tuple[Assistant, LocalWeb]]:
        async with LocalWeb.of(PAGES | (more or {}), faults=faults) as web, Assistant(over(web, settings)) as fontes:
            yield fontes, web

    return open_both


def cited(answer: Answer) -> set[str]:
    return {group[0].source for group in answer.sources}


async def watched(run: Run, *, cancel_at: tuple[str, str] = ("", "")) -> tuple[list[Event], Answer]:
    """The run's events and its answer; cancelled when an event of that (kind, step) comes."""
    events = []
    async for event in run.events():
        events.append(event)
        if (event.kind, event.step) == cancel_at:
            run.cancel()
    return events, await run.answer()


async def test_a_question_of_the_web_is_answered_with_quotes_that_stand_in_the_pages(opened: Opened) -> None:
    async with opened() as (fontes, web):
        answer = await fontes.ask(QUESTION)
        citations = [citation for claim in answer.claims for citation in claim.citations]
        texts = await fontes.index.store.texts({citation.page_hash for citation in citations})
        assert all(texts[c.page_hash][c.start : c.end] == c.quote for c in citations)
        assert web.page_count == 3
    assert answer.status == "answered"
    assert answer.asserted[0].sentence.text == ANSWER
    assert HIRSHOLM in cited(answer)
    assert {(row.provider, row.error) for row in answer.ledger.searched} == {("searxng", "")}
    assert set(answer.ledger.read) | set(answer.ledger.unused) >= {HIRSHOLM, KEEPERS}
    assert "searched with searxng" in answer.notes


async def test_with_all_providers_down_the_index_answers_and_the_notes_say_so(opened: Opened, docs: Path) -> None:
    async with opened(Fault.of("search-down")) as (fontes, _):
        await fontes.add([docs])
        answer = await fontes.ask("Who built the Orvay lighthouse?", web=True)
    assert answer.status == "answered"
    assert cited(answer) == {str(docs / "orvay.txt")}
    assert "no search provider answered: the web was not searched" in answer.notes
    assert any(note.startswith("searxng did not answer: ") for note in answer.notes)
    assert {row.provider for row in answer.ledger.searched if row.error} == {"searxng"}


async def test_with_all_providers_down_and_an_empty_index_it_abstains_and_says_why(opened: Opened) -> None:
    async with opened(Fault.of("search-403")) as (fontes, web):
        answer = await fontes.ask(QUESTION)
        assert all(each.path.startswith("/search?") for each in web.log)
    assert (answer.status, answer.text, answer.ledger.read) == ("abstained", "", ())
    assert "no search provider answered: the web was not searched" in answer.notes


async def test_pages_of_the_web_answer_together_with_the_index_and_leave_it_as_it_is(
    opened: Opened, docs: Path
) -> None:
    async with opened() as (fontes, _):
        await fontes.add([docs])
        before = await fontes.sources()
        answer = await fontes.ask(BOTH, web=True)
        assert await fontes.sources() == before
        alone = await fontes.ask(QUESTION, web=False)
    assert answer.status == "answered"
    assert {str(docs / "orvay.txt"), HIRSHOLM} <= cited(answer)
    assert ANSWER not in alone.text


async def test_every_part_of_a_question_gets_its_own_searches_and_sentences(opened: Opened) -> None:
    orvay = page("Orvay", "The Orvay lighthouse was built in 1854 by James Calder.")
    async with opened(more={ORVAY_PAGE: orvay}) as (fontes, _):
        answer = await fontes.ask(BOTH)
    first, second = ([c.sentence.text for c in answer.asserted if c.sentence.question == part] for part in (0, 1))
    assert answer.status == "answered"
    assert first[0] == "The Orvay lighthouse was built in 1854 by James Calder."
    assert second[0] == ANSWER
    assert len({row.query for row in answer.ledger.searched}) >= 2


async def test_what_only_a_snippet_says_is_never_cited(opened: Opened) -> None:
    robots = Served(body=b"User-agent: *\nDisallow: /\n", type="text/plain")
    async with opened(more={f"{HIRSHOLM}robots.txt": robots}) as (fontes, web):
        answer = await fontes.ask(QUESTION)
        assert not [each for each in web.log if each.host == "hirsholm.test" and each.path == "/"]
    assert ANSWER not in answer.text
    assert HIRSHOLM not in cited(answer)
    assert (HIRSHOLM, "robots") in {(skip.source, skip.reason) for skip in answer.ledger.skipped}
    assert "Anna Krag" not in "".join(c.quote for claim in answer.claims for c in claim.citations)


async def test_a_plan_that_was_changed_is_kept_to(opened: Opened) -> None:
    async with opened() as (fontes, web):
        plan = await fontes.plan(QUESTION)
        assert web.log == (), "planning asks nobody"
        assert plan.routes == ("web",)
        assert plan.web_queries
        mine = replace(plan, web_queries=("Texel lighthouse",), pages=1)
        answer = await fontes.ask(QUESTION, plan=mine)
    assert [row.query for row in answer.ledger.searched] == ["Texel lighthouse"]
    assert answer.ledger.read == ("http://texel.test/",)


async def test_a_question_that_names_nothing_ends_with_the_question_back(opened: Opened) -> None:
    async with opened() as (fontes, web):
        plan = await fontes.plan("What about it?")
        answer = await fontes.ask("What about it?")
        assert web.log == ()
    assert plan.routes == ("ask_back",)
    assert (answer.status, answer.notes) == ("abstained", (plan.ask_back,))


async def test_a_run_cancelled_while_it_reads_abstains_and_its_ledger_tells_both_halves(opened: Opened) -> None:
    async with opened(Fault.of("slow:60", "keepers.test")) as (fontes, _):
        run = await fontes.start(QUESTION)
        _, answer = await watched(run, cancel_at=("progress", "crawl"))
    assert answer.status == "abstained"
    assert answer.cut_short.startswith("cancelled")
    assert answer.ledger.searched
    assert answer.ledger.read
    skipped = {skip.source: skip.reason for skip in answer.ledger.skipped}
    assert skipped[KEEPERS] == "cancelled"
    assert not set(skipped) & set(answer.ledger.read)


async def test_a_run_cancelled_after_its_first_verdict_answers_in_part(opened: Opened) -> None:
    async with opened() as (fontes, _):
        _, answer = await watched(await fontes.start(QUESTION), cancel_at=("verdict", "verify"))
    assert answer.status == "partial"
    assert answer.asserted[0].sentence.text == ANSWER
    assert HIRSHOLM in cited(answer)
    assert set(answer.ledger.read) >= {HIRSHOLM}


async def test_what_was_cancelled_and_read_after_the_run_was_resumed_is_read(
    opened: Opened, settings: Settings
) -> None:
    async with opened(Fault.of("slow:60", "keepers.test")) as (fontes, _):
        run = await fontes.start(QUESTION)
        await watched(run, cancel_at=("progress", "crawl"))
    async with opened() as (fontes, _):
        answer = await (await fontes.resume(run.id)).answer()
    assert answer.status == "answered"
    assert KEEPERS in answer.ledger.read
    assert answer.ledger.skipped == ()


async def test_checkpoints_hold_no_text_of_pages_or_hits(opened: Opened, settings: Settings) -> None:
    async with opened() as (fontes, _):
        _, answer = await watched(await fontes.start(QUESTION), cancel_at=("step_started", "draft"))
        assert answer.cut_short
        held = b"".join(file.read_bytes() for file in settings.home.glob("checkpoints.db*"))
    assert HIRSHOLM.encode() in held, "the addresses found are there"
    assert b"Anna Krag" not in held
    assert b"green cloth" not in held


ASKING = """
import asyncio, sys
from fontes.agent.assistant import Assistant

async def main():
    async with Assistant() as fontes:
        run = await fontes.start(sys.argv[1])
        async for event in run.events():
            if (event.kind, event.step) == ("progress", "crawl"):
                print(run.id, flush=True)
                await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.slow
async def test_a_run_killed_while_it_reads_is_resumed_without_repeating_a_finished_step(
    settings: Settings, bare_environment: pytest.MonkeyPatch
) -> None:
    async with LocalWeb.of(PAGES, faults=[Fault.of("slow:60", "keepers.test")]) as web:
        theirs = over(web, settings)
        said = {
            "FONTES_HOME": str(theirs.home), "FONTES_RESOLVE": ",".join(theirs.resolve), "FONTES_HOST_GAP_S": "0",
            "FONTES_SEARXNG_URL": theirs.searxng_url, "FONTES_SEARCH": "searxng", "FONTES_EMBEDDER": "none",
            "FONTES_RERANKER": "none", "FONTES_WORKERS": "1",
        }  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", ASKING, QUESTION, stdout=asyncio.subprocess.PIPE, env={**os.environ, **said}
        )
        assert process.stdout is not None
        run = (await process.stdout.readline()).decode().strip()
        process.kill()
        await process.wait()
    async with LocalWeb.of(PAGES) as web, Assistant(over(web, settings)) as fontes:
        events, answer = await watched(await fontes.resume(run))
        assert not [each for each in web.log if each.path.startswith("/search?")]
    steps = [event.step for event in events if event.kind == "step_started"]
    assert steps == ["crawl", "retrieve", "rerank", "draft", "verify", "answer"]
    assert (answer.status, answer.run) == ("answered", run)
    assert answer.ledger.searched[0].provider == "searxng"
    assert set(answer.ledger.read) >= {HIRSHOLM, KEEPERS}


async def test_two_questions_at_once_keep_their_pages_apart(opened: Opened) -> None:
    async with opened() as (fontes, _):
        hirsholm, texel = await asyncio.gather(
            fontes.ask(QUESTION), fontes.ask("Who built the Texel lighthouse?", sites=["texel.test"])
        )
    assert hirsholm.asserted[0].sentence.text == ANSWER
    assert texel.ledger.read == ("http://texel.test/",)
    assert cited(texel) == {"http://texel.test/"}
