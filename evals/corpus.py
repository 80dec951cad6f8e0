"""What cases are asked of: texts in an index made once, a folder served as a small internet, or one's own index."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..agent.assistant import Assistant
from ..agent.settings import Settings
from ..crawler import ExtractionError, Page, Sighting, Skipped, extract, text_hash, utc_now
from ..tools.localweb import LocalWeb
from .case import Case, Document

_MADE = "evaluated"
"""A file beside an index that holds all its documents."""


class CorpusError(Exception):
    """Documents that cannot be searched: which, why, and what to do."""

    def __init__(self, what: str, why: str, hint: str) -> None:
        super().__init__(what, why, hint)
        self.what, self.why, self.hint = what, why, hint

    def __str__(self) -> str:
        return f"{self.what}: {self.why}. {self.hint}."


class Corpus:
    """The documents, or the web, that some cases have in common; `key` is their `corpus_key`.

    Every assistant that is opened on it shares the index in `home`: a text is split once, and embedded once a model.
    """

    def __init__(self, case: Case, home: Path, key: str) -> None:
        self.documents, self.web, self.day, self.key = case.documents, case.web, case.day, key
        self.home = home / "evals" / key if key else home
        self._making = asyncio.Lock()  # parts the cells that want the index at one time

    @asynccontextmanager
    async def assistant(self, changes: dict[str, Any]) -> AsyncIterator[Assistant]:
        """An assistant over this corpus, with settings changed so; its index holds all documents.

        Raises:
            CorpusError: a document cannot be read.
            SettingError, LocalWebError, RetrievalError: it cannot be set up.
        """
        if self.web:
            async with LocalWeb(self.web, today=self.day) as web:
                served = {
                    "search": ("searxng",),
                    "searxng_url": web.search_url,
                    "resolve": (f"*=127.0.0.1:{web.port}",),
                    "web": True,
                }
                async with Assistant(Settings(**{**served, **changes, "home": self.home})) as fontes:
                    yield fontes
            return
        at = {"home": self.home} if self.key else {}
        async with Assistant(Settings(**{**changes, **at})) as fontes:
            if self.documents:
                async with self._making:
                    await self._make(fontes)
            yield fontes

    async def _make(self, fontes: Assistant) -> None:
        """Take the documents into the index unless they are there, and embed what this assistant's model has not."""
        made = self.home / _MADE
        if not made.exists():
            pages = [await _page(document, fontes) for document in self.documents]
            await fontes.index.add(pages, embed=False)
            made.touch()
        await fontes.index.embed()


def corpus_key(case: Case) -> str:
    """Equal for cases that search the same; "" for what is asked of one's own index."""
    if not case.documents and not case.web:
        return ""
    digest = hashlib.sha256(repr((case.web, str(case.day) if case.web and case.day else "")).encode())
    for document in case.documents:
        digest.update(repr((document.source, document.title, document.published, document.digest)).encode())
        digest.update(document.text.encode())
    return digest.hexdigest()[:20]


async def _page(document: Document, fontes: Assistant) -> Page:
    seen = Sighting(source=document.source, fetched=utc_now(), title=document.title, published=document.published)
    if not document.path:
        return await asyncio.to_thread(_page_of_text, document, seen)
    page = await fontes.reader.read(document.path)
    if isinstance(page, Skipped):
        raise CorpusError(
            document.path, f"it cannot be read ({page.reason}): {page.detail}", "Mend it, or leave it out of the cases"
        )
    found = page.sightings[0]
    seen = replace(seen, title=seen.title or found.title, published=seen.published or found.published)
    return replace(page, title=document.title or page.title, sightings=(seen,))


def _page_of_text(document: Document, seen: Sighting) -> Page:
    """As a file with this text would be read, if that leaves every character where it is; gold spans count them."""
    try:
        page = extract(document.text.encode(), content_type="text/plain; charset=utf-8")
    except ExtractionError:  # too little text to be a page by itself
        page = None
    if page is None or page.text != document.text:
        page = Page(text=document.text, hash=text_hash(document.text))
    return replace(page, title=document.title, sightings=(seen,))
