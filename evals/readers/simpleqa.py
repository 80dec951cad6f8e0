"""SimpleQA (Wei et al. 2024): short questions of fact, with no pages: asked of the web, or of one's own index."""

from pathlib import Path

from ..case import Case
from .rows import read_rows


def read(data: Path) -> tuple[Case, ...]:
    """82 questions with an answer each."""
    return tuple(
        Case(id=row["id"], question=row["question"], gold_answers=(row["answer"],))
        for row in read_rows(data / "qa/openqa/simpleqa.jsonl")
    )
