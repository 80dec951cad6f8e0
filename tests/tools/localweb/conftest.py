"""A client that says exactly what a test wants said, and the texts of pages."""

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest
from fontes.crawler import Crawler, CrawlPolicy
from fontes.tools.localweb import LocalWeb


@dataclass(frozen=True)
class Got:
    """One answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


class Client:
    """A connection that is kept; `get` asks for an address of a host, `say` sends bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def get(self, url: str, *fields: str, method: str = "GET") -> Got:
        host, slash, path = url.removeprefix("http://").partition("/")
        head = "\r\n".join([f"{method} {slash}{path} HTTP/1.1", f"Host: {host}", *fields, "", ""])
        return await self.say(head.encode("latin-1"), has_body=method != "HEAD")

    async def say(self, sent: bytes, *, has_body: bool = True) -> Got:
        self.writer.write(sent)
        await self.writer.drain()
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        status = int(head[0].split(" ")[1])
        length = int(headers.get("content-length", 0)) if has_body and status != 304 else 0
        return Got(status, headers, await self.reader.readexactly(length))


Connect = Callable[[LocalWeb], Awaitable[Client]]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Open connections to a web; they are closed after the test."""
    clients: list[Client] = []

    async def open_one(web: LocalWeb) -> Client:
        clients.append(Client(*await asyncio.open_connection("127.0.0.1", web.port)))
        return clients[-1]

    yield open_one
    for client in clients:
        client.writer.close()
        with contextlib.suppress(ConnectionError):  # a test asked for that
            await client.writer.wait_closed()


@pytest.fixture
def crawler() -> Callable[[LocalWeb], Crawler]:
    """A real crawler whose names all lead to a web; no gap, one attempt."""

    def build(web: LocalWeb, **changes: object) -> Crawler:
        plain = {"gap_s": 0.0, "attempts": 1, "resolve": web.resolve, "workers": 1, "well_known_tdm": False}
        return Crawler(CrawlPolicy(**plain | changes))  # type: ignore[arg-type]

    return build


@pytest.fixture
def article() -> Callable[..., bytes]:
    """A page with enough text to be one."""

    def write(title: str, more: str = "", published: str = "", language: str = "en") -> bytes:
        meta = f'<meta property="article:published_time" content="{published}">' if published else ""
        return (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>{meta}</head>'
            f"<body><article><h1>{title}</h1><p>The harbour at this place was built of grey stone in one long summer, "
            "and boats have landed their fish on it ever since, whatever the weather and whoever kept the crane.</p>"
            f"<p>{more}</p></article></body></html>"
        ).encode()

    return write
