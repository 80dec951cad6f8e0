"""A second, slow reading of RFC 9309 to judge the crawler by; it shares no code with the crawler's own.

Every rule is tried in turn with a regular expression over octets. Google's additions and lenient readings are left out:
the sites served here keep to what the RFC says plainly.
"""

import re
from dataclasses import dataclass
from functools import cache

AGENT = "fontes"
_UNRESERVED = set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True)
class Rules:
    """The lines that hold for Fontes: (allow, pattern) each, and the largest `Crawl-delay` in seconds."""

    lines: tuple[tuple[bool, bytes], ...]
    delay_s: float


def one_spelling(octets: bytes) -> bytes:
    """Percent-encoding in one form (§2.2.2): unreserved octets plain, those beyond ASCII encoded, hex in capitals."""
    out, at = bytearray(), 0
    while at < len(octets):
        octet = octets[at]
        if octet == 0x25 and re.fullmatch(rb"[0-9A-Fa-f]{2}", octets[at + 1 : at + 3]):
            octet, at = int(octets[at + 1 : at + 3], 16), at + 2
            out += bytes([octet]) if octet in _UNRESERVED else b"%%%02X" % octet
        else:
            out += bytes([octet]) if octet < 0x80 else b"%%%02X" % octet
        at += 1
    return bytes(out)


@cache
def read(body: bytes) -> Rules:
    """The rules of a robots.txt for Fontes: of the groups that name it, else of those of `*` (§2.2.1)."""
    groups: list[tuple[set[bytes], list[tuple[bool, bytes]], list[float]]] = []
    is_open = False  # whether the last line was a user-agent line, so that the next one joins it
    for line in re.split(rb"\r\n|\r|\n", body.removeprefix(b"\xef\xbb\xbf")):
        name, colon, value = line.partition(b"#")[0].partition(b":")
        name, value = name.strip().lower(), value.strip()
        if not colon:
            continue
        if name == b"user-agent":
            if not is_open:
                groups.append((set(), [], []))
            token = re.match(rb"\*|[A-Za-z_-]*", value)
            groups[-1][0].add(token[0].lower() if token else b"")
            is_open = True
        elif groups and name in (b"allow", b"disallow"):
            is_open = False
            if value:
                groups[-1][1].append((name == b"allow", one_spelling(value)))
        elif groups and name == b"crawl-delay" and re.fullmatch(rb"\d*\.?\d+", value):
            groups[-1][2].append(float(value))
    named = [group for group in groups if AGENT.encode() in group[0]] or [g for g in groups if b"*" in g[0]]
    lines = tuple(line for _, rules, _ in named for line in rules)
    return Rules(lines, max((delay for _, _, delays in named for delay in delays), default=0.0))


def allows(rules: Rules, target: str) -> bool:
    """Whether a request target (path and query) may be asked for: longest match in octets, allow wins ties (§2.2.2)."""
    path = one_spelling(target.encode("utf-8", "surrogateescape"))
    best = (-1, True)
    for allow, pattern in rules.lines:
        ends = pattern.endswith(b"$")
        stars = pattern.removesuffix(b"$").split(b"*")
        expression = b".*".join(re.escape(part) for part in stars) + (rb"\Z" if ends else b"")
        if re.match(expression, path, re.DOTALL):
            best = max(best, (len(pattern), allow))
    return best[1]
