"""An interrupted run goes on where it stood: nothing is done twice, nothing of the question is lost."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from fontes.agent.answer import Answer
from fontes.agent.assistant import Assistant
from fontes.agent.errors import RunGoesOn, UnknownRun, WriterError
from fontes.agent.events import Event
from fontes.agent.run import Run
from fontes.agent.settings import Settings
from fontes.agent.state import Query, Quote, Sentence, Verdict
from fontes.agent.verifiers.lexical import Lexical
from fontes.retrievers import Evidence

QUESTION = "Who built the Orvay lighthouse?"


class Flaky:
    """A writer that quotes line by line, and fails the first time after the lines it was told to let through."""

    name = "flaky"
    note = "quoted line by line"

    def __init__(self, *, lets_through: int = 0) -> None:
        self.has_failed = False
        self.lets_through = lets_through
        self.may_fail = asyncio.Event()
        self.may_fail.set()

    async def write(self, query: Query, evidence: Sequence[Evidence]) -> AsyncIterator[Sentence]:
        lines = [(found.passage, line) for found in evidence for line in found.passage.text.split("\n") if line]
        for number, (passage, line) in enumerate(lines):
            if number == self.lets_through and not self.has_failed:
                await self.may_fail.wait()
                self.has_failed = True
                raise WriterError("the writer", "its line was cut")
            start = passage.start + passage.text.index(line)
            quote = Quote(
                passage=passage.id, page_hash=passage.page_hash, start=start, end=start + len(line), text=line
            )
            yield Sentence(text=line, quotes=(quote,))


class Counting(Lexical):
    """The lexical verifier, which notes what it is asked."""

    def __init__(self) -> None:
        self.claims: list[str] = []

    async def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
        self.claims.append(claim)
        return await super().check(claim, evidence)


async def failed(fontes: Assistant, *sources: Path) -> str:
    """The id of a run that the flaky writer made fail."""
    run = await fontes.start(QUESTION, sources=sources or None)
    with pytest.raises(WriterError, match="its line was cut"):
        await run.answer()
    return run.id


async def finished(run: Run) -> tuple[list[Event], Answer]:
    events = [event async for event in run.events()]
    return events, await run.answer()


async def test_a_resumed_run_repeats_no_finished_step(settings: Settings, docs: Path) -> None:
    async with Assistant(settings, writer=Flaky()) as fontes:
        await fontes.add([docs])
        run = await failed(fontes)
        events, answer = await finished(await fontes.resume(run))
    assert [e.step for e in events if e.kind == "step_started"] == ["draft", "verify", "answer"]
    assert (answer.status, answer.run, answer.question) == ("answered", run, QUESTION)
    assert answer.ledger.searched[0].query == QUESTION


async def test_another_process_can_resume_a_run_with_its_own_sources(settings: Settings, docs: Path) -> None:
    other = docs.parent / "other.txt"
    other.write_text("The Orvay lighthouse was built by nobody at all.\n", encoding="utf-8")
    async with Assistant(settings, writer=Flaky()) as fontes:
        await fontes.add([other])
        run = await failed(fontes, docs)
    async with Assistant(settings) as fontes:
        answer = await (await fontes.resume(run)).answer()
    assert answer.status == "answered"
    assert answer.ledger.searched[0].provider == "sources"
    cited = {citation.source for claim in answer.claims for citation in claim.citations}
    assert cited
    assert cited <= {str(docs / "orvay.txt"), str(docs / "stennick.txt")}


async def test_a_resumed_run_that_is_cut_short_at_once_still_knows_its_question(settings: Settings, docs: Path) -> None:
    async with Assistant(settings, writer=Flaky()) as fontes:
        run = await failed(fontes, docs)
        resumed = await fontes.resume(run)
        resumed.cancel()
        answer = await resumed.answer()
        assert (answer.status, answer.question) == ("abstained", QUESTION)
        assert answer.ledger.searched[0].provider == "sources"
        assert set(answer.ledger.read) == {str(docs / "orvay.txt"), str(docs / "stennick.txt")}
        assert (await (await fontes.resume(run)).answer()).status == "answered"


async def test_a_run_cancelled_between_crawl_and_retrieve_finds_its_own_pages_again(
    fontes: Assistant, docs: Path
) -> None:
    run = await fontes.start(QUESTION, sources=[docs])
    async for event in run.events():
        if (event.kind, event.step) == ("step_started", "retrieve"):
            run.cancel()
    assert (await run.answer()).status == "abstained"
    await fontes.add([docs / "orvay.txt"])
    await fontes.index.reindex()  # deletes every page that nobody holds on to
    events, answer = await finished(await fontes.resume(run.id))
    assert "crawl" not in {event.step for event in events}
    assert answer.status == "answered"
    assert set(answer.ledger.read) == {str(docs / "orvay.txt"), str(docs / "stennick.txt")}


async def test_a_sentence_verified_before_the_interruption_is_not_verified_again(
    settings: Settings, docs: Path
) -> None:
    writer, verifier = Flaky(lets_through=1), Counting()
    writer.may_fail.clear()
    async with Assistant(settings, writer=writer, verifier=verifier) as fontes:
        run = await fontes.start(QUESTION, sources=[docs / "orvay.txt"])
        async for event in run.events():
            if event.kind == "verdict":
                break
        writer.may_fail.set()
        with pytest.raises(WriterError):
            await run.answer()
        assert len(verifier.claims) == 1
        answer = await (await fontes.resume(run.id)).answer()
    assert [claim.text for claim in answer.claims] == verifier.claims
    assert len(verifier.claims) == 2


async def test_a_finished_run_leaves_nothing_to_resume(fontes: Assistant, docs: Path) -> None:
    answer = await fontes.ask(QUESTION, sources=[docs])
    with pytest.raises(UnknownRun, match=f"run {answer.run}: it has come to its end: nothing is left to go on with"):
        await fontes.resume(answer.run)


async def test_a_resumed_run_that_finishes_leaves_nothing_to_resume(settings: Settings, docs: Path) -> None:
    async with Assistant(settings, writer=Flaky()) as fontes:
        run = await failed(fontes, docs)
        await (await fontes.resume(run)).answer()
        with pytest.raises(UnknownRun, match="it has come to its end"):
            await fontes.resume(run)


async def test_a_run_that_never_was_is_unknown(fontes: Assistant) -> None:
    with pytest.raises(UnknownRun, match=r"run 123: there is no such run\. Ask the question again"):
        await fontes.resume("123")


async def test_a_run_that_is_still_going_on_cannot_be_resumed(settings: Settings, docs: Path) -> None:
    writer = Flaky()
    writer.may_fail.clear()
    async with Assistant(settings, writer=writer) as fontes:
        run = await fontes.start(QUESTION, sources=[docs])
        async for event in run.events():
            if (event.kind, event.step) == ("step_started", "draft"):
                break
        with pytest.raises(RunGoesOn, match=r"it is still going on: it is being answered here\. Wait for its answer"):
            await fontes.resume(run.id)


async def test_a_run_may_be_interrupted_and_resumed_again_and_again(settings: Settings, docs: Path) -> None:
    writer = Flaky()
    async with Assistant(settings, writer=writer) as fontes:
        run = await failed(fontes, docs)
        for _ in range(3):
            writer.has_failed = False
            with pytest.raises(WriterError):
                await (await fontes.resume(run)).answer()
        answer = await (await fontes.resume(run)).answer()
    assert answer.status == "answered"
    assert answer.notes == ("quoted line by line",)
