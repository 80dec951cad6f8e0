"""What a run may spend, and what it has spent."""

from dataclasses import dataclass
from time import monotonic

from .result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Where a run ends before its end; None is no bound. What is going on then is finished: one answer a place."""

    seconds: float | None = None
    money: float | None = None
    tokens: int | None = None


class Spending:
    """The account of a run: earlier parts of it count for money and tokens, not for its time."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.started = monotonic()
        self.money, self.tokens = 0.0, 0

    def book(self, result: Result) -> None:
        """Count a result, its judging included."""
        usage = (result.answer or {}).get("usage", {})
        self.money += (usage.get("money") or 0.0) + result.judged.money
        self.tokens += (usage.get("prompt_tokens") or 0) + (usage.get("completion_tokens") or 0) + result.judged.tokens

    def exceeded(self) -> str:
        """Which bound is reached, in words; "" for none."""
        bounds = self.bounds
        if bounds.seconds is not None and monotonic() - self.started >= bounds.seconds:
            return f"its {bounds.seconds:g} seconds are over"
        if bounds.money is not None and self.money >= bounds.money:
            return f"it has spent {self.money:.4g} of {bounds.money:g}"
        if bounds.tokens is not None and self.tokens >= bounds.tokens:
            return f"it has used {self.tokens:,} of {bounds.tokens:,} tokens"
        return ""
