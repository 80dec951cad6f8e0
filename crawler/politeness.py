"""Whose turn it is: one request at a time to a host, a pause after each, and no host waits for another's slowness.

A request takes a turn and ends it when the last byte is read. Between the end of a turn and the start of the next lies
the host's gap: the setting, or the site's `Crawl-delay`, or, when the site answers slowly, as long as it took to
answer. `Retry-After` holds a host back for as long as it says. Turns to different hosts go on side by side, as many as
`concurrency` allows, first come, first served; who waits for a host's gap keeps nobody else waiting.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from .errors import FetchError
from .policy import CrawlPolicy

_SLOW_S = 1.0  # an answer below this is no sign that the site is under strain
_SMOOTHING = 0.3  # weight of the latest answer in a host's smoothed slowness
_LONGEST_PAUSE_S = 60.0  # that slowness alone may bring about
_LEAST_GRACE_S, _MOST_GRACE_S = 0.05, 1.0  # added to the gap after a request that was given up
_MOST_IDLE_HOSTS = 2_000
_OLD_S = 120.0


@dataclass(slots=True)
class _Host:
    """What is known of one host; times are of the monotonic clock, in seconds."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)  # parts two requests to this host
    waiting: int = 0
    free_at: float = 0.0  # the gap ends
    held_until: float = 0.0  # what Retry-After asked for
    crawl_delay_s: float = 0.0
    slowness_s: float = 0.0


class Turn:
    """The right to make one request to a host; whoever takes it ends it, once the last byte is read or given up."""

    __slots__ = ("_counted", "_end", "_host", "_is_over", "is_whole", "started")

    def __init__(self, host: _Host, end: "Callable[[_Host, Turn], None]", *, counted: bool, started: float) -> None:
        self._host, self._end, self._counted, self._is_over = host, end, counted, False
        self.is_whole = False
        """Whether the answer came to its end; who gives one up sets the server free later than itself."""
        self.started = started

    @property
    def is_counted(self) -> bool:
        """Whether a gap begins at its end."""
        return self._counted

    def answered(self, seconds: float) -> None:
        """Note how long the head of the answer took; a slow site gets longer pauses."""
        slowness = seconds if seconds > _SLOW_S else 0.0
        self._host.slowness_s += _SMOOTHING * (slowness - self._host.slowness_s)
        self._host.slowness_s = max(self._host.slowness_s, slowness)

    def end(self) -> None:
        """Give the host free, after its gap; safe to repeat."""
        if not self._is_over:
            self._is_over = True
            self._end(self._host, self)


class Hosts:
    """The turns of all hosts, for one crawler on one event loop."""

    def __init__(self, policy: CrawlPolicy) -> None:
        self._policy = policy
        self._slots = asyncio.Semaphore(policy.concurrency)
        self._hosts: dict[str, _Host] = {}

    async def turn(self, host: str, *, counted: bool = True) -> Turn:
        """Wait for a turn with `host` (a `url.host_key`).

        A turn that is not `counted` (robots.txt) neither waits for the gap nor begins one; it still is the only one.

        Raises:
            FetchError: "budget", the site itself asks to be left alone for longer than `max_wait_s`.
        """
        state = self._state(host)
        self._refuse_long_waits(host, state, counted)
        state.waiting += 1
        try:
            await state.lock.acquire()
            try:
                await self._pause(host, state, counted)
                await self._slots.acquire()
            except BaseException:
                state.lock.release()
                raise
        finally:
            state.waiting -= 1
        return Turn(state, self._over, counted=counted, started=monotonic())

    def hold(self, host: str, seconds: float) -> None:
        """Ask nothing of `host` for so long: it said so (`Retry-After`, RFC 9110 §10.2.3)."""
        state = self._state(host)
        state.held_until = max(state.held_until, monotonic() + seconds)

    def obey_delay(self, host: str, seconds: float) -> None:
        """Keep the host's `Crawl-delay` from now on; a longer one of before, of its other scheme, stays."""
        state = self._state(host)
        if seconds > state.crawl_delay_s:
            old = self._gap_s(state)
            state.crawl_delay_s = seconds
            state.free_at += self._gap_s(state) - old  # the gap that runs, if one does, was of the old length

    def wait_s(self, host: str) -> float:
        """Seconds until the host may be asked again, as it looks now, not counting who waits already."""
        state = self._state(host)
        return max(0.0, max(state.free_at, state.held_until) - monotonic())

    def states(self) -> tuple[tuple[str, str], ...]:
        """The hosts that someone waits for or talks to, and what they do: "asking" or "pausing 0.8 s"."""
        now = monotonic()
        busy = ((name, state) for name, state in self._hosts.items() if state.lock.locked())
        return tuple(
            (name, f"pausing {left:.1f} s" if (left := max(state.free_at, state.held_until) - now) > 0 else "asking")
            for name, state in busy
        )

    def _state(self, host: str) -> _Host:
        state = self._hosts.get(host)
        if state is None:
            if len(self._hosts) >= _MOST_IDLE_HOSTS:
                self._forget_idle()
            state = self._hosts[host] = _Host()
        return state

    def _forget_idle(self) -> None:
        """Drop hosts that nothing is remembered for any more, so that a long crawl stays small."""
        old = monotonic() - _OLD_S
        for name, state in list(self._hosts.items()):
            idle = not state.waiting and not state.lock.locked()
            if idle and max(state.free_at, state.held_until) < old:
                del self._hosts[name]

    def _refuse_long_waits(self, host: str, state: _Host, counted: bool) -> None:
        until = max(state.held_until, state.free_at) if counted else state.held_until
        wait = until - monotonic()
        if wait > self._policy.max_wait_s:
            raise FetchError(host, "budget", f"{host} asks to be left alone for another {wait:,.0f} s")

    async def _pause(self, host: str, state: _Host, counted: bool) -> None:
        while (wait := (max(state.held_until, state.free_at) if counted else state.held_until) - monotonic()) > 0:
            self._refuse_long_waits(host, state, counted)
            await asyncio.sleep(wait)

    def _gap_s(self, state: _Host) -> float:
        return max(self._policy.gap_s, state.crawl_delay_s, min(state.slowness_s, _LONGEST_PAUSE_S))

    def _over(self, state: _Host, turn: Turn) -> None:
        if turn.is_counted:
            gap = self._gap_s(state)
            # The server learns later than we that a request was given up, and may be at work on it still
            grace = 0.0 if turn.is_whole else min(max(gap, _LEAST_GRACE_S), _MOST_GRACE_S)
            state.free_at = monotonic() + gap + grace
        state.lock.release()
        self._slots.release()
