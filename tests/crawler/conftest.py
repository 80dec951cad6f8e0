"""A small web on loopback: every host name leads to one server that answers by host and path, and keeps a log."""

import asyncio
import contextlib
import resource
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import pytest
from fontes.crawler import Crawler, CrawlPolicy

Raw = Callable[["Asked", asyncio.StreamWriter], Awaitable[None]]

ARTICLE = """<!doctype html><html lang="en"><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>The lighthouse at {title} was lit for the first time on a calm evening in May, and ships have steered by it ever
since: its keepers wrote down every storm, every wreck and every visitor in thick ledgers bound in green cloth.</p>
<p>In the second winter the lamp failed twice. The keeper rowed to the mainland for oil, and came back with a cask, two
loaves of bread, and a letter that nobody in the village could read, for it was written in a language of the north.</p>
{more}</article></body></html>"""


def article(title: str = "Skagen", more: str = "") -> bytes:
    """A page with enough text to be one."""
    return ARTICLE.format(title=title, more=more).encode()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server saw it; times are of the monotonic clock, `ended` when the answer was written."""

    host: str
    path: str
    headers: Mapping[str, str]
    started: float
    ended: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    delay_s: float = 0.0


class Site:
    """What the server answers: a `Reply`, a list of them (one a request, the last for good), or a raw writer."""

    def __init__(self) -> None:
        self.port = 0
        self.log: list[Asked] = []
        self._replies: dict[tuple[str, str], Reply | Raw | list[Reply | Raw]] = {}
        self._open: set[asyncio.Task[None]] = set()

    def put(self, path: str, reply: Reply | Raw | list[Reply | Raw] | bytes, *, host: str = "") -> None:
        """Answer `path` (of `host`, or of every host) with this."""
        self._replies[host, path] = Reply(body=reply) if isinstance(reply, bytes) else reply

    def robots(self, text: str | bytes, *, host: str = "") -> None:
        body = text.encode() if isinstance(text, str) else text
        self.put("/robots.txt", Reply(body=body, kind="text/plain"), host=host)

    @staticmethod
    def reply(body: bytes = b"", **how: Any) -> Reply:
        return Reply(body=body, **how)

    @staticmethod
    def article(title: str = "Skagen", more: str = "") -> bytes:
        return article(title, more)

    def policy(self, **changes: Any) -> CrawlPolicy:
        """No gap, every name leads here, one worker."""
        plain: dict[str, Any] = {
            "gap_s": 0.0, "resolve": {"*": f"127.0.0.1:{self.port}"}, "well_known_tdm": False, "workers": 1,
        }  # fmt: skip
        return CrawlPolicy(**plain | changes)

    def crawler(self, **changes: Any) -> Crawler:
        return Crawler(self.policy(**changes))

    def asked(self, path: str = "", host: str = "") -> list[Asked]:
        """The requests so far, but for robots.txt, unless that is what is asked for."""
        return [
            a for a in self.log
            if (a.path == path if path else a.path != "/robots.txt") and (not host or a.host == host)
        ]  # fmt: skip

    async def until_quiet(self, crawler: Crawler) -> None:
        """Wait until no host is asked any more: one that was given up is listened to for a moment longer."""
        async with asyncio.timeout(1):
            while crawler.host_states():
                await asyncio.sleep(0.01)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            with contextlib.suppress(
                ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError
            ):  # `close` cancels, and a server task that ends so is an error in the log (CPython 3.11)
                while await self._one(reader, writer):
                    pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        asked = Asked(headers.get("host", "").partition(":")[0], head[0].split(" ")[1], headers, monotonic())
        self.log.append(asked)
        reply = self._reply(asked)
        if not isinstance(reply, Reply):
            await reply(asked, writer)
            asked.ended.append(monotonic())
            return False
        if reply.delay_s:
            await asyncio.sleep(reply.delay_s)
        writer.write(wire(reply))
        await writer.drain()
        asked.ended.append(monotonic())
        return True

    def _reply(self, asked: Asked) -> Reply | Raw:
        found = self._replies.get((asked.host, asked.path)) or self._replies.get(("", asked.path))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found or Reply(status=404, body=b"not found", kind="text/plain")

    async def close(self) -> None:
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)


def wire(reply: Reply) -> bytes:
    """The answer's bytes; a Content-Length stands in it unless the headers name one or say it is chunked."""
    lines = [f"HTTP/1.1 {reply.status} X"]
    names = {name.lower() for name, _ in reply.headers}
    if reply.kind and "content-type" not in names:
        lines.append(f"Content-Type: {reply.kind}")
    if not names & {"content-length", "transfer-encoding"} and reply.status != 304:
        lines.append(f"Content-Length: {len(reply.body)}")
    lines += [f"{name}: {value}" for name, value in reply.headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + reply.body


@pytest.fixture
def full_disk() -> Callable[..., AbstractContextManager[None]]:
    """`with full_disk(size):` no file of this process grows beyond so many bytes, as if the disk had no more."""

    @contextmanager
    def limited(size: int = 0) -> Iterator[None]:
        old = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, old)

    return limited


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    server = await asyncio.start_server(site.answer, "127.0.0.1", 0, limit=1 << 20)
    site.port = server.sockets[0].getsockname()[1]
    yield site
    server.close()
    await site.close()
    await server.wait_closed()
