"""Chromium itself: found, started with every door to the network shut, and ended.

What it asks for is answered over the pipe it is driven by (see `browser_requests`). Should a request slip past that
(WebSockets, WebRTC, what a coming version adds), two walls remain: no name resolves, addresses included, and the proxy
for everything has such a name.
"""

import asyncio
import contextlib
import os
import resource
import shutil
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from playwright.async_api import Browser as Connection
from playwright.async_api import BrowserContext, Error, async_playwright

from .browser import NEEDED, BrowserMissing
from .browser_page import Rendering
from .policy import CrawlPolicy

_NAMES = (
    "chromium", "chromium-browser", "google-chrome-stable", "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)  # fmt: skip
_FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://nowhere.invalid:9",  # RFC 6761 §6.4: .invalid never resolves, should the rule above not hold
    "--proxy-bypass-list=<-loopback>",  # without it loopback and link-local addresses go past the proxy
    # WebRTC takes UDP past both unless told: the first is today's name of the switch, the second the one before it
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--no-pings",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--no-first-run",
    "--disable-gpu",
    "--js-flags=--max-old-space-size=512",
)
# Playwright turns these protections off for tests of sites; we are a reader of strangers' pages.
_UNWANTED_DEFAULTS = ["--disable-popup-blocking", "--disable-ipc-flooding-protection", "--enable-unsafe-swiftshader"]
_PAGE_BYTES = 2 << 30  # of data; an empty page is said to have 0.6 GB, of which it touches a tenth
_START_S = 30.0
_CLOSE_S = 5.0


class Chromium:
    """A running Chromium; whoever starts it closes it."""

    def __init__(self, connection: Connection, pid: int, ends: AsyncExitStack, user_agent: str) -> None:
        self._connection, self._pid, self._ends, self._user_agent = connection, pid, ends, user_agent
        self._is_killed = False

    @classmethod
    async def start(cls, user_agent: str) -> Self:
        """Find Chromium and start it; `user_agent` is what its pages see.

        Raises:
            BrowserMissing: there is none, or it does not start; `detail` says what mends it.
        """
        path = _find()
        async with AsyncExitStack() as ends:
            # its own home: what it writes goes with it, and our environment, where keys may be, is not shown to it
            home = ends.enter_context(TemporaryDirectory(prefix="fontes-chromium-", ignore_cleanup_errors=True))
            driver = await async_playwright().start()
            ends.push_async_callback(driver.stop)
            try:
                connection = await driver.chromium.launch(
                    executable_path=path,
                    args=_FLAGS,
                    ignore_default_args=_UNWANTED_DEFAULTS,
                    env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": home, "TMPDIR": home},
                    chromium_sandbox=os.geteuid() != 0,  # as root Chromium starts only without its sandbox
                    timeout=_START_S * 1000,
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                )
                pid = await _shut(connection)
                _limit_memory(pid)
            except Error as error:
                raise BrowserMissing("", f"{path} does not start: {_first_lines(error.message)}") from error
            return cls(connection, pid, ends.pop_all(), user_agent)

    @property
    def is_fit(self) -> bool:
        """Whether it still runs, as far as is known."""
        return not self._is_killed and self._connection.is_connected()

    def rendering(self, url: str, policy: CrawlPolicy) -> Rendering:
        """A page to render `url` in, not opened yet, in a profile of its own."""
        return Rendering(self._context, url, policy)

    async def _context(self) -> BrowserContext:
        return await self._connection.new_context(
            user_agent=self._user_agent,
            viewport={"width": 1280, "height": 3000},  # tall, so that what loads when scrolled to is loaded
            reduced_motion="reduce",
            service_workers="block",
            accept_downloads=False,
        )

    def kill(self) -> None:
        """End it and all its processes at once; `close` still has to be called."""
        self._is_killed = True
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)  # Playwright starts it as the leader of a group

    async def close(self) -> None:
        """End it, and wait until it and its driver are gone."""
        try:
            async with asyncio.timeout(_CLOSE_S):
                await self._connection.close()
        except (TimeoutError, Error):
            self.kill()
        await self._ends.aclose()


def _find() -> str:
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        raise BrowserMissing("", f"no Chromium was found ({', '.join(_NAMES[:2])}, …); render=True needs: {NEEDED}")
    return path


async def _shut(connection: Connection) -> int:
    """Refuse every request that no page's own session answers (pop-ups, workers, Chromium itself); its process id.

    Where both listen, a page's session is asked first.
    """
    session = await connection.new_browser_cdp_session()
    refusals: set[asyncio.Task[None]] = set()

    async def refuse(paused: dict[str, Any]) -> None:
        with contextlib.suppress(Error):  # it is gone already
            answer = {"requestId": paused["requestId"], "errorReason": "BlockedByClient"}
            await session.send("Fetch.failRequest", answer)

    def asked(paused: dict[str, Any]) -> None:
        refusal = asyncio.get_running_loop().create_task(refuse(paused))
        refusals.add(refusal)
        refusal.add_done_callback(refusals.discard)

    session.on("Fetch.requestPaused", asked)
    await session.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})
    processes = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
    return next(int(process["id"]) for process in processes if process["type"] == "browser")


def _limit_memory(pid: int) -> None:
    """Bound what each process below this one may fill, and those they start: pages have theirs from Chromium's zygotes.

    Linux only; elsewhere V8's own limit has to do, which counts scripts' objects but not the document.
    """
    if sys.platform != "linux":
        return
    # a process may end meanwhile; one out of reach is in a sandbox by another user's right, which has limits of its own
    with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, children.read_text().split()):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    resource.prlimit(child, resource.RLIMIT_DATA, (_PAGE_BYTES, _PAGE_BYTES))
                _limit_memory(child)


def _first_lines(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return " ".join(lines[:6])[:600]
