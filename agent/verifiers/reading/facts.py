"""The facts of a sentence where they stand among its words: what of a claim another text lacks, or tells otherwise."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from .dates import Date, bears_out, conflict, dates, same_day
from .names import Held, Name, known_by, names
from .quantities import Quantity, agree, quantities
from .terms import is_content, stem

Fact = Date | Quantity | Name

_WORD = re.compile(r"\w+(?:[.,'’]\w+)*")

# How many words around a fact tell what it is about, in the claim and, since sources say more, in the source.
_AROUND, _FAR = 5, 8

# The share of a claim's words that a sentence holds which says another value in its place, and how much more that must
# be than what any sentence holds that says the same value.
_MOSTLY, _CLEARLY = 0.6, 0.1

# The most words of an item of a list.
_ITEM, _LISTED = 6, 3

# "one" and "first" are a pronoun and an adverb too often.
_NO_NUMBERS = frozenset(["one", "first"])
_HALF = re.compile(r"\s(?:half|part)\b", re.IGNORECASE)
_DISEASE = re.compile(r"(?:covid|cov)[\s-]?$", re.IGNORECASE)


class Line:
    """A sentence with its facts, each kind read when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def words(self) -> tuple[tuple[str, int, int], ...]:
        """The words as (stem or "" for words without content, start, end)."""
        return tuple(
            (stem(match.group()) if is_content(match.group()) else "", match.start(), match.end())
            for match in _WORD.finditer(self.text)
        )

    @cached_property
    def dates(self) -> tuple[Date, ...]:
        """See `dates`."""
        return dates(self.text)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """See `quantities`."""
        return quantities(self.text)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """See `names`."""
        return names(self.text)

    @cached_property
    def content(self) -> frozenset[str]:
        """The stems of all content words."""
        return frozenset(word for word, _, _ in self.words if word)

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table, its cells parted by bars or tabs, or a short item of a list with a number."""
        is_item = (
            len(self.words) <= _ITEM and not self.text.rstrip().endswith((".", "!", "?")) and bool(self.quantities)
        )
        return "|" in self.text or "\t" in self.text or is_item

    @cached_property
    def _starts(self) -> list[int]:
        return [start for _, start, _ in self.words]

    def _places(self, fact: Fact) -> tuple[int, int]:
        """The numbers of the first word of a fact and of the first one after it."""
        first = bisect_right(self._starts, fact.start)
        while first > 0 and self.words[first - 1][2] > fact.start:
            first -= 1
        return first, max(first, bisect_left(self._starts, fact.end))

    def own(self, fact: Fact) -> frozenset[str]:
        """The stems of the words that a fact is made of."""
        first, after = self._places(fact)
        return frozenset(word for word, _, _ in self.words[first:after])

    def around(self, fact: Fact, reach: int) -> frozenset[str]:
        """The content words up to `reach` words away from a fact, the fact's own left out."""
        first, after = self._places(fact)
        near = self.words[max(0, first - reach) : first] + self.words[after : after + reach]
        return frozenset(word for word, _, _ in near if word)

    def beside(self, fact: Fact) -> tuple[str, str]:
        """The words right before and after a fact as they are written, folded; "" at an end."""
        first, after = self._places(fact)
        before = self.words[first - 1 : first] if first else ()
        left, right = (
            [self.text[a:b].casefold() for _, a, b in side] for side in (before, self.words[after : after + 1])
        )
        return (left[0] if left else ""), (right[0] if right else "")

    @cached_property
    def numbers(self) -> tuple[Quantity, ...]:
        """The quantities that are no part of a date, a disease's name or a pronoun."""
        return tuple(
            q for q in self.quantities
            if not q.is_word and q.text.casefold() not in _NO_NUMBERS and not self._is_in_a_date(q)
            and not _HALF.match(self.text, q.end)
            and not _DISEASE.search(self.text[max(0, q.start - 6) : q.start])
        )  # fmt: skip

    @cached_property
    def counts(self) -> tuple[Quantity, ...]:
        """The quantities that are no part of a date: the 12 of 12 March counts nothing."""
        return tuple(q for q in self.quantities if not self._is_in_a_date(q))

    @cached_property
    def ones(self) -> tuple[Quantity, ...]:
        """The quantities that may be a pronoun or an adverb (one, first)."""
        return tuple(q for q in self.quantities if not q.is_word and q.text.casefold() in _NO_NUMBERS)

    def _is_in_a_date(self, quantity: Quantity) -> bool:
        at = bisect_left(self._date_ends, quantity.start + 1)  # dates do not overlap, and stand in order
        return at < len(self.dates) and self.dates[at].start < quantity.end

    @cached_property
    def _date_ends(self) -> list[int]:
        return [date.end for date in self.dates]


@lru_cache(maxsize=4_096)
def line(text: str) -> Line:
    """The same sentence is read once."""
    return Line(text)


class Source:
    """What the evidence holds of each kind of fact, by sentence."""

    def __init__(self, texts: Sequence[str], sentences: Sequence[str]) -> None:
        self.lines = [line(sentence) for sentence in sentences]
        self._rows = [row for sentence in sentences for row in _rows(sentence)]
        self._held = Held(texts)

    def lacks_date(self, said: Date) -> bool:
        """Whether no date bears out the claim's; its year may stand elsewhere than its day."""
        if any(bears_out(said, held) for each in self.lines for held in each.dates):
            return False
        if said.is_year and self._holds_year_as_number(said):
            return False
        is_day_there = any(same_day(said, held) for each in self.lines for held in each.dates)
        return not (is_day_there and self._holds_year(said))

    def _holds_year(self, said: Date) -> bool:
        return any(held.first_year == said.first_year for each in self.lines for held in each.dates)

    def _holds_year_as_number(self, said: Date) -> bool:
        return any(
            reading.value == said.first_year
            for each in self.lines for q in each.quantities for reading in q.readings if reading.unit.dimension == ""
        )  # fmt: skip

    def lacks_number(self, said: Quantity) -> bool:
        """Whether no quantity agrees with the claim's, nor a year if it is a plain number."""
        return not any(
            any(_agrees(said, held) for held in each.counts) or any(_agrees(said, held) for held in each.dates)
            for each in self.lines
        )

    def lacks_of_name(self, said: Name) -> tuple[str, ...]:
        """The words of a name that the evidence does not hold."""
        return self._held.missing(said)

    def says_otherwise(self, claim: Line, said: Fact) -> str:
        """What the source says where the claim says `said`, "" if nothing is in its place.

        That is another value of the same kind in a sentence that holds most of the claim, among the same words, while
        no sentence that holds as much of the claim has a value that agrees.
        """
        rest = claim.content - claim.own(said)
        covers = [(len(rest & each.content) / len(rest) if rest else 0.0, each) for each in self.lines]
        rows = [(len(rest & each.content) / len(rest) if rest else 0.0, each) for each in self._rows] or covers
        if otherwise := _in_other_row(rows, said):
            return otherwise
        if not any(covered >= _MOSTLY for covered, _ in covers):
            return ""
        told = max((c for c, each in covers if any(_agrees(said, held) for held in _all_of(each, said))), default=0.0)
        wanted, beside = claim.around(said, _AROUND), claim.beside(said)
        for covered, each in sorted(covers, key=lambda pair: -pair[0]):
            if covered < max(_MOSTLY, told + _CLEARLY):
                break
            for held in _of_kind(each, said):
                fits = _is_beside(beside, each.beside(held)) + len(wanted & each.around(held, _FAR))
                if _is_rival(said, held, claim) and fits >= 1 + 0.6 * len(wanted):
                    return held.text
        return ""


@lru_cache(maxsize=256)
def source_of(texts: tuple[str, ...], sentences: tuple[str, ...]) -> Source:
    """The same evidence is read once, for however many claims."""
    return Source(texts, sentences)


def _rows(sentence: str) -> Iterator[Line]:
    """A sentence by its semicolons, where it is a list of things with numbers."""
    parts = sentence.partition(":")[2].split(";") if ":" in sentence else sentence.split(";")
    if len(parts) > _LISTED - 1 and all(any(map(str.isdigit, part)) for part in parts):
        yield from (line(part.strip() + " |") for part in parts)


def _in_other_row(covers: Sequence[tuple[float, Line]], said: Fact) -> str:
    """What the row of a table that the claim speaks of says, if what the claim says stands in other rows only."""
    agreed = [(covered, each) for covered, each in covers if any(_agrees(said, held) for held in _all_of(each, said))]
    if not agreed or not all(each.is_row for _, each in agreed):
        return ""
    others = [
        (covered, held.text)
        for covered, each in covers
        if each.is_row
        for held in _of_kind(each, said)
        if _is_of_dimension(said, held)
    ]
    best, otherwise = max(others, key=lambda pair: pair[0], default=(0.0, ""))
    return otherwise if best > max(covered for covered, _ in agreed) else ""


def _is_beside(one: tuple[str, str], other: tuple[str, str]) -> int:
    return sum(a == b != "" for a, b in zip(one, other, strict=True))


def _of_kind(each: Line, said: Fact) -> Iterator[Fact]:
    match said:
        case Date():
            yield from each.dates
        case Quantity():
            yield from each.numbers
        case Name():
            yield from each.names


def _all_of(each: Line, said: Fact) -> Iterator[Fact]:
    """What may bear out a fact: for a number also a year, and words like "both"."""
    yield from _of_kind(each, said)
    if isinstance(said, Quantity):
        yield from each.counts
        yield from each.dates
    elif isinstance(said, Date) and said.is_year:
        yield from each.numbers


def _agrees(said: Fact, held: Fact) -> bool:
    match said, held:
        case Date(), Date():
            return bears_out(said, held) or same_day(said, held)
        case Date(), Quantity():
            return said.is_year and any(reading.value == said.first_year for reading in held.readings)
        case Quantity(), Quantity():
            return agree(said, held)
        case Quantity(), Date():
            return held.is_year and any(
                reading.value == held.first_year and reading.unit.dimension == "" for reading in said.readings
            )
        case Name(), Name():
            return not known_by(said.words).isdisjoint(known_by(held.words)) or not _held(held.text).missing(said)
        case _:
            return False


@lru_cache(maxsize=4_096)
def _held(name: str) -> Held:
    """A name as a text of its own: it is held against many."""
    return Held([name])


def _is_of_dimension(said: Fact, held: Fact) -> bool:
    """Whether two quantities measure the same; True for other facts."""
    if not isinstance(said, Quantity) or not isinstance(held, Quantity):
        return True
    return not {r.unit.dimension for r in said.readings}.isdisjoint(r.unit.dimension for r in held.readings)


def _is_rival(said: Fact, held: Fact, claim: Line) -> bool:
    """Whether `held` could stand in the place of `said` and is not told by the claim elsewhere."""
    match said, held:
        case Quantity(), Quantity():
            return _is_of_dimension(said, held) and not any(agree(q, held) for q in claim.quantities)
        case Date(), Date():
            return conflict(said, held) and not any(bears_out(date, held) for date in claim.dates)
        case Name(), Name():
            return all(known_by(name.words).isdisjoint(known_by(held.words)) for name in claim.names)
        case _:
            return False
