"""SummEdits (Laban et al. 2023): are minimally edited summaries still consistent with their document?"""

from pathlib import Path

from ..case import Case, Label
from .rows import read_rows


def read(data: Path) -> tuple[Case, ...]:
    """400 labelled summaries of 21 documents. The domain is a tag."""
    texts = {row["doc_id"]: row["text"] for row in read_rows(data / "claims/summedits/docs.jsonl.gz")}
    return tuple(
        Case(
            id=row["id"],
            question="",
            labels=(Label(claim=row["summary"], texts=(texts[row["doc_id"]],), supported=row["label"] == 1),),
            tags=(row["domain"],),
        )
        for row in read_rows(data / "claims/summedits/items.jsonl")
    )
