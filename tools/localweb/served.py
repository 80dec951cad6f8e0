"""What one address answers with, and how addresses are told apart."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from .errors import LocalWebError

Key = tuple[str, str]
"""Host in ASCII and lower case, then path (with `?query` if any) with its percent signs read."""

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110 §5.6.2
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_IN_TARGETS = "/?=&;:@!$'()*+,~-._"
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# What the connection alone may say; two lengths in one head are an attack on the reader (RFC 9112 §6.3).
_OWN_HEADERS = frozenset(
    {"connection", "content-encoding", "content-length", "date", "keep-alive", "transfer-encoding"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An answer: the bytes or the file that holds them (packed if it ends in `.gz`), or `to`, where it redirects.

    `type` is the Content-Type, "" for what the address and the bytes suggest. A redirect whose `status` is left at 200
    gets 301.

    Raises:
        LocalWebError: a header, status or target that HTTP cannot carry.
    """

    body: bytes | Path = b""
    type: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    to: str = ""

    def __post_init__(self) -> None:
        if not 200 <= self.status <= 599:
            raise LocalWebError(f"status {self.status}", "an answer has one from 200 to 599")
        for name, value in (*self.headers, ("Location", self.to), ("Content-Type", self.type)):
            if not _TOKEN.fullmatch(name) or _CONTROL.search(value) or not value.isascii():
                raise LocalWebError(f"header {name!r}: {value!r}", "it cannot stand in an HTTP head")
            if name.lower() in _OWN_HEADERS:
                raise LocalWebError(f"header {name!r}", "the server writes this one itself")


def host_name(text: str) -> str:
    """The host in ASCII and lower case, without port and root dot; "" if it is none."""
    name = text.strip().rpartition(":")[0] if re.search(r":\d*$", text) else text.strip()
    name = name.removesuffix(".").lower()
    if len(name) > 253:
        return ""
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    labels = name.split(".")
    return name if len(name) <= 253 and all(map(_LABEL.fullmatch, labels)) else ""


def key_of(url: str) -> Key:
    """What an address is found by; its scheme, port and fragment do not count.

    Raises:
        LocalWebError: it is no http or https address with a host.
    """
    try:
        parts = urlsplit(url)
        host = host_name(parts.hostname or "")
    except ValueError as error:
        raise LocalWebError(url, f"it is no web address ({error})") from error
    if parts.scheme not in ("http", "https") or not host:
        raise LocalWebError(url, "it is no web address; one looks like http://harbour.test/lights.html")
    return host, target_key(f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}")


def target_key(target: str) -> str:
    """The path, with `?query` if any, that a request's target names."""
    return unquote(target.partition("#")[0], errors="surrogateescape")


def url_of(key: Key) -> str:
    """The address of a key, percent-encoded where it must be."""
    host, path = key
    return f"http://{host}{quote(path, safe=_IN_TARGETS, errors='surrogateescape')}"
