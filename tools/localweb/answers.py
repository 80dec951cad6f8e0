"""What a request is answered with: the page, the search, or the fault that a rule puts in their place."""

import random
from dataclasses import replace
from html import escape

from . import walls
from .bodies import Bodies
from .pages import Pages
from .rules import Fault, fault_for
from .searxng import ENGINE, SearxNG, html_answer, json_answer, parameters
from .served import Served, url_of
from .wire import Answer, Request

SEARCH_HOST = "search.localweb.test"
_DIRECT = frozenset({"127.0.0.1", "localhost"})
_GARBAGE_BYTES = 3_000


class Answers:
    """All that a local web has to say. `search` is None where it was not asked for."""

    def __init__(
        self, pages: Pages, bodies: Bodies, search: SearxNG | None, *, faults: tuple[Fault, ...], seed: int
    ) -> None:
        self._pages, self._bodies, self._search, self._seed = pages, bodies, search, seed
        self._faults = (*faults, *pages.faults)
        self._hosts = frozenset(pages.hosts())

    async def to(self, request: Request) -> Answer:
        """The answer to a request; what method it has does not matter here."""
        path = request.target.partition("?")[0]
        is_own = request.host in _DIRECT or request.host == SEARCH_HOST
        if is_own and (path == "/search" or (path == "/" and "q" in parameters(request.target))):
            return await self._searched(request)
        if request.host in self._hosts:
            return self._page(request)
        if is_own and path == "/":
            return self._contents()
        why = "Not Found" if is_own else "There is no such site in this local web"
        return Answer(status=404, body=walls.plain(404, why))

    async def _searched(self, request: Request) -> Answer:
        if self._search is None:
            return Answer(status=404, body=walls.plain(404, "This local web has no search"))
        asked = parameters(request.target)
        fault = self._fault(request, on_search=True)
        if fault is None:
            return await self._search.answer(asked)
        query = asked.get("q", "")
        if fault.name == "html":
            return replace(html_answer(query), fault=fault.label)
        if fault.name == "nothing":
            return replace(json_answer(query, 0, 0, (), unresponsive=((ENGINE, "timeout"),)), fault=fault.label)
        return _faulty(await self._search.answer(asked), fault, request)

    def _page(self, request: Request) -> Answer:
        served = self._pages.find(request.host, request.target)
        answer = self._served(served, request) if served else Answer(status=404, body=walls.plain(404, "Not Found"))
        fault = self._fault(request, on_search=False)
        return answer if fault is None else _faulty(answer, fault, request)

    def _fault(self, request: Request, *, on_search: bool) -> Fault | None:
        return fault_for(self._faults, request.host, request.target, on_search=on_search, seed=self._seed)

    def _served(self, served: Served, request: Request) -> Answer:
        if served.to:
            status = 301 if served.status == 200 else served.status
            return Answer(status=status, headers=(("Location", served.to), *served.headers))
        try:
            held = self._bodies.get(served, request.target)
        except OSError:
            return Answer(status=410, body=walls.plain(410, "Its file cannot be read any more"))
        has_age = served.status == 200
        return Answer(
            status=served.status, body=held.body, packed=held.packed, type=held.type, headers=served.headers,
            etag=held.etag if has_age else "", modified=held.modified if has_age else 0.0,
        )  # fmt: skip

    def _contents(self) -> Answer:
        """The page that a person sees who opens the server's own address."""
        rows = "".join(f"<li>{escape(url_of((host, '/')))}</li>\n" for host in self._pages.hosts())
        form = '<form action="/search"><input name="q"><button>Search</button></form>' if self._search else ""
        page = f'<!doctype html><meta charset="utf-8"><title>LocalWeb</title><h1>LocalWeb</h1>{form}<ul>{rows}</ul>'
        return Answer(body=page.encode())


def _faulty(answer: Answer, fault: Fault, request: Request) -> Answer:
    """The answer as this fault makes it."""
    label = fault.label
    match fault.name:
        case "status":
            status, retry_after_s = int(fault.numbers[0]), fault.numbers[1]
            later = (("Retry-After", f"{retry_after_s:.0f}"),) if retry_after_s else ()
            return Answer(status=status, headers=later, body=walls.plain(status, "The server is not well"), fault=label)
        case "reset":
            return replace(answer, ends="reset", fault=label)
        case "truncated":
            return replace(answer, ends="half", packed=b"", fault=label)
        case "slow":
            return replace(answer, wait_s=fault.numbers[0], fault=label)
        case "drip":
            return replace(answer, drip_s=fault.numbers[0], fault=label)
        case "redirect-loop":
            return Answer(status=302, headers=(("Location", request.target),), fault=label)
        case "garbage":
            noise = random.Random(f"{request.host}{request.target}").randbytes(_GARBAGE_BYTES)
            return Answer(type=answer.type, body=noise, fault=label)
        case "empty":
            return Answer(type=answer.type, fault=label)
        case name:
            walled = {"captcha": walls.CAPTCHA, "login": walls.LOGIN, "notfound-soft": walls.NOT_FOUND}
            return Answer(body=walled[name], fault=label)
