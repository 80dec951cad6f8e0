"""Paths and the patterns that match them, in the syntax of robots.txt (RFC 9309 §2.2.2, §2.2.3).

`*` is any number of octets, a `$` at the end is the end of the path, everything else is itself; a pattern holds for
every path that begins with a match. Two spellings of an octet, raw and percent-encoded, are brought to one.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
Tail = tuple[tuple[bytes, ...], bool]

_ESCAPED_OR_HIGH = re.compile(rb"%[0-9A-Fa-f]{2}|[\x80-\xff]")
# RFC 3986 §2.2 and §2.3: what may stand in a path or query, besides percent-encoded octets
_ESCAPED_OR_ILLEGAL = re.compile(rb"%[0-9A-Fa-f]{2}|[^\w\-.~:/?#\[\]@!$&'()*+,;=%]")
_MARKS = frozenset(b"-._~")
_UNRESERVED = _MARKS | frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
# What is its own canonical form; most paths and patterns are
_CANONICAL_PATH = re.compile(rb"[\w\-.~:/\[\]@!&'()+,;=]*(?:\?[\w\-.~!&'()+,;=]*)?")
_CANONICAL_PATTERN = re.compile(rb"[\w\-.~:/\[\]@!&'()*+,;=]*(?:\?[\w\-.~!&'()*+,;=]*)?\$?")
_QUERY_DELIMITER = re.compile(rb"[:/?\[\]@]")
_AUTHORITY_END = re.compile(r"[/?;]")


def path_of(url: str) -> bytes:
    """Path, parameters and query of a URL as octets, `/` if it has none; a path by itself is taken as it is."""
    text = url.partition("#")[0]
    start = 2 if text.startswith("//") else 0
    first = _AUTHORITY_END.search(text, start)
    scheme_end = text.find("://", start, first.end() + 2 if first else len(text))
    if scheme_end >= 0:
        first = _AUTHORITY_END.search(text, scheme_end + 3)
    if first is None:
        return b"/"
    path = text[first.start() :].encode("utf-8", errors="surrogatepass")
    return path if path.startswith(b"/") else b"/" + path


def escaped(pattern: bytes) -> bytes:
    """The pattern with octets beyond ASCII percent-encoded, and the digits of its escapes in upper case.

    This is the form whose octets are counted to tell which of two rules is longer, and all that Google's parser does.
    """
    if pattern.isascii() and b"%" not in pattern:
        return pattern
    return _ESCAPED_OR_HIGH.sub(_upper_escape, pattern)


def _upper_escape(found: re.Match[bytes]) -> bytes:
    octets = found[0]
    return octets.upper() if len(octets) > 1 else b"%%%02X" % octets[0]


def canonical_path(path: bytes) -> bytes:
    """The one spelling of all that RFC 9309 takes for the same path.

    Unreserved characters are decoded, octets that no URI may hold are encoded, and so are `*`, `$` (§2.2.3) and the
    delimiters `:/?[]@` within a query (the table in §2.2.2).
    """
    if _CANONICAL_PATH.fullmatch(path):
        return path
    return _canonical(path, _UNRESERVED).replace(b"*", b"%2A").replace(b"$", b"%24")


def canonical_pattern(pattern: bytes, *, keep_letters: bool = False) -> bytes:
    """The spelling of a pattern that canonical paths are matched with; `keep_letters` leaves `%61` encoded."""
    if _CANONICAL_PATTERN.fullmatch(pattern):
        return pattern
    body, end = (pattern[:-1], b"$") if pattern.endswith(b"$") else (pattern, b"")
    return _canonical(body, _MARKS if keep_letters else _UNRESERVED).replace(b"$", b"%24") + end


def _canonical(text: bytes, decoded: frozenset[int]) -> bytes:
    def spell(found: re.Match[bytes]) -> bytes:
        octets = found[0]
        if len(octets) == 1:
            return b"%%%02X" % octets[0]
        code = int(octets[1:], 16)
        return bytes((code,)) if code in decoded else octets.upper()

    path, mark, query = text.partition(b"?")
    if query:
        query = _QUERY_DELIMITER.sub(lambda found: b"%%%02X" % found[0][0], query)
    return _ESCAPED_OR_ILLEGAL.sub(spell, path + mark + query)


class PatternIndex(Generic[T]):
    """Items under patterns, found by the paths that the patterns match.

    Patterns lie under their head, the part before the first `*` or the final `$`, so that a lookup costs one step for
    every different length of a head and one for every pattern whose head the path begins with.
    """

    __slots__ = ("_buckets", "_lengths")

    def __init__(self, entries: Iterable[tuple[bytes, T]]) -> None:
        buckets: dict[bytes, list[tuple[Tail | None, T]]] = {}
        for pattern, item in entries:
            head, tail = _split(pattern)
            buckets.setdefault(head, []).append((tail, item))
        self._buckets = {head: tuple(bucket) for head, bucket in buckets.items()}
        self._lengths = tuple(sorted({len(head) for head in buckets}))

    def __bool__(self) -> bool:
        return bool(self._buckets)

    def under(self, path: bytes) -> Iterator[T]:
        """The items whose pattern matches the path; under one head, in the order in which they came."""
        buckets, size = self._buckets, len(path)
        for length in self._lengths:
            if length > size:
                return
            for tail, item in buckets.get(path[:length], ()):
                if tail is None or _ends(tail, path, length):
                    yield item


def _split(pattern: bytes) -> tuple[bytes, Tail | None]:
    """The head of a pattern, and the strings after its stars with whether the last one ends the path."""
    is_anchored = pattern.endswith(b"$")
    if not is_anchored and b"*" not in pattern:
        return pattern, None
    head, *rest = (pattern[:-1] if is_anchored else pattern).split(b"*")
    if not is_anchored and not any(rest):
        return head, None
    # "a**b" is "a*b"; the last string is kept when empty: "a*$" is all that begins with "a"
    middle = [part for part in rest[:-1] if part]
    return head, ((*middle, *rest[-1:]), is_anchored)


def _ends(tail: Tail, path: bytes, at: int) -> bool:
    """Whether the strings follow each other in the path from `at` on.

    Taking each at its first place leaves the most room for the rest, so nothing is ever tried twice.
    """
    parts, is_anchored = tail
    if not is_anchored:
        for part in parts:
            if (at := path.find(part, at)) < 0:
                return False
            at += len(part)
        return True
    if not parts:
        return at == len(path)
    for part in parts[:-1]:
        if (at := path.find(part, at)) < 0:
            return False
        at += len(part)
    return len(path) - len(parts[-1]) >= at and path.endswith(parts[-1])
