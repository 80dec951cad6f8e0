"""A run ends with an answer whatever cuts it short, and tells what happens until then."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path

import pytest
from fontes.agent.answer import Answer
from fontes.agent.assistant import Assistant
from fontes.agent.budget import Allowance
from fontes.agent.errors import BadQuestion, WriterError
from fontes.agent.events import Event, EventKind
from fontes.agent.run import Run
from fontes.agent.settings import Settings
from fontes.agent.state import Query, Quote, Sentence
from fontes.agent.wire import to_json
from fontes.retrievers import Evidence

QUESTION = "Who built the Orvay lighthouse?"
BUILT = "The Orvay lighthouse was built in 1854 by James Calder."


def quoting(found: Evidence, text: str) -> Sentence:
    start = found.passage.start + found.passage.text.index(text)
    quote = Quote(
        passage=found.passage.id, page_hash=found.passage.page_hash, start=start, end=start + len(text), text=text
    )
    return Sentence(text=text, quotes=(quote,))


async def come_to(kind: EventKind, run: Run) -> Event:
    """The next event of that kind."""
    return await anext(event async for event in run.events() if event.kind == kind)


class Stuck:
    """A writer that closes one sentence and never comes to the next."""

    name = "stuck"
    note = "written by a writer that got stuck"

    def __init__(self) -> None:
        self.has_written = asyncio.Event()
        self.was_cancelled = asyncio.Event()

    async def write(self, query: Query, evidence: Sequence[Evidence]) -> AsyncIterator[Sentence]:
        yield quoting(evidence[0], BUILT)
        self.has_written.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.was_cancelled.set()
            raise


class Refusing:
    """A writer that goes on strike before the first sentence."""

    name = "refusing"
    note = ""

    async def write(self, query: Query, evidence: Sequence[Evidence]) -> AsyncIterator[Sentence]:
        if evidence:
            raise WriterError("the writer", "it is on strike")
        yield quoting(evidence[0], BUILT)


async def cut_at(run: Run, kind: str, step: str) -> Answer:
    """Cancel the run when it tells of this event, and read on to its answer."""
    last: Event | None = None
    async for event in run.events():
        if (event.kind, event.step) == (kind, step):
            run.cancel()
        last = event
    assert last is not None
    assert last.kind == "answer"
    assert isinstance(last.value, Answer)
    return last.value


async def test_a_run_cancelled_half_way_answers_with_what_was_verified(settings: Settings, docs: Path) -> None:
    async with Assistant(settings, writer=Stuck()) as fontes:
        run = await fontes.start(QUESTION, sources=[docs])
        answer = await cut_at(run, "verdict", "verify")
    assert answer.status == "partial"
    assert answer.text == f"{BUILT} [1]"
    assert answer.question == QUESTION
    assert answer.ledger.searched[0].provider == "sources"
    assert answer.notes == (
        "written by a writer that got stuck",
        "cancelled: this is what was verified until then",
    )


async def test_a_run_whose_time_is_over_answers_with_what_was_verified(settings: Settings, docs: Path) -> None:
    async with Assistant(settings, writer=Stuck()) as fontes:
        await fontes.add([docs])
        answer = await fontes.ask(QUESTION, allowance=Allowance(seconds=0.8))
    assert answer.status == "partial"
    assert answer.text == f"{BUILT} [1]"
    assert answer.notes[-1] == "the run's 0.8 seconds were over: this is what was verified until then"
    assert 0.8 <= answer.usage.seconds < 5


async def test_a_run_with_no_time_at_all_abstains_and_says_why(fontes: Assistant, docs: Path) -> None:
    await fontes.add([docs])
    answer = await fontes.ask(QUESTION, allowance=Allowance(seconds=1e-9))
    assert (answer.status, answer.text) == ("abstained", "")
    assert "seconds were over" in answer.notes[-1]


async def test_a_run_cancelled_before_its_first_step_abstains(fontes: Assistant) -> None:
    run = await fontes.start(QUESTION)
    run.cancel()
    answer = await run.answer()
    assert (answer.status, answer.question) == ("abstained", QUESTION)
    assert answer.notes == ("cancelled: this is what was verified until then",)
    assert [event.kind async for event in run.events()] == ["answer"]


async def test_a_run_cancelled_before_anything_is_verified_abstains(fontes: Assistant, docs: Path) -> None:
    run = await fontes.start(QUESTION, sources=[docs])
    answer = await cut_at(run, "step_started", "crawl")
    assert (answer.status, answer.sentences) == ("abstained", ())
    assert answer.reasons == ("it ended before its search was over",)


async def test_a_run_cancelled_before_its_draft_does_not_say_that_nothing_was_found(
    fontes: Assistant, docs: Path
) -> None:
    run = await fontes.start(QUESTION, sources=[docs])
    answer = await cut_at(run, "step_finished", "retrieve")
    assert answer.status == "abstained"
    [reason] = answer.reasons
    assert reason.endswith("but it ended before a sentence was drafted from them")


async def test_the_reason_of_a_cancel_is_the_readers_note(fontes: Assistant) -> None:
    run = await fontes.start(QUESTION)
    run.cancel("the laptop is closing")
    run.cancel("a second reason does not replace the first")
    assert (await run.answer()).notes == ("the laptop is closing",)


async def test_a_cancel_that_comes_too_late_changes_nothing(fontes: Assistant, docs: Path) -> None:
    await fontes.add([docs])
    for reads in range(0, 64, 4):
        run = await fontes.start(QUESTION)
        async for event in run.events():
            if (event.kind, event.step) == ("step_finished", "answer"):
                for _ in range(reads):  # the run reads and writes the store in turn with this
                    await fontes.index.store.generation()
                run.cancel()
        answer = await run.answer()
        assert (answer.status, answer.notes) == ("answered", ("written without a model: quotes only",))


async def test_an_error_in_a_step_reaches_whoever_awaits_the_answer_or_reads_the_events(
    settings: Settings, docs: Path
) -> None:
    async with Assistant(settings, writer=Refusing()) as fontes:
        run = await fontes.start(QUESTION, sources=[docs])
        with pytest.raises(WriterError, match="the writer: it is on strike"):
            await run.answer()
        events = run.events()
        while (event := await anext(events)).step != "draft":
            pass
        assert event.kind == "step_started"
        with pytest.raises(WriterError, match="the writer: it is on strike"):
            await anext(events)
        with pytest.raises(WriterError):
            await fontes.ask(QUESTION, sources=[docs])


async def test_events_end_for_every_reader_however_late(fontes: Assistant) -> None:
    run = await fontes.start(QUESTION)
    first = [event async for event in run.events()]
    assert first[-1].kind == "answer"
    assert [event async for event in run.events()] == []


async def test_a_run_goes_on_when_nobody_reads_its_events(fontes: Assistant, docs: Path) -> None:
    run = await fontes.start(QUESTION, sources=[docs])
    answer = await run.answer()
    assert answer.status == "answered"
    assert [event async for event in run.events()][-1].value is answer


async def test_closing_a_stream_early_cancels_the_run(settings: Settings, docs: Path) -> None:
    writer = Stuck()
    async with Assistant(settings, writer=writer) as fontes:
        async with aclosing(fontes.stream(QUESTION, sources=[docs])) as stream:
            async for event in stream:
                if event.kind == "sentence":
                    break
        assert writer.was_cancelled.is_set()


async def test_cancelling_whoever_asks_cancels_the_run(settings: Settings, docs: Path) -> None:
    writer = Stuck()
    async with Assistant(settings, writer=writer) as fontes:
        asking = asyncio.create_task(fontes.ask(QUESTION, sources=[docs]))
        await writer.has_written.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert writer.was_cancelled.is_set()


async def test_closing_the_assistant_ends_its_runs_with_an_answer(settings: Settings, docs: Path) -> None:
    writer = Stuck()
    async with Assistant(settings, writer=writer) as fontes:
        run = await fontes.start(QUESTION, sources=[docs])
        await writer.has_written.wait()
    assert writer.was_cancelled.is_set()
    assert (await run.answer()).status in ("partial", "abstained")


async def test_an_abandoned_run_that_fails_is_not_reported_by_asyncio(
    settings: Settings, docs: Path, complaints: Callable[[], list[str]]
) -> None:
    said = complaints()
    has_failed = asyncio.Event()
    async with Assistant(settings, writer=Refusing()) as fontes:
        run = await fontes.start(QUESTION, sources=[docs])
        run.when_done(lambda _run: has_failed.set())
        await has_failed.wait()
        await run.abandon()
    del run, fontes
    gc.collect()
    assert said == []


async def test_several_questions_at_once_get_each_their_own_answer(fontes: Assistant, docs: Path) -> None:
    asked = {
        "Who built the Orvay lighthouse?": "orvay.txt",
        "Who built the Stennick lighthouse?": "stennick.txt",
        "When did the fog horn fall silent?": "stennick.txt",
        "When did the lamp burn whale oil?": "orvay.txt",
    }
    await fontes.add([docs])
    answers = await asyncio.gather(
        *(fontes.ask(question) for question in asked),
        *(fontes.ask(question, sources=[docs / name]) for question, name in asked.items()),
    )
    assert [answer.question for answer in answers] == [*asked, *asked]
    for answer, name in zip(answers, [*asked.values(), *asked.values()], strict=True):
        assert answer.claims[0].citations[0].source == str(docs / name)
    assert len({answer.run for answer in answers}) == 8


async def test_an_answer_is_kept_before_anybody_sees_it(fontes: Assistant, docs: Path) -> None:
    async for event in fontes.stream(QUESTION, sources=[docs]):
        if isinstance(event.value, Answer):
            assert await fontes.index.store.run(event.value.run) == (QUESTION, "answered", to_json(event.value))


async def test_pages_read_for_the_question_alone_are_counted(fontes: Assistant, docs: Path) -> None:
    assert (await fontes.ask(QUESTION, sources=[docs])).usage.pages == 2
    assert (await fontes.ask(QUESTION)).usage.pages == 0


async def test_what_was_not_read_is_in_the_ledger_with_its_reason(fontes: Assistant, docs: Path) -> None:
    (docs / "empty.txt").touch()
    answer = await fontes.ask(QUESTION, sources=[docs])
    assert [(skipped.source, skipped.reason) for skipped in answer.ledger.skipped] == [
        (str(docs / "empty.txt"), "empty")
    ]


async def test_a_question_without_a_word_is_refused_with_an_example(fontes: Assistant) -> None:
    with pytest.raises(BadQuestion, match="it holds no word; ask something like"):
        await fontes.ask("?!")


async def test_a_question_with_bytes_that_are_no_text_is_asked_without_them(fontes: Assistant, docs: Path) -> None:
    answer = await fontes.ask("\udcffWho built the Orvay\x00 lighthouse?", sources=[docs])
    assert (answer.status, answer.question) == ("answered", QUESTION)


async def test_a_question_beyond_those_answered_at_a_time_waits_for_its_turn(settings: Settings, docs: Path) -> None:
    writer = Stuck()
    one_at_a_time = settings.model_copy(update={"questions": 1})
    async with Assistant(one_at_a_time, writer=writer) as fontes:
        first = await fontes.start(QUESTION, sources=[docs])
        await come_to("verdict", first)
        second = await fontes.start(QUESTION, sources=[docs], allowance=Allowance(seconds=5.0))
        third = await fontes.start(QUESTION, sources=[docs])
        third.cancel("no longer wanted")
        left = await third.answer()
        assert (left.status, left.cut_short) == ("abstained", "no longer wanted")
        waiting = await come_to("notice", second)
        assert waiting.value == "waiting for its turn: many questions are being answered"
        first.cancel()
        await come_to("verdict", second)  # its turn has come
        second.cancel()
        assert [(await run.answer()).status for run in (first, second)] == ["partial", "partial"]
