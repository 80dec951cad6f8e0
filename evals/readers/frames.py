"""FRAMES (Krishna et al. 2024): questions over several Wikipedia pages, with no pages: asked of the web."""

from pathlib import Path

from ..case import Case
from .rows import read_rows


def read(data: Path) -> tuple[Case, ...]:
    """89 questions; the sources are the addresses of the pages that hold the parts of the answer."""
    return tuple(
        Case(
            id=row["id"],
            question=row["question"],
            gold_answers=(row["answer"],),
            gold_sources=tuple(row["wiki_links"]),
            tags=tuple(part.strip() for part in row["reasoning_type"].split("|")),
        )
        for row in read_rows(data / "qa/openqa/frames.jsonl")
    )
