"""The server: HTTP on loopback, in the running event loop."""

import asyncio
import json
import socket
from collections.abc import Mapping
from contextlib import nullcontext
from functools import partial
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from .asked import Asked
from .chat import to_json
from .faults import Fault
from .metrics import Metrics
from .quoting import quoting
from .refusals import Refused, malformed
from .service import CHAT, Responder, Service
from .wire import JSON, Pace, send

_ADDRESS = "127.0.0.1"
_BACKLOG = 4_096
_MOST_BODY_BYTES = 256_000_000
_MOST_KEPT = 10_000
# Whom the end of the server finds in the midst of an answer.
_FAREWELL_S = 1.0


class ScriptedServer:
    """A model server that says what `responder` tells it to: `async with ScriptedServer(quoting) as server`.

    It speaks the OpenAI-compatible API as vLLM does, on a port of 127.0.0.1. A responder is a plain function from what
    was asked to the reply; faults go with the reply, or by path into `faults`.

    `model` is the name it serves, or several. `context` is its context length in tokens, `claims` the one that it tells
    where that is another. The first token comes after `first_token_s`, then `tokens_per_s` (None: all at once), in a
    stream `tokens_per_event` of them in an event. With `key` the paths under /v1 want it. Without `tokenizer`,
    `embeddings` (the length of the vectors) or `rerank` those endpoints are not there. A server that does not obey
    schemas takes no notice of them; one that does says by itself what a schema leaves no choice about, and for the rest
    trusts the responder. Reasoning goes into `reasoning_field`. Token counts tell what the prefix cache had, as vLLM
    does with `--enable-prompt-tokens-details`.

    Attributes:
        requests: what it was asked so far, in order of arrival; of many the latest 10,000.

    Raises:
        Unscripted: at the end of the block, where a responder had no reply for what was asked.
        OSError: it cannot listen on `port`.
    """

    def __init__(
        self,
        responder: Responder = quoting,
        *,
        model: str | tuple[str, ...] = "scripted",
        context: int = 8_192,
        claims: int | None = None,
        first_token_s: float = 0.0,
        tokens_per_s: float | None = None,
        tokens_per_event: int = 1,
        key: str = "",
        tokenizer: bool = True,
        embeddings: int | None = 384,
        rerank: bool = True,
        obeys_schema: bool = True,
        reasoning_field: str = "reasoning",
        faults: Mapping[str, Fault] | None = None,
        port: int = 0,
    ) -> None:
        self.requests: list[Asked] = []
        self._service = Service(
            responder=responder,
            models=(model,) if isinstance(model, str) else model,
            context=context,
            claims=claims or context,
            pace=Pace(first_token_s=first_token_s, gap_s=1 / tokens_per_s if tokens_per_s else 0.0),
            tokens_per_event=tokens_per_event,
            key=key,
            tokenizer=tokenizer,
            embeddings=embeddings,
            rerank=rerank,
            obeys_schema=obeys_schema,
            reasoning_field=reasoning_field,
            faults=dict(faults or {}),
        )
        self._port = port
        self._failed: list[Exception] = []
        self._running: set[asyncio.Task[Any]] = set()
        self._is_closing = False
        self._next = asyncio.Event()
        self._runner: web.ServerRunner | None = None

    @property
    def url(self) -> str:
        """The base URL of its API, `http://127.0.0.1:PORT/v1`; from the start of the block."""
        return f"http://{_ADDRESS}:{self._port}/v1"

    @property
    def faults(self) -> dict[str, Fault]:
        """What goes wrong at a path, whatever is asked there: `faults["/v1/models"] = Fault("html")`, at any time."""
        return self._service.faults

    @property
    def metrics(self) -> Metrics:
        """What `/metrics` shows."""
        return self._service.metrics

    @property
    def chats(self) -> list[Asked]:
        """Those of `requests` that are chats."""
        return [asked for asked in self.requests if asked.path == CHAT]

    async def arrival(self, count: int = 1) -> Asked:
        """Wait until so many chats have arrived; returns the last of them."""
        while len(self.chats) < count:
            await self._next.wait()
        return self.chats[count - 1]

    async def __aenter__(self) -> Self:
        listening = socket.create_server((_ADDRESS, self._port), backlog=_BACKLOG)
        self._port = listening.getsockname()[1]
        self._is_closing = False
        loop = asyncio.get_running_loop()
        large = partial(web.BaseRequest, loop=loop, client_max_size=_MOST_BODY_BYTES)
        server = web.Server(self._handle, handler_cancellation=True, request_factory=large, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=_FAREWELL_S)
        await self._runner.setup()
        await web.SockSite(self._runner, listening, backlog=_BACKLOG).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_closing = True
        for task in self._running:
            task.cancel()
        if self._runner is not None:
            await self._runner.cleanup()
        if error is None and self._failed:
            raise self._failed[0]
        for failed in self._failed:
            if error is not None:
                error.add_note(f"the scripted server failed too: {failed!r}")

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        asked = Asked(path=request.path, headers={name.lower(): value for name, value in request.headers.items()})
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            return await self._answer(request, asked)
        except Refused as refused:
            body = to_json(refused.body)
            return web.Response(status=refused.status, body=body, headers={"Content-Type": JSON, **refused.headers})
        except (asyncio.CancelledError, ConnectionResetError):
            asked.cancelled = not self._is_closing
            raise asyncio.CancelledError from None  # aiohttp would log a client that left while it was written to
        finally:
            self._running.discard(task)
            asked.ended.set()

    async def _answer(self, request: web.BaseRequest, asked: Asked) -> web.StreamResponse:
        raw = await request.read()
        self._note(asked)
        try:
            if request.method == "GET":
                answer, pace = self._service.shown(asked)
            else:
                asked.body = _parsed(raw)
                answer, pace = self._service.answered(asked)
        except Refused:
            raise
        except Exception as error:
            self._failed.append(error)
            raise Refused(500, f"{type(error).__name__}: {error}", kind="InternalServerError") from error
        with self.metrics.answering(asked, answer.finish) if answer.finish else nullcontext():
            return await send(request, answer, pace, asked)

    def _note(self, asked: Asked) -> None:
        if len(self.requests) == _MOST_KEPT:
            del self.requests[: _MOST_KEPT // 10]
        self.requests.append(asked)
        self._next.set()
        self._next = asyncio.Event()


def _parsed(raw: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(raw)
    except json.JSONDecodeError as error:
        raise malformed(f"JSON decode error: {error.msg}", str(error.pos)) from error
    except UnicodeDecodeError as error:
        raise malformed(f"JSON decode error: {error.reason}", str(error.start)) from error
    if not isinstance(body, dict):
        raise malformed("Input should be a valid dictionary")
    return body
