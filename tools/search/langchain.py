"""Any search tool or retriever of LangChain as a provider, and any of its loaders as a source of pages.

The only file that knows LangChain; what it is given was made by who chose it (`pip install 'fontes[langchain]'`).
"""

import ast
import asyncio
import json
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from langchain_core.documents import Document
from langsmith import tracing_context

from ...crawler import Page, Sighting, extract, utc_now
from ..connection import Failed
from ..errors import BadAnswer, KeyRefused, LimitReached, SearchError, ServiceDown
from ..filters import ANY, Filters
from ..found import Found, to_hits
from ..hit import Hit
from ..plain import one_line, plain_text
from ..terms import Terms
from ..turns import Turns
from . import MOST

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable  # costs a second

TERMS = Terms(deadline_s=15.0)
_MAX_QUERY = 400
_MAX_TEXT = 2_000_000
_SIDE_BY_SIDE = 2  # threads of its own: one that hangs must not take those that the rest of the program shares
_URLS, _SNIPPETS = ("link", "url", "href", "source"), ("snippet", "content", "body", "description", "text")
_DATES = ("published", "published_date", "publishedDate", "date")
_LISTS = ("results", "organic", "organic_results", "items", "data", "hits")
# What their errors say is all there is to go by: LangChain has no types for them.
_LIMIT = re.compile(r"\b429\b|rate.?limit|too many requests", re.IGNORECASE)
_KEY = re.compile(r"\b40[13]\b|api.?key|unauthori[sz]ed|forbidden", re.IGNORECASE)
_QUERY_OF_URL = re.compile(r"\?[^\s'\"]*")
_SECRET = re.compile(r"[\w+/=-]{20,}")


class Loader(Protocol):
    """What of a document loader is used."""

    def load(self) -> list[Document]: ...


class LangChain:
    """A runnable of LangChain that turns a query into results, made by `from_tool` or `from_retriever`.

    What it can be narrowed to is set where it is made, so no filter is honoured. It runs in a thread, where after the
    deadline it cannot be stopped; only what has no synchronous way runs on the loop. (The asynchronous ways of
    langchain-community are often missing, block, or lose what the service said.)
    """

    honours: frozenset[str] = frozenset()

    def __init__(
        self, runnable: "Runnable[str, Any]", read: Callable[[Any], list[Found]], *, name: str, terms: Terms = TERMS
    ) -> None:
        self.name, self._runnable, self._read, self._terms = name, runnable, read, terms
        self._turns = Turns(name, terms)
        self._threads = ThreadPoolExecutor(max_workers=_SIDE_BY_SIDE, thread_name_prefix=name)

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says; how many results there are is settled where the tool or retriever is made.

        Raises:
            SearchError: it failed; of which type is read from the words of its error.
        """
        limit, text = min(limit, MOST), one_line(query, _MAX_QUERY)
        if limit < 1 or not text:
            return ()
        try:
            async with asyncio.timeout(self._terms.deadline_s):
                await self._turns.take()
                found = self._read(await self._called(text))
        except TimeoutError as error:
            why = f"no answer within {self._terms.deadline_s:g} s; try again, or use another provider"
            raise ServiceDown(self.name, query, why) from error
        except Failed as failed:
            raise _error(self.name, query, failed) from None  # the cause may repeat a key
        return to_hits(found, self.name, self._terms, datetime.now(UTC))[:limit]

    async def _called(self, text: str) -> Any:
        """What it gives, untraced: LangSmith would be sent the query if the environment says so.

        Raises:
            Failed: it raised anything.
        """
        loop = asyncio.get_running_loop()
        with tracing_context(enabled=False):
            run = copy_context().run
            try:
                try:
                    return await loop.run_in_executor(self._threads, run, lambda: self._runnable.invoke(text))
                except NotImplementedError:
                    return await self._runnable.ainvoke(text)
            except Exception as error:  # what a plug of someone else's raises cannot be known
                raise _failed(error) from error


def from_tool(tool: "Runnable[Any, Any]", *, name: str = "", terms: Terms = TERMS) -> LangChain:
    """A provider that calls a search tool, one that returns results with addresses and takes the query alone.

    `name` is the tool's own unless given. Results are dictionaries, in a list or under a name such as `results`, as
    objects, JSON, or what Python prints of them.
    """
    return LangChain(tool, _of_tool, name=name or tool.get_name(), terms=terms)


def from_retriever(retriever: "Runnable[str, list[Document]]", *, name: str = "", terms: Terms = TERMS) -> LangChain:
    """A provider that asks a retriever, whose documents name their web addresses (`source`, `url` or `link`)."""
    return LangChain(retriever, _of_retriever, name=name or retriever.get_name(), terms=terms)


async def from_loader(loader: Loader) -> tuple[Page, ...]:
    """What a loader reads, as pages for the index; it runs in a thread.

    Raises:
        ValueError: a document names no source.
        Whatever the loader raises; what it reads is the caller's own.
    """
    with tracing_context(enabled=False):
        return pages_of(await asyncio.to_thread(loader.load))


def pages_of(documents: Iterable[Document]) -> tuple[Page, ...]:
    """Documents as pages: those of one source (rows, pages of a PDF) make one page, in their order; empty ones none.

    A source is a URL, or a path, which is made absolute.

    Raises:
        ValueError: a document names no source in its metadata.
    """
    texts: dict[str, list[str]] = {}
    about: dict[str, Mapping[str, Any]] = {}
    for number, document in enumerate(documents, start=1):
        source = _first(document.metadata, ("source", "url", "file_path"))
        if not source:
            raise ValueError(f"document {number} names no source; set metadata['source'] to its URL or path")
        source = source if "://" in source else str(Path(source).absolute())
        about.setdefault(source, document.metadata)
        if document.page_content.strip():
            texts.setdefault(source, []).append(document.page_content)
    return tuple(_page(source, "\n\n".join(parts), about[source]) for source, parts in texts.items())


def _page(source: str, text: str, metadata: Mapping[str, Any]) -> Page:
    body = text.encode("utf-8", "replace")
    page = extract(body, url=source, content_type="text/plain; charset=utf-8")
    title = plain_text(_first(metadata, ("title",))) or page.title
    seen = page.sightings[0] if page.sightings else Sighting(source=source, fetched=utc_now(), size=len(body))
    return replace(page, title=title, sightings=(replace(seen, title=title),))


def _failed(error: Exception) -> Failed:
    said = _SECRET.sub("…", _QUERY_OF_URL.sub("", plain_text(str(error)[:1_000])))[:160]
    why = f"it failed ({type(error).__name__}: {said})"
    if _LIMIT.search(said) or "RateLimit" in type(error).__name__:
        return Failed(LimitReached, f"{why}; it will be asked again later")
    if _KEY.search(said):
        return Failed(KeyRefused, f"{why}; check the key that it was made with")
    if isinstance(error, OSError | ImportError) or type(error).__module__.startswith(("httpx", "aiohttp", "requests")):
        return Failed(ServiceDown, why)
    return Failed(BadAnswer, why)


def _error(name: str, query: str, failed: Failed) -> SearchError:
    if failed.kind is LimitReached:
        return LimitReached(name, query, failed.why, failed.retry_after_s)
    return failed.kind(name, query, failed.why)


def _of_retriever(answer: Any) -> list[Found]:
    if not isinstance(answer, list) or not all(isinstance(each, Document) for each in answer):
        raise Failed(BadAnswer, "it gave something else than documents")
    rows = [{**each.metadata, "snippet": each.page_content} for each in answer]
    return _found(rows, "its documents name no web address (source, url or link); add them to the index instead")


def _of_tool(answer: Any) -> list[Found]:
    if isinstance(answer, str):
        answer = _parsed(answer)
    if isinstance(answer, Mapping):
        answer = next((answer[name] for name in _LISTS if isinstance(answer.get(name), list)), [answer])
    if not isinstance(answer, list | tuple):
        raise Failed(BadAnswer, "it gives text without addresses; take a tool that returns results")
    rows = [row for row in answer if isinstance(row, Mapping)]
    if len(rows) == 1 and not _first(rows[0], _URLS):
        return []  # how the tools of langchain-community say that nothing was found: `[{"Result": "No good …"}]`
    return _found(rows, "its results hold no addresses; take a tool that returns them") if answer else []


def _parsed(text: str) -> Any:
    """Results that were written as text: JSON, or as Python prints a list.

    Raises:
        Failed: neither.
    """
    if len(text) <= _MAX_TEXT and text.lstrip().startswith(("[", "{")):
        for read in (json.loads, ast.literal_eval):
            try:
                return read(text)
            except (ValueError, SyntaxError, RecursionError, MemoryError):  # literal_eval lets all four out
                continue
    raise Failed(BadAnswer, "it gives text without addresses; take a tool that returns results")


def _found(rows: list[Mapping[str, Any]] | list[dict[str, Any]], none: str) -> list[Found]:
    found = [
        Found(
            url=_first(row, _URLS),
            title=_first(row, ("title",)),
            snippet=_first(row, _SNIPPETS),
            published=_first(row, _DATES),
        )
        for row in rows
    ]
    if found and not any(each.url.startswith(("http://", "https://")) for each in found):
        raise Failed(BadAnswer, none)
    return found


def _first(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The first of these that is a text, and not empty."""
    return next((value for name in names if isinstance(value := row.get(name), str) and value), "")
