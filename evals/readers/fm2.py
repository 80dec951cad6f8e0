"""FoolMeTwice (Eisenschlos et al. 2021): claims written to be hard to check against Wikipedia."""

from pathlib import Path

from ..case import Case, Label
from .rows import read_rows


def read(data: Path) -> tuple[Case, ...]:
    """200 labelled claims, each beside its gold evidence. The category is a tag."""
    return tuple(
        Case(
            id=row["id"],
            question=row["text"],
            labels=(
                Label(
                    claim=row["text"],
                    texts=tuple(each["text"] for each in row["gold_evidence"]),
                    supported=row["label"] == "SUPPORTS",
                ),
            ),
            tags=(row["category"],),
        )
        for row in read_rows(data / "claims/fm2/items.jsonl")
    )
