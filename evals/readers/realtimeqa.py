"""RealTime QA (Kasai et al. 2023): news quizzes with the search results and page texts recorded that week."""

from pathlib import Path

from ...crawler import clean
from ..case import Case, Document
from ..metrics.normalised import holds
from .rows import read_rows


def read(data: Path) -> tuple[Case, ...]:
    """60 questions, each over its own recorded pages.

    One whose answer stands in none of them is taken for unanswerable.
    """
    cases: list[Case] = []
    corpora: dict[tuple[Document, ...], tuple[Document, ...]] = {}
    for row in read_rows(data / "web/realtimeqa/questions.jsonl.gz"):
        found = {
            each["url"]: Document(
                source=each["url"],
                text=clean(each["text"]),
                title=each["title"],
                published=(each["publish_date"] or "").replace("/", "-"),
            )
            for each in row["results"]
            if each["text"].strip()
        }
        if not found:
            continue
        documents = tuple(found.values())
        answers = tuple(row["answer"])
        cases.append(
            Case(
                id=row["id"],
                question=row["question"],
                documents=corpora.setdefault(documents, documents),
                gold_answers=answers,
                unanswerable=not any(holds(each.text, answer) for each in documents for answer in answers),
                as_of="{}-{}-{}T{}:00Z".format(*row["search_time"].split("/")),
            )
        )
    return tuple(cases)
