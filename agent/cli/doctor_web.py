"""What `fontes doctor` looks at for the web: providers, crawler, browser, HTTP cache.

Nobody is asked anything unless the person says so: of a SearXNG it is seen whether its port is open, no more.
"""

import asyncio
import sqlite3
from contextlib import closing
from time import monotonic
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from ...tools import Search, SearchError
from ..crawl_policy import crawl_policy
from ..errors import SettingError
from ..settings import Settings
from .findings import Finding
from .provider_table import Known, known_providers

if TYPE_CHECKING:
    from ...crawler.browser import RequestKind

_QUERY = "lighthouse"
_CONNECT_S = 3.0
_PORTS = {"http": 80, "https": 443}
_SHELL = b"<!doctype html><title>-</title><p id=p>-</p><script>p.textContent = 'rendered'</script>"


async def web_findings(settings: Settings, *, asks: bool) -> list[Finding]:
    """All of them; with `asks`, every provider in FONTES_SEARCH is sent one query."""
    return [
        _switch(settings),
        *await _providers(settings, asks=asks),
        _crawler(settings),
        *await _browser(settings),
        await asyncio.to_thread(_cache, settings),
    ]


def _switch(settings: Settings) -> Finding:
    if not settings.web:
        detail = f"off, by {settings.origins()['web']}: questions go to your own files"
        return Finding(what="web", state="note", detail=detail, remedy="FONTES_WEB=1, or --web with a question")
    if not settings.search:
        remedy = "FONTES_SEARCH=ddgs; `fontes search --providers` lists all"
        return Finding(what="web", state="warning", detail="on, but no search provider is named", remedy=remedy)
    return Finding(what="web", state="ok", detail=f"on, searched with {', '.join(settings.search)}")


async def _providers(settings: Settings, *, asks: bool) -> list[Finding]:
    known = {provider.name: provider for provider in known_providers(settings)}
    named = [known[name] for name in dict.fromkeys(settings.search)]
    return list(await asyncio.gather(*(_provider(provider, settings, asks=asks) for provider in named)))


async def _provider(known: Known, settings: Settings, *, asks: bool) -> Finding:
    what = f"provider {known.name}"
    if known.missing:
        remedy = f"set {' and '.join(known.missing)}"
        return Finding(what=what, state="warning", detail="what it needs is not set", remedy=remedy)
    try:
        provider = settings.model_copy(update={"search": (known.name,)}).build_search()
    except SettingError as error:
        return Finding(what=what, state="error", detail=f"{error.what}: {error.why}", remedy=error.hint)
    if asks:
        return await _asked(what, provider)
    if known.name == "searxng":
        return await _reached(what, settings.searxng_url)
    return Finding(what=what, state="ok", detail="configured; --web asks it")


async def _asked(what: str, provider: Search) -> Finding:
    started = monotonic()
    try:
        hits = await provider.search(_QUERY, limit=3)
    except SearchError as error:
        return Finding(what=what, state="warning", detail=f"asked for “{_QUERY}”: {error.why}")
    seconds = monotonic() - started
    detail = f"asked for “{_QUERY}”: {len(hits) or 'no'} hits in {seconds:.1f} s"
    return Finding(what=what, state="ok" if hits else "note", detail=detail)


async def _reached(what: str, url: str) -> Finding:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        host, port = "", 0
    if not host or not port:
        return Finding(what=what, state="error", detail=f"{url} is no address", remedy="set FONTES_SEARXNG_URL")
    try:
        async with asyncio.timeout(_CONNECT_S):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError) as error:
        detail = f"{url} does not answer ({getattr(error, 'strerror', None) or 'no connection in time'})"
        return Finding(what=what, state="warning", detail=detail, remedy="start it, or correct FONTES_SEARXNG_URL")
    writer.close()
    return Finding(what=what, state="ok", detail=f"{url} takes connections; --web asks it")


def _crawler(settings: Settings) -> Finding:
    try:
        crawl_policy(settings)
        settings.build_crawler()
    except (SettingError, ValueError) as error:
        return Finding(what="crawler", state="error", detail=str(error), remedy="`fontes config` shows where it is set")
    facts = [f"{settings.host_gap_s:g} s between two requests to a host"]
    if settings.resolve:
        facts.append(f"names lead elsewhere ({', '.join(settings.resolve)})")
    if settings.allow_hosts:
        facts.append(f"exempt from the address guard: {', '.join(settings.allow_hosts)}")
    if set(settings.obey) <= {"none"}:
        facts.append("opt-outs of sites are not obeyed")
    if settings.contact:
        return Finding(what="crawler", state="ok", detail="; ".join((*facts, f"contact {settings.contact}")))
    detail = "; ".join((*facts, "sites cannot tell who reads them"))
    return Finding(what="crawler", state="note", detail=detail, remedy="set FONTES_CONTACT to a URL or e-mail address")


async def _browser(settings: Settings) -> list[Finding]:
    """Whether a page can be rendered, by rendering one; nothing when rendering is off."""
    if not settings.render:
        return []
    from ...crawler import CrawlError, FetchError
    from ...crawler.browser import Browser

    async def refuse(url: str, *, kind: "RequestKind") -> NoReturn:
        raise FetchError(url, "network", f"this page asks for nothing, and no {kind}")

    started = monotonic()
    try:
        async with Browser(crawl_policy(settings)) as browser:
            page = await browser.render(
                "https://doctor.example/", html=_SHELL, content_type="text/html", request=refuse
            )
    except CrawlError as error:
        return [Finding(what="browser", state="warning", detail=f"pages cannot be rendered: {error.detail}")]
    if b"rendered" not in page.body:
        return [Finding(what="browser", state="warning", detail="it runs, but no script in it")]
    return [Finding(what="browser", state="ok", detail=f"rendered a page in {monotonic() - started:.1f} s")]


def _cache(settings: Settings) -> Finding:
    path = settings.home / "http" / "http.db"
    if not path.exists():
        return Finding(what="HTTP cache", state="ok", detail="empty")
    size = sum(file.stat().st_size for file in path.parent.glob("http.db*"))
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            said = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        said = str(error)
    if said != "ok":
        detail = f"{path}: {said}; pages are asked for again each time"
        return Finding(what="HTTP cache", state="warning", detail=detail, remedy=f"remove {path.parent}")
    return Finding(what="HTTP cache", state="ok", detail=f"{path}: {size / 1e6:,.1f} MB")
