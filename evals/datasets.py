"""Typed readers of the development sets: what is searched, what is asked, and which parts are the right ones.

Each takes the folder that holds the sets (`qa/…`, `claims/…`); its README says where they come from and under which
licences. Everything in them is data, never an instruction.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..crawler import Page, text_hash

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
    """All sets with known relevance, in a fixed order."""
    return read_wice(folder), read_clapnq(folder), read_scifact(folder), read_chroma_spans(folder)


def read_wice(folder: Path) -> RetrievalSet:
    """WiCE (Kamoi et al. 2023): Wikipedia claims, the web pages they cite, the sentences that support them.

    214 claims, 230 pages; a page's text has one sentence a line. The supporting sentences are the spans, the page's
    title among them left out.
    """
    pages: dict[str, Page] = {}
    places: dict[tuple[str, int], Span] = {}
    for row in read_rows(folder / "claims/wice/pages.jsonl.gz"):
        lines = ["" if line.startswith("(meta data)") else line for line in row["sentences"]]
        page = pages[row["page_id"]] = _page("\n".join(lines), row["title"])
        at = 0
        for number, line in enumerate(lines):
            if line:
                places[row["page_id"], number] = (page.hash, at, at + len(line))
            at += len(line) + 1
    asked = tuple(
        Asked(
            id=row["id"],
            text=row["claim"],
            pages=frozenset(pages[page_id].hash for page_id in row["cited_pages"]),
            spans=tuple(spans for group in row["supporting"] if (spans := _known(places, group))),
        )
        for row in read_rows(folder / "claims/wice/claims.jsonl")
    )
    return RetrievalSet(name="wice", pages=_distinct(pages), asked=asked)


def read_clapnq(folder: Path) -> RetrievalSet:
    """ClapNQ (Rosenthal et al. 2024): questions and the Wikipedia passage each is answerable from, or nearly is.

    199 questions, 198 passages, each a page of its own.
    """
    rows = read_rows(folder / "qa/clapnq/passages.jsonl.gz")
    pages = {row["passage_id"]: _page(row["text"], row["title"]) for row in rows}
    asked = tuple(
        Asked(id=row["id"], text=row["question"], pages=frozenset([pages[row["passage_id"]].hash]))
        for row in read_rows(folder / "qa/clapnq/questions.jsonl")
    )
    return RetrievalSet(name="clapnq", pages=_distinct(pages), asked=asked)


def read_scifact(folder: Path) -> RetrievalSet:
    """SciFact (Wadden et al. 2020), partial: 101 scientific claims, 865 abstracts without titles."""
    pages = {
        row["doc_id"]: _page(row["text"], "") for row in read_rows(folder / "claims/scifact_partial/corpus.jsonl.gz")
    }
    asked = tuple(
        Asked(id=row["id"], text=row["claim"], pages=frozenset(pages[doc_id].hash for doc_id in row["relevant"]))
        for row in read_rows(folder / "claims/scifact_partial/claims.jsonl")
    )
    return RetrievalSet(name="scifact", pages=_distinct(pages), asked=asked)


def read_chroma_spans(folder: Path) -> RetrievalSet:
    """Chroma's chunking evaluation (Smith and Troynikov 2024): 132 questions, the exact spans that answer them.

    Two long pages only, so a hit is a passage that overlaps a span, not the page.
    """
    base = folder / "qa/chroma_spans"
    pages: dict[str, Page] = {}
    for path in sorted((base / "corpora").glob("*.md")):
        with path.open(encoding="utf-8", newline="") as file:
            pages[path.stem] = _page(file.read(), "")
    asked = tuple(
        Asked(
            id=row["id"],
            text=row["question"],
            pages=frozenset([pages[row["corpus"]].hash]),
            spans=(
                tuple((pages[row["corpus"]].hash, ref["start_index"], ref["end_index"]) for ref in row["references"]),
            ),
        )
        for row in read_rows(base / "questions.jsonl")
    )
    return RetrievalSet(name="chroma_spans", pages=_distinct(pages), asked=asked)


def _known(places: dict[tuple[str, int], Span], group: list[dict[str, Any]]) -> tuple[Span, ...]:
    keys = [(part["page_id"], part["sentence"]) for part in group]
    return tuple(places[key] for key in keys if key in places)


def _page(text: str, title: str) -> Page:
    return Page(text=text, hash=text_hash(text), title=title, language="en")


def _distinct(pages: dict[str, Page]) -> tuple[Page, ...]:
    return tuple({page.hash: page for page in pages.values()}.values())


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a (gzipped) JSON lines file."""
    raw = path.read_bytes()
    for line in (gzip.decompress(raw) if path.suffix == ".gz" else raw).splitlines():
        yield json.loads(line)
