"""What a page being rendered asks for, and what it is given: a GET of text or data from our side, or a refusal.

The page's session intercepts every request of its frames and workers (Chrome DevTools Protocol, domain Fetch), each hop
of a redirect too; Playwright's own `route` lets a redirect's next hop go to the network unasked.
"""

import asyncio
import base64
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

import httpx
from playwright.async_api import CDPSession, Error

from .browser import Request, RequestKind
from .errors import CrawlError
from .policy import CrawlPolicy

_MOST_REQUESTS = 50
_MOST_ANSWERS = 300
_KINDS: dict[str, RequestKind] = {"Document": "document", "Script": "script", "XHR": "xhr", "Fetch": "xhr"}
# What the page, or Chromium for it, has to know of an answer. No cookies; the rest is about the bytes on their way.
_HEADERS = (
    "content-type", "location", "access-control-allow-origin", "access-control-allow-credentials",
    "access-control-expose-headers", "cross-origin-resource-policy", "content-disposition",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The page as it was fetched; `url` without fragment."""

    url: str
    body: bytes
    content_type: str


class Requests:
    """Answers the requests of one page, whose own document is here already.

    Refused are: methods other than GET (reading has no side effects), images, media, fonts, beacons, event streams,
    workers and frames (the text is in the page's own document), and navigations beyond `policy.max_redirects`. What
    comes after 50 requests, `policy.max_bytes` in all or 300 answers of any kind is left without an answer, so that who
    asks without end waits without end.
    """

    def __init__(
        self, session: CDPSession, *, frame: str, document: Document, request: Request, policy: CrawlPolicy
    ) -> None:
        self._session, self._frame, self._document, self._request = session, frame, document, request
        self._navigations_left = policy.max_redirects + 1  # the first is the page itself
        self._bytes_left = policy.max_bytes
        self._answers_left = _MOST_ANSWERS
        self._answers: set[asyncio.Task[None]] = set()
        self._navigations: dict[str, dict[str, Any]] = {}  # of the page itself, without an answer yet
        self._under_way = 0
        self._idle_since = monotonic()
        self.made = 0

    @property
    def idle_s(self) -> float:
        """Seconds since the last request ended; 0 while one is under way."""
        return 0.0 if self._under_way else monotonic() - self._idle_since

    async def listen(self) -> None:
        self._session.on("Fetch.requestPaused", self._asked)
        await self._session.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})

    async def halt(self) -> None:
        """Give up what is under way, and from now on refuse navigations and leave all else without an answer.

        Chromium does not let a page be read while a navigation of it waits for its answer.
        """
        self._answers_left = self._navigations_left = 0
        for answer in self._answers:
            answer.cancel()
        for paused in tuple(self._navigations.values()):
            with suppress(Error):  # it has given way to another
                await self._refuse(paused)

    def stop(self) -> None:
        """Give up what is under way, and hear nothing any more."""
        self._session.remove_listener("Fetch.requestPaused", self._asked)
        for answer in self._answers:
            answer.cancel()

    def _asked(self, paused: dict[str, Any]) -> None:
        if paused["resourceType"] == "Document" and paused["frameId"] == self._frame:
            self._navigations[paused["requestId"]] = paused
        else:
            self._answers_left -= 1
            if self._answers_left < 0:
                return
        answer = asyncio.get_running_loop().create_task(self._answer(paused))
        self._answers.add(answer)
        answer.add_done_callback(self._answers.discard)

    async def _answer(self, paused: dict[str, Any]) -> None:
        with suppress(Error):  # the page, or this request of it, is gone: nobody waits for the answer
            await self._decide(paused)

    async def _decide(self, paused: dict[str, Any]) -> None:
        asked, kind = paused["request"], paused["resourceType"]
        if asked["method"] == "OPTIONS":
            await self._fulfil(paused, 204, _preflight(asked["headers"]))
        elif asked["method"] != "GET":
            await self._refuse(paused)
        elif paused["requestId"] in self._navigations:
            await self._navigate(paused)
        elif kind == "Stylesheet":
            # empty, not refused: bundlers load a view's style with its script, and drop the view when one fails
            await self._fulfil(paused, 200, {"content-type": "text/css"})
        elif kind in _KINDS and kind != "Document" and not _is_stream(asked["headers"]):
            await self._forward(paused, _KINDS[kind])
        else:
            await self._refuse(paused)

    async def _navigate(self, paused: dict[str, Any]) -> None:
        self._navigations_left -= 1
        if self._navigations_left < 0:
            await self._refuse(paused)
        elif paused["request"]["url"] == self._document.url:
            await self._fulfil(paused, 200, {"content-type": self._document.content_type}, self._document.body)
        else:
            await self._forward(paused, "document")

    async def _forward(self, paused: dict[str, Any], kind: RequestKind) -> None:
        if self.made >= _MOST_REQUESTS or self._bytes_left <= 0:
            if kind == "document":
                await self._refuse(paused)
            return
        self.made += 1
        self._under_way += 1
        try:
            fetched = await self._request(paused["request"]["url"], kind=kind)
            self._bytes_left -= len(fetched.body)
            if self._bytes_left < 0:
                await self._refuse(paused)
            else:
                await self._fulfil(paused, fetched.status, _told(fetched.headers), fetched.body)
        except CrawlError:
            await self._refuse(paused)
        finally:
            self._under_way -= 1
            self._idle_since = monotonic()

    async def _fulfil(self, paused: dict[str, Any], status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self._navigations.pop(paused["requestId"], None)
        answer = {
            "requestId": paused["requestId"],
            "responseCode": status,
            "responseHeaders": [{"name": name, "value": value} for name, value in headers.items()],
            "body": base64.b64encode(body).decode("ascii"),
        }
        await self._session.send("Fetch.fulfillRequest", answer)

    async def _refuse(self, paused: dict[str, Any]) -> None:
        self._navigations.pop(paused["requestId"], None)
        # an aborted navigation leaves the page as it is, any other error puts an error page in its place
        reason = "Aborted" if paused["resourceType"] == "Document" else "BlockedByClient"
        await self._session.send("Fetch.failRequest", {"requestId": paused["requestId"], "errorReason": reason})


def _told(headers: httpx.Headers) -> dict[str, str]:
    return {name: headers[name] for name in _HEADERS if name in headers}


def _preflight(headers: dict[str, str]) -> dict[str, str]:
    """Leave to send a GET with headers of one's own (Fetch Standard, CORS-preflight fetch).

    The server need not be asked: none of those headers reaches it, the crawler sends its own. Whether the page may read
    the answer is up to the answer.
    """
    asked = {name.lower(): value for name, value in headers.items()}
    return {
        "access-control-allow-origin": asked.get("origin", "*"),
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET",
        "access-control-allow-headers": asked.get("access-control-request-headers", "*"),
    }


def _is_stream(headers: dict[str, str]) -> bool:
    """Whether this is an EventSource, which Chromium reports as XHR and which never ends."""
    return any(name.lower() == "accept" and value == "text/event-stream" for name, value in headers.items())
