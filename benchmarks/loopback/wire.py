"""A small, fast HTTP/1.1 server for many hosts on one port, which logs when each request came and was answered.

A site is a function from a request to an `Answer`; the server is a process of its own (`serve`, `running`), so that
its CPU is not the client's. Requests to the host `control` are the benchmark's own: `GET /log` gives the log and
empties it.
"""

import asyncio
import contextlib
import email.utils
import http.client
import json
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server does with one request.

    `wire` is the whole answer, head and body. It is sent `wait_s` seconds after the request came; then the
    connection is kept, closed, or reset (RST). With `cut` only so many bytes are sent before the end; with `halves_s`
    the second half comes so many seconds after the first.

    For the log: `status` is the status code (0 where none is sent), `note` what the judge must know of this answer,
    `not_before_s` the seconds for which it asks to be left in peace (`Retry-After`).
    """

    wire: bytes
    status: int = 200
    wait_s: float = 0.0
    then: Literal["keep", "close", "reset"] = "keep"
    cut: int | None = None
    halves_s: float = 0.0
    note: str = ""
    not_before_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One request as the server saw it; all times are this machine's monotonic clock, in seconds.

    `start` is taken when the request has come whole, and `end` right before the last byte is given to the kernel: so
    the client's own span lies around the logged one, and a gap in the log is never shorter than the client's.
    A request that the client gave up ends when the server notices; then `aborted` is true.
    `not_before` is the time before which the answer asked to be left in peace; 0 if it did not.
    """

    start: float
    end: float
    host: str
    path: str
    agent: str
    status: int
    note: str
    not_before: float
    aborted: bool


Site = Callable[[str, str], Answer]


def reply(status: int, body: bytes, *headers: str, content_type: str = "text/html; charset=utf-8") -> bytes:
    """An answer's bytes, with its length and the further `headers` (`Name: value`)."""
    reason = http.client.responses.get(status, "Unknown")
    lines = [f"HTTP/1.1 {status} {reason}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def http_date(seconds: float) -> str:
    """A moment (seconds since the epoch) as HTTP writes it, in whole seconds (RFC 9110 §5.6.7)."""
    return email.utils.formatdate(int(seconds), usegmt=True)


def _field(head: bytes, name: bytes) -> str:
    """The value of a header field; "" if it is absent."""
    at = head.lower().find(b"\r\n" + name + b":")
    if at < 0:
        return ""
    start = at + len(name) + 3
    end = head.find(b"\r\n", start)
    return head[start : end if end >= 0 else len(head)].strip().decode("latin-1")


class _Connection(asyncio.Protocol):
    """One client's connection: its requests are answered one after the other, pipelined ones too."""

    def __init__(self, site: Site, log: list[Logged]) -> None:
        self._site, self._log = site, log
        self._received = b""
        self._pending: tuple[float, str, str, str, bool, Answer] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while self._pending is None and (end := self._received.find(b"\r\n\r\n")) >= 0:
            head, self._received = self._received[:end], self._received[end + 4 :]
            self._take(head)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._pending is not None:
            self._write_down(aborted=True)

    def _take(self, head: bytes) -> None:
        now = time.monotonic()
        method, path, _ = head[: head.find(b"\r\n")].decode("latin-1").split(" ", 2)
        host = _field(head, b"host")
        if host == CONTROL:
            rows = "\n".join(json.dumps(asdict(entry)) for entry in self._log)
            self._log.clear()
            self._transport.write(reply(200, rows.encode()))
            return
        answer = self._site(host, path)
        self._pending = (now, host, path, _field(head, b"user-agent"), method == "HEAD", answer)
        if answer.wait_s:
            self._timer = asyncio.get_running_loop().call_later(answer.wait_s, self._send_late)
        else:
            self._send()

    def _send_late(self) -> None:
        self._send()
        self.data_received(b"")  # what was pipelined behind it

    def _send_second_half(self, wire: bytes, answer: Answer) -> None:
        self._finish(wire, answer)
        self.data_received(b"")

    def _send(self) -> None:
        assert self._pending is not None
        *_, head_only, answer = self._pending
        wire = answer.wire[: answer.wire.find(b"\r\n\r\n") + 4] if head_only else answer.wire[: answer.cut]
        if answer.halves_s:
            half = len(wire) // 2
            self._transport.write(wire[:half])
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(answer.halves_s, self._send_second_half, wire[half:], answer)
        else:
            self._finish(wire, answer)

    def _finish(self, wire: bytes, answer: Answer) -> None:
        self._write_down(aborted=False)
        if answer.then == "reset":
            # SO_LINGER with no time makes the kernel send RST instead of FIN
            no_time = struct.pack("ii", 1, 0)
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_time)
        self._transport.write(wire)
        if answer.then == "reset":
            self._transport.abort()
        elif answer.then == "close":
            self._transport.close()

    def _write_down(self, *, aborted: bool) -> None:
        assert self._pending is not None
        start, host, path, agent, _, answer = self._pending
        self._pending = None
        now = time.monotonic()
        not_before = now + answer.not_before_s if answer.not_before_s and not aborted else 0.0
        entry = Logged(start=start, end=now, host=host, path=path, agent=agent, status=answer.status, note=answer.note,
                       not_before=not_before, aborted=aborted)  # fmt: skip
        self._log.append(entry)


async def _serve(site: Site) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    # A page fits into the socket's buffer, so that it is sent with one call.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2_000_000)
    log: list[Logged] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(site, log), sock=listener)
    print(listener.getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)  # whoever started it goes away: so does the server
    server.close()


def serve(site: Site) -> None:
    """Serve a site on a free port of 127.0.0.1, print the port, and end with standard input."""
    asyncio.run(_serve(site))


@contextlib.contextmanager
def running(module: str, *arguments: str) -> Iterator[int]:
    """A server module (`loopback.pages`) in a process of its own; the value is its port."""
    here = Path(__file__).parents[1]
    environment = os.environ | {"PYTHONPATH": str(here)}
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        line = process.stdout.readline()
        if not line:
            raise SystemExit(f"{' '.join(command)} did not start")
        try:
            yield int(line)
        finally:
            process.stdin.close()


def taken_log(port: int) -> list[Logged]:
    """All that was logged since the last call, in the order of the answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/log", headers={"Host": CONTROL})
    body = connection.getresponse().read().decode()
    connection.close()
    return [Logged(**json.loads(line)) for line in body.splitlines()]
