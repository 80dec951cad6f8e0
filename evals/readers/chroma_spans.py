"""Chroma's chunking evaluation (Smith and Troynikov 2024): questions, and the exact spans that answer them."""

from pathlib import Path

from ...crawler import clean
from ..case import Case, Document, GoldSpan
from .rows import read_rows


def read(data: Path) -> tuple[Case, ...]:
    """132 questions over two long texts; all spans of one together are its answer."""
    raw: dict[str, str] = {}
    for path in sorted((data / "qa/chroma_spans/corpora").glob("*.md")):
        with path.open(encoding="utf-8", newline="") as file:
            raw[path.stem] = file.read()
    corpus = tuple(Document(source=name, text=clean(text)) for name, text in raw.items())
    return tuple(
        Case(
            id=row["id"],
            question=row["question"],
            documents=corpus,
            gold_spans=tuple(
                _span(row["corpus"], raw[row["corpus"]], each["start_index"], each["end_index"])
                for each in row["references"]
            ),
            unanswerable=False,
            tags=(row["corpus"],),
        )
        for row in read_rows(data / "qa/chroma_spans/questions.jsonl")
    )


def _span(source: str, raw: str, start: int, end: int) -> GoldSpan:
    """The places of the set count characters that are not stored, such as carriage returns."""
    quote = clean(raw[start:end])
    first = len(clean(raw[:start]))
    return GoldSpan(source=source, start=first, end=first + len(quote), quote=quote)
