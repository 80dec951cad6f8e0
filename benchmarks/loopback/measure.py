"""What one crawling process measures of itself: pages, their times, CPU, memory, and how long its loop stood still."""

import asyncio
import contextlib
import json
import resource
import time
from array import array
from collections.abc import AsyncIterator, Iterator, MutableSequence
from dataclasses import asdict, dataclass, field

import psutil

TICK_S = 0.005


def _figures() -> MutableSequence[float]:
    return array("f")  # a list of as many floats would be most of what a long run grows by


@dataclass
class Measured:
    """The figures of one system over one run.

    `seconds` run from opening the crawler (its processes too) to the last page, imports not included; `cpu_s` is that
    of the process and of the children it waited for. `times` holds the seconds of every page from its request to its
    outcome. `lateness` holds how late a task came that sleeps 5 ms at a time, and `stalls` the part of it in which the
    loop's own thread was computing (both in seconds, empty where not measured): the rest is the machine's, which
    gave the core to another process. `marks` holds the monotonic time after every `mark_every` pages.
    """

    system: str
    seconds: float = 0.0
    cpu_s: float = 0.0
    times: MutableSequence[float] = field(default_factory=_figures)
    outcomes: dict[str, int] = field(default_factory=dict)
    characters: int = 0
    lateness: MutableSequence[float] = field(default_factory=_figures)
    stalls: MutableSequence[float] = field(default_factory=_figures)
    marks: list[float] = field(default_factory=list)
    mark_every: int = 0
    note: str = ""

    def page(self, seconds: float, outcome: str, characters: int = 0) -> None:
        """Write down one page; `outcome` is "page", or why there is none."""
        self.times.append(seconds)
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
        self.characters += characters
        if self.mark_every and len(self.times) % self.mark_every == 0:
            self.marks.append(time.monotonic())

    def json(self) -> str:
        """One line for the process that compares."""
        return json.dumps(asdict(self), default=list)


def memory_mb(pid: int) -> tuple[float, float]:
    """Resident memory of a process, and of all its children together, in MB; 0 for what has ended."""
    own, children = 0.0, 0.0
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        own = process.memory_info().rss / 1e6
        for child in process.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                children += child.memory_info().rss / 1e6
    return own, children


def cpu_s() -> float:
    """CPU seconds of this process and of the children it has waited for."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


@contextlib.asynccontextmanager
async def watched_loop(measured: Measured) -> AsyncIterator[None]:
    """Measure how late the loop wakes a sleeper, for as long as the body runs."""

    async def sleeper() -> None:
        while True:
            due, spent = time.perf_counter() + TICK_S, time.thread_time()
            await asyncio.sleep(TICK_S)
            late = max(0.0, time.perf_counter() - due)
            measured.lateness.append(late)
            measured.stalls.append(min(late, time.thread_time() - spent))

    task = asyncio.create_task(sleeper())
    try:
        yield
    finally:
        task.cancel()


@contextlib.contextmanager
def clocked(measured: Measured) -> Iterator[None]:
    """Take the wall clock and the CPU of the body, the children it closes included."""
    start, spent = time.perf_counter(), cpu_s()
    yield
    measured.seconds = time.perf_counter() - start
    measured.cpu_s = cpu_s() - spent
