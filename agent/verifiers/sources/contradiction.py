"""Conflicts between what several sources say about one claim, each with both sides, their quotes and dates.

Rules over numbers, dates, names and negation, made to be right when they speak: two sentences are compared only where
they share a topic, and conflict only in the one thing in which they differ. What they cannot see is a contradiction in
other words ("grew up on a farm", "spent his youth in New York"). `evals/contradictions.py` measures both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations

from ....retrievers.sentences import sentence_spans
from ...models.quotable import is_prose
from ...state import Contradiction, Side
from ..reading.dates import Date, conflict
from .as_of import as_of
from .beside import Beside, Clash, agree
from .changing import may_have_changed
from .date_conflicts import date_conflicts
from .name_conflicts import name_conflicts
from .number_conflicts import number_conflicts
from .polarity_conflicts import polarity_conflicts
from .said import Said, weight

_FINDERS = (number_conflicts, date_conflicts, name_conflicts, polarity_conflicts)
# Sentences and statements beyond these are not compared: time grows with their square.
_SENTENCES, _STATEMENTS = 12, 60
_SENTENCE_CHARS = 800
_ABOUT_CLAIM = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one source says: `text` is a sentence or a few, at `start` to `end` of the page with that hash.

    `source` is the URL or file path, `published` an ISO date or date and time, "" when unknown.
    """

    text: str
    source: str
    title: str = ""
    published: str = ""
    page_hash: str = ""
    start: int = 0
    end: int = 0


def contradictions(claim: str, statements: Sequence[Statement]) -> tuple[Contradiction, ...]:
    """The conflicts between statements of different sources that speak of `claim`, each pair of values once.

    Statements of one page are not compared with each other. The order of the statements changes nothing but which pair
    stands for a conflict that several sources repeat. 30 statements take about 10 ms.
    """
    subject = Said(claim).topic
    told = [_Told(statement, subject) for statement in statements[:_STATEMENTS]]
    found: dict[tuple[str, frozenset[str], bool], Contradiction] = {}
    for one, other in combinations(told, 2):
        for each in _between(one, other):
            values = frozenset((each.older.value.casefold(), each.newer.value.casefold()))
            found.setdefault((each.kind, values, each.is_change), each)
    return tuple(found.values())


def clashes(one: Said, other: Said) -> Iterator[Clash]:
    """The values of two sentences that cannot both hold; none if only one of them supposes or plans."""
    if one.text == other.text or one.is_supposed != other.is_supposed:
        return
    if not one.topic & other.topic and not one.denied and not other.denied:
        return
    pair = Beside(one, other)
    if _are_of_other_pages(pair):
        return
    for find in _FINDERS:
        if find is number_conflicts and one.is_forecast != other.is_forecast:
            continue  # what was to cost 20 costs 23
        yield from find(pair)


class _Told:
    """A statement with its sentences taken apart: where each begins, what it says; `about` has those of the claim."""

    def __init__(self, statement: Statement, subject: frozenset[str]) -> None:
        self.statement = statement
        self.sentences = _sentences(statement.text, statement.title)
        # A heading ("Visiting the tower in 2025") states nothing.
        self.about = [
            (start, said)
            for start, said in self.sentences
            if not subject.isdisjoint(said.stems) and is_prose(said.text) and _is_about(said, subject)
        ]

    def says(self, clash: Clash, of: Said, value: str) -> bool:
        """True if one of its sentences holds the value that stands as `value` in `of`."""
        if clash.kind == "number":
            mine = [amount for amount in of.amounts if amount.text == value]
            return any(agree(a, b) for _, said in self.sentences for a in mine for b in said.amounts)
        days = [day for day in of.days if day.text == value]
        return any(_holds(b, a) for _, said in self.sentences for a in days for b in said.days)


def _holds(told: Date, day: Date) -> bool:
    """True if a date that is told can be that day; "30 June", of whatever year, tells no year."""
    return not conflict(day, told) and (day.first_year is None or told.first_year is not None)


@lru_cache(maxsize=512)
def _sentences(text: str, title: str) -> tuple[tuple[int, Said], ...]:
    """Where each sentence begins, and what it says; a passage is compared for many claims, and read once."""
    spans = sentence_spans(text) if len(text) > 40 else ((0, len(text)),)
    return tuple(
        (start, Said(text[start : min(end, start + _SENTENCE_CHARS)], title)) for start, end in spans[:_SENTENCES]
    )


def _is_about(said: Said, subject: frozenset[str]) -> bool:
    topic = said.topic.union(*(denial.topic for denial in said.denials)) if said.denied else said.topic
    least = min(weight(topic), weight(subject))
    return least > 0 and weight(topic & subject) >= _ABOUT_CLAIM * least


def _between(one: _Told, other: _Told) -> Iterator[Contradiction]:
    """The conflicts of two statements; none of a value that the other statement holds in another sentence."""
    if _is_one_page(one.statement, other.statement):
        return
    for first in one.about:
        for second in other.about:
            for clash in clashes(first[1], second[1]):
                if clash.kind in ("number", "date") and (
                    other.says(clash, first[1], clash.mine) or one.says(clash, second[1], clash.theirs)
                ):
                    continue
                yield _contradiction(clash, (one.statement, first), (other.statement, second))


def _is_one_page(one: Statement, other: Statement) -> bool:
    return one.source == other.source or bool(one.page_hash and one.page_hash == other.page_hash)


def _are_of_other_pages(pair: Beside) -> bool:
    """True if neither names its subject and the titles of their pages have nothing in common."""
    if not (pair.one.is_pointing or pair.other.is_pointing) or pair.shared_names:
        return False
    mine, theirs = pair.one.title_topic, pair.other.title_topic
    least = min(weight(mine), weight(theirs))
    return least > 0 and weight(mine & theirs) <= 0.5 * least


def _contradiction(
    clash: Clash, one: tuple[Statement, tuple[int, Said]], other: tuple[Statement, tuple[int, Said]]
) -> Contradiction:
    times = tuple(_time(statement, said) for statement, (_, said) in (one, other))
    texts = (one[1][1].text, other[1][1].text)
    sides = [
        _side(statement, start, said, value, when)
        for (statement, (start, said)), value, when in zip((one, other), (clash.mine, clash.theirs), times, strict=True)
    ]
    is_change = may_have_changed(clash, texts, (times[0], times[1]))
    if times[0] and times[1] and times[1] < times[0]:
        sides.reverse()
    older, newer = sides
    return Contradiction(
        kind=clash.kind,
        older=older,
        newer=newer,
        is_change=is_change,
        explanation=_explained(clash, older, newer, is_change),
    )


def _time(statement: Statement, said: Said) -> date | None:
    when = as_of(said.text, statement.published)
    return when.last if when else None


def _side(statement: Statement, start: int, said: Said, value: str, when: date | None) -> Side:
    begins = statement.start + start
    return Side(
        quote=said.text,
        source=statement.source,
        title=statement.title,
        published=statement.published,
        page_hash=statement.page_hash,
        start=begins,
        end=begins + len(said.text),
        value=value,
        as_of=when.isoformat() if when else "",
    )


_WHAT = {"number": "the number", "date": "the date", "name": "the name", "polarity": "whether it is so"}


def _explained(clash: Clash, older: Side, newer: Side, is_change: bool) -> str:
    """The sides by their values and days; who says which is for the reader's page to show (`Side.title`, `source`)."""
    if is_change:
        return (
            f"changed over time: “{older.value}” as of {older.as_of}, “{newer.value}” as of {newer.as_of};"
            " the newer source is later, not in conflict"
        )
    what = _WHAT[clash.kind]
    if clash.kind == "polarity" and {older.value, newer.value} == {"stated", "denied"}:
        return f"sources disagree on {what}: {older.value}{_day(older)} by one, {newer.value}{_day(newer)} by the other"
    return f"sources disagree on {what}: “{older.value}”{_day(older)}, “{newer.value}”{_day(newer)}"


def _day(side: Side) -> str:
    return f" ({side.as_of})" if side.as_of else ""
