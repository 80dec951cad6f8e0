"""A question that a served model drafts, from the asking to the answer: over HTTP, with the river's own checks."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from pathlib import Path

import pytest
from fontes.agent.answer import Answer
from fontes.agent.assistant import Assistant
from fontes.agent.budget import Allowance
from fontes.agent.events import Event
from fontes.agent.models.scripted import Asked, Fault, Reply, ScriptedServer, quoting, tokens
from fontes.agent.models.scripted.evidence import passages
from fontes.agent.models.scripted.faults import Kind
from fontes.agent.settings import Settings
from fontes.agent.state import Checked
from fontes.agent.wire import AnswerOut, to_json
from fontes.crawler import Page, Sighting, text_hash, utc_now

QUESTION = "Who built the Orvay lighthouse?"
BUILT = "The Orvay lighthouse was built in 1854 by James Calder."
LIT = "Its lamp burned whale oil until 1871."
FOG = "The fog horn of Orvay was made in Leith by Ann Moncrieff."
Seeing = Callable[[Asked], Reply]
Opened = Callable[..., Awaitable[Assistant]]


def page(name: str, text: str) -> Page:
    return Page(
        text=text, hash=text_hash(text), title=name, language="en",
        sightings=(Sighting(source=f"/library/{name}", fetched=utc_now(), title=name),),
    )  # fmt: skip


LIBRARY = (
    page("orvay.txt", f"{BUILT} {LIT}"),
    page("stennick.txt", "The Stennick lighthouse was built in 1902 by Mary Hale."),
    page("horns.txt", FOG),
)


def is_draft(asked: Asked) -> bool:
    return "<passage " in asked.text


def drafting(*sentences: tuple[str, str]) -> Reply:
    rows = [{"text": text, "labels": ["S1", "S2", "S3"], "quote": quote} for text, quote in sentences]
    return Reply(json.dumps({"sentences": rows}))


def broken_after_the_first(kind: Kind) -> Seeing:
    """A model that writes one whole sentence and the beginning of a second one."""
    text = drafting((BUILT, BUILT), (LIT, LIT)).text
    first = text[: text.index("}") + 4]
    return lambda _: Reply(text, fault=Fault(kind, after=len(tokens.split(first))))


def drafts_of(server: ScriptedServer) -> list[Asked]:
    return [asked for asked in server.chats if is_draft(asked)]


@pytest.fixture
async def opened(settings: Settings) -> Opened:
    """`await opened(server, stack, …)`: an assistant over the library whose model is the server's."""

    async def make(server: ScriptedServer, stack: AsyncExitStack, **more: object) -> Assistant:
        values: dict[str, object] = {
            "embedder": "none", "reranker": "none", "workers": 1, "web": False, "router": "rules",
            "first_token_s": 5.0, "between_tokens_s": 5.0, "model_url": server.url,
        }  # fmt: skip
        fontes = await stack.enter_async_context(Assistant(Settings(home=settings.home, **(values | more))))
        await fontes.index.add(LIBRARY)
        return fontes

    return make


async def asked_of(responder: Seeing, opened: Opened, **more: object) -> tuple[Answer, ScriptedServer]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(ScriptedServer(responder))
        fontes = await opened(server, stack, **more)
        return await fontes.ask(QUESTION), server


async def test_an_answer_of_a_model_stands_on_stored_words_and_says_who_wrote_it(opened: Opened) -> None:
    def says(asked: Asked) -> Reply:
        return drafting(("James Calder built the Orvay lighthouse in 1854.", "was built in 1854 by James Calder"))

    answer, server = await asked_of(says, opened)
    assert answer.status == "answered"
    assert answer.text == "James Calder built the Orvay lighthouse in 1854. [1]"
    [citation] = answer.claims[0].citations
    assert (citation.quote, citation.source) == (BUILT, "/library/orvay.txt")
    assert [(ran.step, ran.by) for ran in answer.trace] == [
        ("understand", "rules"), ("route", "rules"), ("draft", "model scripted"),
    ]  # fmt: skip
    assert answer.notes == ()
    assert AnswerOut.model_validate_json(to_json(answer)).status == "answered"
    assert len(drafts_of(server)) == 1


async def test_the_answer_tells_the_tokens_that_the_server_counted(opened: Opened) -> None:
    answer, server = await asked_of(quoting, opened, router="auto")
    chats = server.chats[1:]  # the first one is the probe, on nobody's account
    assert len(chats) == 2, "the router and the draft"
    assert answer.usage.prompt_tokens == sum(asked.prompt_tokens for asked in chats)
    assert answer.usage.completion_tokens == sum(asked.tokens_sent for asked in chats) > 0


async def test_prices_make_money_of_tokens(opened: Opened) -> None:
    answer, _ = await asked_of(quoting, opened, price_in=1.0, price_out=2.0)
    paid = answer.usage.prompt_tokens + 2 * answer.usage.completion_tokens
    assert answer.usage.money == pytest.approx(paid / 1_000_000)


async def test_a_sentence_is_verified_while_the_next_one_is_written(opened: Opened) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(ScriptedServer(broken_after_the_first("stall")))
        fontes = await opened(server, stack)
        events = await stack.enter_async_context(aclosing(fontes.stream(QUESTION)))
        async for event in events:
            if event.kind == "verdict":
                break
        assert isinstance(event.value, Checked)
        assert event.value.asserted
        assert not drafts_of(server)[0].ended.is_set(), "the model has not said the rest"


async def test_a_run_cancelled_in_the_draft_answers_with_what_was_verified_and_the_server_is_let_go(
    opened: Opened,
) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(ScriptedServer(broken_after_the_first("stall")))
        fontes = await opened(server, stack)
        run = await fontes.start(QUESTION)
        last: Event | None = None
        async for event in run.events():
            if event.kind == "verdict":
                run.cancel()
            last = event
        [draft] = drafts_of(server)
        await asyncio.wait_for(draft.ended.wait(), 5)
    assert draft.cancelled
    assert last is not None
    assert isinstance(last.value, Answer)
    assert last.value.status == "partial"
    assert last.value.text == f"{BUILT} [1]"
    assert last.value.usage.completion_tokens > 0, "what was written before the end is counted"


async def test_a_model_that_dies_in_mid_answer_leaves_its_verified_sentences_and_a_note(
    opened: Opened,
) -> None:
    answer, server = await asked_of(broken_after_the_first("cut"), opened)
    assert [checked.sentence.text for checked in answer.asserted] == [BUILT]
    assert len(drafts_of(server)) == 1, "what has begun is not asked for again"
    assert any("what it had written stands" in note for note in answer.notes)
    [ran] = [ran for ran in answer.trace if ran.step == "draft"]
    assert ran.detail.startswith("cut after 1 sentences")


async def test_a_question_without_tokens_left_is_answered_by_quotes_and_says_so(opened: Opened) -> None:
    answer, server = await asked_of(quoting, opened, tokens=50, router="auto")
    assert answer.text.startswith(BUILT)
    assert not drafts_of(server)
    assert any("the budget of tokens" in note and "written without a model" in note for note in answer.notes)
    assert answer.usage.prompt_tokens == 0


async def test_an_allowance_bounds_one_question_alone(opened: Opened) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(ScriptedServer())
        fontes = await opened(server, stack)
        poor = await fontes.ask(QUESTION, allowance=Allowance(tokens=50))
        rich = await fontes.ask(QUESTION)
    assert [ran.by for ran in poor.trace if ran.step == "draft"] == ["extractive"]
    assert [ran.by for ran in rich.trace if ran.step == "draft"] == ["model scripted"]


@pytest.mark.parametrize(
    "nonsense", ["", "I am a teapot.", "[]", '{"intent": 3, "routes": "moon"}', '{"sub_questions": ["a", "b"]}', "}{"]
)
async def test_a_router_that_talks_nonsense_leaves_the_question_to_the_rules(opened: Opened, nonsense: str) -> None:
    def says(asked: Asked) -> Reply:
        return quoting(asked) if is_draft(asked) else Reply(nonsense)

    answer, _ = await asked_of(says, opened, router="auto")
    by_rules, _ = await asked_of(quoting, opened, router="rules")
    assert answer.status == "answered"
    assert answer.text == by_rules.text
    assert answer.question == QUESTION


async def test_a_round_of_repair_brings_the_writer_a_new_passage_and_is_the_last(
    opened: Opened,
) -> None:
    def says(asked: Asked) -> Reply:
        if not is_draft(asked):
            return quoting(asked)
        if any(FOG in text for text in passages(asked.messages).values()):
            return drafting(("The fog horn of Orvay was made by Ann Moncrieff.", FOG))
        return drafting(("The fog horn of Orvay was made in Leith.", ""))

    answer, server = await asked_of(says, opened, evidence=1)
    first, second = drafts_of(server)
    assert FOG not in first.text
    assert FOG in second.text
    assert answer.status == "answered"
    assert "Ann Moncrieff" in answer.text
    assert [(ran.by, ran.detail.partition(":")[0]) for ran in answer.trace if ran.step == "repair"] == [
        ("1/1", "rules")
    ]


async def test_without_rounds_there_is_no_repair(opened: Opened) -> None:
    answer, server = await asked_of(lambda _: drafting(("Nobody knows who made the horn.", "")), opened, rounds=0)
    assert answer.status == "abstained"
    assert len(drafts_of(server)) == 1


async def test_repair_that_finds_nothing_new_does_not_ask_the_model_again(opened: Opened) -> None:
    answer, server = await asked_of(lambda _: drafting(("Nobody knows who made the horn.", "")), opened, rounds=5)
    assert answer.status == "abstained"
    assert sum(ran.step == "repair" for ran in answer.trace) <= 2
    assert len(drafts_of(server)) == 1


async def test_runs_at_once_share_the_turns_of_their_server(opened: Opened) -> None:
    seen: list[Asked] = []
    overlaps: list[bool] = []

    def says(asked: Asked) -> Reply:
        overlaps.append(any(before.tokens_sent == 0 for before in seen))
        seen.append(asked)
        return quoting(asked)

    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(ScriptedServer(says))
        fontes = await opened(server, stack, model_concurrency=1, router="auto")
        questions = (QUESTION, "Who built the Stennick lighthouse?", "Who made the fog horn of Orvay?")
        answers = await asyncio.gather(*(fontes.ask(text) for text in questions))
    assert [answer.status for answer in answers] == ["answered"] * 3
    assert len(seen) == 6, "a router and a draft each"
    assert not any(overlaps)


async def test_questions_asked_at_once_probe_the_server_once(opened: Opened) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(ScriptedServer())
        fontes = await opened(server, stack)
        answers = await asyncio.gather(*(fontes.ask(QUESTION) for _ in range(8)))
    assert {answer.text for answer in answers} == {answers[0].text}
    assert sum(asked.path == "/v1/models" for asked in server.requests) <= 2
    assert sum(asked.text == "Say hello." for asked in server.chats) == 1


async def test_what_the_server_can_do_is_remembered_by_the_next_assistant(opened: Opened, settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(ScriptedServer())
        for _ in range(2):
            async with AsyncExitStack() as inner:
                fontes = await opened(server, inner)
                await fontes.ask(QUESTION)
    assert sum(asked.text == "Say hello." for asked in server.chats) == 1
    assert Path(settings.home / "models.json").is_file()


async def test_the_key_goes_to_the_server_and_nowhere_else(opened: Opened, settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(ScriptedServer(key="s3cret-of-the-test"))
        fontes = await opened(server, stack, model_key="s3cret-of-the-test")
        answer = await fontes.ask(QUESTION)
    assert [ran.by for ran in answer.trace if ran.step == "draft"] == ["model scripted"]
    assert "s3cret" not in to_json(answer)
    kept = b"".join(file.read_bytes() for file in settings.home.rglob("*") if file.is_file())
    assert b"s3cret" not in kept
