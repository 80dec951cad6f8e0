"""What a run is doing, read from its events: the step, its counts, how long it took, and what it waits for."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from ..events import Event

RIVER = ("understand", "route", "search", "crawl", "retrieve", "rerank", "draft", "verify", "answer")
QUIET_S = 2.0
"""After that long without an event the reader is told what the run waits for."""

_LEAST_SEEN_S = 1.0
_LEAST_DONE = 3
_HITS = re.compile(r"^(?P<provider>.*): (?P<hits>\d+) hits?$")
_PAGES = re.compile(r"^(?P<done>\d+) of (?P<total>\d+) pages: (?P<read>\d+) read, (?P<skipped>\d+) skipped$")
_FILES = re.compile(r"^read (?P<done>[\d,]+) of (?P<total>[\d,]+) files$")
_PASSAGES = re.compile(r"^found (?P<found>[\d,]+) passages$")


@dataclass(slots=True, kw_only=True)
class Counts:
    """How much was found, read, skipped, and kept as evidence; `done` of `total` are those of the step's own list."""

    found: int = 0
    read: int = 0
    skipped: int = 0
    evidence: int = 0
    done: int = 0
    total: int = 0
    sentences: int = 0
    verified: int = 0

    def words(self) -> str:
        """The counts that are not 0: `found 24 · read 9 · skipped 5 · evidence 31`."""
        named = (("found", self.found), ("read", self.read), ("skipped", self.skipped), ("evidence", self.evidence))
        return " · ".join(f"{name} {count:,}" for name, count in named if count)


@dataclass(slots=True, kw_only=True)
class Stages:
    """Fed with a run's events. `seconds` is what the run may take in all, None without a limit.

    `writer` is who writes, in words ("the model", "the writer"); `step` is "" until the run begins.
    """

    seconds: float | None = None
    writer: str = "the writer"
    clock: Callable[[], float] = monotonic
    step: str = ""
    counts: Counts = field(default_factory=Counts)
    passed: list[str] = field(default_factory=list)
    round: int = 0
    detail: str = ""
    failed: dict[str, str] = field(default_factory=dict)
    _began: float = 0.0
    _step_began: float = 0.0
    _heard: float = 0.0

    def __post_init__(self) -> None:
        self._began = self._step_began = self._heard = self.clock()

    def take(self, event: Event) -> None:
        """Note what the event tells."""
        self._heard = self.clock()
        match event.kind:
            case "step_started":
                self._enter(event.step)
            case "step_finished" if event.step not in self.passed:
                self.passed.append(event.step)
            case "progress" if isinstance(event.value, str):
                self._count(event.step, event.value)
            case "sentence":
                self.counts.sentences += 1
            case "verdict":
                self.counts.verified += 1

    def elapsed_s(self) -> float:
        """Seconds since the question was sent."""
        return self.clock() - self._began

    def left_s(self) -> float | None:
        """Seconds that the run may still take, None without a limit."""
        return None if self.seconds is None else max(0.0, self.seconds - self.elapsed_s())

    def eta_s(self) -> float | None:
        """Seconds that the present step will take at its pace so far; None while that would be a guess."""
        passed = self.clock() - self._step_began
        done, total = self.counts.done, self.counts.total
        if self.step != "crawl" or passed < _LEAST_SEEN_S or done < _LEAST_DONE or done >= total:
            return None
        at_this_pace = passed * (total - done) / done
        left = self.left_s()
        return at_this_pace if left is None else min(at_this_pace, left)

    def quiet_s(self) -> float:
        """Seconds since anything was heard of the run."""
        return self.clock() - self._heard

    def waits_for(self) -> str:
        """What the present step waits for, in words."""
        match self.step:
            case "search":
                return "the search providers"
            case "crawl":
                left = self.counts.total - self.counts.done
                return f"{left:,} more to be read" if left > 0 else "the first page, politely"
            case "retrieve":
                return "the index"
            case "rerank":
                return "the passages to be put in order"
            case "draft":
                return f"{self.writer} to write"
            case "verify":
                left = self.counts.sentences - self.counts.verified
                return "the last check" if left <= 1 else f"the check of {left} sentences"
            case "understand" | "route" | "repair":
                return f"the question to be understood ({self.step})"
            case "answer":
                return "the answer to be stored"
        return "its turn"

    def _enter(self, step: str) -> None:
        if step == "repair":
            self.round += 1
            self.passed = self.passed[:2]
        self.step, self.detail = step, ""
        self._step_began = self.clock()
        self.counts.done = self.counts.total = 0

    def _count(self, step: str, line: str) -> None:
        self.detail = line
        if step == "search":
            hits = _HITS.match(line)
            if hits:
                self.counts.found += int(hits["hits"])
            else:
                provider, _, why = line.partition(": ")
                self.failed[provider] = why
        elif pages := _PAGES.match(line):
            self.counts.done, self.counts.total = int(pages["done"]), int(pages["total"])
            self.counts.read, self.counts.skipped = int(pages["read"]), int(pages["skipped"])
        elif files := _FILES.match(line):
            self.counts.done, self.counts.total = _number(files["done"]), _number(files["total"])
            self.counts.read = self.counts.done
        elif passages := _PASSAGES.match(line):
            self.counts.evidence = _number(passages["found"])


def _number(text: str) -> int:
    return int(text.replace(",", ""))
