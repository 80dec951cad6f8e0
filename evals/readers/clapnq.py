"""ClapNQ (Rosenthal et al. 2024): questions and the Wikipedia passage that each is answerable from, or nearly is."""

from pathlib import Path

from ...crawler import clean
from ..case import Case, Document, GoldSpan
from .rows import read_rows


def read(data: Path) -> tuple[Case, ...]:
    """199 questions over all 198 passages, 101 of them without an answer.

    Each annotator's selected sentences are a group of gold spans, the long answers gold answers.
    """
    documents = {
        row["passage_id"]: Document(source=row["passage_id"], text=clean(row["text"]), title=row["title"])
        for row in read_rows(data / "qa/clapnq/passages.jsonl.gz")
    }
    corpus = tuple(documents.values())
    return tuple(
        Case(
            id=row["id"],
            question=row["question"],
            documents=corpus,
            gold_answers=tuple(answer["answer"] for answer in row["answers"] if answer["answer"]),
            gold_spans=tuple(
                _span(documents[row["passage_id"]], sentence, group)
                for group, answer in enumerate(row["answers"])
                for sentence in answer["selected_sentences"]
            ),
            gold_sources=(row["passage_id"],),
            unanswerable=not row["answerable"],
        )
        for row in read_rows(data / "qa/clapnq/questions.jsonl")
    )


def _span(document: Document, sentence: str, group: int) -> GoldSpan:
    quote = clean(sentence)
    start = document.text.index(quote)
    return GoldSpan(source=document.source, start=start, end=start + len(quote), quote=quote, group=group)
