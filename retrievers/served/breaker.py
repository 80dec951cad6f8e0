"""A circuit breaker: a server that keeps failing is left alone for a while, and costs nobody a wait."""

from collections.abc import Callable
from time import monotonic


class Breaker:
    """Opens after `failures` in a row; then lets one request through every `rest_s` seconds until one succeeds.

    Half-open is a moment, not a state: a trial that is cancelled leaves nothing behind that would keep others out.
    """

    def __init__(self, *, failures: int = 5, rest_s: float = 15.0, clock: Callable[[], float] = monotonic) -> None:
        self._most, self._rest_s, self._clock = failures, rest_s, clock
        self._failures = 0
        self._last = 0.0  # when it opened, or let the last trial through

    def rests_s(self) -> float:
        """Seconds until the next request is let through; 0 when it would be now."""
        if self._failures < self._most:
            return 0.0
        return max(0.0, self._last + self._rest_s - self._clock())

    def admits(self) -> bool:
        """Whether a request may go now; if the server is being left alone, this one is the trial."""
        if self.rests_s():
            return False
        self._last = self._clock()
        return True

    def succeeded(self) -> None:
        """The server gave a reply, if only a refusal."""
        self._failures = 0

    def failed(self) -> None:
        """It gave none."""
        self._failures += 1
        if self._failures >= self._most:
            self._last = self._clock()
