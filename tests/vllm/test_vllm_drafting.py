"""Drafts by a real vLLM: what they send, what they find cached, and what they do where a prompt is too long."""

from collections.abc import Awaitable, Callable, Sequence
from time import time_ns

import pytest
from fontes.agent.account import Account
from fontes.agent.models.extractive import Extractive
from fontes.agent.models.model_writer import ModelWriter
from fontes.agent.models.openai_compatible import OpenAICompatible
from fontes.agent.state import Query
from fontes.crawler import Page, text_hash
from fontes.retrievers import Endpoint, Evidence, Passage

pytestmark = pytest.mark.vllm

Counts = Callable[[], Awaitable[dict[str, float]]]

_REPLY_TOKENS = 64
_NAMES = ("Orvay", "Stennick", "Tarrow", "Maddery", "Gannet", "Calder", "Hallin", "Skerry")


def evidence(count: int, *, edition: str) -> list[Evidence]:
    """Passages of about 150 tokens each, no two alike."""
    found: list[Evidence] = []
    for n in range(count):
        name = f"{_NAMES[n % len(_NAMES)]} {n // len(_NAMES) + 1}"
        text = " ".join(
            f"The {thing} of {name} was rebuilt in {1800 + 7 * n + at} by the harbour office: edition {edition}."
            for at, thing in enumerate(("tower", "lamp room", "boat house", "fog horn", "pier", "cottage"))
        )
        page = Page(text=text, hash=text_hash(text), title=name)
        found.append(Evidence(passage=Passage.of(page, 0, len(text)), source=f"{name}.txt", title=name))
    return found


async def drafted(chat: OpenAICompatible, passages: Sequence[Evidence], question: str, *, prompt_tokens: int) -> None:
    """Have it drafted; whether its sentences are of use is the tiny model's affair."""
    writer = ModelWriter(
        chat, Extractive(), most_prompt_tokens=prompt_tokens, max_reply_tokens=_REPLY_TOKENS, sentences=2
    )
    query = Query(text=question, original=question, language="en")
    async for sentence in writer.write(query, passages):
        text = {e.passage.page_hash: e.passage.text for e in passages}
        assert all(text[q.page_hash][q.start : q.end] == q.text for q in sentence.quotes)


async def test_a_second_question_of_the_same_passages_finds_them_cached(
    chat: OpenAICompatible, account: Account, counts: Counts
) -> None:
    passages = evidence(7, edition=f"{time_ns():x}"[-6:])  # nobody has asked about these
    first = await counts()
    await drafted(chat, passages, "When was the tower of Orvay 1 rebuilt?", prompt_tokens=2_000)
    second = await counts()
    cached, prompts = account.cached_tokens, account.prompt_tokens
    await drafted(chat, passages[::-1], "Who rebuilt the pier of Stennick 1?", prompt_tokens=2_000)
    third = await counts()
    asked = third["prefix_cache_queries_total"] - second["prefix_cache_queries_total"]
    hits = third["prefix_cache_hits_total"] - second["prefix_cache_hits_total"]
    assert hits / asked >= 0.7
    assert hits / asked > (second["prefix_cache_hits_total"] - first["prefix_cache_hits_total"]) / (
        second["prefix_cache_queries_total"] - first["prefix_cache_queries_total"]
    )
    assert account.cached_tokens - cached == hits, "replies say it too (--enable-prompt-tokens-details)"
    assert account.prompt_tokens - prompts == asked


async def test_a_prompt_that_the_server_finds_too_long_is_made_shorter(
    endpoint: Endpoint, chat_of: Callable[..., OpenAICompatible], account: Account
) -> None:
    real = (await chat_of(endpoint).capabilities()).context
    assert real is not None
    if real > 16_384:
        pytest.skip(f"{real:,} tokens are too many to fill here")
    misled = chat_of(endpoint, context=4 * real)
    await drafted(misled, evidence(real // 90, edition="long"), "Who rebuilt the piers?", prompt_tokens=2 * real)
    assert (await misled.capabilities()).context == real
    assert account.prompt_tokens > real // 2, "it was asked again, with as much as fits"
    assert not any("too long" in ran.detail for ran in account.ran)
    assert account.ran
