"""AttributionBench (Li et al. 2024): is a generated claim attributable to the texts it cites?"""

from pathlib import Path

from ..case import Case, Label
from .rows import read_rows


def read(data: Path) -> tuple[Case, ...]:
    """400 labelled claims; `question` is what was asked when the claim was written. The origin is a tag."""
    return tuple(
        Case(
            id=row["id"],
            question=row["question"],
            labels=(
                Label(claim=row["claim"], texts=tuple(row["references"]), supported=row["label"] == "attributable"),
            ),
            tags=(row["subset"],),
        )
        for row in read_rows(data / "claims/attributionbench/items.jsonl.gz")
    )
