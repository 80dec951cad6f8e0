"""How an answer goes out: piece by piece at the model's pace, whole, or broken off."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from aiohttp import web

from .asked import Asked

JSON, EVENTS = "application/json", "text/event-stream"

_PACKET_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """When tokens are there: the first after `first_token_s`, each further one `gap_s` later."""

    first_token_s: float = 0.0
    gap_s: float = 0.0

    def due_s(self, tokens: int) -> float:
        """Seconds from the start until so many tokens are made."""
        return self.first_token_s + self.gap_s * (tokens - 1) if tokens > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent. `pieces` are bytes, each with the number of tokens that are made when it goes out.

    `is_stream` sends them as they are due, otherwise they go out together when the last one is due. `ends` "cut"
    closes the connection in the midst of the body, "stall" keeps it open and says nothing more for `stall_s` (0:
    until the client goes), then sends `rest`. `finish` is a chat's finish reason, "" for other answers, and `tokens`
    how many it has.
    """

    status: int = 200
    type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    finish: str = ""
    tokens: int = 0
    pieces: Sequence[tuple[int, bytes]] = ()
    is_stream: bool = False
    ends: Literal["", "cut", "stall"] = ""
    stall_s: float = 0.0
    rest: Sequence[tuple[int, bytes]] = ()

    def broken_off(self, ends: Literal["cut", "stall"], after: int, stall_s: float = 0.0) -> "Answer":
        """The same up to so many tokens."""
        before = sum(made <= after for made, _ in self.pieces) if self.is_stream else 0
        return replace(self, pieces=self.pieces[:before], rest=self.pieces[before:], ends=ends, stall_s=stall_s)


async def send(request: web.BaseRequest, answer: Answer, pace: Pace, asked: Asked) -> web.StreamResponse:
    """Send an answer; `asked.tokens_sent` goes up as the tokens go out.

    Raises:
        ConnectionResetError: the client is gone.
    """
    if answer.is_stream:
        return await _streamed(request, answer, pace, asked)
    started = asyncio.get_running_loop().time()
    if answer.ends == "stall":
        await _silence(answer.stall_s)
    pieces = (*answer.pieces, *answer.rest)
    made = max((made for made, _ in pieces), default=0)
    await _until(started + pace.due_s(made))
    asked.tokens_sent = answer.tokens
    body = b"".join(piece for _, piece in pieces)
    if answer.ends == "cut":
        return await _half(request, answer, body)
    headers = {"Content-Type": answer.type, **answer.headers}
    return web.Response(status=answer.status, body=body, headers=headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stream:
    """An answer on its way. What is due together goes out together: one packet where there is nothing to wait for."""

    response: web.StreamResponse
    pace: Pace
    asked: Asked
    tokens: int
    started: float

    async def send(self, pieces: Sequence[tuple[int, bytes]]) -> None:
        """Send each piece when its tokens are made."""
        loop = asyncio.get_running_loop()
        due: list[bytes] = []
        waiting = 0
        for made, piece in pieces:
            at = self.started + self.pace.due_s(made)
            if waiting > _PACKET_BYTES or (due and at > loop.time()):
                await self.response.write(b"".join(due))
                due, waiting = [], 0
            await _until(at)
            due.append(piece)
            waiting += len(piece)
            self.asked.tokens_sent = min(made, self.tokens)
        if due:
            await self.response.write(b"".join(due))


async def _streamed(request: web.BaseRequest, answer: Answer, pace: Pace, asked: Asked) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers={"Content-Type": answer.type, **answer.headers})
    response.enable_chunked_encoding()
    await response.prepare(request)
    started = asyncio.get_running_loop().time()
    stream = _Stream(response=response, pace=pace, asked=asked, tokens=answer.tokens, started=started)
    await stream.send(answer.pieces)
    if answer.ends == "stall":
        await _silence(answer.stall_s)
        await stream.send(answer.rest)
    if answer.ends == "cut":
        _hang_up(request)
    else:
        await response.write_eof()
    return response


async def _half(request: web.BaseRequest, answer: Answer, body: bytes) -> web.StreamResponse:
    """The length of all of it, half of it, and no more."""
    headers = {"Content-Type": answer.type, "Content-Length": str(len(body)), **answer.headers}
    response = web.StreamResponse(status=answer.status, headers=headers)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    _hang_up(request)
    return response


def _hang_up(request: web.BaseRequest) -> None:
    """Close the connection as a killed server does: what is written goes out, the end of the body never comes."""
    if request.transport is not None:
        request.transport.close()


async def _silence(seconds: float) -> None:
    await (asyncio.sleep(seconds) if seconds else asyncio.get_running_loop().create_future())


async def _until(moment: float) -> None:
    if (wait := moment - asyncio.get_running_loop().time()) > 0:
        await asyncio.sleep(wait)
