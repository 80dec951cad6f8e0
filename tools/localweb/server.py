"""The server: one port of 127.0.0.1 for all host names."""

import asyncio
import contextlib
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Self

from . import walls
from .answers import Answers
from .bodies import Bodies
from .errors import LocalWebError
from .pages import Pages, pages_of_folder, pages_of_mapping
from .rules import Fault
from .search import PageSearch
from .searxng import SearxNG
from .served import Served
from .texts import page_texts
from .wire import Answer, BadRequest, Logged, Request, head_and_body, http_date, noted, read_request

_ADDRESS = "127.0.0.1"
_HEAD_BYTES = 16_384
# A visitor that says nothing, or takes nothing of what is sent, is let go.
_PATIENCE_S = 60.0
_MOST_LOGGED = 100_000
_PIECES = 20
_ACCEPTING = 5  # turns of the loop in which a connection that was accepted already is made, and refused
_TLS_HANDSHAKE = b"\x16"
_NO_TIME = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST instead of FIN


class LocalWeb:
    """A small internet: `async with LocalWeb(folder) as web: Crawler(CrawlPolicy(resolve=web.resolve))`.

    It speaks HTTP without TLS, so the addresses of its pages begin with `http://`. `folder` is read once, at the
    start; a file that changes later is served as it is then. See `pages` for which file is which address.

    `latency_s` comes before every answer. `hosts_of` is how many pages share a host where a folder names none. With
    `name_sitemap`, a host without robots.txt gets one that names its sitemap. `seed` decides which addresses the
    `faults` strike. Without `search` no page is read beforehand; without `json` the search answers it with 403. `today`
    is what its `time_range` counts from. In `cache_dir` the pages' texts are kept for the next start. `progress` hears
    how many pages of how many are read.

    Attributes:
        port: where it listens; given or, for 0, chosen by the system.
        hosts: the host names it serves.
        page_count: how many pages they have.
    """

    def __init__(
        self,
        folder: Path | str | None = None,
        *,
        port: int = 0,
        latency_s: float = 0.0,
        hosts_of: int = 20,
        name_sitemap: bool = False,
        faults: Sequence[Fault] = (),
        seed: int = 0,
        search: bool = True,
        json: bool = True,
        today: date | None = None,
        cache_dir: Path | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        if hosts_of < 1 or latency_s < 0 or not 0 <= port <= 65_535:
            raise LocalWebError("hosts_of, latency_s or port", "it is out of its range")
        self.port = port
        self._folder = Path(folder) if folder is not None else None
        self._given: Mapping[str, bytes | Served] = {}
        self._latency_s, self._hosts_of, self._name_sitemap = latency_s, hosts_of, name_sitemap
        self._faults, self._seed = tuple(faults), seed
        self._search, self._json, self._today = search, json, today
        self._cache_dir, self._progress = cache_dir, progress
        self._log: deque[Logged] = deque(maxlen=_MOST_LOGGED)
        self._open: set[asyncio.Task[None]] = set()
        self._is_closed = False
        self._now = (0, "")
        self.hosts: tuple[str, ...] = ()
        self.page_count = self.request_count = 0

    @classmethod
    def of(cls, pages: Mapping[str, bytes | Served], *, latency_s: float = 0.0, faults: Sequence[Fault] = (),
           seed: int = 0, search: bool = True, json: bool = True, today: date | None = None) -> Self:  # fmt: skip
        """A web of pages given by their addresses."""
        web = cls(latency_s=latency_s, faults=faults, seed=seed, search=search, json=json, today=today)
        web._given = dict(pages)
        return web

    async def __aenter__(self) -> Self:
        """Read the pages and begin to serve.

        Raises:
            LocalWebError: the folder cannot be served, or the port is taken.
        """
        pages = await asyncio.to_thread(self._pages)
        bodies = Bodies(self._folder.resolve() if self._folder else None)
        self.hosts, self.page_count = pages.hosts(), len(pages.readable())
        self._answers = Answers(pages, bodies, await self._searxng(pages, bodies), faults=self._faults, seed=self._seed)
        try:
            self._server = await asyncio.start_server(
                self._welcome, _ADDRESS, self.port, limit=_HEAD_BYTES, backlog=1024
            )
        except OSError as error:
            raise LocalWebError(f"port {self.port}", f"it cannot be opened ({error.strerror})") from error
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Stop at once; what is being sent is cut off."""
        self._is_closed = True
        self._server.close()
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        for _ in range(_ACCEPTING):
            await asyncio.sleep(0)
        await self._server.wait_closed()

    @property
    def resolve(self) -> dict[str, str]:
        """What `CrawlPolicy.resolve` takes: every host name leads here."""
        return {"*": f"{_ADDRESS}:{self.port}"}

    @property
    def search_url(self) -> str:
        """The address of the SearXNG instance; its API is at `/search`."""
        return f"http://{_ADDRESS}:{self.port}"

    @property
    def log(self) -> tuple[Logged, ...]:
        """The requests so far, in the order of their ends; the last 100,000 of them."""
        return tuple(self._log)

    @property
    def last(self) -> Logged | None:
        """The latest entry of the log; None before there is one."""
        return self._log[-1] if self._log else None

    def _pages(self) -> Pages:
        if self._folder is None:
            return pages_of_mapping(self._given, name_sitemap=self._name_sitemap)
        return pages_of_folder(self._folder, hosts_of=self._hosts_of, name_sitemap=self._name_sitemap)

    async def _searxng(self, pages: Pages, bodies: Bodies) -> SearxNG | None:
        if not self._search:
            return None
        texts = await page_texts(pages, bodies, kept=self._kept(), progress=self._progress)
        search = await asyncio.to_thread(PageSearch, texts)
        return SearxNG(search, speaks_json=self._json, today=self._today)

    def _kept(self) -> Path | None:
        """One file a folder, so that old texts do not pile up."""
        if self._cache_dir is None or self._folder is None:
            return None
        name = str(self._folder.resolve()).encode(errors="surrogateescape")
        return self._cache_dir / f"{blake2b(name, digest_size=8).hexdigest()}.zst"

    # connections

    def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Known from the moment the connection is made: a task that has not begun yet is to be cancelled, too."""
        if self._is_closed:
            writer.transport.abort()
            return
        task = asyncio.create_task(self._visit(reader, writer))
        self._open.add(task)

        def end(_: object) -> None:
            writer.transport.abort()  # what nobody took by now; and `wait_closed` of the server waits for all
            self._open.discard(task)

        task.add_done_callback(end)  # a task that is cancelled before it began runs nothing of its own

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError):
                await self._converse(reader, writer)
            writer.close()
            with contextlib.suppress(ConnectionError, TimeoutError):
                async with asyncio.timeout(_PATIENCE_S):
                    await writer.wait_closed()
        except asyncio.CancelledError:  # the web is closed: nobody waits for this task but `__aexit__`
            pass

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(_PATIENCE_S):
            begun = await reader.readexactly(1)
        if begun == _TLS_HANDSHAKE:  # it would wait for an answer in TLS until its time is up
            writer.transport.abort()
            return
        keeps = True
        while keeps:
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    head = await reader.readuntil(b"\r\n\r\n")
                request = read_request((begun + head)[:-4].lstrip(b"\r\n"))
            except asyncio.LimitOverrunError:
                await self._refuse(writer, 431)
                return
            except BadRequest as error:
                await self._refuse(writer, error.args[0])
                return
            begun = b""
            keeps = await self._answer(request, writer)

    async def _refuse(self, writer: asyncio.StreamWriter, status: int) -> None:
        request = Request(method="GET", host="", target="", keeps=False)
        await self._send(Answer(status=status, body=walls.plain(status, "Bad Request")), request, writer)

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection is kept."""
        started = time.monotonic()
        if request.method in ("GET", "HEAD"):
            answer = await self._answers.to(request)
        else:
            answer = Answer(status=405, headers=(("Allow", "GET, HEAD"),), body=walls.plain(405, "Method Not Allowed"))
        status, ended = 0, 0.0
        try:
            if wait_s := self._latency_s + answer.wait_s:
                await asyncio.sleep(wait_s)
            if answer.ends != "reset":
                status, ended = await self._send(answer, request, writer)
        finally:
            self._note(request, answer, status, started, ended or time.monotonic())
        if answer.ends != "whole":
            _break_off(writer, with_reset=answer.ends == "reset")
        return request.keeps and answer.ends == "whole"

    def _note(self, request: Request, answer: Answer, status: int, started: float, ended: float) -> None:
        self.request_count += 1
        self._log.append(
            Logged(
                started=started, ended=ended, host=noted(request.host), path=noted(request.target),
                agent=noted(request.headers.get("user-agent", "")), status=status, fault=answer.fault,
            )
        )  # fmt: skip

    async def _send(self, answer: Answer, request: Request, writer: asyncio.StreamWriter) -> tuple[int, float]:
        """Write the answer; the status that was sent, and when its last byte was given away."""
        status, head, body = head_and_body(answer, request, now=self._date(), keeps=request.keeps)
        if answer.ends == "half":
            body = body[: len(body) // 2]
        rest = await self._drip(head, body, answer.drip_s, writer) if answer.drip_s else head + body
        ended = time.monotonic()  # before, so that a gap between two requests is never longer for the asker than here
        writer.write(rest)
        async with asyncio.timeout(_PATIENCE_S):
            await writer.drain()
        return status, ended

    async def _drip(self, head: bytes, body: bytes, seconds: float, writer: asyncio.StreamWriter) -> bytes:
        """Write all but the last piece over so many seconds, and return that one."""
        writer.write(head)
        size = max(1, -(-len(body) // _PIECES))
        pieces = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
        for piece in pieces[:-1]:
            writer.write(piece)
            await asyncio.sleep(seconds / len(pieces))
            await writer.drain()
        await asyncio.sleep(seconds / len(pieces))
        return pieces[-1]

    def _date(self) -> str:
        second = int(time.time())
        if self._now[0] != second:
            self._now = second, http_date(second)
        return self._now[1]


def _break_off(writer: asyncio.StreamWriter, *, with_reset: bool) -> None:
    if with_reset:
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_TIME)
        writer.transport.abort()
