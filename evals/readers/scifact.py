"""SciFact (Wadden et al. 2020), partial: scientific claims and the abstracts that support or contradict them."""

from pathlib import Path

from ...crawler import clean
from ..case import Case, Document
from .rows import read_rows


def read(data: Path) -> tuple[Case, ...]:
    """101 claims over 865 abstracts without titles; the label is a tag."""
    corpus = tuple(
        Document(source=row["doc_id"], text=clean(row["text"]))
        for row in read_rows(data / "claims/scifact_partial/corpus.jsonl.gz")
    )
    return tuple(
        Case(
            id=row["id"],
            question=row["claim"],
            documents=corpus,
            gold_sources=tuple(row["relevant"]),
            tags=(row["label"].lower(),),
        )
        for row in read_rows(data / "claims/scifact_partial/claims.jsonl")
    )
