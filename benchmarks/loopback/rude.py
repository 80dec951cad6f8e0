"""A plain crawler that is polite but for the manners it is told to forget: what the judge must find, and nothing else.

It shares no code with the crawler under test, reads robots.txt by the reference, and follows no redirects of pages.
"""

import asyncio
import email.utils
import time
from collections import defaultdict
from urllib.parse import urljoin, urlsplit

from .judge import authority
from .robots_reference import Rules, allows, read

_PATIENCE_S = 5.0  # a host that asks for longer pauses is left
_NOTHING = Rules(((False, b"/"),), 0.0)


class Plain:
    """Reads hosts side by side; `forgets` holds kinds of violations (`judge.KINDS`) that it does not avoid."""

    def __init__(self, port: int, gap_s: float, forgets: frozenset[str]) -> None:
        self._port, self._gap_s, self._forgets = port, gap_s, forgets
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._not_before: dict[str, float] = {}

    async def crawl(self, urls: list[str]) -> None:
        """Ask for all addresses, those of one host in order."""
        hosts: dict[str, list[str]] = defaultdict(list)
        for url in urls:
            hosts[authority(urlsplit(url).netloc)].append(url)
        async with asyncio.TaskGroup() as tasks:
            for host, its in hosts.items():
                tasks.create_task(self._host(host, its))

    async def _host(self, host: str, urls: list[str]) -> None:
        if "early" in self._forgets:
            await self._ask(host, "/unasked")
        rules = await self._rules(host)
        gap_s = 0.0 if "delay" in self._forgets else max(self._gap_s, rules.delay_s)
        paths = [
            f"{parts.path}?{parts.query}" if parts.query else parts.path
            for parts in map(urlsplit, urls)
            if "/./" not in parts.path
        ]
        if "rule" not in self._forgets:
            paths = [path for path in paths if allows(rules, path)]
        if gap_s > _PATIENCE_S:
            paths = [] if "early" in self._forgets else paths[:1]
        if "early" in self._forgets:
            await asyncio.sleep(min(gap_s, _PATIENCE_S))
        halves = [paths[::2], paths[1::2]] if "concurrency" in self._forgets else [paths]
        await asyncio.gather(*(self._in_turn(host, half, gap_s) for half in halves))

    async def _in_turn(self, host: str, paths: list[str], gap_s: float) -> None:
        for path in paths:
            if self._not_before.get(host, 0.0) > time.monotonic() + _PATIENCE_S:
                return
            await self._ask(host, path)
            await asyncio.sleep(min(gap_s, _PATIENCE_S) + 0.002)

    async def _rules(self, host: str) -> Rules:
        url = f"http://{host}/robots.txt"
        for _ in range(6):
            parts = urlsplit(url)
            status, fields, body = await self._ask(authority(parts.netloc), parts.path)
            if 300 <= status < 400:
                url = urljoin(url, fields["location"])
            elif 200 <= status < 300:
                return read(body)
            else:
                return Rules((), 0.0) if 400 <= status < 500 else _NOTHING
        return Rules((), 0.0)

    async def _ask(self, host: str, path: str) -> tuple[int, dict[str, str], bytes]:
        """Status, fields and body; status 0 where the answer did not come whole within two seconds."""
        if "concurrency" in self._forgets:
            return await self._exchange(host, path)
        async with self._locks[host]:  # another site's robots.txt may be redirected to here
            return await self._exchange(host, path)

    async def _exchange(self, host: str, path: str) -> tuple[int, dict[str, str], bytes]:
        if "retry-after" not in self._forgets:
            wait_s = self._not_before.get(host, 0.0) - time.monotonic()
            await asyncio.sleep(max(0.0, wait_s + 0.002 if wait_s > -0.002 else 0.0))
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: Fontes (rude)\r\n\r\n".encode())
            async with asyncio.timeout(2):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
                body = await reader.readexactly(int(fields["content-length"]))
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            return 0, {}, b""
        finally:
            writer.close()
        status = int(head[0].split()[1])
        if status in (429, 503):
            self._not_before[host] = max(self._not_before.get(host, 0.0), time.monotonic() + _seconds(fields))
        return status, fields, body


def _seconds(fields: dict[str, str]) -> float:
    value = fields.get("retry-after", "")
    if value.isdigit():
        return float(value)
    date = email.utils.parsedate_tz(value)
    return email.utils.mktime_tz(date) - time.time() if date else 0.0
