"""What is to be seen of the sources that an answer stands on, for its reader to judge them by."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ..crawler import Page, Sighting
from ..retrievers import Store
from .registered import Register, doi_of, registered
from .source_signals import SourceSignals, source_signals
from .state import Checked

_SCHOLARLY = ("scholarly", "university")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The signals of each cited source, in the order a reader meets them, and notes on what was found or not asked."""

    signals: tuple[SourceSignals, ...] = ()
    notes: tuple[str, ...] = ()


async def cited_sources(
    checked: Sequence[Checked], store: Store, *, today: date, registers: Sequence[Register] = ()
) -> Seen:
    """Look at every source that an asserted sentence cites.

    `registers` are asked about the scholarly works among them; () asks nobody. A notice that a work can no longer be
    relied on is a note, too.

    Raises:
        StoreError: the pages could not be read back.
    """
    cited = _cited(checked)
    pages = {page_hash: page for page_hash in set(cited.values()) if (page := await store.page(page_hash))}
    read = {source: pages[page_hash] for source, page_hash in cited.items() if page_hash in pages}
    signals = await asyncio.to_thread(_looked_at, read, today)
    works = {each.source: doi_of(each.source, read[each.source].text) for each in signals if _is_work(each)}
    found = await registered(works.values(), registers)
    signals = [replace(each, notice=each.notice or found.notices.get(works.get(each.source, ""))) for each in signals]
    grave = [f"{each.source}: {_told(each)}" for each in signals if each.notice and each.notice.is_grave]
    return Seen(signals=tuple(signals), notes=(*grave, *found.notes))


def _cited(checked: Sequence[Checked]) -> dict[str, str]:
    """Source and page hash of the asserted sentences' citations, each source once."""
    asserted = (each for each in checked if each.asserted)
    found: dict[str, str] = {}
    for citation in (c for each in asserted for claim in each.claims for c in claim.citations):
        found.setdefault(citation.source, citation.page_hash)
    return found


def _looked_at(read: dict[str, Page], today: date) -> list[SourceSignals]:
    return [
        source_signals(
            _sighting(source, page),
            page.text,
            today=today,
            others=[other.text for name, other in read.items() if name != source],
        )
        for source, page in read.items()
    ]


def _sighting(source: str, page: Page) -> Sighting:
    seen = next((each for each in page.sightings if each.source == source), None)
    return seen or Sighting(source=source, fetched="", title=page.title)


def _is_work(signals: SourceSignals) -> bool:
    return signals.kind.kind in _SCHOLARLY or bool(doi_of(signals.source))


def _told(signals: SourceSignals) -> str:
    notice = signals.notice
    assert notice is not None
    day = f", {notice.date}" if notice.date else ""
    where = {"crossref": "Crossref", "openalex": "OpenAlex"}.get(notice.basis, f"its own {notice.basis}")
    return f"{_WORDS[notice.kind]}, says {where} (“{notice.quote}”{day})"


_WORDS = {
    "retraction": "this work was retracted",
    "withdrawal": "this work was withdrawn",
    "concern": "concerns were published about this work",
    "correction": "this work was corrected",
}
