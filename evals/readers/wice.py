"""WiCE (Kamoi et al. 2023): Wikipedia claims, the web pages they cite, the sentences that support them."""

from pathlib import Path
from typing import Any

from ...crawler import clean
from ..case import Case, Document, GoldSpan
from .rows import read_rows

Places = dict[tuple[str, int], tuple[int, int]]


def read(data: Path) -> tuple[Case, ...]:
    """214 claims over all 230 pages; a page's text has one sentence a line.

    Each set of supporting sentences is a group of gold spans, the page's title among them left out. A claim that its
    pages do not support is unanswerable; the label is a tag.
    """
    documents: dict[str, Document] = {}
    places: Places = {}
    for row in read_rows(data / "claims/wice/pages.jsonl.gz"):
        lines = ["" if line.startswith("(meta data)") else clean(line) for line in row["sentences"]]
        documents[row["page_id"]] = Document(source=row["page_id"], text="\n".join(lines), title=row["title"])
        at = 0
        for number, line in enumerate(lines):
            if line:
                places[row["page_id"], number] = (at, at + len(line))
            at += len(line) + 1
    corpus = tuple(documents.values())
    return tuple(
        Case(
            id=row["id"],
            question=row["claim"],
            documents=corpus,
            gold_spans=tuple(
                span
                for group, parts in enumerate(row["supporting"])
                for span in _spans(documents, places, parts, group)
            ),
            gold_sources=tuple(row["cited_pages"]),
            unanswerable=row["label"] == "not_supported",
            tags=(row["label"],),
        )
        for row in read_rows(data / "claims/wice/claims.jsonl")
    )


def _spans(documents: dict[str, Document], places: Places, parts: list[dict[str, Any]], group: int) -> list[GoldSpan]:
    spans: list[GoldSpan] = []
    for part in parts:
        page, key = part["page_id"], (part["page_id"], part["sentence"])
        if key in places:
            start, end = places[key]
            quote = documents[page].text[start:end]
            spans.append(GoldSpan(source=page, start=start, end=end, quote=quote, group=group))
    return spans
