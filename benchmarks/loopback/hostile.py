"""A few hundred sites that a polite crawler can go wrong on, every answer of which follows from its address.

    python -m loopback.hostile --hosts 250 --seed 1

robots.txt is there in every manner (`robots_variants`), missing, failing, slow, redirected, cut, or HTML. Pages
redirect (here, elsewhere, into what is disallowed, in circles), ask to be left alone for a while, are slow, fail, or
break off.
A note in the log tells the judge what an answer of robots.txt comes to: "rules HOST" (that host's own file, whole),
"none", "dead" or "to ADDRESS"; and "onward ADDRESS" that Retry-After of a redirect speaks of that address alone.
"""

import argparse
import random
import re
import time
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from .robots_variants import AREAS, SUFFIXES, drawn
from .wire import Answer, http_date, reply, serve

# What a host's robots.txt does, and in how many of 100 hosts.
_MANNERS = {
    "ok": 58, "slow": 6, "flaky": 4, "here": 6, "chain": 4, "elsewhere": 5, "too many hops": 1, "missing": 4,
    "forbidden": 2, "html": 2, "failing": 3, "busy": 2, "hanging": 1, "reset": 1, "cut": 1,
}  # fmt: skip
# What a page does, and in how many of 1,000 pages.
_KINDS = {
    "ok": 745, "here": 50, "else": 50, "into": 30, "loop": 4, "hops": 10, "later": 2, "busy": 12, "date": 8,
    "unclear": 5, "long": 0.3, "slow": 8, "drip": 8, "film": 4, "fail": 10, "gone": 30, "reset": 8, "cut": 8,
    "hang": 0.7,
}  # fmt: skip
_PATH = re.compile(r"/(?:.*/)?([a-z]+)-(\d+)(\D.*)?")
_HANG_S = 60.0


@dataclass(frozen=True)
class World:
    """The sites by number; the server and the judge draw the same ones from the same seed."""

    robots: tuple[bytes, ...]
    manners: tuple[str, ...]

    @classmethod
    def drawn(cls, hosts: int, seed: int) -> "World":
        rng = random.Random(seed)
        manners = [manner for manner, count in _MANNERS.items() for _ in range(max(1, round(count * hosts / 100)))]
        rng.shuffle(manners)
        return cls(tuple(drawn(rng) for _ in range(hosts)), tuple((manners + ["ok"] * hosts)[:hosts]))

    def addresses(self, a_host: int, seed: int) -> list[str]:
        """`a_host` addresses of every host, shuffled, some of them twice or in another spelling."""
        rng = random.Random(seed)
        kinds, weights = list(_KINDS), list(_KINDS.values())
        found: list[str] = []
        for host in range(len(self.robots)):
            for number, kind in enumerate(rng.choices(kinds, weights, k=a_host)):
                path = f"/{rng.choice(AREAS)}/{kind}-{number}{rng.choice(SUFFIXES)}"
                found.append(f"http://h{host:03}.test{path}")
        found += [_respelt(rng, url) for url in rng.sample(found, len(found) // 12)]
        rng.shuffle(found)
        return found


def _respelt(rng: random.Random, url: str) -> str:
    """The same address once more: as it is, or written otherwise; or that of another port, another site."""
    host, _, path = url.removeprefix("http://").partition("/")
    match rng.randrange(6):
        case 0:
            return f"HTTP://{host.upper()}:80/{path}"
        case 1:
            return f"http://{host}/./gone/../{path}#part"
        case 2:
            return f"http://{host}./{path}"
        case 3:
            return f"http://{host}:8080/{path}"
        case _:
            return url


class Hostile:
    """The answers of all sites; those that change with time count how often they were asked."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._asked: Counter[tuple[str, str]] = Counter()

    def __call__(self, host: str, path: str) -> Answer:
        name = host.lower().partition(":")[0].removesuffix(".")
        if not re.fullmatch(r"h\d{3}\.test", name) or int(name[1:4]) >= len(self._world.robots):
            return Answer(reply(404, b"no such site"), 404, note="none")
        number = int(name[1:4])
        self._asked[host, path] += 1
        if path == "/robots.txt":
            return self._robots(host, number)
        if path.startswith("/robots-"):
            return self._robots_moved(host, path)
        match = _PATH.fullmatch(path)
        if match is None or match[1] not in _KINDS:
            return Answer(reply(404, b"<p>not here</p>"), 404)
        answer: Callable[[str, str, int], Answer] = getattr(self, f"_{match[1]}")
        return answer(host, path, zlib.crc32(f"{host}{path}".encode()))

    # robots.txt

    def _rules(self, number: int, wait_s: float = 0.0) -> Answer:
        body = reply(200, self._world.robots[number], content_type="text/plain")
        return Answer(body, wait_s=wait_s, note=f"rules {number}")

    def _robots(self, host: str, number: int) -> Answer:
        first = self._asked[host, "/robots.txt"] == 1
        # a redirect keeps to the port that was asked, another site has its own
        match self._world.manners[number]:
            case "ok":
                return self._rules(number)
            case "slow":
                return self._rules(number, wait_s=0.2 + number % 7 / 5)
            case "flaky":
                return _dead(503) if first else self._rules(number)
            case "here":
                return _moved(301, f"http://{host}/robots-{number}-0.txt")
            case "chain":
                return _moved(302, f"http://{host}/robots-{number}-4.txt")
            case "elsewhere":
                other = (number + 1) % len(self._world.robots)
                return _moved(308, f"http://h{other:03}.test/robots-{number}-0.txt")
            case "too many hops":
                return _moved(302, f"http://{host}/robots-{number}-9.txt")
            case "missing" | "forbidden" as manner:
                status = {"missing": (404, 410), "forbidden": (401, 403)}[manner][number % 2]
                return Answer(reply(status, b"User-agent: *\nDisallow: /\n"), status, note="none")
            case "html":
                return Answer(reply(200, b"<!doctype html><title>Shop</title><p>Welcome: all of you</p>"), note="html")
            case "failing":
                return _dead((500, 502, 504)[number % 3])
            case "busy":
                return (
                    Answer(reply(503, b"", "Retry-After: 2"), 503, note="dead", not_before_s=2.0)
                    if first
                    else self._rules(number)
                )
            case "hanging":
                return Answer(b"", 0, wait_s=_HANG_S, then="close", note="dead")
            case "reset":
                return Answer(b"", 0, then="reset", note="dead")
            case "cut":
                whole = reply(200, self._world.robots[number] + b"# " * 2_000, content_type="text/plain")
                return Answer(whole, cut=len(whole) - 3_000, then="close", note="dead")
            case manner:
                raise AssertionError(manner)

    def _robots_moved(self, host: str, path: str) -> Answer:
        match = re.fullmatch(r"/robots-(\d+)-(\d)\.txt", path)
        if match is None:
            return Answer(reply(404, b""), 404, note="none")
        number, left = int(match[1]), int(match[2])
        return _moved(302, f"http://{host}/robots-{number}-{left - 1}.txt") if left else self._rules(number)

    # pages; each is asked with a number that its address draws

    def _ok(self, host: str, path: str, draw: int) -> Answer:
        words = " ".join(f"{word}{draw % (n + 7)}" for n, word in enumerate(("tea", "tide", "stone", "harbour") * 15))
        body = f"<!doctype html><html><title>{path}</title><article><h1>{draw}</h1><p>{words}.</p></article></html>"
        return Answer(reply(200, body.encode()), then="keep" if draw % 13 else "close")  # not announced

    def _here(self, host: str, path: str, draw: int) -> Answer:
        return self._onward((301, 302, 303, 307, 308)[draw % 5], f"/{AREAS[draw % len(AREAS)]}/ok-{draw % 997}")

    def _else(self, host: str, path: str, draw: int) -> Answer:
        return self._onward(302, f"http://{self._other(draw)}/{AREAS[draw % len(AREAS)]}/ok-{draw % 997}")

    def _into(self, host: str, path: str, draw: int) -> Answer:
        where = (host, self._other(draw))[draw % 2]
        return self._onward(
            301, f"//{where}/{('private', 'shop', 'x/y')[draw % 3]}/ok-{draw % 997}.php?session={draw % 9}"
        )

    def _loop(self, host: str, path: str, draw: int) -> Answer:
        return self._onward(302, path)

    def _hops(self, host: str, path: str, draw: int) -> Answer:
        left = draw % 7 if "left" not in path else int(path[-1])
        if not left:
            return self._ok(host, path, draw)
        return self._onward(302, f"http://{self._other(draw)}/open/hops-{draw % 997}?left={left - 1}")

    def _later(self, host: str, path: str, draw: int) -> Answer:
        target = f"/open/ok-{draw}?once"
        return Answer(
            reply(302, b"", f"Location: {target}", "Retry-After: 1"), 302, note=f"onward {target}", not_before_s=1.0
        )

    def _busy(self, host: str, path: str, draw: int) -> Answer:
        if self._asked[host, path] > 1:
            return self._ok(host, path, draw)
        status, seconds = (429, 503)[draw % 2], 1 + draw % 3 // 2
        return Answer(reply(status, b"busy", f"Retry-After: {seconds}"), status, not_before_s=seconds)

    def _date(self, host: str, path: str, draw: int) -> Answer:
        if self._asked[host, path] > 1:
            return self._ok(host, path, draw)
        now = time.time()
        until = int(now) + 2
        answer = reply(503, b"busy", f"Retry-After: {http_date(until)}", f"Date: {http_date(now)}")
        return Answer(answer, 503, not_before_s=until - now)

    def _unclear(self, host: str, path: str, draw: int) -> Answer:
        value = ("soon", "-5", "", "1.5e3", "Fri, 99 Foo 2099 10:00:00 GMT", "0", "Mon, 01 Jan 2001 00:00:00 GMT")[
            draw % 7
        ]
        return Answer(reply(503, b"busy", f"Retry-After: {value}"), 503)

    def _long(self, host: str, path: str, draw: int) -> Answer:
        return Answer(reply(429, b"tomorrow", "Retry-After: 86400"), 429, not_before_s=86_400.0)

    def _slow(self, host: str, path: str, draw: int) -> Answer:
        return Answer(self._ok(host, path, draw).wire, wait_s=0.2 + draw % 5 / 4)

    def _drip(self, host: str, path: str, draw: int) -> Answer:
        return Answer(self._ok(host, path, draw).wire, halves_s=0.1 + draw % 9 / 8)

    def _film(self, host: str, path: str, draw: int) -> Answer:
        return Answer(reply(200, bytes(100_000), content_type="video/mp4"), halves_s=1.5)

    def _hang(self, host: str, path: str, draw: int) -> Answer:
        return Answer(b"", 0, wait_s=_HANG_S, then="close")

    def _fail(self, host: str, path: str, draw: int) -> Answer:
        status = (500, 502, 504)[draw % 3]
        return Answer(reply(status, b"sorry"), status)

    def _gone(self, host: str, path: str, draw: int) -> Answer:
        status = (404, 410, 403)[draw % 3]
        return Answer(reply(status, b"<p>nothing</p>"), status)

    def _reset(self, host: str, path: str, draw: int) -> Answer:
        whole = self._ok(host, path, draw).wire
        return Answer(whole, 0, then="reset", cut=(0, 40, len(whole) - 20)[draw % 3])

    def _cut(self, host: str, path: str, draw: int) -> Answer:
        whole = self._ok(host, path, draw).wire
        return Answer(whole, then="close", cut=len(whole) - 50)

    def _other(self, draw: int) -> str:
        return f"h{draw // 11 % len(self._world.robots):03}.test"

    def _onward(self, status: int, target: str) -> Answer:
        return Answer(reply(status, b"", f"Location: {quote(target, safe='/:?=&%~')}"), status)


def _dead(status: int) -> Answer:
    return Answer(reply(status, b"User-agent: *\nAllow: /\n"), status, note="dead")


def _moved(status: int, target: str) -> Answer:
    return Answer(reply(status, b"", f"Location: {target}"), status, note=f"to {target}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=250)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    serve(Hostile(World.drawn(options.hosts, options.seed)))


if __name__ == "__main__":
    main()
