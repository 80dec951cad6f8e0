"""A chat model behind any OpenAI-compatible API: vLLM first; Ollama, llama.cpp, LM Studio and hosted ones work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ...retrievers.served.endpoint import Endpoint
from ...retrievers.served.errors import BadReply, PromptTooLong, ReplyCut, ServedError, ServerRefused, ServerStalled
from ..account import current_account
from .chat import Capabilities, ChatRequest
from .dialect import Dialect
from .exchange import Exchange
from .known_models import KnownModels, Probed, with_context
from .metered import Bill, Prices
from .probe import probe
from .reasoning import WithoutReasoning
from .tokens import TokenCounter, most_prompt_tokens, most_tokens

_REASONING_TOKENS = 4_096
"""What a model that reasons may write beyond the reply's own limit: reasoning counts as reply for the server."""


@dataclass(slots=True)
class _Reply:
    """A reply that has begun; `first` is its first text."""

    exchange: Exchange
    stripped: WithoutReasoning
    first: str = ""

    async def next_text(self) -> str | None:
        """What comes next of the reply itself, "" where nothing is certain yet; None at its end."""
        piece = await self.exchange.next_text()
        return None if piece is None else self.stripped.feed(piece)


class OpenAICompatible:
    """Chats with the model of an endpoint; always in a stream, of which a server that has none makes one piece.

    `context` in tokens overrides what the server says. Prices are of a million tokens. `cache` is the file in which
    the probe's outcome is kept for a day; None keeps it in memory only. Not closed here: the endpoint is its opener's.

    A request without a probe before it takes the server for one that obeys schemas. A field that the server refuses is
    left out from then on; what it names as its context length when it finds a prompt too long is kept.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        context: int | None = None,
        first_token_s: float = 30.0,
        between_tokens_s: float = 15.0,
        price_in: float = 0.0,
        price_out: float = 0.0,
        max_reply_chars: int = 400_000,
        cache: Path | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._context = context
        self._exchange = partial(
            Exchange,
            endpoint,
            first_token_s=first_token_s,
            between_tokens_s=between_tokens_s,
            max_reply_chars=max_reply_chars,
        )
        self._prices = Prices(prompt=price_in, completion=price_out)
        self._known = KnownModels(cache)
        self._probed: Probed | None = None
        self._limit: int | None = None  # the context as the server named it in a refusal
        self._probing = asyncio.Lock()  # of many questions at once, one probes
        self._dialect = Dialect()
        self._counter = TokenCounter(endpoint)
        self.name = endpoint.model_name or endpoint.url  # until it is asked which one it serves

    async def stream(self, request: ChatRequest) -> AsyncIterator[str]:
        """See `Chat.stream`.

        Raises:
            ServedError: ReplyCut at the limit of tokens, ServerDown or ServerStalled where the reply broke off, all
                after the pieces that came; BadReply for a reply without text, or with too much of it.
            BudgetExceeded: nothing was sent.
        """
        account = current_account()
        left = account.seconds_left if account else _unbounded
        limit = self._reply_tokens(request)
        bill = Bill.of(request, limit, account, self._prices)
        try:
            async with AsyncExitStack() as held:
                begin = partial(self._begun, request, limit, bill, held)
                reply = await self._endpoint.tried(begin, seconds_left=left)
                yield reply.first
                while (text := await reply.next_text()) is not None:
                    await self._check_order(reply)
                    if text:
                        yield text
                if text := reply.stripped.close(is_cut=reply.exchange.finish == "length"):
                    yield text
                self._check_end(reply.exchange)
        finally:
            bill.settle()

    async def capabilities(self, *, is_fresh: bool = False) -> Capabilities:
        """See `Chat.capabilities`; `is_fresh` asks the server even where the answer is known."""
        async with self._probing:
            if self._probed is None or is_fresh:
                await self._probe(is_fresh=is_fresh)
            assert self._probed is not None
            return replace(self._probed.capabilities, context=self._known_context())

    async def count(self, text: str) -> int:
        """See `Chat.count`."""
        try:
            await self.capabilities()
        except ServedError:
            return most_tokens(text)  # whoever goes on to ask the model learns why
        return await self._counter.count(text)

    async def _probe(self, *, is_fresh: bool) -> None:
        model = await self._endpoint.model()
        known = None if is_fresh else await asyncio.to_thread(self._known.get, self._endpoint.url, model)
        if known is None:
            known = await probe(self._endpoint, self._dialect)
            if known.capabilities.checked:
                await asyncio.to_thread(self._known.put, self._endpoint.url, model, known)
        self.name = model
        self._probed = known
        self._counter.tokenizer = known.tokenizer

    async def _begun(self, request: ChatRequest, limit: int, bill: Bill, held: AsyncExitStack) -> _Reply:
        """A reply up to its first text; asked for again where the server refused a field it can do without."""
        while True:
            body = self._dialect.spoken(await self._body(request, limit))
            try:
                return await self._begin(request, body, bill, held)
            except ServerRefused as error:
                if not self._dialect.learns(error.why, body):
                    raise
            except PromptTooLong as error:
                await self._learn(context=error.limit)
                raise

    async def _begin(self, request: ChatRequest, body: dict[str, Any], bill: Bill, held: AsyncExitStack) -> _Reply:
        exchange = self._exchange()
        bill.tries.append(exchange)
        opens = self._probed is not None and self._probed.opens_reasoning
        reply = _Reply(exchange, WithoutReasoning(opens_inside=opens, is_json=request.schema is not None))
        try:
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(self._endpoint.turn())
                await exchange.open(stack, body)
                while not reply.first and (text := await reply.next_text()) is not None:
                    reply.first = text
                if not reply.first:
                    reply.first = reply.stripped.close(is_cut=exchange.finish == "length")
                if not reply.first:
                    raise self._without_text(reply)
                held.push_async_exit(stack.pop_all())
        except ServedError as error:
            if not (exchange.pieces or isinstance(error, (ServerStalled, BadReply))):
                exchange.was_sent = False  # refused, busy or not there: it cost nothing
            raise
        return reply

    async def _body(self, request: ChatRequest, limit: int) -> dict[str, Any]:
        self.name = await self._endpoint.model()
        body: dict[str, Any] = {
            "model": self.name,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            "max_tokens": limit,
            "temperature": request.temperature,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if request.seed is not None:
            body["seed"] = request.seed
        if request.schema is not None and (self._probed is None or self._probed.capabilities.obeys_schema):
            schema = {"name": request.schema_name, "schema": request.schema, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body

    def _reply_tokens(self, request: ChatRequest) -> int:
        """What the reply may have; with room for reasoning, if the model reasons."""
        if self._probed is None or not self._probed.capabilities.reasons:
            return request.max_tokens
        if (context := self._known_context()) is None:
            return request.max_tokens + _REASONING_TOKENS
        prompt_tokens = most_prompt_tokens([message.content for message in request.messages])
        room = context - prompt_tokens - request.max_tokens
        return request.max_tokens + max(0, min(_REASONING_TOKENS, room))

    def _known_context(self) -> int | None:
        probed = self._probed.capabilities.context if self._probed else None
        said = self._context if self._context is not None else probed
        return min((each for each in (said, self._limit) if each is not None), default=None)

    def _without_text(self, reply: _Reply) -> ServedError:
        exchange, url = reply.exchange, self._endpoint.url
        if exchange.finish == "length":
            return ReplyCut(url, "the model reached its limit of tokens before its reply began")
        if exchange.calls_tool:
            return BadReply(url, "the model called a tool, which nobody offered, and wrote nothing")
        if exchange.refuses or exchange.finish == "content_filter":
            return BadReply(url, "the model, or a filter of the server, refused to reply")
        if exchange.reasons or reply.stripped.seen:
            return BadReply(url, "the model reasoned and did not come to a reply")
        return BadReply(url, "the reply is empty")

    def _check_end(self, exchange: Exchange) -> None:
        if exchange.finish == "length":
            raise ReplyCut(self._endpoint.url, "the model reached its limit of tokens before the end of its reply")
        if exchange.finish == "content_filter":
            raise ReplyCut(self._endpoint.url, "a filter of the server ended the reply")

    async def _check_order(self, reply: _Reply) -> None:
        """What was given out as the reply was reasoning, as its end showed; the next reply is read accordingly."""
        if reply.stripped.withdrawn:
            await self._learn(opens_reasoning=True)
            raise BadReply(self._endpoint.url, "it began with reasoning that was not marked as such")

    async def _learn(self, *, context: int | None = None, opens_reasoning: bool = False) -> None:
        """Note what a reply showed and the probe did not."""
        if context is not None:
            self._limit = min(context, self._limit or context)
        if self._probed is None:
            return
        learnt = self._probed
        if opens_reasoning:
            learnt = replace(learnt, opens_reasoning=True)
        if context is not None and context < (learnt.capabilities.context or context + 1):
            learnt = with_context(learnt, context)
        if learnt != self._probed:
            self._probed = learnt
            await self._keep()

    async def _keep(self) -> None:
        assert self._probed is not None
        capabilities = self._probed.capabilities
        if capabilities.checked:
            await asyncio.to_thread(self._known.put, self._endpoint.url, capabilities.model, self._probed)


def _unbounded() -> float | None:
    return None
