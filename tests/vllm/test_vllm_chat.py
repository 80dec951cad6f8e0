"""Chats with a real vLLM: what it streams, refuses, holds to a schema, counts, and lets go. Never its wording."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from time import monotonic

import jsonschema
import pytest
from fontes.agent.account import Account
from fontes.agent.models import prompts
from fontes.agent.models.chat import ChatRequest, Message
from fontes.agent.models.drafted import JsonReply
from fontes.agent.models.openai_compatible import OpenAICompatible
from fontes.agent.models.tokens import most_prompt_tokens
from fontes.retrievers import Endpoint, PromptTooLong, ReplyCut, ServerRefused

pytestmark = pytest.mark.vllm

_LETS_GO_S = 3.0  # after the client has gone; 1.5 s measured
_WITHOUT_END = "Write down the numbers from one to ten thousand in words, all of them."
_TEXTS = {
    "prose": "The lighthouse was automated in 1987, and its keepers left the island that spring. " * 4,
    "code": "def f(x: int) -> dict[str, int]:\n    return {str(x): x ** 2}\n" * 4,
    "Japanese": "灯台は一八五四年に建てられ、島の北端に立っている。" * 4,
    "Arabic": "بُنيت المنارة عام 1854 على الطرف الشمالي للجزيرة. " * 4,
    "signs": "🌊🏝️ → ½ § ∑ \u200b\t\t  \n\n" * 6,
    "numbers": "1854 1902 58.66900 -3.3725 +44 1632 960214 " * 6,
}


def asking(text: str, **rest: object) -> ChatRequest:
    return ChatRequest(
        messages=(Message(role="system", content="Be brief."), Message(role="user", content=text)), **rest
    )


async def until_cut(chat: OpenAICompatible, request: ChatRequest) -> tuple[list[str], bool]:
    """The pieces of a reply, and whether it reached its limit of tokens."""
    pieces: list[str] = []
    try:
        async for piece in chat.stream(request):
            pieces.append(piece)  # noqa: PERF401 (what came before the cut stands)
    except ReplyCut:
        return pieces, True
    return pieces, False


async def test_the_probe_finds_what_it_can_do(chat: OpenAICompatible) -> None:
    able = await chat.capabilities(is_fresh=True)
    assert able.model == chat.name
    assert able.model in able.models
    assert able.context is not None
    assert able.context >= 2_048
    assert (able.obeys_schema, able.streams, able.counts_tokens) == (True, True, True)
    assert able.checked


async def test_a_reply_comes_in_pieces_and_is_booked_as_the_server_counts(
    chat: OpenAICompatible, account: Account, counts: Callable[[], Awaitable[dict[str, float]]]
) -> None:
    before = await counts()
    pieces, was_cut = await until_cut(chat, asking("Tell me about the sea.", max_tokens=24))
    after = await counts()
    assert len(pieces) > 1
    assert account.calls == 1
    assert account.prompt_tokens == after["prompt_tokens_total"] - before["prompt_tokens_total"]
    assert account.completion_tokens == after["generation_tokens_total"] - before["generation_tokens_total"]
    assert (account.completion_tokens == 24) == was_cut


async def test_the_schema_of_a_draft_is_obeyed(chat: OpenAICompatible) -> None:
    labels = ("S1", "S2", "S3")
    schema = prompts.reply_schema(labels, 2)
    passages = "\n".join(f'<passage label="{label}">The tower number {label} is red.</passage>' for label in labels)
    for question in ("Which tower is red?", "What colour is tower 2?", "Nothing at all?"):
        pieces, was_cut = await until_cut(chat, asking(f"{passages}\n{question}", schema=schema, max_tokens=256))
        reply = JsonReply(labels, 2)
        for piece in pieces:
            reply.feed(piece)
        assert not +reply.dropped, "a sentence that closed is whole, and its labels are those of the enum"
        if not was_cut:
            jsonschema.validate(json.loads("".join(pieces)), schema)


async def test_a_schema_without_a_choice_is_obeyed_to_the_end(chat: OpenAICompatible) -> None:
    schema = {
        "type": "object",
        "properties": {"label": {"type": "string", "enum": ["S7"]}},
        "required": ["label"],
        "additionalProperties": False,
    }
    pieces, was_cut = await until_cut(chat, asking("Say S1.", schema=schema, max_tokens=40))
    assert not was_cut
    assert json.loads("".join(pieces)) == {"label": "S7"}


@pytest.mark.parametrize("times", [1, 100], ids=["by tokens", "by so many characters that they are not counted"])
async def test_a_prompt_that_is_too_long_names_the_limit(chat: OpenAICompatible, times: int) -> None:
    context = (await chat.capabilities()).context
    assert context is not None
    with pytest.raises(PromptTooLong) as caught:
        await until_cut(chat, asking("word " * times * (context + 500), max_tokens=16))
    assert caught.value.limit == context
    assert str(context) in str(caught.value).replace(",", "")


async def test_a_reply_that_cannot_fit_names_the_limit(chat: OpenAICompatible) -> None:
    context = (await chat.capabilities()).context
    assert context is not None
    with pytest.raises((PromptTooLong, ServerRefused), match=str(context)):
        await until_cut(chat, asking("Hello.", max_tokens=context + 1))


async def test_a_model_that_is_not_served_is_refused_by_name(
    endpoint_to: Callable[..., Endpoint],
    chat: OpenAICompatible,
    chat_of: Callable[..., OpenAICompatible],
    vllm_url: str,
) -> None:
    served = (await chat.capabilities()).model
    other = chat_of(endpoint_to(vllm_url, model="no-such-model"))
    with pytest.raises(ServerRefused, match="no-such-model"):
        await until_cut(other, asking("Hello."))
    with pytest.raises(ServerRefused, match=f"no-such-model.*{served}"):
        await other.capabilities()


@pytest.mark.parametrize("ends", ["the reader closes the stream", "the task is cancelled"])
async def test_a_reply_that_nobody_reads_any_more_is_not_written_on(
    chat: OpenAICompatible, counts: Callable[[], Awaitable[dict[str, float]]], ends: str
) -> None:
    await chat.capabilities()
    before = await counts()
    begun, goes = asyncio.Event(), asyncio.Event()

    async def read() -> None:
        async with aclosing(chat.stream(asking(_WITHOUT_END, max_tokens=4_000))) as stream:  # type: ignore[type-var]
            async for _ in stream:
                begun.set()
                if goes.is_set():
                    return

    reading = asyncio.create_task(read())
    await begun.wait()
    assert (await counts())["num_requests_running"] == before["num_requests_running"] + 1
    if ends == "the task is cancelled":
        reading.cancel()
    goes.set()
    with suppress(asyncio.CancelledError):
        await reading
    left = monotonic()
    while (after := await counts())["num_requests_running"] > before["num_requests_running"]:
        assert monotonic() - left < _LETS_GO_S
        await asyncio.sleep(0.05)
    assert after["generation_tokens_total"] - before["generation_tokens_total"] < 1_000
    finished = "request_success_total"
    assert after[finished] == before[finished], "it was let go, and did not come to an end of its own"


@pytest.mark.parametrize("text", _TEXTS.values(), ids=_TEXTS.keys())
async def test_counts_are_the_servers_and_the_bound_is_above_them(
    chat: OpenAICompatible, account: Account, text: str
) -> None:
    await until_cut(chat, asking(text, max_tokens=1))
    used = account.prompt_tokens
    counted = await chat.count("Be brief.") + await chat.count(text)
    assert 0 <= used - counted <= 48
    assert used <= most_prompt_tokens(["Be brief.", text])
