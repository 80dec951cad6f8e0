"""The lines of a robots.txt that say something, read with the patience of Google's parser."""

import re
from collections.abc import Iterator
from typing import Literal

Field = Literal["user-agent", "allow", "disallow", "sitemap", "crawl-delay", "content-signal", "content-usage"]

MAX_BYTES = 1_048_576
"""What is read of a robots.txt; RFC 9309 §2.5 demands 500 KiB."""

# Google's parser reads that much of a line: eight times the longest URL that browsers once took
_MAX_LINE = 8 * 2083 - 1
_BOM = b"\xef\xbb\xbf"
# Beginnings of names as Google's parser takes them, with the misspellings that it has met often
_FIELDS: dict[bytes, Field] = {
    b"user-agent": "user-agent", b"useragent": "user-agent", b"user agent": "user-agent",
    b"allow": "allow",
    b"disallow": "disallow", b"dissallow": "disallow", b"dissalow": "disallow", b"disalow": "disallow",
    b"diasllow": "disallow", b"disallaw": "disallow",
    b"sitemap": "sitemap", b"site-map": "sitemap",
    b"crawl-delay": "crawl-delay", b"crawldelay": "crawl-delay", b"crawl delay": "crawl-delay",
    b"content-signal": "content-signal",
    b"content-usage": "content-usage",
}  # fmt: skip
_LINE = re.compile(rb"^[ \t\v\f]*+(%s)[^\n]*" % b"|".join(_FIELDS), re.IGNORECASE | re.MULTILINE)


def lines(body: bytes) -> Iterator[tuple[int, Field, bytes]]:
    """The number, the field and the value of each line whose field is known, in order.

    Lines end with CR, LF or both; a comment, white space and what follows a NUL are not part of the value, which may
    be empty. A body longer than MAX_BYTES ends with its last whole line within them.
    """
    text = _whole_lines(body).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    number, counted = 1, 0
    for found in _LINE.finditer(text):
        number += text.count(b"\n", counted, found.start())
        counted = found.start()
        value = _value(found[0], len(found[1]))
        if value is not None:
            yield number, _FIELDS[found[1].lower()], value


def _whole_lines(body: bytes) -> bytes:
    # a part of the byte order mark does as well (Google's suite, "UTF8ByteOrderMarkIsSkipped")
    start = next((length for length in (3, 2, 1) if body.startswith(_BOM[:length])), 0)
    if len(body) <= MAX_BYTES:
        return body[start:]
    # the line that the limit falls into would say more than it was written to say
    if body[MAX_BYTES] in b"\r\n":
        return body[start:MAX_BYTES]
    return body[start : max(body.rfind(b"\n", 0, MAX_BYTES), body.rfind(b"\r", 0, MAX_BYTES)) + 1]


def _value(line: bytes, name_length: int) -> bytes | None:
    """What stands after the colon, or after the one gap of a line without a colon; None if there is neither."""
    line = line[:_MAX_LINE].partition(b"#")[0].partition(b"\0")[0]
    _, colon, value = line.partition(b":")
    if colon:
        return value.strip()
    words = line.strip().split(None, 2)
    return words[1] if len(words) == 2 and len(words[0]) >= name_length else None
