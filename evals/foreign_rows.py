"""Answers of other systems as lines of JSON: the documented schema, read into answers.

A line is one answer: `{"id": …, "question": …, "answer": "… [1].", "citations": [{"url": …, "text": …}, …]}`.
docs/evaluation-compare.md has every field with its meaning. A set of cases with `foreign` answers is read, too.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .case import Case, ForeignAnswer, ForeignCitation
from .case_error import CaseError
from .cases import read_cases
from .foreign_marks import own_citations
from .json_lines import json_lines


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CitationRow(_Row):
    """What was cited; `text` is what the system says it read there, by which its answer is judged."""

    mark: str | int = Field(
        default="", description="as it stands in the answer; by default the place in the list, from 1"
    )
    url: str = ""
    title: str = ""
    text: str = ""


class AnswerRow(_Row):
    """One answer of one system."""

    id: str = Field(min_length=1)
    question: str = ""
    answer: str
    citations: list[CitationRow | str] = Field(
        default=[], description="cited texts in the order of their marks, or URLs"
    )
    system: str = Field(default="", description="the system and its version")
    abstained: bool | None = Field(
        default=None, description="it said that there is no answer; by default told by its words"
    )
    seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    money: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    prompt_tokens: int | None = Field(default=None, ge=0)
    completion_tokens: int | None = Field(default=None, ge=0)
    gold_answers: list[str] = []
    unanswerable: bool | None = None
    tags: list[str] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A line: the case that it makes by itself, and the answer."""

    line: int
    case: Case
    answer: ForeignAnswer


def read_answers(path: Path, *, system: str = "") -> tuple[Answered, ...]:
    """The answers of a file in its order; `system` names that of lines that name none.

    Raises:
        CaseError: the file cannot be read, holds no answer, a line is none, or a system answers a question twice.
    """
    lines = tuple(json_lines(path))
    if lines and _is_of_a_set(lines[0][1]):
        return _answers_of_set(path)
    held: dict[tuple[str, str], Answered] = {}
    for number, value in lines:
        answered = _answered(path, number, value, system or path.stem)
        key = (answered.answer.system, answered.case.id)
        if key in held:
            why = f"{key[0]} answered {key[1]!r} on line {held[key].line} already"
            raise CaseError(str(path), number, "id", why, "Keep one of the two, or name the system of each")
        held[key] = answered
    if not held:
        raise CaseError(str(path), 0, "", "it holds no answer", "One object a line, with `id` and `answer` at least")
    return tuple(held.values())


def answers_hash(answers: Sequence[Answered], *, fetched: bool) -> str:
    """The SHA-256 of what the systems said, in hex, and of whether what they cite was read."""
    said = sorted((each.case.id, json.dumps(asdict(each.answer), sort_keys=True)) for each in answers)
    return hashlib.sha256(json.dumps([fetched, said]).encode()).hexdigest()


def _is_of_a_set(row: object) -> bool:
    return isinstance(row, dict) and ("document" in row or "foreign" in row)


def _answers_of_set(path: Path) -> tuple[Answered, ...]:
    answered = tuple(
        Answered(line=0, case=replace(case, foreign=None), answer=case.foreign)
        for case in read_cases(path)
        if case.foreign
    )
    if not answered:
        raise CaseError(str(path), 0, "foreign", "no case has an answer", "Give `foreign` to the cases, or run the set")
    return answered


def _answered(path: Path, number: int, value: object, system: str) -> Answered:
    try:
        row = AnswerRow.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"] if part not in ("CitationRow", "str"))
        hint = "docs/evaluation-compare.md lists every field"
        raise CaseError(str(path), number, field, first["msg"], hint) from error
    citations = tuple(_citation(place, each) for place, each in enumerate(row.citations, 1))
    marks = [each.mark for each in citations]
    if len(set(marks)) < len(marks):
        twice = next(mark for mark in marks if marks.count(mark) > 1)
        why = f"the mark {twice!r} stands for two texts"
        raise CaseError(str(path), number, "citations", why, "Give each a mark of its own, or none at all")
    case = Case(
        id=row.id,
        question=row.question,
        gold_answers=tuple(row.gold_answers),
        unanswerable=row.unanswerable,
        tags=tuple(row.tags),
    )
    answer = ForeignAnswer(
        system=row.system or system,
        text=row.answer,
        citations=(*citations, *own_citations(row.answer, citations)),
        abstained=row.abstained,
        seconds=row.seconds,
        money=row.money,
        prompt_tokens=row.prompt_tokens,
        completion_tokens=row.completion_tokens,
    )
    return Answered(line=number, case=case, answer=answer)


def _citation(place: int, row: CitationRow | str) -> ForeignCitation:
    if isinstance(row, str):
        return ForeignCitation(mark=str(place), source=row)
    mark = str(row.mark) if row.mark != "" else str(place)
    return ForeignCitation(mark=mark.strip("[]^()【】 "), source=row.url, title=row.title, text=row.text)
