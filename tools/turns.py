"""When a service may be asked again: not too soon after the last time, and not too often a day."""

import asyncio
import time

from .connection import Failed
from .daily import DailyCount
from .errors import LimitReached, QuotaSpent, SearchError
from .terms import Terms


class Turns:
    """The requests to one service, by its terms: callers are let through one after the other."""

    def __init__(self, provider: str, terms: Terms) -> None:
        self._terms = terms
        self._counted = DailyCount(provider, terms.counts)
        self._next_at = float("-inf")

    async def take(self) -> None:
        """Wait for the next turn, and count it.

        Raises:
            Failed: it is too far away (LimitReached), or the day's budget is used up (QuotaSpent).
        """
        now = time.monotonic()
        wait_s = self._next_at - now
        if wait_s > self._terms.deadline_s:
            raise Failed(LimitReached, f"its next turn is in {wait_s:.0f} s", retry_after_s=wait_s)
        self._next_at = max(self._next_at, now) + self._terms.min_interval_s
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        await self._count()

    async def _count(self) -> None:
        if (most := self._terms.daily) is None:
            return
        try:
            in_file = self._terms.counts is not None
            counted = await asyncio.to_thread(self._counted.take, most) if in_file else self._counted.take(most)
        except OSError as error:
            raise Failed(SearchError, f"its requests cannot be counted: {error}") from error
        if not counted:
            why = f"the budget of {most} requests a day is used up; it starts anew at 00:00 UTC, or raise the budget"
            raise Failed(QuotaSpent, why)
