"""Pages that are empty shells without JavaScript, run in a Chromium that has no network of its own.

Whatever the page asks for is answered from here, by a callable that the crawler gives: the same guard, robots.txt and
caps as for every other request. The extra `browser` (Playwright) and a Chromium are needed; both are looked for when
the first page is rendered, not before.

Browser → Chromium (browser_process) → one Rendering a page (browser_page) → its Requests (browser_requests) → `request`
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, Self

from .errors import CrawlError, FetchError
from .http import Fetched
from .http.fetch import user_agent
from .policy import CrawlPolicy

if TYPE_CHECKING:
    from .browser_page import Rendering
    from .browser_process import Chromium

RequestKind = Literal["document", "script", "xhr"]

NEEDED = "pip install 'fontes[browser]' and a Chromium (Debian: apt-get install chromium)"
HINT = f"rendering may help: render=True, which needs {NEEDED}"

_PAGES_AT_ONCE = 2  # each keeps a core busy; more would take the time from each other's deadlines
_CLOSE_S = 5.0


class BrowserMissing(CrawlError):
    """The page needs JavaScript, and there is no browser to run it in: the extra or Chromium is not installed."""

    def __init__(self, source: str, detail: str) -> None:
        super().__init__(source, "javascript", detail)
        self.args = (source, detail)


class BrowserLost(FetchError):
    """Chromium ended before the page was read."""


class Request(Protocol):
    """Answers one GET of a page being rendered; redirects are answers, the browser asks again for where they lead."""

    async def __call__(self, url: str, *, kind: RequestKind) -> Fetched:
        """Raises CrawlError for what must not, or cannot, be asked; the page then sees a failed request."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page after its scripts have run.

    `body` is its document as HTML in UTF-8, open shadow roots in place of what they hide; `url` the address in the
    browser's address bar at the end (scripts navigate), and `requests` how many requests were put to `request`.
    """

    body: bytes
    url: str
    requests: int


class Browser:
    """Renders pages: `async with Browser(policy) as browser: rendered = await browser.render(…)`.

    Chromium starts with the first page and lives until the end; one that died, or no longer answers, is replaced, and
    the pages that were in it are begun once more. Two pages are rendered at once, each in a profile of its own that is
    thrown away with it: no cookie or storage outlives a page. Cancelling a call frees all that it held.
    """

    def __init__(self, policy: CrawlPolicy) -> None:
        self._policy = policy
        self._turns = asyncio.Semaphore(_PAGES_AT_ONCE)
        self._start: asyncio.Task[Chromium] | None = None
        self._burials: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        """End Chromium and wait until nothing of it is left."""
        await asyncio.gather(*self._burials)
        if self._start is not None:
            await _end(self._start)
            self._start = None

    async def render(self, url: str, *, html: bytes, request: Request, content_type: str = "") -> Rendered:
        """Run the scripts of the page at `url`, whose `html` is here already, until it is still.

        Still is: loaded, no request under way, the document unchanged for 300 ms; a page that never is, is taken as it
        stands after `policy.total_s`, or when it only changes itself and has asked for nothing for 2 s. `content_type`
        is the header that the HTML came with.

        Raises:
            BrowserMissing: the extra or Chromium is not there, or Chromium does not start.
            FetchError: "timeout" when the page keeps the browser too busy to be read, "unreadable" when it brings it
                down or ends up outside of the web, "too_large" when it grows beyond `policy.max_bytes`.
        """
        async with self._turns:
            try:
                return await self._once(url, html, content_type, request)
            except BrowserLost:  # to another page, mostly
                return await self._once(url, html, content_type, request)

    async def _once(self, url: str, html: bytes, content_type: str, request: Request) -> Rendered:
        chromium = await self._chromium(url)
        rendering = chromium.rendering(url, self._policy)
        try:
            return await rendering.run(html, content_type, request)
        finally:
            rendering.stop()
            if rendering.has_lost_browser:
                chromium.kill()
            self._bury(_bury_page(rendering, chromium))

    async def _chromium(self, url: str) -> "Chromium":
        """The one that runs, or a new one; a caller that is cancelled leaves it to start for the next."""
        start = self._start
        if start is not None and start.done() and not _is_fit(start):
            self._start = None
            self._bury(_end(start))
        if self._start is None:
            self._start = asyncio.create_task(_start(self._policy))
        try:
            return await asyncio.shield(self._start)
        except BrowserMissing as error:
            raise BrowserMissing(url, error.detail) from error

    def _bury(self, ending: Coroutine[None, None, None]) -> None:
        burial = asyncio.create_task(ending)
        self._burials.add(burial)
        burial.add_done_callback(self._burials.discard)


async def _start(policy: CrawlPolicy) -> "Chromium":
    try:
        from .browser_process import Chromium
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "playwright":
            raise
        raise BrowserMissing("", f"Playwright is not installed; render=True needs: {NEEDED}") from error
    return await Chromium.start(user_agent(policy))


def _is_fit(start: "asyncio.Task[Chromium]") -> bool:
    return not start.cancelled() and start.exception() is None and start.result().is_fit


async def _end(start: "asyncio.Task[Chromium]") -> None:
    try:
        chromium = await start
    except BrowserMissing:
        return  # whoever asked for it has been told
    await chromium.close()


async def _bury_page(rendering: "Rendering", chromium: "Chromium") -> None:
    """Close a page; a Chromium that does not manage to is ended, and the next page gets another."""
    try:
        async with asyncio.timeout(_CLOSE_S):
            await rendering.close()
    except TimeoutError:
        chromium.kill()
