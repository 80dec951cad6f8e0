"""What each site asks of robots: fetched once a day, by the status rules of RFC 9309 §2.3.1, and kept.

One `robots.txt` (and one `tdmrep.json`) for each scheme, host and port. Many pages may ask at once: one of them
fetches, the others wait for it.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from time import time
from typing import Any, TypeVar

from ..errors import BlockedURL, CrawlError, FetchError, Unreachable
from ..guard import Guard
from ..http import Fetcher, redirect_target
from ..politeness import Hosts
from ..url import host_key, origin, robots_url
from .lines import MAX_BYTES
from .rules import Robots
from .shelf import Kept, Shelf
from .tdm import TdmRules

_MOST_BYTES = MAX_BYTES + 1  # one more than is parsed, so that a last line cut off is known for one
_PARSED_HERE_BYTES = 100_000  # a larger file is parsed in a thread: a hostile one takes 0.3 s
DAY_S = 86_400.0  # §2.4: no copy older than this, unless the site cannot be reached
OUTAGE_S = 30 * DAY_S  # §2.3.1.4: then it may count as having no robots.txt
_TRY_AGAIN_S = 300.0
_REDIRECTS = 5  # §2.3.1.2
_TDM_PATH = "/.well-known/tdmrep.json"
_TDM_BYTES = 200_000
_MOST_IN_MEMORY = 5_000
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What asking for robots.txt came to: "rules" with their bytes, "unavailable", or "unreachable" and why."""

    kind: str
    body: bytes = b""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    robots: Robots
    until: float
    error: CrawlError | None = None


def conclude(status: int, body: bytes = b"") -> Answered:
    """What a final status means (RFC 9309 §2.3.1): 2xx rules, 4xx and unfollowed 3xx no rules, else unreachable."""
    if 200 <= status < 300:
        return Answered(kind="rules", body=body)
    if 300 <= status < 500:
        return Answered(kind="unavailable")
    return Answered(kind="unreachable", detail=f"robots.txt answers with status {status}")


def weigh(answered: Answered, kept: Kept | None, now: float, *, url: str = "") -> tuple[Robots, Kept]:
    """The rules that hold after asking, and what to keep of it; `kept` is what was known before, times are epochs.

    `url` is the robots.txt's own, against which it names sitemaps.

    Unreachable means disallow all (§2.3.1.4), but the rules known before hold on however old they are (§2.4), and
    after an outage of 30 days a site of which none are known counts as having none.
    """
    if answered.kind != "unreachable":
        body = answered.body if answered.kind == "rules" else b""
        return Robots.parse(body, url), Kept(body=body, has_rules=answered.kind == "rules", at=now)
    since = kept.unreachable_since if kept and kept.unreachable_since else now
    if kept and kept.has_rules:
        return Robots.parse(kept.body, url), Kept(body=kept.body, has_rules=True, at=kept.at, unreachable_since=since)
    marked = Kept(body=b"", has_rules=False, at=0.0, unreachable_since=since)
    if now - since >= OUTAGE_S:
        return Robots.allow_all(), marked
    return Robots.disallow_all(answered.detail), marked


def is_fresh(kept: Kept, now: float) -> bool:
    """Whether what was kept may be used without asking; a time in the future is a clock that was set."""
    return not kept.unreachable_since and 0 <= now - kept.at < DAY_S


class KnownRobots:
    """The robots.txt of every site asked of, and where it is wanted its TDM reservations."""

    def __init__(self, fetcher: Fetcher, guard: Guard, hosts: Hosts, shelf: Shelf, *, agent: str) -> None:
        self._fetcher, self._guard, self._hosts, self._shelf, self._agent = fetcher, guard, hosts, shelf, agent
        self._known: dict[str, _Known] = {}
        self._tdm: dict[str, tuple[TdmRules, float]] = {}
        self._asking: dict[str, asyncio.Task[Any]] = {}

    async def of(self, url: str) -> Robots:
        """The rules of the site of `url`; also has its host's `Crawl-delay` obeyed from here on.

        Raises:
            BlockedURL: the site's name leads to an address that is not asked.
            FetchError: "network", there is no such host, it refuses connections, or TLS fails.
        """
        site = origin(url)
        known = self._known.get(site)
        if known is None or known.until <= time():
            known = await self._once(site, lambda: self._learn(site))
        if known.error is not None:
            raise _about(url, known.error)
        if delay := known.robots.crawl_delay(self._agent):
            self._hosts.obey_delay(host_key(url), delay)
        return known.robots

    async def tdm(self, url: str) -> TdmRules:
        """The reservations of the site's `/.well-known/tdmrep.json`; none if it has no such file that may be read."""
        site = origin(url)
        rules, until = self._tdm.get(site, (None, 0.0))
        if rules is None or until <= time():
            rules = await self._once(f"tdm {site}", lambda: self._learn_tdm(site))
        return rules

    async def aclose(self) -> None:
        """Stop asking."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._shelf.aclose()

    async def _once(self, name: str, learn: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
        """What `learn` finds; who asks while it is under way gets the same. Cancelling one who waits stops no other."""
        task: asyncio.Task[_T] | None = self._asking.get(name)
        if task is None:
            task = self._asking[name] = asyncio.create_task(learn())
            task.add_done_callback(lambda done: self._learned(name, done))
        return await asyncio.shield(task)

    def _learned(self, name: str, task: "asyncio.Task[Any]") -> None:
        del self._asking[name]
        if not task.cancelled():
            task.exception()  # whoever still waits is told; if nobody does, it is no news

    async def _learn(self, site: str) -> _Known:
        now = time()
        kept = await self._shelf.get(site, "robots.txt")
        if kept is not None and is_fresh(kept, now):
            robots = await _parsed(kept.body, robots_url(site + "/"))
            return self._remember(site, _Known(robots=robots, until=kept.at + DAY_S))
        try:
            answered = await self._ask(site)
        except BlockedURL as error:
            return self._remember(site, _Known(robots=Robots.disallow_all(""), until=now + 60, error=error))
        except FetchError as error:
            if error.reason == "budget":
                raise
            if _says_nothing_of_robots(error) and not (kept and kept.has_rules):
                return self._remember(site, _Known(robots=Robots.disallow_all(""), until=now + 60, error=error))
            answered = Answered(kind="unreachable", detail=f"robots.txt cannot be read ({error.detail})")
        url = robots_url(site + "/")
        if len(answered.body) > _PARSED_HERE_BYTES:
            robots, keep = await asyncio.to_thread(weigh, answered, kept, now, url=url)
        else:
            robots, keep = weigh(answered, kept, now, url=url)
        await self._shelf.put(site, "robots.txt", keep)
        until = now + (_TRY_AGAIN_S if answered.kind == "unreachable" else DAY_S)
        return self._remember(site, _Known(robots=robots, until=until))

    def _remember(self, site: str, known: _Known) -> _Known:
        if len(self._known) >= _MOST_IN_MEMORY:
            del self._known[next(iter(self._known))]
        self._known[site] = known
        return known

    async def _ask(self, site: str) -> Answered:
        url = robots_url(site + "/")
        for hop in range(_REDIRECTS + 1):
            try:
                self._guard.check(url)
                fetched = await self._fetcher.get(url, max_bytes=_MOST_BYTES, cut=True, counted=False, use_cache=False)
            except BlockedURL as error:
                if not hop:
                    raise
                return Answered(kind="unreachable", detail=f"robots.txt leads to an address not asked ({error.detail})")
            try:
                onward = redirect_target(fetched)
            except BlockedURL as error:
                return Answered(kind="unreachable", detail=f"robots.txt leads nowhere ({error.detail})")
            if not onward:
                return conclude(fetched.status, fetched.body)
            url = onward
        return Answered(kind="unavailable")

    async def _learn_tdm(self, site: str) -> TdmRules:
        now = time()
        url = site + _TDM_PATH
        kept = await self._shelf.get(site, "tdmrep.json")
        until = kept.at + DAY_S if kept is not None and is_fresh(kept, now) else 0.0
        body = kept.body if kept is not None else b""
        if not until:
            answer = await self._tdm_body(url)
            until = now + _TRY_AGAIN_S  # a site that fails may have said something before, and may again
            if answer is not None:
                body, until = answer, now + DAY_S
                await self._shelf.put(site, "tdmrep.json", Kept(body=body, has_rules=True, at=now))
        rules = TdmRules.parse(body)
        if len(self._tdm) >= _MOST_IN_MEMORY:
            del self._tdm[next(iter(self._tdm))]
        self._tdm[site] = rules, until
        return rules

    async def _tdm_body(self, url: str) -> bytes | None:
        """The file, b"" where there is none to read, None when the site did not say."""
        if not (await self.of(url)).allows(url, self._agent):
            return b""
        try:
            fetched = await self._fetcher.get(url, max_bytes=_TDM_BYTES, cut=True, use_cache=False)
        except FetchError:
            return None
        if fetched.status == 429 or fetched.status >= 500:
            return None
        return fetched.body if fetched.status < 300 else b""


async def _parsed(body: bytes, url: str) -> Robots:
    if len(body) > _PARSED_HERE_BYTES:
        return await asyncio.to_thread(Robots.parse, body, url)
    return Robots.parse(body, url)


def _about(url: str, error: CrawlError) -> CrawlError:
    """The same failure for another URL of the site."""
    return (
        BlockedURL(url, error.detail) if isinstance(error, BlockedURL) else FetchError(url, error.reason, error.detail)
    )


def _says_nothing_of_robots(error: FetchError) -> bool:
    """Whether the host itself is not to be had (no such name, refused, TLS): then that is what the person is told."""
    return error.reason == "network" and not isinstance(error, Unreachable)
