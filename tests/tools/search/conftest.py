"""A loopback server that speaks as a search service does, and one file for each service in `services/`."""

import asyncio
import contextlib
import importlib.util
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest
from fontes.tools import Search, Terms

SERVICES = Path(__file__).parent / "services"


class Entry(NamedTuple):
    """One page that the service knows; `published` is an ISO date or ""."""

    url: str
    title: str = "T"
    snippet: str = "S"
    published: str = ""


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def sent(self) -> dict[str, Any]:
        """What was asked, be it in the query or in a JSON body; `path` is the address below the server."""
        return {"path": self.path} | dict(self.params) | (json.loads(self.body) if self.body.startswith(b"{") else {})


@dataclass(frozen=True, kw_only=True)
class Reply:
    """`body` may be JSON to be written, text, or bytes as they are; `cut` ends the connection before the last byte."""

    body: Any = b""
    status: int = 200
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


Answer = Callable[[Asked], "Reply | Mapping[str, Any] | Awaitable[Reply]"]


class Server:
    """Answers every request with `answer`, and keeps a log. `hold` is an answer that never comes.

    With `tls` it is a proxy too, which speaks for every host that it is to connect to.
    """

    def __init__(self) -> None:
        self.port = 0
        self.log: list[Asked] = []
        self.tls: ssl.SSLContext | None = None
        self.answer: Answer = lambda asked: Reply(status=404)
        self._open: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def reply(self, body: Any = b"", **more: Any) -> Reply:
        return Reply(body=body, **more)

    async def hold(self, asked: Asked) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        plain = writer.transport  # TLS puts another in its place
        self._open.add(task)
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, OSError, asyncio.CancelledError):
                while await self._answered(reader, writer):
                    pass
        finally:
            self._open.discard(task)
            plain.abort()
            writer.transport.abort()

    async def _answered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        if method == "CONNECT" and self.tls:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.start_tls(self.tls)
            return True
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        where = urlsplit(target)
        params = dict(parse_qsl(where.query, keep_blank_values=True))
        asked = Asked(method=method, path=where.path, params=params, headers=headers, body=body)
        self.log.append(asked)
        answered = self.answer(asked)
        reply = await answered if isinstance(answered, Awaitable) else answered
        reply = reply if isinstance(reply, Reply) else Reply(body=reply)
        content = _bytes(reply.body)
        lines = [
            f"HTTP/1.1 {reply.status} X",
            f"Content-Type: {reply.kind}",
            f"Content-Length: {len(content)}",
            *(f"{name}: {value}" for name, value in reply.headers.items()),
        ]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + (content[:-1] if reply.cut else content))
        await writer.drain()
        return not reply.cut

    async def stop(self) -> None:
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await asyncio.sleep(0)


def _bytes(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    text = body if isinstance(body, str) else json.dumps(body)
    return text.encode(errors="surrogatepass")


@contextlib.asynccontextmanager
async def serving(port: int = 0) -> AsyncIterator[Server]:
    """A server on loopback while the context lasts."""
    served = Server()
    listening = await asyncio.start_server(served.connected, "127.0.0.1", port)
    served.port = listening.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        listening.close()
        await served.stop()
        await listening.wait_closed()


@pytest.fixture
def serve() -> Callable[..., contextlib.AbstractAsyncContextManager[Server]]:
    """`async with serve(port) as server`, for tests that run loops of their own."""
    return serving


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving() as served:
        yield served


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"service_{path.stem}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Service:
    """A provider and the service that it asks, on loopback. A file in `services/` has:

    make(url, terms): the provider, asking below `url`.
    answer(asked, entries): what the service answers, JSON or text, when it knows `entries`, of which it shows a page.
    KEY: the key that `make` uses, and `carried(asked)` where it came; left out for a keyless service.
    MOST: the most hits it gives in all, 50 if left out.
    DATED: whether its results carry a date. KIND: the content type, if not JSON.
    REFUSED, SPENT: `(status, body)` of a refused key and of a spent quota, if it has them.
    FILTERED: pairs of Filters and the parameters, or fields of a JSON body, that they become.
    KEY_OPTIONAL: whether it answers without a key too. ASKS: how many requests a page of results takes, if not one.
    SNIPPET: what its hits have as a snippet, if not the entry's. SENT_AS: how it is sent "high tides word".
    address(number): the URL of the entry of this number, where the service gives numbers and the provider makes URLs.
    """

    def __init__(self, path: Path, server: Server) -> None:
        self.module, self.server, self.name = _load(path), server, path.stem
        self.most: int = self.of("MOST", 50)
        self.finds()

    def make(self, url: str = "", **terms: Any) -> Search:
        made: Search = self.module.make(url or self.server.url, Terms(**terms))
        return made

    def of(self, name: str, default: Any = None) -> Any:
        return getattr(self.module, name, default)

    def entries(self, count: int) -> list[Entry]:
        """Pages of the web, each of its own address and title."""
        return [self.entry(self.address(number), f"Title {number}") for number in range(count)]

    def address(self, number: int) -> str:
        """Where the entry of this number is found."""
        own = self.of("address")
        return str(own(number)) if own else f"https://a.example/{number}"

    def entry(self, url: str, title: str = "T", snippet: str = "S", published: str = "") -> Entry:
        return Entry(url, title, snippet, published)

    def reply(self, body: Any = b"", **more: Any) -> Reply:
        return self.server.reply(body, **more)

    def finds(self, *entries: Entry) -> None:
        """From now on every query finds these."""
        self.server.answer = lambda asked: self.body(asked, entries)

    def says(self, *replies: Reply | Answer) -> None:
        """The next requests get these, in this order; the last one for good."""
        left = list(replies)

        def answer(asked: Asked) -> Any:
            reply = left.pop(0) if len(left) > 1 else left[0]
            return reply if isinstance(reply, Reply) else reply(asked)

        self.server.answer = answer

    def body(self, asked: Asked, entries: Sequence[Entry]) -> Reply:
        kind = self.of("KIND", "application/json")
        return Reply(body=self.module.answer(asked, entries), kind=kind)


def service_names() -> list[str]:
    return sorted(path.stem for path in SERVICES.glob("*.py"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `service` (or `service_on`) runs over every file in `services/`."""
    if "service_name" in metafunc.fixturenames:
        metafunc.parametrize("service_name", service_names())


@pytest.fixture
def service_on(service_name: str) -> Callable[[Server], Service]:
    """The service, speaking on a given server."""
    return lambda server: Service(SERVICES / f"{service_name}.py", server)


@pytest.fixture
def service(service_on: Callable[[Server], Service], server: Server) -> Service:
    return service_on(server)
