"""One page in Chromium: opened, waited for until it is still, and read.

Everything that is asked of the page is asked in a world of our own (an isolated one, as extensions have), where its
scripts cannot have replaced what we call.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Error, Page

from .browser import BrowserLost, Rendered, Request
from .browser_requests import Document, Requests
from .errors import FetchError
from .policy import CrawlPolicy
from .url import without_fragment

_QUIET_S = 0.3
_IDLE_S = 2.0  # nothing asked for so long: what still changes is a clock or a carousel
_POLL_S = 0.05
_TAKING_S = 5.0  # the part of the time that is kept for reading the page, a quarter at most
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})

# What waits for a person or opens windows does nothing. WebRTC is kept from the network by a switch of Chromium's; a
# version that does not know the switch must not have it.
_BEFORE_SCRIPTS = """for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) globalThis[name] = () => null;
for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) delete globalThis[name];"""

# Seconds since the document last changed, 0 while it loads
_STILLNESS = """(() => {
  if (!globalThis.watch) {
    const watch = globalThis.watch = {changed: performance.now()};
    new MutationObserver(() => { watch.changed = performance.now(); })
      .observe(document, {subtree: true, childList: true, characterData: true});
  }
  return document.readyState === 'complete' ? (performance.now() - globalThis.watch.changed) / 1000 : 0;
})()"""

# The document as HTML, or the number of its characters when they are too many. Open shadow roots, the innermost first,
# take the place of the children of their hosts, and what is assigned to a slot that of the slot.
_TAKE = """(() => {
  const hosts = [];
  const look = root => {
    for (const each of root.querySelectorAll('*')) if (each.shadowRoot) { hosts.push(each); look(each.shadowRoot); }
  };
  look(document);
  for (const host of hosts.reverse()) {
    const slots = [...host.shadowRoot.querySelectorAll('slot')].map(slot => [slot, slot.assignedNodes()]);
    for (const [slot, given] of slots) slot.replaceWith(...(given.length ? given : slot.childNodes));
    host.replaceChildren(...host.shadowRoot.childNodes);
  }
  const html = document.documentElement ? document.documentElement.outerHTML : '';
  return {html: html.length > MOST ? '' : html, size: html.length, url: location.href};
})()"""


class Rendering:
    """A page from opening to closing: `run` once, then `stop`, then `close`."""

    def __init__(self, new_context: Callable[[], Awaitable[BrowserContext]], url: str, policy: CrawlPolicy) -> None:
        self._url, self._policy = url, policy
        # a task of its own, for a cancelled caller must not leave behind what Playwright was about to make
        self._opening = asyncio.create_task(_opened(new_context))
        self._gone: asyncio.Future[FetchError] = asyncio.get_running_loop().create_future()
        self._session: CDPSession
        self._requests: Requests
        self._frame = ""
        self._world = 0
        self._is_answering = True
        self.has_lost_browser = False

    async def run(self, html: bytes, content_type: str, request: Request) -> Rendered:
        """Show `html` as the page at the URL, and read what became of it; see `Browser.render`."""
        limit_s = self._policy.total_s
        still_by = asyncio.get_running_loop().time() + limit_s - min(_TAKING_S, limit_s / 4)
        try:
            async with asyncio.timeout(limit_s):
                await self._open(html, content_type, request)
                await self._settle(still_by)
                return await self._take()
        except TimeoutError as error:
            self.has_lost_browser = True  # what kept it from answering would keep it from the next page, too
            detail = f"its scripts kept the browser too busy to read the page within {limit_s:g} s"
            raise FetchError(self._url, "timeout", detail) from error
        except Error as error:
            raise FetchError(self._url, "unreadable", f"the browser gave it up: {error.message.strip()}") from error

    def stop(self) -> None:
        """Answer none of its requests any more."""
        if self._frame:
            self._requests.stop()

    async def close(self) -> None:
        """Give up the page, its profile and its processes."""
        with suppress(Error):  # Chromium is gone, and all of this with it
            page, _ = await self._opening
            await page.context.close()

    async def _open(self, html: bytes, content_type: str, request: Request) -> None:
        try:
            page, self._session = await asyncio.shield(self._opening)
        except Error as error:
            self.has_lost_browser = True
            raise BrowserLost(self._url, "unreadable", "the browser ended before it could show the page") from error
        page.on("crash", self._crashed)
        page.on("close", self._closed)
        frame = (await self._send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        essence = content_type.partition(";")[0].strip().lower()
        self._requests = Requests(
            self._session,
            frame=frame,
            document=Document(
                url=without_fragment(self._url),
                body=html,
                content_type=content_type if essence in _HTML_TYPES else "text/html",  # what else would be downloaded
            ),
            request=request,
            policy=self._policy,
        )
        await self._requests.listen()
        self._frame = frame
        await self._send("Page.enable")  # without it the next is accepted and has no effect
        await self._send("Page.addScriptToEvaluateOnNewDocument", {"source": _BEFORE_SCRIPTS})
        await self._send("Page.navigate", {"url": self._url})

    async def _settle(self, still_by: float) -> None:
        """Return when the page is still, or the time is over."""
        try:
            async with asyncio.timeout_at(still_by):
                is_still = False
                while not is_still:
                    await asyncio.sleep(_POLL_S)
                    is_still = await self._is_still()
        except TimeoutError:
            pass  # it is taken as it stands

    async def _is_still(self) -> bool:
        quiet_s = await self._evaluate(_STILLNESS)
        idle_s = self._requests.idle_s
        return quiet_s is not None and idle_s >= _QUIET_S and (quiet_s >= _QUIET_S or idle_s >= _IDLE_S)

    async def _take(self) -> Rendered:
        await self._requests.halt()
        await self._end_scripts()
        most = self._policy.max_bytes
        taken = None
        while taken is None:  # a document may be replaced by the next at this very moment
            await asyncio.sleep(_POLL_S)
            taken = await self._evaluate(_TAKE.replace("MOST", str(most)))
        if not taken["url"].startswith(("http://", "https://")):
            raise FetchError(self._url, "unreadable", f"its scripts lead out of the web, to {taken['url'][:80]}")
        body = ("<!doctype html>" + taken["html"]).encode("utf-8", "replace")  # scripts may leave half a character
        if max(len(body), taken["size"]) > most:
            raise FetchError(self._url, "too_large", f"its scripts made more than {most:,} bytes of HTML of it")
        return Rendered(body=body, url=taken["url"], requests=self._requests.made)

    async def _end_scripts(self) -> None:
        """Let none run any more. The order waits for a script that runs without end, so that one is ended first."""
        orders = [self._send("Emulation.setScriptExecutionDisabled", {"value": True})]
        if not self._is_answering:
            orders.append(self._send("Runtime.terminateExecution"))
        await asyncio.gather(*orders)

    async def _evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in our world; None when the page was replaced meanwhile.

        Raises:
            FetchError: the page is gone.
        """
        self._is_answering = False
        try:
            if not self._world:
                asked = {"frameId": self._frame, "worldName": "fontes"}
                self._world = (await self._send("Page.createIsolatedWorld", asked))["executionContextId"]
            call = {"expression": expression, "contextId": self._world, "returnByValue": True}
            reply = await self._send("Runtime.evaluate", call)
            value = reply["result"].get("value")
        except Error:
            self._world, value = 0, None
        self._is_answering = True
        return value

    async def _send(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """A command to the page, which will not be waited for when the page is gone."""
        sending = asyncio.ensure_future(self._session.send(method, params))
        try:
            ends: set[asyncio.Future[Any]] = {sending, self._gone}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if self._gone.done():
                raise self._gone.result()
            return sending.result()
        finally:
            if not sending.cancel() and not sending.cancelled():
                sending.exception()  # seen, if nothing better is raised

    def _crashed(self, _: Page) -> None:
        if not self._gone.done():
            self._gone.set_result(FetchError(self._url, "unreadable", "the page brought its process down"))

    def _closed(self, _: Page) -> None:
        self.has_lost_browser = True
        if not self._gone.done():
            self._gone.set_result(BrowserLost(self._url, "unreadable", "the browser ended while it showed the page"))


async def _opened(new_context: Callable[[], Awaitable[BrowserContext]]) -> tuple[Page, CDPSession]:
    context = await new_context()
    page = await context.new_page()
    return page, await context.new_cdp_session(page)
