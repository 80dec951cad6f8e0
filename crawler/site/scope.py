"""Which addresses belong to a crawl: its host, and the patterns that a person gave."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from ..url import host_key

_MOST_PATTERN = 1_000
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_CANONICAL = re.compile(r"[a-z]+://([^/?#]*)([^?#]*)(\?[^#]*)?")


class Scope:
    """Which addresses are read: those of the start's host that the patterns let through.

    The host is that of the start, with and without `www.`; `widen` adds another (where the start redirects to).

    A pattern that begins with `/` is matched against the path, from its beginning to its end (with the query, if the
    pattern holds a `?`), on the start's host. A pattern that holds `://` is matched against the whole address, on
    whatever host: it may name another (`https://docs.example.org/**`, `*://*.example.org/**`). `*` stands for any
    characters but `/`, `**` for any characters; a `/**` at the end takes the folder itself in too (`/docs/**` matches
    `/docs`). All else stands for itself. With `include`, only what matches one of them is read (but the start, always);
    what matches one of `exclude` is not. Addresses are matched in canonical form.

    Raises:
        ValueError: a pattern that is neither, naming it.
    """

    def __init__(
        self, start: str, *, include: Iterable[str] = (), exclude: Iterable[str] = (), same_host: bool = True
    ) -> None:
        self._home: set[str] = set()
        self._same_host = same_host
        self._include = tuple(map(_Pattern, include))
        self._exclude = tuple(map(_Pattern, exclude))
        self.widen(start)

    def widen(self, url: str) -> None:
        """Take the host of this address, and its twin with or without `www.`, for the start's own."""
        host = host_key(url)
        self._home |= {host, host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"}

    def is_home(self, canonical_url: str) -> bool:
        """Whether the address is on the start's host (always, if any host will do)."""
        return not self._same_host or _split(canonical_url)[0] in self._home

    def admits(self, canonical_url: str) -> bool:
        """Whether an address, in canonical form, is to be read."""
        host, path, query = _split(canonical_url)
        is_home = not self._same_host or host in self._home
        if not self._include and not is_home:
            return False
        if self._include and not any(
            (is_home or one.names_host) and one.matches(canonical_url, path, query) for one in self._include
        ):
            return False
        return not any(one.matches(canonical_url, path, query) for one in self._exclude)


class _Pattern:
    """One pattern of `include` or `exclude`."""

    def __init__(self, pattern: str) -> None:
        self.names_host = "://" in pattern
        if not (self.names_host or pattern.startswith("/")) or len(pattern) > _MOST_PATTERN:
            raise ValueError(
                f"{pattern!r} is no pattern of addresses: it begins with / (a path, such as /docs/**)"
                " or holds :// (a whole address, such as https://docs.example.org/**)"
            )
        self._with_query = "?" in pattern
        self._regex = re.compile(_regex(quote(pattern, safe=_PRINTABLE)), re.DOTALL)

    def matches(self, url: str, path: str, query: str) -> bool:
        subject = url if self.names_host else path
        if not self._with_query:
            subject = subject.removesuffix(query) if self.names_host else subject
        elif not self.names_host:
            subject += query
        return self._regex.fullmatch(subject) is not None


def _split(canonical_url: str) -> tuple[str, str, str]:
    """Host (with a port that is not its scheme's own), path and query (with its `?`)."""
    found = _CANONICAL.match(canonical_url)
    return (found[1], found[2], found[3] or "") if found else ("", "", "")


def _regex(pattern: str) -> str:
    """The pattern as a regular expression that never tries the same twice: addresses are written by strangers.

    Between two `**` the first place that fits is the right one, and so it is between two `*` of one path segment;
    atomic groups keep it. Only the last part of a segment or pattern is held by what follows it.
    """
    tail = ""
    if pattern.endswith("/**"):
        pattern, tail = pattern.removesuffix("/**"), "(?:/.*)?"
    parts = re.split(r"\*\*+", pattern)
    regex = _part(parts[0], is_held=len(parts) == 1)
    for number, part in enumerate(parts[1:], start=2):
        regex += f"(?>.*?{_part(part, is_held=False)})" if number < len(parts) else f".*{_part(part, is_held=True)}"
    return regex + tail


def _part(part: str, *, is_held: bool) -> str:
    """What stands between two `**`. `is_held`: the end of the address (or of a folder) follows."""
    segments = part.split("/")
    last = len(segments) - 1
    return "/".join(_segment(segment, is_held=is_held or at < last) for at, segment in enumerate(segments))


def _segment(segment: str, *, is_held: bool) -> str:
    first, *others = map(re.escape, segment.split("*"))
    if is_held and others:
        *others, last = others
        return first + "".join(f"(?>[^/]*?{literal})" for literal in others) + f"[^/]*{last}"
    return first + "".join(f"(?>[^/]*?{literal})" for literal in others)
