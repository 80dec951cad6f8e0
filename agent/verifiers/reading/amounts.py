"""The quantities of a sentence as they are compared: how much, counting what, by what, and of which kind.

They are those of `quantities` that have one reading. What contradictions need beside it is told here: the things
counted and the words before them, rates, ages, labels (season 3), results (3–2), ranges and parts of a whole.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, isfinite

from .quantities import Quantity, Reading, quantities
from .terms import Words
from .units import units_of
from .words import word_set

_BY = """
    day week month year hour minute second night capita person head game match episode share square km mile litre
    liter gallon
"""
_RATE = re.compile(
    rf"(?:\s+[^\W\d_]+){{0,2}}\s*(?:/|\bper\s+|\b(?:a|an|each|every)\s+)(?P<by>{'|'.join(_BY.split())})\b",
    re.IGNORECASE,
)
_PART_AFTER = re.compile(
    r"\s+(?:[^\W\d_]+\s+)?of\s+(?:the|its|their|his|her|all|these|those|them|which|whom)\b|\s+of\s+\d", re.IGNORECASE
)
_PART_BEFORE = re.compile(
    r"\b(?:including|of whom|of which|among them|another|additional|an extra|further|with)\s+$", re.IGNORECASE
)
_OLD = re.compile(r"[\s-]old\b", re.IGNORECASE)
_RANGE = re.compile(r"\s?(?:–|—|-|to|through)\s?", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s$", re.IGNORECASE)  # "rose from 5 to 7"
_SCORE = re.compile(r"\s?[–-]\s?")
_CLAUSE_END = re.compile(r"[.;:!?()—]|,\s")

_YEAR_LIKE = re.compile(r"1[5-9]\d\d|20[0-4]\d")
_LABELS = word_set(
    """
    no number chapter section page route highway room grade level phase type class channel episode season series
    volume part article figure table model flight bus line group division district ward unit stage round tier
    top under week game act scene verse step area zone line
    """
)
_PLURALS = frozenset(["people", "men", "women", "children", "million", "billion", "percent", "per"])
_AGE = frozenset(["aged", "age", "old"])
_THINGS, _CONTEXT = 4, 5
_YEAR = units_of("year")[0].size


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A quantity between `low` and `high` (equal unless it is a range or a bound), in the base unit of `dimension`.

    `dimension` is "" for a count, "rank" for ordinals, "label" for what tells things apart (season 3), "score" for a
    result of two numbers, "age" in years, else that of `units`, of which `unit` is the size. `step` is what one in the
    last written place is worth. `things` are the stems of what follows in the same phrase, `before` those that come
    before; `rate` is what it is counted by (day, capita). `is_part`: it counts some of a larger whole.
    """

    start: int
    end: int
    text: str
    low: float
    high: float
    step: float
    dimension: str = ""
    unit: float = 1.0
    rate: str = ""
    things: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    is_about: bool = False
    is_part: bool = False

    @property
    def is_bound(self) -> bool:
        """True for "at least", "up to" and ranges."""
        return self.low != self.high

    @property
    def open_end(self) -> int:
        """1 for "at least", -1 for "up to", 0 for all else."""
        return (self.high == inf) - (self.low == -inf)

    @property
    def told(self) -> float:
        """The number that is written, whatever bound it is."""
        return self.low if self.high == inf else self.high


def amounts(words: Words, taken: Sequence[tuple[int, int]] = ()) -> tuple[Amount, ...]:
    """The quantities of a sentence in reading order; `taken` are places that hold something else, such as a date."""
    found = [
        amount
        for quantity in quantities(words.text)
        if not any(start < quantity.end and quantity.start < end for start, end in taken)
        and (amount := _amount(words, quantity))
    ]
    return tuple(_joined(words.text, found))


def _amount(words: Words, quantity: Quantity) -> Amount | None:
    text, start, end = words.text, quantity.start, quantity.end
    reading, at = _reading(quantity), words.at(start)
    if reading is None or _is_in_a_code(text, start, end):
        return None
    dimension, size, things = reading.unit.dimension, reading.unit.size, _phrase(words, end)
    if dimension == "ordinal":
        dimension = "" if quantity.text.casefold() == "first" and not things else "rank"
        if not dimension:
            return None
    elif dimension == "time" and (old := _OLD.match(text, end)):
        dimension, size, end = "age", size / _YEAR, old.end()
    elif not dimension:
        kind = _kind(words, quantity, at)
        if kind is None:
            return None
        dimension = kind
    value = reading.value * size + reading.unit.shift
    rate = _RATE.match(text, end)
    return Amount(
        start=start,
        end=end,
        text=text[start:end].strip(),
        low=-inf if quantity.bound == "most" and not quantity.is_about else value,
        high=inf if quantity.bound == "least" and not quantity.is_about else value,
        step=quantity.unit_step * size,
        dimension=dimension,
        unit=size,
        rate=rate["by"].lower() if rate else "",
        things=things,
        before=_before(words, at),
        is_about=quantity.is_about,
        is_part=bool(_PART_AFTER.match(text, end) or _PART_BEFORE.search(text[max(0, start - 20) : start])),
    )


def _reading(quantity: Quantity) -> Reading | None:
    """What it means; of 1,200 the English reading; None where there is no one, as for 1.200, the 1990s and 10:45."""
    kinds = {each.unit.dimension for each in quantity.readings}
    if quantity.is_word or quantity.text.casefold() == "one" or kinds & {"decade", "clock"}:
        return None
    if "ordinal" in kinds:
        return next(each for each in quantity.readings if each.unit.dimension == "ordinal")
    values = {each.value for each in quantity.readings}
    if len(values) > 1 and "." in quantity.text and "," not in quantity.text:
        return None
    largest = max(quantity.readings, key=lambda each: each.value)
    return largest if isfinite(largest.value) else None  # 400 digits


def _is_in_a_code(text: str, start: int, end: int) -> bool:
    """True for what is part of an address, a time or a number of something: a.7, 10:45, 3/4."""
    if start and (text[start - 1].isalnum() or text[start - 1] in "_@/.:"):
        return True
    return text[end : end + 1] in ("/", ":", "_", "@") and text[end + 1 : end + 2].isalnum()


def _kind(words: Words, quantity: Quantity, at: int) -> str | None:
    """What kind of number it is that has no unit; None if it is none (a year, a part of F16)."""
    text, end = words.text, quantity.end
    before = words.folded[at - 1] if at and words.gap(at - 1).strip(" -#") == "" else ""
    if before in _LABELS or text[quantity.start - 1 : quantity.start] == "#" or _is_in_name(words, at, end):
        return "label"
    if before in _AGE:
        return "age"
    is_cut = end < len(text) and text[end].isalnum()
    return None if is_cut or _YEAR_LIKE.fullmatch(quantity.text) else ""


def _is_in_name(words: Words, at: int, end: int) -> bool:
    """True for 11 in Apollo 11: a capitalised word comes right before it, and nothing that it could count after it."""
    if not at or words.gap(at - 1) not in (" ", "-") or not words.written[at - 1][0].isupper():
        return False
    if not words.is_content[at - 1] or not words.written[at][0].isdigit():
        return False
    following = words.at(end)
    if following >= len(words) or words.text[end : words.starts[following]] != " ":
        return True
    counted = words.folded[following]
    return not (
        counted.endswith("s") or counted in _PLURALS or words.folded[following + 1 : following + 2] == ["people"]
    )


def _phrase(words: Words, end: int) -> tuple[str, ...]:
    """The stems of the content words that follow without a stop word or a sign between them."""
    found: list[str] = []
    at = words.at(end)
    while at < len(words) and len(found) < _THINGS and words.is_content[at] and not words.written[at][0].isdigit():
        if words.text[end : words.starts[at]].strip(" -\u00a0'’\""):
            break
        found.append(words.stems[at])
        end, at = words.ends[at], at + 1
    return tuple(found)


def _before(words: Words, at: int) -> tuple[str, ...]:
    """The stems of the nearest content words before, in the same clause."""
    found: list[str] = []
    for number in range(at - 1, -1, -1):
        if len(found) == _CONTEXT or _CLAUSE_END.search(words.gap(number)):
            break
        if words.is_content[number] and not words.written[number][0].isdigit():
            found.append(words.stems[number])
    return tuple(found)


def _joined(text: str, found: list[Amount]) -> Iterator[Amount]:
    """Two numbers as one range (500–600) or result (3–2)."""
    skip = False
    for one, other in pairwise([*found, None]):
        if one is None or skip:
            skip = False
            continue
        between = text[one.end : other.start] if other else ""
        are_alike = other is not None and one.dimension in ("", other.dimension) and not one.is_bound
        is_range = _RANGE.fullmatch(between) and not (_FROM.search(text[max(0, one.start - 6) : one.start]))
        if other is None or not are_alike or not is_range or other.dimension in ("rank", "label"):
            yield one
            continue
        skip = True
        is_score = _SCORE.fullmatch(between) and not other.things and not other.dimension and other.high < 200
        yield _score(text, one, other) if is_score else _range(text, one, other)


def _score(text: str, one: Amount, other: Amount) -> Amount:
    value = one.high * 1000 + other.high
    return Amount(
        start=one.start, end=other.end, text=text[one.start : other.end], low=value, high=value, step=1.0,
        dimension="score", before=one.before,
    )  # fmt: skip


def _range(text: str, one: Amount, other: Amount) -> Amount:
    factor = other.step / one.step if other.dimension and not one.dimension and one.step == 1.0 else 1.0
    low = one.low * factor if factor != 1.0 and one.low * factor <= other.high else one.low
    return Amount(
        start=one.start, end=other.end, text=text[one.start : other.end], low=min(low, other.low),
        high=max(low, other.high), step=other.step, dimension=other.dimension, unit=other.unit, rate=other.rate,
        things=other.things, before=one.before, is_about=one.is_about or other.is_about, is_part=one.is_part,
    )  # fmt: skip
