"""How many rules of politeness are broken in ten thousand requests to sites that make it hard; counted by the server.

    python benchmarks/politeness.py
    python benchmarks/politeness.py --sabotage

A few hundred sites on loopback with robots.txt in every manner, redirects into what is forbidden, Retry-After, slow and
broken answers. Hundreds of tasks ask for all addresses in random order, allowed or not; some calls are cancelled on the
way and made again, and twice all are cancelled at once. Then violations are counted from the server's log alone:
robots.txt is judged by a second implementation, times are the server's. Exit code 1 if there is any, or if fewer
requests came than asked for. The gap is shorter than the default of 1 s, so that the run ends within minutes.

`--sabotage` tries the judge instead: a plain client that keeps all rules must come out clean, and one that forgets
a rule must be found out.
"""

import argparse
import asyncio
import logging
import math
import os
import platform
import random
import sys
import time
from collections import Counter
from urllib.parse import urlsplit

from fontes.crawler import Crawler, CrawlPolicy, Skipped
from loopback.hostile import World
from loopback.judge import ABORTED_TOLERANCE_S, KINDS, TOLERANCE_S, Judge, Violation, authority, is_robots
from loopback.robots_reference import allows
from loopback.rude import Plain
from loopback.wire import Logged, running, taken_log

TASKS = 400
CONCURRENCY = 64


class Driver:
    """Lets Fontes loose on all addresses; `outcomes` counts what became of them, `refused` has robots.txt's reasons."""

    def __init__(self, crawler: Crawler, seed: int) -> None:
        self._crawler, self._rng = crawler, random.Random(seed)
        self.outcomes: Counter[str] = Counter()
        self.refused: dict[str, str] = {}

    async def crawl(self, urls: list[str]) -> None:
        """Ask for all, in three parts: what is under way when a part runs out is cancelled and asked in the next."""
        undone: list[str] = []
        for part in (urls[0::3], urls[1::3]):
            undone = await self._part([*undone, *part], is_last=False)
        await self._part([*undone, *urls[2::3]], is_last=True)

    async def _part(self, urls: list[str], *, is_last: bool) -> list[str]:
        """Work through addresses with many tasks; what was cut short comes back."""
        waiting = iter(urls)
        undone: list[str] = []
        is_empty = asyncio.Event()

        async def visitor() -> None:
            for url in waiting:
                try:
                    await self._visit(url)
                except asyncio.CancelledError:
                    undone.append(url)
                    raise
            is_empty.set()

        tasks = [asyncio.create_task(visitor()) for _ in range(TASKS)]
        await is_empty.wait()
        if not is_last:
            for task in tasks:
                task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception):
                raise end
        return undone

    async def _visit(self, url: str) -> None:
        call = self._crawler.fetch if self._rng.random() < 0.2 else self._crawler.body
        if self._rng.random() < 0.05:  # who asked gives up, and asks again at once
            try:
                async with asyncio.timeout(self._rng.random() ** 3):
                    await call(url)
            except TimeoutError:
                self.outcomes["given up"] += 1
        found = await call(url)
        self.outcomes[found.reason if isinstance(found, Skipped) else "read"] += 1
        if isinstance(found, Skipped) and found.reason == "robots":
            self.refused[url] = found.detail


async def fontes(port: int, urls: list[str], gap_s: float, seed: int) -> Driver:
    """A run of Fontes with its defaults, but for the gap, shorter deadlines, and the override of names."""
    policy = CrawlPolicy(gap_s=gap_s, resolve={"*": f"127.0.0.1:{port}"}, concurrency=CONCURRENCY, connect_s=2,
                         first_byte_s=3, total_s=5, contact="https://example.test/", workers=2)  # fmt: skip
    async with Crawler(policy) as crawler:
        driver = Driver(crawler, seed)
        await driver.crawl(urls)
    return driver


def refused_needlessly(judge: Judge, urls: list[str]) -> list[str]:
    """Addresses given up for robots.txt that the reference allows: no violation, but no crawl either."""
    found = []
    for url in urls:
        parts = urlsplit(url)
        # an address that redirects may be refused for where it leads, and one in another spelling is not what is asked
        if "/ok-" not in parts.path or "/./" in parts.path or parts.netloc != parts.netloc.lower():
            continue
        try:
            rules = judge.rules_at(parts.netloc, math.inf)
        except LookupError:
            continue
        if rules is not None and allows(rules, f"{parts.path}?{parts.query}" if parts.query else parts.path):
            found.append(url)
    return found


def report(log: list[Logged], judge: Judge, shown: int) -> Counter[str]:
    """Print the counts, and the first violations of each kind; give the counts."""
    violations = judge.violations()
    counts = Counter(violation.kind for violation in violations)
    pages = [entry for entry in log if not is_robots(entry)]
    hosts = {authority(entry.host) for entry in log}
    print(f"{len(log):,} requests to {len(hosts)} hosts, {len(log) - len(pages):,} of them for robots.txt; "
          f"{sum(entry.aborted for entry in log)} given up under way; "
          f"{sum(entry.not_before > 0 for entry in log)} answers asked to wait")  # fmt: skip
    agreed, disputed = judge.disputed["as Protego"], judge.disputed["not as Protego"]
    print(f"the reference judged {agreed + disputed:,} pages by rules, {agreed:,} of them as Protego does")
    statuses = Counter(entry.status for entry in pages)
    print("statuses of pages: " + ", ".join(f"{status or 'none'} {n:,}" for status, n in sorted(statuses.items())))
    for kind in KINDS:
        print(f"violations, {kind:12} {counts[kind]:6,}")
        its: list[Violation] = [violation for violation in violations if violation.kind == kind]
        for violation in its[:shown]:
            print(f"    {violation.entry.host}{violation.entry.path} ({violation.entry.status}): {violation.detail}")
    return counts


def sabotage(gap_s: float) -> int:
    """The plain client with all its manners, then without each: whether the judge sees the difference."""
    is_right = True
    for forgotten in ("", *KINDS):
        with running("loopback.hostile", "--hosts", "60", "--seed", "7") as port:
            world = World.drawn(60, 7)
            urls = world.addresses(20, 7)
            asyncio.run(Plain(port, gap_s, frozenset({forgotten})).crawl(urls))
            log = taken_log(port)
        counts = Counter(violation.kind for violation in Judge(world, log, gap_s).violations())
        # two requests at once also come too early; each other kind is to be found alone
        is_alone = counts.total() == counts[forgotten] or forgotten == "concurrency"
        is_as_meant = counts[forgotten] > 0 and is_alone if forgotten else not counts
        is_right &= is_as_meant
        name = f"forgets {forgotten}" if forgotten else "keeps all rules"
        found = ", ".join(f"{kind} {counts[kind]}" for kind in KINDS)
        print(f"{name:22} {len(log):5,} requests: {found}{'' if is_as_meant else '   WRONG'}")
    return 0 if is_right else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=10_000, help="the fewest that the log must hold")
    parser.add_argument("--hosts", type=int, default=300)
    parser.add_argument("--a-host", type=int, default=50, help="addresses asked of each host")
    parser.add_argument("--gap-s", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=3, help="violations of each kind to print")
    parser.add_argument("--sabotage", action="store_true", help="try the judge on a rude client")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    print("python", *sys.argv, f"  ({platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()})")
    print(f"politeness override: a gap of {options.gap_s:g} s instead of 1 s; tolerance {1000 * TOLERANCE_S:g} ms, "
          f"{1000 * ABORTED_TOLERANCE_S:g} ms after a request given up")  # fmt: skip
    if options.sabotage:
        return sabotage(options.gap_s)
    world = World.drawn(options.hosts, options.seed)
    urls = world.addresses(options.a_host, options.seed)
    with running("loopback.hostile", "--hosts", str(options.hosts), "--seed", str(options.seed)) as port:
        start = time.perf_counter()
        driver = asyncio.run(fontes(port, urls, options.gap_s, options.seed))
        seconds = time.perf_counter() - start
        log = taken_log(port)
    print(f"{len(urls):,} addresses of {options.hosts} hosts in {seconds:.0f} s, {TASKS} tasks, {CONCURRENCY} at once")
    print("outcomes: " + ", ".join(f"{name} {n:,}" for name, n in driver.outcomes.most_common()))
    judge = Judge(world, log, options.gap_s)
    counts = report(log, judge, options.show)
    needless = refused_needlessly(judge, list(driver.refused))
    print(f"refused for robots.txt though the reference allows it: {len(needless)}")
    for url in needless[: options.show]:
        print(f"    {url}: {driver.refused[url]}")
    if len(log) < options.requests:
        print(f"only {len(log):,} of {options.requests:,} requests came: this run shows too little")
        return 1
    return 1 if counts.total() else 0


if __name__ == "__main__":
    sys.exit(main())
