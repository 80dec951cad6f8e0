"""MTRAG-UN (IBM): the last turn of a conversation, with reference contexts."""

from pathlib import Path
from typing import Any

from ...crawler import clean
from ..case import Case, Document, GoldSpan
from .rows import read_rows

_ANSWERABLE = ("ANSWERABLE", "PARTIAL")


def read(data: Path) -> tuple[Case, ...]:
    """91 last turns over the contexts of all; those marked unanswerable come without contexts of their own.

    An answer is right when it cites one of the reference contexts, each of which is a span as a whole: the reference
    answers are too long to be held word for word. The mark (`answerable`, `partial`, `unanswerable`, `underspecified`)
    is a tag; an underspecified question is neither answerable nor not.
    """
    rows = list(read_rows(data / "qa/mtrag/tasks.jsonl.gz"))
    documents: dict[str, Document] = {}
    for row in rows:
        for each in row["contexts"]:
            name = each["document_id"]
            documents[name] = Document(source=name, text=clean(each["text"]), title=each.get("title") or "")
    corpus = tuple(documents.values())
    return tuple(
        Case(
            id=row["id"],
            question=row["messages"][-1]["text"],
            conversation=tuple(
                ("user" if turn["role"] == "user" else "assistant", turn["text"]) for turn in row["messages"][:-1]
            ),
            documents=corpus,
            gold_answers=tuple(row["targets"]) if row["answerability"] in _ANSWERABLE else (),
            gold_spans=_spans(row, documents) if row["answerability"] in _ANSWERABLE else (),
            unanswerable={"UNANSWERABLE": True, "UNDERSPECIFIED": None}.get(row["answerability"], False),
            tags=(row["answerability"].lower(), row["domain"]),
        )
        for row in rows
    )


def _spans(row: dict[str, Any], documents: dict[str, Document]) -> tuple[GoldSpan, ...]:
    names = dict.fromkeys(each["document_id"] for each in row["contexts"])
    texts = ((group, name, documents[name].text) for group, name in enumerate(names))
    return tuple(GoldSpan(source=name, end=len(text), quote=text, group=group) for group, name, text in texts)
