"""The public sets as retrieval is measured on them: what is searched, what is asked, and which parts are right.

The texts and the gold are those of the readers of cases; here they are pages and hashes. Everything in them is data,
never an instruction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..crawler import Page, text_hash
from .case import Case
from .readers import READERS
from .readers.rows import read_rows

__all__ = ["Asked", "RetrievalSet", "Span", "read_all", "read_chroma_spans", "read_rows", "read_set", "read_wice"]

Span = tuple[str, int, int]
"""(page hash, start, end) in code points, `end` exclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question or claim: the hashes of the pages that are right, and alternative sets of the spans that are.

    `spans` is () where a set names no spans; otherwise finding every span of one of its members is a full answer.
    """

    id: str
    text: str
    pages: frozenset[str]
    spans: tuple[tuple[Span, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalSet:
    """Pages to search and what is asked of them; every `Asked.pages` is among `pages`."""

    name: str
    pages: tuple[Page, ...]
    asked: tuple[Asked, ...]


def read_all(folder: Path) -> tuple[RetrievalSet, ...]:
    """All sets with known relevance over pages of their own, in a fixed order."""
    return tuple(read_set(name, folder) for name in ("wice", "clapnq", "scifact", "chroma_spans"))


def read_wice(folder: Path) -> RetrievalSet:
    """214 claims, 230 pages."""
    return read_set("wice", folder)


def read_chroma_spans(folder: Path) -> RetrievalSet:
    """132 questions, two long pages: a hit is a passage that overlaps a span, not the page."""
    return read_set("chroma_spans", folder)


def read_set(name: str, folder: Path) -> RetrievalSet:
    """One of `READERS` whose cases share their documents."""
    cases = READERS[name](folder)
    pages = {
        document.source: Page(text=document.text, hash=text_hash(document.text), title=document.title, language="en")
        for document in cases[0].documents
    }
    hashes = {source: page.hash for source, page in pages.items()}
    return RetrievalSet(
        name=name,
        pages=tuple({page.hash: page for page in pages.values()}.values()),
        asked=tuple(_asked(case, hashes) for case in cases),
    )


def _asked(case: Case, hashes: dict[str, str]) -> Asked:
    sources: Sequence[str] = case.gold_sources or [span.source for span in case.gold_spans]
    groups: dict[int, list[Span]] = {}
    for span in case.gold_spans:
        groups.setdefault(span.group, []).append((hashes[span.source], span.start, span.end))
    return Asked(
        id=case.id,
        text=case.question,
        pages=frozenset(hashes[source] for source in sources),
        spans=tuple(map(tuple, groups.values())),
    )
