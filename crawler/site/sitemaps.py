"""Sitemaps and feeds: the addresses that a site lists itself (sitemaps.org protocol 0.9, RSS, Atom).

What is read here was written by strangers and is often broken. So: no entity is expanded but the five of XML and
character references, no DTD or other file is loaded, time and memory have bounds, and a file that breaks off yields
what stood before the break.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Literal
from urllib.parse import urlsplit

from lxml.etree import LxmlError, XMLParser

from ..charset import decode
from ..errors import BlockedURL, ExtractionError
from ..url import parse

SitemapKind = Literal["urlset", "index", "text", "rss", "atom"]

MAX_BYTES = 50 * 1024 * 1024  # sitemaps.org: 50 MB (52,428,800 bytes) uncompressed; what follows is not read
MAX_ENTRIES = 200_000  # sitemaps.org allows 50,000; larger ones are found, and do no harm up to here
_MAX_ELEMENTS = 2_000_000  # 50,000 addresses with 39 elements each; at more the file is taken as broken off
_MAX_REFERENCES = 5_000_000  # 2 s
_MAX_LINES = 500_000
_MAX_URL = 8_192
_CHUNK = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An address in a sitemap: absolute, http or https; `lastmod` is an ISO 8601 date (and time), "" if unknown."""

    loc: str
    lastmod: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What one file lists, in its order and each address once. The entries of an "index" are sitemaps themselves."""

    kind: SitemapKind
    entries: tuple[Entry, ...] = ()


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """Read a sitemap (XML, gzip of it, or text with an address a line) or a feed (RSS 0.9 to 2.0, Atom).

    `url` is where it was found; relative addresses are resolved against it. Blocking, about 1 s for the largest: from
    a coroutine, run it in a thread.

    Raises:
        ExtractionError: "empty"; "wrong_type" for what is neither, such as an error page in HTML; "unreadable" for
            text in no known encoding.
    """
    body = _unpacked(body)
    try:
        text = decode(body, declared=_declared(body))
    except ExtractionError as error:
        raise ExtractionError(url, error.reason, error.detail) from error
    text = text.lstrip("\ufeff \t\r\n\x00")
    if not text:
        raise ExtractionError(url, "empty", "the sitemap is empty")
    kind, entries = _read_xml(text, url) if text.startswith("<") else _read_text(text, url)
    if kind is None:
        raise ExtractionError(url, "wrong_type", "this is neither a sitemap nor a feed")
    return Sitemap(kind=kind, entries=entries)


def _unpacked(body: bytes) -> bytes:
    """The body, out of gzip if it is in it; at most `MAX_BYTES`, and what can be had of a damaged file.

    Twice, because a server that compresses on the way may do so to a file that is compressed already.
    """
    for _ in range(2):
        if not body.startswith(b"\x1f\x8b"):
            break
        body = _gunzipped(body)
    return body[:MAX_BYTES]


def _gunzipped(body: bytes) -> bytes:
    parts: list[bytes] = []
    room, rest = MAX_BYTES, body
    while room > 0 and rest.startswith(b"\x1f\x8b"):  # RFC 1952 §2.2: a file may have several members
        member, start = zlib.decompressobj(wbits=31), 0
        for start in range(0, len(rest), _CHUNK):
            before, packed = member.copy(), rest[start : start + _CHUNK]
            try:
                parts.append(member.decompress(packed, room))
            except zlib.error:
                parts += _whole_part(before, packed, room)
                return b"".join(parts)
            room -= len(parts[-1])
            if member.eof or room <= 0:
                break
        rest = member.unused_data + rest[start + _CHUNK :] if member.eof else b""
    return b"".join(parts)


def _whole_part(member: "zlib._Decompress", packed: bytes, room: int) -> Iterator[bytes]:
    """What can be had of a damaged piece, byte by byte up to the damage (a wrong checksum stands after all data)."""
    for at in range(len(packed)):
        try:
            yield (part := member.decompress(packed[at : at + 1], room))
        except zlib.error:
            return
        if (room := room - len(part)) <= 0:
            return


_XML_ENCODING = re.compile(rb"""\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")


def _declared(body: bytes) -> str:
    found = _XML_ENCODING.match(body[:400].removeprefix(b"\xef\xbb\xbf"))
    return found[1].decode("ascii") if found else ""


_LINE = re.compile(r"[^\r\n]+")


def _read_text(text: str, url: str) -> tuple[SitemapKind | None, tuple[Entry, ...]]:
    """One address a line. Prose with an address in it is no sitemap: most lines have to be one, and nothing else."""
    listing, others = _Listing(url), 0
    for found in islice(_LINE.finditer(text), _MAX_LINES):
        line = found[0].strip("\ufeff\x00 \t")
        if not line or line.startswith("#"):
            continue
        if line[:8].lower().startswith(("http://", "https://")) and not any(map(str.isspace, line)):
            listing.add(line, "")
        else:
            others += 1
        if listing.is_full:
            break
    entries = listing.entries()
    return ("text", entries) if len(entries) > others else (None, ())


# Stands where a reference to an unknown entity stood; a noncharacter, so in no address.
_UNKNOWN = "\ufdd0"
_REFERENCE = re.compile(
    r"&(?:(?P<known>(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)|(?P<named>[\w.:-]{1,80};))?"
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]+")
_XML_DECLARATION = re.compile(r"<\?xml\s[^>]{0,500}\?>\s*")
_DOCTYPE = re.compile(
    r"""<!DOCTYPE\s[^\[>]*+ (?:\[ (?:"[^"]*+" | '[^']*+' | <!--.*?--> | [^\]"'])*+ \]\s*+)?>""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


def _read_xml(text: str, url: str) -> tuple[SitemapKind | None, tuple[Entry, ...]]:
    if text.count("&") > _MAX_REFERENCES:
        raise ExtractionError(url, "unreadable", f"it holds more than {_MAX_REFERENCES:,} references")
    if declaration := _XML_DECLARATION.match(text):  # its encoding is not that of the text handed on
        text = text[declaration.end() :]
    source = _mended(_DOCTYPE.sub("", text, count=1))
    target = _Events(url)
    # No DTD and no entity is left in the source; the options are the second lock on the same door.
    parser = XMLParser(
        target=target, encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False,
        dtd_validation=False, attribute_defaults=False, huge_tree=False,
    )  # fmt: skip
    try:
        for start in range(0, len(source), _CHUNK):
            parser.feed(source[start : start + _CHUNK])
        parser.close()
    except (_Enough, LxmlError):
        pass  # what was read before is in the target
    return target.kind, target.listing.entries()


def _mended(text: str) -> bytes:
    """The document in UTF-8 without what a parser would trip over, or be tricked by.

    References to entities other than XML's own are blotted out, so that none can be expanded; an `&` that begins none
    is escaped, for many sitemaps hold `?a=1&b=2` as it is. CDATA sections stay as they are. After the last `>`
    nothing is whole.
    """
    parts: list[str] = []
    at = 0
    while (start := text.find("<![CDATA[", at)) >= 0 and (end := text.find("]]>", start)) >= 0:
        parts += (_REFERENCE.sub(_reference, text[at:start]), text[start : end + 3])
        at = end + 3
    rest = text[at : start if start >= 0 else len(text)]  # a section that is not closed is cut off
    parts.append(_REFERENCE.sub(_reference, rest[: rest.rfind(">") + 1]))
    return _NOT_XML.sub("", "".join(parts)).encode("utf-8")


def _reference(found: re.Match[str]) -> str:
    if found["known"]:
        return found[0].replace("#X", "#x")
    return _UNKNOWN if found["named"] else "&amp;"


class _Enough(Exception):
    """The rest of the file need not, or must not, be read."""


_KINDS: dict[str, SitemapKind] = {
    "urlset": "urlset", "sitemapindex": "index", "rss": "rss", "rdf": "rss", "feed": "atom",
}  # fmt: skip
_ENTRY_NAMES: dict[SitemapKind, str] = {"urlset": "url", "index": "sitemap", "rss": "item", "atom": "entry"}
# Elements of an entry whose text counts; the first with a value wins, and of dates the first in this order.
_DATES = ("lastmod", "updated", "pubdate", "date", "published")
_LEAVES = frozenset({"loc", "link", "guid", *_DATES})
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


class _Events:
    """Takes the parser's events. No tree is built: memory does not grow with the file, but for its addresses.

    An entry's parts are those directly in it and in its own namespace: `image:loc` and `xhtml:link` are others' words.
    """

    def __init__(self, url: str) -> None:
        self.kind: SitemapKind | None = None
        self.listing = _Listing(url)
        self._elements = self._depth = 0
        self._entry_depth = 0  # 0: outside of an entry
        self._namespace = ""
        self._fields: dict[str, str] = {}
        self._bases: list[str] = []
        self._leaf = ""
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        namespace, name = _split(tag)
        if self.kind is None:
            self.kind = _KINDS.get(name)
            self._bases = [attributes.get(_XML_BASE, "")]
            if self.kind is None:
                raise _Enough
        elif self._elements > _MAX_ELEMENTS:
            raise _Enough
        elif name == _ENTRY_NAMES[self.kind] and not (self._entry_depth and namespace != self._namespace):
            self._flush()
            self._entry_depth, self._namespace = self._depth, namespace
            self._fields = {"base": attributes.get(_XML_BASE, ""), "about": _attribute(attributes, "about")}
        elif self._entry_depth and self._depth == self._entry_depth + 1 and self._is_part(namespace, name):
            self._begin(name, attributes)

    def _is_part(self, namespace: str, name: str) -> bool:
        return name in _LEAVES and (namespace == self._namespace or (name == "date" and namespace == _DUBLIN_CORE))

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "link" and self.kind == "atom":
            if attributes.get("rel", "alternate").lower() in {"alternate", ""}:
                is_page = attributes.get("type", "text/html").lower() in {"text/html", "application/xhtml+xml"}
                self._fields.setdefault("link" if is_page else "other link", attributes.get("href", ""))
            return
        if name == "guid" and attributes.get("isPermaLink", "true").lower() == "false":
            return
        self._leaf, self._text = name, []

    def data(self, text: str) -> None:
        if self._leaf and len(self._text) < 1_000:
            self._text.append(text[: _MAX_URL + 1])

    def end(self, tag: str) -> None:
        if self._depth == self._entry_depth + 1 and self._leaf:
            if value := "".join(self._text).strip():
                self._fields.setdefault(self._leaf, value)
            self._leaf = ""
        elif self._depth == self._entry_depth:
            self._flush()
        self._depth -= 1

    def close(self) -> None:
        self._flush()

    def _flush(self) -> None:
        """The entry is over: keep its address, if it has one."""
        if not self._entry_depth:
            return
        fields, self._entry_depth, self._leaf = self._fields, 0, ""
        wanted = ("loc",) if self.kind in {"urlset", "index"} else ("link", "other link", "guid", "about")
        loc = next((fields[name] for name in wanted if fields.get(name)), "")
        lastmod = next((date for name in _DATES if (date := _iso_date(fields.get(name, "")))), "")
        self.listing.add(loc, lastmod, bases=(*self._bases, fields["base"]))
        if self.listing.is_full:
            raise _Enough


def _split(tag: str) -> tuple[str, str]:
    """Namespace and name, in lower case; a prefix that was never declared counts as a namespace."""
    namespace, _, name = tag.rpartition("}")
    prefix, _, name = name.rpartition(":")
    return namespace.removeprefix("{") or prefix, name.lower()


def _attribute(attributes: dict[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if _split(key)[1] == name), "")


_W3C_DATE = re.compile(r"\d{4}(-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?\s?(Z|[+-]\d\d:?\d\d)?)?)?)?", re.ASCII)


def _iso_date(value: str) -> str:
    """A W3C date as it stands, an RFC 822 date (RSS) in ISO 8601, "" for what is no date."""
    value = value.strip()
    try:
        if _W3C_DATE.fullmatch(value):
            padded = value + "-01-01"[len(value) - 4 :] if len(value) in {4, 7} else value
            datetime.fromisoformat(padded.replace(" ", "T", 1).replace(" ", "").replace(",", "."))
            return value.replace(" ", "T", 1).replace(" ", "")
        return parsedate_to_datetime(value).isoformat() if len(value) < 60 else ""
    except (ValueError, TypeError, IndexError, OverflowError):  # a thirteenth month; email's parser on odd input
        return ""


class _Listing:
    """Addresses in order, each once."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._found: dict[str, str] = {}

    @property
    def is_full(self) -> bool:
        return len(self._found) >= MAX_ENTRIES

    def add(self, loc: str, lastmod: str, *, bases: tuple[str, ...] = ()) -> None:
        """Keep an address if it is one of the web; `bases` are `xml:base`s, outermost first."""
        # line breaks within an address come from pretty-printers; browsers pass over them too (WHATWG URL §4.4)
        loc = re.sub(r"[\t\r\n]+", "", loc.strip())
        if not loc or len(loc) > _MAX_URL or _UNKNOWN in loc:
            return
        try:
            base = self._url
            for step in filter(None, bases):
                base = parse(step, base)
            loc = loc if _is_web(loc) else parse(loc, base)
            if _is_web(loc):
                self._found.setdefault(loc, lastmod)
        except (BlockedURL, ValueError):  # no address
            return

    def entries(self) -> tuple[Entry, ...]:
        return tuple(Entry(loc=loc, lastmod=lastmod) for loc, lastmod in self._found.items())


def _is_web(loc: str) -> bool:
    """Whether it is absolute, http or https, and has a host.

    Raises:
        ValueError: brackets that hold no IPv6 address.
    """
    parts = urlsplit(loc)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
