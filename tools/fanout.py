"""Several search providers asked at once, and the next in line when one fails."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from .errors import KeyRefused, LimitReached, QuotaSpent, SearchError, ServiceDown
from .filters import ANY, Filters, domains
from .hit import Hit
from .later import listen
from .merge import merge
from .search import MOST, Search
from .searched import Searched

Progress = Callable[[Searched, tuple[Hit, ...]], None]
"""Called as each provider answers or fails, first come first, with its row and its hits."""

_PAUSE_S = 60.0
_PAUSING = (LimitReached, QuotaSpent, KeyRefused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The hits of all who answered, and one row for everyone in turn, in the order in which they ended."""

    hits: tuple[Hit, ...]
    searched: tuple[Searched, ...]

    @property
    def failed(self) -> bool:
        """Whether nobody of those asked answered; having found nothing is an answer."""
        return bool(self.searched) and all(row.error for row in self.searched)


@dataclass(slots=True)
class _Round:
    query: str
    limit: int
    filters: Filters
    progress: Progress | None
    waiting: Iterator[int]
    answers: dict[int, tuple[Hit, ...]] = field(default_factory=dict)
    searched: list[Searched] = field(default_factory=list)


class FanOut:
    """A search engine made of others: the first `width` of them side by side, the rest as their replacements.

    A provider that fails or finds nothing is replaced by the next in line. One that limited, or refused its key, is not
    asked again until its `retry_after_s`, or 60 s, have passed. Once the first hits are here, the others have `grace_s`
    more; in any case all ends after `deadline_s`, with what there is.

    `deny` and `allow` are domains that never, or alone, may be in the hits. `per_domain` is the most hits of one host.

    Raises:
        ValueError: there is no provider, `width` is below 1, or a domain is none.
    """

    name = "fanout"

    def __init__(
        self,
        providers: Sequence[Search],
        *,
        width: int = 2,
        allow: Sequence[str] = (),
        deny: Sequence[str] = (),
        per_domain: int | None = None,
        deadline_s: float = 15.0,
        grace_s: float = 3.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not providers or width < 1:
            raise ValueError(f"at least one provider and a width of at least 1: {len(providers)}, {width}")
        self._providers, self._width = tuple(providers), width
        self._allow, self._deny, self._per_domain = domains(allow), domains(deny), per_domain
        self._deadline_s, self._grace_s, self._clock = deadline_s, grace_s, clock
        self._paused_until: dict[int, float] = {}
        common = frozenset.intersection(*(provider.honours for provider in providers))
        self.honours = common | {"sites", "not_sites"}

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says.

        Raises:
            SearchError: nobody answered; the message has everyone's reason.
        """
        merged = await self.gather(query, limit=limit, filters=filters)
        if merged.failed:
            reasons = "; ".join(f"{row.provider}: {row.error.why}" for row in merged.searched if row.error)
            raise SearchError(self.name, query, f"no provider answered ({reasons})")
        return merged.hits

    async def gather(
        self, query: str, *, limit: int = 10, filters: Filters = ANY, progress: Progress | None = None
    ) -> Merged:
        """The hits with the rows of the ledger. It does not raise when nobody answers: `failed` says so."""
        limit = min(limit, MOST)
        if limit < 1 or not query.strip():
            return Merged(hits=(), searched=())
        waiting = iter(range(len(self._providers)))
        this = _Round(query=query, limit=limit, filters=filters, progress=progress, waiting=waiting)
        try:
            async with asyncio.timeout(self._deadline_s) as bound, asyncio.TaskGroup() as group:
                for _ in range(min(self._width, len(self._providers))):
                    group.create_task(self._fill_place(this, bound))
        except TimeoutError:
            pass  # those who were still asked have their rows
        answers = [this.answers[number] for number in sorted(this.answers)]
        hits = merge(
            answers, limit=limit, filters=filters, allow=self._allow, deny=self._deny, per_domain=self._per_domain
        )
        return Merged(hits=hits, searched=tuple(this.searched))

    async def _fill_place(self, this: _Round, bound: asyncio.Timeout) -> None:
        """Ask one after the other until one has hits."""
        for number in this.waiting:
            if await self._ask(number, this):
                soon = asyncio.get_running_loop().time() + self._grace_s
                if (ends := bound.when()) is not None and soon < ends and not bound.expired():
                    bound.reschedule(soon)
                return

    async def _ask(self, number: int, this: _Round) -> bool:
        """Whether this provider has hits; its row is written in any case."""
        provider, started = self._providers[number], self._clock()
        hits: tuple[Hit, ...] = ()
        error, later = self._on_pause(number, this.query), listen()
        try:
            if error is None:
                hits = await provider.search(this.query, limit=this.limit, filters=this.filters)
                this.answers[number] = hits
        except SearchError as failed:
            error = failed
            self._pause(number, failed)
        except asyncio.CancelledError:
            error = ServiceDown(provider.name, this.query, "no answer while it was waited for")
            raise
        finally:
            seconds = self._clock() - started
            row = Searched(
                provider=provider.name, query=this.query, hits=len(hits), seconds=seconds, error=error,
                later=later[0] if later else None,
            )  # fmt: skip
            this.searched.append(row)
            if this.progress:
                this.progress(row, hits)
        return bool(hits)

    def _on_pause(self, number: int, query: str) -> SearchError | None:
        left_s = self._paused_until.get(number, float("-inf")) - self._clock()
        if left_s <= 0:
            return None
        why = f"not asked: it refused a moment ago, and is left alone for another {left_s:.0f} s"
        return LimitReached(self._providers[number].name, query, why, left_s)

    def _pause(self, number: int, failed: SearchError) -> None:
        if isinstance(failed, _PAUSING):
            told_s = failed.retry_after_s if isinstance(failed, LimitReached) else None
            self._paused_until[number] = self._clock() + (_PAUSE_S if told_s is None else told_s)
