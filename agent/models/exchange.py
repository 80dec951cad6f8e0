"""One request for a chat completion and its one reply: sent, read, timed, and properly ended."""

import asyncio
import codecs
import json
import re
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Iterable, Mapping
from contextlib import AsyncExitStack, aclosing
from typing import Any, TypeVar

import httpx2

from ...retrievers.served.endpoint import CONNECT_S, Endpoint
from ...retrievers.served.errors import BadReply, ServerDown, ServerStalled
from .chat_wire import Part, Used, part_of
from .events import EventData

T = TypeVar("T")

_SLACK_S = 5.0  # the connection's own limit comes after ours
_TAIL_S = 2.0  # after the finish reason only token counts are to come
_DRAIN_S = 0.1  # a reply that is read to its end leaves the connection for the next one
_DONE = b"[DONE]"
_MARK = codecs.BOM_UTF8  # what some set before a text


class Exchange:
    """A request and the reply as it comes in.

    `streamed`: the reply comes in events, not in one piece, whatever it calls itself. `reasons`: reasoning came, in a
    field of its own. `characters` and `pieces` count what came, reasoning included; `finish` is the finish reason, ""
    before it; `used` what the server says that it cost. `was_sent`: the server may have worked on it.

    The first token is waited for `first_token_s`, each further one `between_tokens_s`; comments and empty chunks, with
    which servers keep a connection open, are no tokens.
    """

    def __init__(
        self, endpoint: Endpoint, *, first_token_s: float, between_tokens_s: float, max_reply_chars: int
    ) -> None:
        self.was_sent = False
        self.streamed = True
        self.reasons = self.calls_tool = self.refuses = False
        self.characters = self.pieces = 0
        self.finish = ""
        self.used: Used | None = None
        self._endpoint = endpoint
        self._first_token_s, self._between_tokens_s = first_token_s, between_tokens_s
        self._max_reply_chars = max_reply_chars
        self._patience_s, self._due = first_token_s, 0.0
        self._is_done = False
        self._broken: BadReply | None = None
        self._reads: AsyncIterator[list[Part]] = aiter(_nothing())
        self._waiting: deque[Part] = deque()  # what came in one read: nothing of it needs a time limit any more

    async def open(self, stack: AsyncExitStack, body: Mapping[str, Any]) -> None:
        """Send the request; leaving `stack`, which holds a turn of the endpoint, ends the reply.

        Raises:
            ServedError: or what the turn makes one of.
        """
        self._wait(self._first_token_s)
        timeout = httpx2.Timeout(self._patience_s + self._between_tokens_s + _SLACK_S, connect=CONNECT_S, pool=None)
        create = self._endpoint.client.chat.completions.with_streaming_response.create
        self.was_sent = True
        # What is in the extra body goes as it is; of the messages openai would first look at every text (1 ms).
        sending = create(model=body["model"], messages=[], extra_body=body, timeout=timeout)
        response = await self._in_time(stack.enter_async_context(sending))
        self._reads = await stack.enter_async_context(aclosing(self._read(response.iter_bytes())))

    async def next_text(self) -> str | None:
        """The next text of the reply, as much as came in one read; None at its end.

        Raises:
            ServedError: it is no reply, or broke off.
        """
        if self.pieces and not self._waiting:
            self._wait(self._patience_s)  # anew: the time that the reader took is not the server's
        text: list[str] = []
        while (part := await self._next_part()) is not None:
            text.append(part.text)
            is_last = not self._waiting or self._waiting[0].error
            if is_last and any(text):
                return "".join(text)
        if not (self.finish or self._is_done):
            raise ServerDown(self._endpoint.url, "it hung up before the end of its reply")
        return None

    async def _next_part(self) -> Part | None:
        while not self._waiting:
            if self._broken:
                raise self._broken
            try:
                parts = await self._in_time(anext(self._reads, None))
            except (ServerStalled, httpx2.HTTPError):
                if not self.finish:
                    raise
                return None  # all was said; how the connection ended does not matter
            if parts is None:
                return None
            self._waiting.extend(parts)
            for part in parts:
                self._note(part)
            if self.characters > self._max_reply_chars:
                raise BadReply(self._endpoint.url, f"its reply has more than {self._max_reply_chars:,} characters")
        part = self._waiting.popleft()
        if part.error:
            raise self._failed(part.error)
        return part

    def _note(self, part: Part) -> None:
        self.reasons |= part.aside > 0
        self.calls_tool |= part.calls_tool
        self.refuses |= part.refuses
        self.finish = part.finish or self.finish
        self.used = part.used or self.used
        if part.text or part.aside or part.calls_tool:
            self.pieces += 1
            self.characters += len(part.text) + part.aside
            self._wait(self._between_tokens_s)
        if self.finish:
            self._wait(_TAIL_S)

    async def _read(self, raw: AsyncIterator[bytes]) -> AsyncGenerator[list[Part]]:
        """The parts of each stretch of bytes, as it comes."""
        head = b""
        while _MARK.startswith(head) and (piece := await anext(raw, None)) is not None:
            head = (head + piece).removeprefix(_MARK).lstrip()
        if head.startswith(b"{"):
            self.streamed = False
            self._is_done = True
            yield self._parts([b"".join([head] + [piece async for piece in raw])])
            return
        events = EventData()
        waiting = events.feed(head)
        while not self._is_done:
            yield self._parts(waiting)
            if self._is_done:
                await _drained(raw)
            elif (piece := await anext(raw, None)) is None:
                yield self._parts(events.close())
                return
            else:
                waiting = events.feed(piece)

    def _parts(self, events: Iterable[bytes]) -> list[Part]:
        """Those of some events, up to the one that ends the stream."""
        parts: list[Part] = []
        for data in events:
            if data.strip() == _DONE:
                self._is_done = True
                break
            try:
                parts.append(part_of(data))
            except ValueError as error:
                why = f"what it sent is no chat completion: {error}"
                self._broken = BadReply(self._endpoint.url, why)  # raised behind what came before
                break
        return parts

    def _failed(self, error: object) -> Exception:
        """An error in the midst of a stream, after the status 200; its code is a status, if it is one."""
        code = error.get("code") if isinstance(error, Mapping) else None
        if isinstance(code, str) and re.fullmatch(r"[0-9]{3}", code):
            code = int(code)
        status = code if isinstance(code, int) and 400 <= code < 600 else 500
        return self._endpoint.refusal(status, {}, json.dumps({"error": error}))

    def _wait(self, seconds: float) -> None:
        self._patience_s = seconds
        self._due = asyncio.get_running_loop().time() + seconds

    async def _in_time(self, awaited: Awaitable[T]) -> T:
        limit = asyncio.timeout_at(self._due)
        try:
            async with limit:
                return await awaited
        except TimeoutError:
            if not limit.expired():
                raise
            which = "another" if self.pieces else "a first"
            why = f"it did not send {which} token within {self._patience_s:g} s"
            raise ServerStalled(self._endpoint.url, why) from None


async def _nothing() -> AsyncIterator[list[Part]]:
    return
    yield


async def _drained(raw: AsyncIterator[bytes]) -> None:
    try:
        async with asyncio.timeout(_DRAIN_S):
            async for _ in raw:
                pass
    except (TimeoutError, httpx2.HTTPError):
        pass  # the reply was whole before
