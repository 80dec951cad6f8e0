"""How fast real pages are read over loopback, politely, with peers in the same run on the same pages and server.

    python benchmarks/crawl.py --data ../shared/data/extraction
    python benchmarks/crawl.py --data ../shared/data/extraction --only fontes --long 20000

A server process gives the pages of the extraction sets as many sites of 20 pages; each system runs alone in a fresh
process, one request a host at a time, robots.txt obeyed, no gap. `fontes` reads and extracts (two workers),
`fontes-fetch` only reads; `scrapy` and `httpx-pool` (two workers) call trafilatura with metadata; `scrapy-fetch` and
`aiohttp-fetch` only read, the last without robots.txt; `ceiling` is what the server can give. A page's time runs from
its request to its outcome, with 32 requests under way. "stall" is how late the loop's process wakes a task that sleeps
5 ms; "own" the part of it that the loop itself was computing. With `--long` memory is taken at ten points.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from loopback.measure import Measured, memory_mb
from loopback.systems import run
from loopback.wire import Logged, running, taken_log

SYSTEMS = ("ceiling", "aiohttp-fetch", "scrapy-fetch", "fontes-fetch", "httpx-pool", "scrapy", "fontes")


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory at one moment of the monotonic clock: the system's process and all its children together, MB."""

    at: float
    own_mb: float
    children_mb: float


def alone(system: str, port: int, options: argparse.Namespace) -> tuple[Measured, list[Memory]]:
    """A system's figures from a process of its own, and that process's memory four times a second."""
    command = [sys.executable, __file__, "--data", str(options.data), "--child", system, str(port),
               "--pages", str(options.pages), "--long", str(options.long), "--hosts-of", str(options.hosts_of),
               "--gap-s", str(options.gap_s)]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    samples: list[Memory] = []

    def watch() -> None:
        while process.poll() is None:
            # from outside: looking for children takes longer than the loop may stand still
            samples.append(Memory(time.monotonic(), *memory_mb(process.pid)))
            time.sleep(0.25)

    watcher = threading.Thread(target=watch)
    watcher.start()
    out, _ = process.communicate()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{system} ended with {process.returncode}")
    return Measured(**json.loads(out.splitlines()[-1])), samples


def most_at_once(log: list[Logged]) -> int:
    """The largest number of requests that one host had under way together."""
    moments: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for entry in log:
        # an answer's end sorts before a start of the same moment
        moments[entry.host] += [(entry.start, 1), (entry.end, -1)]
    most = 0
    for steps in moments.values():
        now = 0
        for _, step in sorted(steps):
            now += step
            most = max(most, now)
    return most


def percentile(values: Sequence[float], share: float) -> float:
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def line(measured: Measured, samples: list[Memory], log: list[Logged]) -> str:
    """One row of the table."""
    count = len(measured.times)
    robots = sum(entry.path == "/robots.txt" for entry in log)
    own_mb = max(sample.own_mb for sample in samples)
    all_mb = max(sample.own_mb + sample.children_mb for sample in samples)
    others = {name: n for name, n in measured.outcomes.items() if name != "page"}
    return (
        f"{measured.system:14} {count / measured.seconds:8.1f} {1000 * measured.cpu_s / count:8.2f}"
        f" {1000 * percentile(measured.times, 0.5):8.1f} {1000 * percentile(measured.times, 0.99):8.1f}"
        f" {own_mb:7.0f} {all_mb:7.0f} {robots:7} {most_at_once(log):8}   {measured.note}"
        + (f"; no text: {others}" if others else "")
    )


def stalls(measured: Measured) -> str:
    """How long the loop stood still."""
    return (
        f"{measured.system}: loop late by {1000 * percentile(measured.lateness, 0.999):.1f} ms (p99.9), at most "
        f"{1000 * max(measured.lateness):.1f} ms; computing itself {1000 * percentile(measured.stalls, 0.999):.1f} ms "
        f"(p99.9), at most {1000 * max(measured.stalls):.1f} ms; {len(measured.lateness)} ticks"
    )


def memory_lines(measured: Measured, samples: list[Memory]) -> list[str]:
    """Memory along a long run, and its slope over the second half: pools and caches are full by then."""
    points = [max((sample for sample in samples if sample.at <= mark), key=lambda s: s.at) for mark in measured.marks]
    pages = [(n + 1) * measured.mark_every for n in range(len(points))]
    lines = [f"{measured.system}: {count:9,} pages {point.own_mb:7.1f} MB, children {point.children_mb:7.1f} MB"
             for count, point in zip(pages, points, strict=True)]  # fmt: skip
    half = len(points) // 2
    if half > 1:
        thousands = [count / 1000 for count in pages[half:]]
        own = statistics.linear_regression(thousands, [point.own_mb for point in points[half:]]).slope
        children = statistics.linear_regression(thousands, [point.children_mb for point in points[half:]]).slope
        lines.append(
            f"{measured.system}: over the second half {own:+.3f} MB, children {children:+.3f} MB a 1,000 pages"
        )
    return lines


def ratios(rates: dict[str, float]) -> list[str]:
    """The targets beside what was reached."""
    lines = []
    if "fontes" in rates:
        lines.append(f"fontes {rates['fontes']:.1f} pages/s (target 65)")
        lines += [f"fontes / {peer} = {rates['fontes'] / rates[peer]:.2f} (target {target})"
                  for peer, target in (("scrapy", "2"), ("httpx-pool", "none")) if peer in rates]  # fmt: skip
    if "fontes-fetch" in rates:
        lines.append(f"fontes-fetch {rates['fontes-fetch']:.0f} pages/s (target 500)")
        lines += [f"fontes-fetch / {peer} = {rates['fontes-fetch'] / rates[peer]:.2f}"
                  for peer in ("scrapy-fetch", "aiohttp-fetch") if peer in rates]  # fmt: skip
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[1] / "shared/data/extraction")
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--hosts-of", type=int, default=20, metavar="N", help="pages a host")
    parser.add_argument("--latency-ms", type=float, default=0, help="time before each answer")
    parser.add_argument("--gap-s", type=float, default=0, help="Fontes' gap between two requests to a host")
    parser.add_argument("--only", nargs="*", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--long", type=int, default=0, metavar="PAGES", help="so many pages, with memory at ten points")
    parser.add_argument("--child", nargs=2, metavar=("SYSTEM", "PORT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    pages = options.long or options.pages
    if options.child:
        system, port = options.child
        print(run(system, int(port), pages, options.hosts_of, options.gap_s, options.long // 10).json())
        return
    print("python", *sys.argv)
    versions = ", ".join(f"{name} {version(name)}" for name in ("trafilatura", "scrapy", "httpx", "aiohttp"))
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}, "
          f"load {os.getloadavg()[0]:.1f}")  # fmt: skip
    print(f"{pages:,} pages, {options.hosts_of} a host, {options.latency_ms:g} ms latency; "
          f"politeness override: Fontes' gap is {options.gap_s:g} s instead of 1 s\n")  # fmt: skip
    print(f"{'':14}  pages/s  CPU ms/p   p50 ms   p99 ms  own MB  all MB  robots  at once")
    rates: dict[str, float] = {}
    further: list[str] = []
    arguments = [
        "--data",
        str(options.data),
        "--hosts-of",
        str(options.hosts_of),
        "--latency-ms",
        str(options.latency_ms),
    ]
    with running("loopback.pages", *arguments) as port:
        for system in options.only:
            measured, samples = alone(system, port, options)
            print(line(measured, samples, taken_log(port)), flush=True)
            rates[system] = len(measured.times) / measured.seconds
            if system.startswith("fontes") and measured.lateness:
                further.append(stalls(measured))
            further += memory_lines(measured, samples)
    print("", *ratios(rates), *further, sep="\n")


if __name__ == "__main__":
    main()
