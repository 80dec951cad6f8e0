"""Groups of a robots.txt: which lines are said to whom (RFC 9309 §2.2.1)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from .pattern import PatternIndex, canonical_pattern, escaped
from .signals import preferences

MAX_DELAY_S = 86_400.0
"""The longest `Crawl-delay` that is told, a day."""

# Whose rules count where no group names the agent; and what stands before the first user-agent line
ANYONE, NOBODY = "*", ""
_TOKEN = re.compile(rb"[A-Za-z_-]+")
_NUMBER = re.compile(rb"\d+(?:\.\d*)?|\.\d+")


@dataclass(frozen=True, slots=True)
class Rule:
    """An `Allow` or `Disallow` line: its value as written, the number of its line, its length in octets.

    `line` is 0 for a rule that stands for a missing robots.txt; its value is then the reason.
    """

    allow: bool
    value: bytes
    line: int
    octets: int

    @property
    def pattern(self) -> str:
        """The value as text."""
        return self.value.decode("utf-8", errors="replace")

    def __str__(self) -> str:
        if not self.line:
            return self.pattern
        return f"{'Allow' if self.allow else 'Disallow'}: {self.pattern} (robots.txt line {self.line})"


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Rules, delay (seconds, None if none is asked) and signals that one run of user-agent lines is followed by.

    `respelt` holds the rules whose canonical pattern is not the written one. `signals` holds, under the pattern of
    their path, the number of the signal's line, the octets of the pattern and the signal.
    """

    written: PatternIndex[Rule]
    respelt: PatternIndex[Rule]
    delay_s: float | None
    signals: PatternIndex[tuple[int, int, str]]

    def matching(self, path: bytes, canonical: bytes) -> Iterator[Rule]:
        """The rules that match a path, given as it came and in its canonical spelling; some may come twice."""
        yield from self.written.under(path)
        respelt = self.respelt.under(canonical)
        is_valid = path.isascii()
        for rule in chain(self.written.under(canonical), respelt) if canonical != path else respelt:
            if is_valid or not rule.allow:
                yield rule


# Most groups lack something; files of ten thousand groups exist
_NO_RULES: PatternIndex[Rule] = PatternIndex(())
_NO_SIGNALS: PatternIndex[tuple[int, int, str]] = PatternIndex(())


class Reading:
    """Sorts lines into groups.

    For rules a user-agent line begins a new group once the last has rules; lines of other kinds between user-agent
    lines do not part them (RFC 9309 §2.2.1, Google's suite "Groups_OtherRules"). A delay or signal is of those
    user-agent lines only that it follows directly or after rules: `User-agent: a`, `Crawl-delay: 5`, `User-agent: b`,
    `Disallow: /` forbids both, and asks the delay of `a`.
    """

    def __init__(self) -> None:
        self._said: dict[tuple[str, ...], _Lines] = {}
        self._named: dict[str, None] = {}
        self._ruled: list[str] = []
        self._addressed: list[str] = [NOBODY]
        self._rules: _Lines | None = None
        self._others: _Lines | None = None

    def take(self, number: int, name: str, value: bytes) -> None:
        """Take the next line: any but a sitemap."""
        if name == "user-agent":
            self._open(value)
        elif name == "crawl-delay":
            self._others = self._others or self._of(self._addressed)
            self._others.add_delay(value)
        elif name in ("allow", "disallow"):
            self._rules = self._rules or self._of(self._ruled)
            if value and self._ruled:
                self._rules.add_rule(name == "allow", value, number)
        else:
            self._others = self._others or self._of(self._addressed)
            self._others.add_signals(name, value, number)

    def groups(self) -> dict[str, tuple[Group, ...]]:
        """For each agent that is named, in lower case, the groups that name it; () if they say nothing."""
        groups: dict[str, list[Group]] = {agent: [] for agent in (NOBODY, *self._named)}
        for agents, said in self._said.items():
            group = said.group()
            for agent in agents:
                groups[agent].append(group)
        return {agent: tuple(said) for agent, said in groups.items()}

    def _open(self, value: bytes) -> None:
        if self._rules is not None:
            self._ruled, self._addressed = [], []
        elif self._others is not None or not self._named:
            self._addressed = []
        self._rules = self._others = None
        # "* (everyone)" is still everyone, as for Google's parser
        token = ANYONE if value[:1] == b"*" and not value[1:2].strip() else _leading_token(value)
        self._named[token] = None
        self._ruled.append(token)
        self._addressed.append(token)

    def _of(self, agents: list[str]) -> "_Lines":
        return self._said.setdefault(tuple(dict.fromkeys(agents)), _Lines())


def _leading_token(value: bytes) -> str:
    found = _TOKEN.match(value)
    return found[0].decode().lower() if found else "!"


class _Lines:
    """What is said to one set of agents, while the file is being read."""

    __slots__ = ("_delay_s", "_respelt", "_seen", "_signals", "_written")

    def __init__(self) -> None:
        self._seen: set[tuple[bool, bytes]] = set()
        self._written: list[tuple[bytes, Rule]] = []
        self._respelt: list[tuple[bytes, Rule]] = []
        self._signals: list[tuple[bytes, tuple[int, int, str]]] = []
        self._delay_s: float | None = None

    def add_rule(self, allow: bool, value: bytes, line: int) -> None:
        if (allow, value) in self._seen:
            return
        self._seen.add((allow, value))
        written = escaped(value)
        rule = Rule(allow, value, line, len(written))
        self._written.append((written, rule))
        respelt = canonical_pattern(value, keep_letters=allow)
        if respelt != written:
            # "/%7Ejoe" is no longer than "/~joe" where it is taken for the same
            octets = min(len(respelt), len(written))
            self._respelt.append((respelt, Rule(allow, value, line, octets)))
        if allow and (slash := written.rfind(b"/")) >= 0 and written.startswith(b"/index.htm", slash):
            # allowing a folder's index allows the folder (Google's suite, "IndexHTMLisDirectory")
            folder = written[: slash + 1] + b"$"
            self._written.append((folder, Rule(True, value, line, len(folder))))

    def add_delay(self, value: bytes) -> None:
        if _NUMBER.fullmatch(value):
            self._delay_s = max(min(float(value), MAX_DELAY_S), self._delay_s or 0.0)

    def add_signals(self, name: str, value: bytes, line: int) -> None:
        pattern = b""
        if value[:1] in (b"/", b"*"):
            pattern, *rest = value.split(None, 1)
            value = rest[0] if rest else b""
        for signal in preferences(name, value.decode("utf-8", errors="replace")):
            self._signals.append((canonical_pattern(pattern), (line, len(escaped(pattern)), signal)))

    def group(self) -> Group:
        return Group(
            PatternIndex(self._written) if self._written else _NO_RULES,
            PatternIndex(self._respelt) if self._respelt else _NO_RULES,
            self._delay_s,
            PatternIndex(self._signals) if self._signals else _NO_SIGNALS,
        )
