"""Answers as every readable export shows them: what was asked, said, and left unsaid, without any markup yet.

All text in it is on one line, without controls and what is invisible; each format escapes it in its own way.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..answer import Answer, found_of, shown_text
from ..language import language_of
from ..state import Checked, Contradiction, Side
from .references import Reference, one_line, references

_STATUS = {
    "answered": "Answered",
    "partial": "Answered in part",
    "abstained": "Not answered",
    "running": "Not answered",
}
_OWN = {"index": "your own documents", "sources": "the sources named with the question"}
_MOST_SKIPPED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An asserted sentence, the numbers of its sources, and what the check found beside support."""

    text: str
    numbers: tuple[int, ...]
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facing:
    """One side of a contradiction; `number` of its source if that is cited, else None."""

    value: str
    quote: str
    where: str
    day: str
    number: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opposed:
    """A contradiction, or (`is_change`) a value that was another one before."""

    is_change: bool
    explanation: str
    sides: tuple[Facing, Facing]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One question and its answer.

    `outcome` says in a few words how it ended. `reasons` say what is missing. `withheld` are (sentence, why it is not
    asserted). `searched`, `read` and `skipped` are lines of the ledger: one for each place of `searched_count`
    searches, and at most 200 of `skipped_count` addresses.
    """

    question: str
    language: str
    kind: Literal["answered", "partial", "abstained"]
    outcome: str
    lines: tuple[Line, ...]
    reasons: tuple[str, ...]
    opposed: tuple[Opposed, ...]
    withheld: tuple[tuple[str, str], ...]
    searched: tuple[str, ...]
    searched_count: int
    read: tuple[str, ...]
    skipped: tuple[str, ...]
    skipped_count: int
    notes: tuple[str, ...]

    @property
    def is_answered(self) -> bool:
        """Whether a sentence is asserted."""
        return bool(self.lines)

    @property
    def sign(self) -> str:
        """The outcome as a sign, for who sees no colours."""
        return {"answered": "✓", "partial": "◐", "abstained": "✗"}[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """All that is exported together; `title` is the one given, else the first question."""

    title: str
    parts: tuple[Part, ...]
    references: tuple[Reference, ...]


def document(answers: Sequence[Answer], *, title: str = "") -> Document:
    """The answers with their sources numbered through."""
    cited = references(answers)
    numbers = {citations[0].source: 0 for answer in answers for citations in answer.sources}
    numbers = {source: number for number, source in enumerate(numbers, start=1)}
    first = one_line(answers[0].question) if answers else ""
    return Document(
        title=one_line(title) or first or "Nothing was asked",
        parts=tuple(_part(answer, numbers) for answer in answers),
        references=cited,
    )


def _part(answer: Answer, numbers: dict[str, int]) -> Part:
    ledger = answer.ledger
    why = one_line(answer.cut_short)
    outcome = _STATUS[answer.status]
    if why:
        outcome += f": {why}"
    elif not answer.asserted and ledger.searched:  # else it was asked back, and the notes hold the question
        outcome += ": no sentence could be checked against a source that answers this"
    return Part(
        question=one_line(answer.question),
        language=language_of(answer.question),
        kind="abstained" if answer.status == "running" else answer.status,
        outcome=outcome,
        lines=tuple(_line(checked, numbers) for checked in answer.asserted),
        reasons=tuple(map(one_line, answer.reasons)),
        opposed=tuple(_opposed(each, numbers) for each in answer.contradictions),
        withheld=tuple(
            (one_line(shown_text(checked)), one_line(checked.withheld))
            for checked in answer.sentences
            if not checked.asserted
        ),
        searched=_searched(answer),
        searched_count=len(ledger.searched),
        read=tuple(map(one_line, ledger.read)),
        skipped=tuple(
            one_line(
                f"{each.source}: {each.detail} ({each.reason})" if each.detail else f"{each.source}: {each.reason}"
            )
            for each in ledger.skipped[:_MOST_SKIPPED]
        ),
        skipped_count=len(ledger.skipped),
        notes=tuple(map(one_line, answer.notes)),
    )


def _line(checked: Checked, numbers: dict[str, int]) -> Line:
    cited = {numbers[citation.source] for claim in checked.claims for citation in claim.citations}
    found = one_line(" · ".join(text for _, text in found_of(checked)))
    return Line(text=one_line(shown_text(checked)), numbers=tuple(sorted(cited)), found=found)


def _opposed(found: Contradiction, numbers: dict[str, int]) -> Opposed:
    return Opposed(
        is_change=found.is_change,
        explanation=one_line(found.explanation),
        sides=(_facing(found.older, found, numbers), _facing(found.newer, found, numbers)),
    )


def _facing(side: Side, found: Contradiction, numbers: dict[str, int]) -> Facing:
    return Facing(
        value=one_line(side.value) if found.kind != "polarity" else "",
        quote=one_line(side.quote),
        where=one_line(side.title or side.source),
        day=one_line(side.as_of or side.published)[:10],
        number=numbers.get(side.source),
    )


def _searched(answer: Answer) -> tuple[str, ...]:
    """Where it was looked, a line for each place: what was found, or why nothing could be."""
    hits: Counter[str] = Counter()
    failed: dict[str, str] = {}
    for row in answer.ledger.searched:
        hits[row.provider] += row.hits
        if row.error:
            failed[row.provider] = row.error
    return tuple(
        one_line(f"{_OWN.get(place, place)}: {count} found" + (f"; {failed[place]}" if place in failed else ""))
        for place, count in hits.items()
    )
