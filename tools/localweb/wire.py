"""Requests and answers as bytes (RFC 9110, RFC 9112), and what is noted of them."""

import re
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from http.client import responses
from typing import Literal
from urllib.parse import urlsplit

from ...crawler import clean
from .served import host_name

_LINE = re.compile(r"([A-Z]{1,20}) ([\x21-\xff]{1,8000}) HTTP/1\.([01])")
_NO_BODY = frozenset({204, 304})
_MOST_NOTED = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request's head. `host` is "" for none that can be read; names of `headers` are in lower case."""

    method: str
    host: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    keeps: bool = True

    def accepts_gzip(self) -> bool:
        """Whether the answer may come packed (RFC 9110 §12.5.3)."""
        for item in self.headers.get("accept-encoding", "").lower().split(","):
            name, _, weight = item.partition(";")
            if name.strip() in ("gzip", "x-gzip", "*"):
                return not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight)
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered, and how: `wait_s` seconds late, over `drip_s` seconds, cut in half, or with a reset instead.

    `packed` is the body in gzip, b"" if there is none; `etag` and `modified` (seconds since the epoch) are "" and 0
    where an answer has no age. `fault` names the rule that struck, for the log.
    """

    status: int = 200
    body: bytes = b""
    type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    packed: bytes = b""
    etag: str = ""
    modified: float = 0.0
    wait_s: float = 0.0
    drip_s: float = 0.0
    ends: Literal["whole", "half", "reset"] = "whole"
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One request as the server saw it; `started` and `ended` are seconds of this machine's monotonic clock.

    `status` is 0 where none was sent, and `fault` the kind of the rule that struck, "" for none. Host, path (with its
    query) and agent hold no control characters, and at most 2,000 of the others.
    """

    started: float
    ended: float
    host: str
    path: str
    agent: str
    status: int
    fault: str = ""


class BadRequest(Exception):
    """What was received is no request; the argument is the status to answer with."""


def noted(text: str) -> str:
    """A text from outside as it may stand in a log or on a screen."""
    return clean(text[:_MOST_NOTED]).replace("\n", " ")


def read_request(head: bytes) -> Request:
    """The request in `head`, which ends before the empty line.

    Raises:
        BadRequest: it is none, or carries a body.
    """
    line, *fields = head.decode("latin-1").split("\r\n")
    match = _LINE.fullmatch(line)
    if match is None:
        raise BadRequest(400)
    headers: dict[str, str] = {}
    for text in fields:
        name, colon, value = text.partition(":")
        if not colon or name != name.strip() or (name.lower() == "host" and "host" in headers):
            raise BadRequest(400)
        headers[name.lower()] = value.strip()
    host, target = headers.get("host", ""), match[2]
    if not target.startswith("/"):  # a proxy is asked for the whole address (RFC 9112 §3.2.2)
        host, target = _absolute(target)
    if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
        raise BadRequest(405 if match[1] not in ("GET", "HEAD") else 400)
    connection = headers.get("connection", "").lower()
    keeps = "close" not in connection if match[3] == "1" else "keep-alive" in connection
    return Request(method=match[1], host=host_name(host), target=target, headers=headers, keeps=keeps)


def _absolute(target: str) -> tuple[str, str]:
    try:
        parts = urlsplit(target)
    except ValueError as error:
        raise BadRequest(400) from error
    if parts.scheme != "http" or not parts.netloc:
        raise BadRequest(400)
    return parts.netloc.rpartition("@")[2], f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"


def is_unchanged(request: Request, answer: Answer) -> bool:
    """Whether the asker holds this answer already (RFC 9110 §13.1.2, §13.1.3)."""
    if answer.status != 200:
        return False
    if (tags := request.headers.get("if-none-match")) is not None:
        return bool(answer.etag) and (tags.strip() == "*" or answer.etag in re.findall(r'(?:W/)?"[^"]*"', tags))
    since = request.headers.get("if-modified-since")
    if since is None or not answer.modified:
        return False
    try:
        return int(answer.modified) <= parsedate_to_datetime(since).timestamp()
    except (ValueError, OverflowError):
        return False


def http_date(seconds: float) -> str:
    """A moment (seconds since the epoch) as HTTP writes it (RFC 9110 §5.6.7)."""
    return formatdate(seconds, usegmt=True)


def head_and_body(answer: Answer, request: Request, *, now: str, keeps: bool) -> tuple[int, bytes, bytes]:
    """The status that is sent, the head's bytes and the body's; 304 where the asker's copy is still good."""
    status = 304 if is_unchanged(request, answer) else answer.status
    packs = bool(answer.packed) and request.accepts_gzip()
    body = answer.packed if packs else answer.body
    lines = [f"HTTP/1.1 {status} {responses.get(status, 'Unknown')}", f"Date: {now}"]
    if status not in _NO_BODY:
        lines += [f"Content-Type: {answer.type}", f"Content-Length: {len(body)}"]
        if packs:
            lines.append("Content-Encoding: gzip")
    if answer.packed:
        lines.append("Vary: Accept-Encoding")
    if answer.etag:
        lines.append(f"ETag: {answer.etag}")
    if answer.modified:
        lines.append(f"Last-Modified: {http_date(answer.modified)}")
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if not keeps:
        lines.append("Connection: close")
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    return status, head, b"" if status in _NO_BODY or request.method == "HEAD" else body
