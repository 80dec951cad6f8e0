"""What a run is doing, on one line: the counts of search and crawl, the present step, and the time left."""

import re
from time import monotonic

from rich.text import Text

from ...crawler import clean
from ..events import Event

_WEB_STEPS = ("search", "crawl")
_HITS = re.compile(r"(\d+) hits?")


class StageLine:
    """Fed with a run's events; a console prints it anew several times a second.

    `seconds` is what search and crawl may take together; 0 where there is no web in the plan.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._step = ""
        self._web_began: float | None = None
        self._told: dict[str, str] = {}
        self._hits: dict[str, int | None] = {}  # by provider; None: it failed

    def take(self, event: Event) -> None:
        """Note what the event tells."""
        if event.kind == "step_started":
            self._step = event.step
            if event.step in _WEB_STEPS and self._web_began is None:
                self._web_began = monotonic()
        elif event.kind == "progress" and isinstance(event.value, str):
            self._told[event.step] = self._searched(event.value) if event.step == "search" else event.value

    def _searched(self, line: str) -> str:
        """`provider: 20 hits`, summed up over the queries of a provider."""
        provider, _, outcome = line.partition(": ")
        if hits := _HITS.fullmatch(outcome):
            self._hits[provider] = (self._hits.get(provider) or 0) + int(hits[1])
        else:
            self._hits.setdefault(provider, None)
        return ", ".join(
            f"{name} failed" if count is None else f"{name} {count} hits" for name, count in self._hits.items()
        )

    def __rich__(self) -> Text:
        """The line as it stands now."""
        parts = [f"{step}: {self._told[step]}" for step in _WEB_STEPS if step in self._told]
        if self._step not in _WEB_STEPS:
            told = self._told.get(self._step, "")
            parts.append(f"{self._step}: {told}" if told else self._step)
        elif self._step not in self._told:
            parts.append(self._step)
        if self._step in _WEB_STEPS and self._seconds and self._web_began is not None:
            left = max(0.0, self._seconds - (monotonic() - self._web_began))
            parts.append(f"{left:.0f} s left")
        return Text(clean(" · ".join(filter(None, parts))).replace("\n", " "), no_wrap=True, overflow="ellipsis")
