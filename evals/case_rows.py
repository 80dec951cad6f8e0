"""Cases as lines of JSON: the documented schema, read and written.

A line is a case, or `{"document": {…}}`: a text that the cases after it share by its name. docs/evaluation.md has every
field with its meaning; docs/reference/case.schema.json is made by `python -m fontes.evals.case_rows`.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from .case import Case, Document, ForeignAnswer, ForeignCitation, GoldSpan, Label


def _is_date(text: str) -> str:
    if text and not _DATE.match(text):
        raise ValueError(f"{text!r} is no ISO date, such as 2024-05-01")
    return text


def _is_moment(text: str) -> str:
    try:
        datetime.fromisoformat(text or "2024-05-01")
    except ValueError as error:
        raise ValueError(f"{text!r} is no ISO day or moment, such as 2024-05-01 or 2024-05-01T12:00:00Z") from error
    return text


_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:[T ].*)?)?)?$")
IsoDate = Annotated[str, AfterValidator(_is_date)]
IsoMoment = Annotated[str, AfterValidator(_is_moment)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DocumentRow(_Row):
    """A text, or the file that holds it (relative to the cases' own folder)."""

    source: str = Field(default="", description="the name that answers cite; by default the path")
    text: str = ""
    path: str = ""
    title: str = ""
    published: IsoDate = Field(default="", description="ISO date; `2024` or `2024-05` where that is all that is known")
    digest: str = Field(default="", description="SHA-256 of the file, written by a run")


class GoldSpanRow(_Row):
    """A stretch that answers: places in code points, or the words themselves, or both."""

    source: str = Field(min_length=1)
    start: int = Field(default=0, ge=0)
    end: int = Field(default=0, ge=0)
    quote: str = ""
    group: int = Field(default=0, description="spans of one group together are a full answer; any group is")


class LabelRow(_Row):
    """A person's judgement of a claim against texts."""

    claim: str = Field(min_length=1)
    texts: list[str] = Field(min_length=1)
    supported: bool


class ForeignCitationRow(_Row):
    """A cited text of another system's answer."""

    mark: str
    source: str = ""
    title: str = ""
    text: str = ""


class ForeignAnswerRow(_Row):
    """Another system's answer."""

    system: str
    text: str
    citations: list[ForeignCitationRow] = []
    abstained: bool | None = None
    seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    money: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    prompt_tokens: int | None = Field(default=None, ge=0)
    completion_tokens: int | None = Field(default=None, ge=0)


class TurnRow(_Row):
    """An earlier turn of the conversation."""

    role: Literal["user", "assistant"]
    text: str


class CaseRow(_Row):
    """One question and what is known of its answer."""

    id: str = Field(min_length=1)
    question: str = ""
    conversation: list[TurnRow] = []
    documents: list[DocumentRow | str] | Literal["all"] = Field(
        default=[], description="texts, names of `document` lines, paths of files; `all`: every `document` line so far"
    )
    web: str = Field(default="", description="folder that LocalWeb serves, relative to the cases' own")
    gold_answers: list[str] = []
    gold_spans: list[GoldSpanRow] = []
    gold_sources: list[str] = []
    unanswerable: bool | None = None
    as_of: IsoMoment = Field(
        default="", description="ISO day or moment of asking: the question is asked as on that day"
    )
    tags: list[str] = []
    labels: list[LabelRow] = []
    foreign: ForeignAnswerRow | None = None


class SharedRow(_Row):
    """A document that the cases after it share."""

    document: DocumentRow


def case_schema() -> str:
    """The JSON Schema of a line, as the text of docs/reference/case.schema.json."""
    return json.dumps(TypeAdapter(SharedRow | CaseRow).json_schema(), indent=2) + "\n"


def case_of(row: CaseRow, documents: tuple[Document, ...], spans: tuple[GoldSpan, ...], web: str) -> Case:
    """The case of a row whose documents, spans and web folder were looked up."""
    return Case(
        id=row.id,
        question=row.question,
        conversation=tuple((turn.role, turn.text) for turn in row.conversation),
        documents=documents,
        web=web,
        gold_answers=tuple(row.gold_answers),
        gold_spans=spans,
        gold_sources=tuple(row.gold_sources),
        unanswerable=row.unanswerable,
        as_of=row.as_of,
        tags=tuple(row.tags),
        labels=tuple(Label(claim=each.claim, texts=tuple(each.texts), supported=each.supported) for each in row.labels),
        foreign=_foreign(row.foreign) if row.foreign else None,
    )


def _foreign(row: ForeignAnswerRow) -> ForeignAnswer:
    return ForeignAnswer(
        **row.model_dump(exclude={"citations"}),
        citations=tuple(ForeignCitation(**each.model_dump()) for each in row.citations),
    )


def lines_of(cases: Sequence[Case], *, with_places: bool = True) -> Iterator[str]:
    """The canonical lines: every distinct document once, in the order of first use, then the cases.

    Documents that only share their name stand with their case. Without places, a file is told by its digest and a web
    by its folder's name alone.
    """
    if not with_places:
        cases = _without_places(cases)
    shared: dict[str, Document] = {}
    for case in _each_corpus_once(cases):
        for document in case.documents:
            shared.setdefault(document.source, document)
    yield from (_dumped({"document": _said(asdict(document))}) for document in shared.values())
    everything = tuple(shared.values())
    rendered: dict[int, object] = {}
    for case in cases:
        if id(case.documents) not in rendered:
            is_all = bool(everything) and case.documents == everything
            rendered[id(case.documents)] = "all" if is_all else [_named(each, shared) for each in case.documents]
        yield _dumped(_row_of(case, rendered[id(case.documents)]))


def _without_places(cases: Sequence[Case]) -> list[Case]:
    corpora: dict[int, tuple[Document, ...]] = {}
    for case in _each_corpus_once(cases):
        corpora[id(case.documents)] = tuple(replace(each, path="") if each.path else each for each in case.documents)
    return [replace(case, documents=corpora[id(case.documents)], web=Path(case.web).name) for case in cases]


def _each_corpus_once(cases: Iterable[Case]) -> Iterator[Case]:
    seen = set[int]()
    for case in cases:
        if id(case.documents) not in seen:
            seen.add(id(case.documents))
            yield case


def _named(document: Document, shared: Mapping[str, Document]) -> object:
    return document.source if shared[document.source] == document else _said(asdict(document))


def _row_of(case: Case, documents: object) -> dict[str, object]:
    row = _said({**asdict(_without_documents(case)), "documents": documents})
    row["conversation"] = [{"role": role, "text": text} for role, text in case.conversation]
    if case.foreign:
        row["foreign"] = _said(asdict(case.foreign))
    return _said(row)


def _without_documents(case: Case) -> Case:
    return replace(case, documents=(), foreign=None)


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty or unknown; a span's start and a truth value are neither."""
    return {key: value for key, value in row.items() if value is not None and value != "" and value not in ((), [])}


def _dumped(row: Mapping[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    sys.stdout.write(case_schema())
