"""Violations of politeness, found in a server's log and nowhere else.

Judged for each authority (host and port) on its own:

- rule: a page that the robots.txt served before forbids, or with robots.txt unreachable (RFC 9309 §2.2.2, §2.3.1.4)
- early: a page before robots.txt, with the redirects it answered, was answered whole
- delay: a page that starts sooner after the last one's end than the gap or `Crawl-delay`
- retry-after: a request (robots.txt too) before the time that an answer named (RFC 9110 §10.2.3)
- concurrency: two requests at once (robots.txt too)
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

from protego import Protego

from .hostile import World
from .robots_reference import Rules, allows, read
from .wire import Logged

TOLERANCE_S = 0.001
# When a client gives up, its request ends for it at once and for the server when its loop gets to hear of it.
ABORTED_TOLERANCE_S = 0.010
KINDS = ("rule", "early", "delay", "retry-after", "concurrency")
_MOST_HOPS = 5


@dataclass(frozen=True)
class Violation:
    """What was wrong with one request; `detail` has the figures."""

    kind: str
    entry: Logged
    detail: str


def authority(host: str) -> str:
    """The key of politeness: the name in lower case without the root's dot, and the port unless it is 80."""
    name, _, port = host.lower().partition(":")
    name = name.removesuffix(".")
    return f"{name}:{port}" if port not in ("", "80") else name


def is_robots(entry: Logged) -> bool:
    return entry.path.startswith(("/robots.txt", "/robots-"))


class Judge:
    """One log, and the sites that were served."""

    def __init__(self, world: World, log: list[Logged], gap_s: float) -> None:
        self._world, self._gap_s = world, gap_s
        self._hosts: dict[str, list[Logged]] = defaultdict(list)
        for entry in sorted(log, key=lambda entry: entry.start):
            self._hosts[authority(entry.host)].append(entry)
        self.disputed: Counter[str] = Counter()

    def violations(self) -> list[Violation]:
        """All violations of all hosts."""
        found: list[Violation] = []
        for entries in self._hosts.values():
            pages = [entry for entry in entries if not is_robots(entry)]
            for entry in pages:
                found += self._against_rules(entry)
            for before, entry in pairwise(pages):
                found += self._too_soon(before, entry)
            found += _before_allowed(entries)
            found += _at_once(entries)
        return found

    def rules_at(self, host: str, moment: float) -> Rules | None:
        """What robots.txt said to Fontes up to a moment: rules, none (allowed), or None if it had not answered.

        Raises:
            LookupError: it could not be read, so that nothing is allowed.
        """
        verdict = self._concluded(host, "/robots.txt", moment, 0)
        if verdict == "dead":
            raise LookupError(host)
        if verdict is None:
            return None
        return read(self._world.robots[int(verdict[6:])]) if verdict.startswith("rules ") else Rules((), 0.0)

    def _concluded(self, host: str, path: str, moment: float, hops: int) -> str | None:
        """The last note that decides ("rules N", "none", "html", "dead"); what was known before an outage holds on."""
        found: str | None = None
        for entry in self._hosts[authority(host)]:
            # each spelling of a port is an origin of its own, with a robots.txt of its own
            if entry.path != path or entry.end > moment or not is_robots(entry):
                continue
            note: str | None = "dead" if entry.aborted else entry.note
            if note and note.startswith("to "):
                target = urlsplit(note[3:])
                is_last = hops == _MOST_HOPS
                note = "none" if is_last else self._concluded(target.netloc, target.path, moment, hops + 1)
            if note and (note != "dead" or found is None):
                found = note
        return found

    def _against_rules(self, entry: Logged) -> list[Violation]:
        try:
            rules = self.rules_at(entry.host, entry.start)
        except LookupError:
            return [Violation("rule", entry, "robots.txt could not be read")]
        if rules is None:
            return [Violation("early", entry, "before robots.txt was answered")]
        is_allowed = allows(rules, entry.path)
        self._ask_protego(entry, is_allowed)
        return [] if is_allowed else [Violation("rule", entry, f"{rules.lines}")]

    def _ask_protego(self, entry: Logged, is_allowed: bool) -> None:
        verdict = self._concluded(entry.host, "/robots.txt", entry.start, 0)
        if verdict and verdict.startswith("rules "):
            text = self._world.robots[int(verdict[6:])].decode("utf-8-sig", "replace").replace("\r", "\n")
            same = _protego(text).can_fetch(entry.path, "Fontes") == is_allowed
            self.disputed["as Protego" if same else "not as Protego"] += 1

    def _too_soon(self, before: Logged, entry: Logged) -> list[Violation]:
        try:
            rules = self.rules_at(entry.host, entry.start)
        except LookupError:
            rules = None
        needed = max(self._gap_s, rules.delay_s if rules else 0.0)
        waited = entry.start - before.end
        tolerance = ABORTED_TOLERANCE_S if before.aborted else TOLERANCE_S
        if waited >= needed - tolerance:
            return []
        given_up = " (given up)" if before.aborted else ""
        detail = f"{1000 * waited:.1f} ms after {before.path}{given_up}, not {1000 * needed:.0f}"
        return [Violation("delay", entry, detail)]


_parsed: dict[str, Protego] = {}


def _protego(text: str) -> Protego:
    if text not in _parsed:
        _parsed[text] = Protego.parse(text)
    return _parsed[text]


def _before_allowed(entries: list[Logged]) -> list[Violation]:
    found = []
    for asking in entries:
        if not asking.not_before:
            continue
        only = asking.note.removeprefix("onward ") if asking.note.startswith("onward ") else ""
        for entry in entries:
            is_meant = not only or entry.path == only
            if is_meant and asking.end < entry.start < asking.not_before - TOLERANCE_S:
                early = asking.not_before - entry.start
                found.append(
                    Violation("retry-after", entry, f"{early:.3f} s before {asking.path} ({asking.status}) allows")
                )
    return found


def _at_once(entries: list[Logged]) -> list[Violation]:
    found = []
    last: Logged | None = None
    for entry in entries:
        if last is not None and entry.start < last.end - (ABORTED_TOLERANCE_S if last.aborted else TOLERANCE_S):
            found.append(
                Violation(
                    "concurrency", entry, f"{last.path} was under way for {1000 * (last.end - entry.start):.1f} ms more"
                )
            )
        if last is None or entry.end > last.end:
            last = entry
    return found
