"""The quantities of a text: numbers with their units, how exact they claim to be, and when two of them agree."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import floor, isfinite, log10
from typing import Literal

from .numerals import Numeral, numerals
from .units import SIGNS, Unit, units_of
from .words import SPELLED

Bound = Literal["", "least", "most"]

# One percent is what conversions are rounded by; "about" may be wrong by a tenth.
_CONVERTED, _ABOUT, _ROUNDED, _NEAR_BOUND = 0.01, 0.1, 0.05, 0.25

_SIGN_BEFORE = re.compile(
    rf"(?:\b(?:US|USD|EUR|GBP|CHF|Rs\.?|A|C|CA|AU|NZ|HK|R)\s?)?[{SIGNS}]\s?$"
    r"|\b(?:USD|EUR|GBP|CHF|Rs\.?|INR|JPY)\s?$"
)
_UNIT_AFTER = re.compile(
    r"[\s\u00a0-]?(?:(?P<sign>%|°\s?[CF]?\b|[€£¥₹₩₽$])|(?P<per>km/h|m/s)\b"
    r"|(?P<two>(?:square|cubic|sq\.?|nautical|metric|per|percentage|degrees?|grad|light|US|U\.S\.|imperial|kilowatt|megawatt"
    r"|kilomet(?:er|re)s per|miles per)[\s-][^\W\d_]+)|(?P<one>[^\W\d_]{1,15}[²³23]?))"
)
_ABOUT_BEFORE = re.compile(
    r"(?:\b(?:about|around|approximately|approx\.?|roughly|some|nearly|almost|circa|ca?\.|estimated"
    r"|close to|near|just over|just under|rund|etwa|ungefähr|environ|unos|cerca de)"
    r"\s(?:an?\s|the\s)?(?:estimated\s)?|[~≈]\s?)[$€£¥]?$",
    re.IGNORECASE,
)
_LEAST_BEFORE = re.compile(
    r"(?:\b(?:at least|more than|over|above|exceeding|exceeds|exceeded|upwards? of|no (?:less|fewer) than|in excess of"
    r"|a minimum of|mehr als|über|mindestens|plus de|más de)\s|[>≥]\s?)[$€£¥]?$",
    re.IGNORECASE,
)
_MOST_BEFORE = re.compile(
    r"(?:\b(?:at most|up to|less than|fewer than|under|below|no more than|a maximum of|not more than|weniger als|unter"
    r"|höchstens|moins de|menos de)\s|[<≤]\s?)[$€£¥]?$",
    re.IGNORECASE,
)
_MILLION = re.compile(r"\s?m\b(?!²|³)")
_FEET_BEFORE = re.compile(r"\d\s?(?:ft|feet|foot)\.?,?\s$")
_MORE_AFTER = re.compile(r"\s?\+|\s(?:or more|or (?:higher|older|over))\b")
_LESS_AFTER = re.compile(r"\s(?:or less|or fewer|or under)\b")
_CITATION = re.compile(r"\[\d{1,3}(?:[,–-]\s?\d{1,3})*\]")
_CLOCK = re.compile(
    r"\b(?P<h>[01]?\d|2[0-4])(?:[:.](?P<m>[0-5]\d))?(?:\s?(?P<half>[ap])\.?\s?m\b\.?|(?<=\d[:]\d\d)(?!\d))",
    re.IGNORECASE,
)
_QUARTER = re.compile(r"\bQ(?P<n>[1-4])\b")
_PARTS = {"half": 1 / 2, "halves": 1 / 2, "third": 1 / 3, "thirds": 1 / 3, "quarter": 1 / 4, "quarters": 1 / 4,
          "fifth": 1 / 5, "fifths": 1 / 5, "tenth": 1 / 10}  # fmt: skip
_PART = re.compile(
    rf"\b(?:(?P<n>one|two|three|four|a)[\s-])?(?P<part>{'|'.join(_PARTS)})\b(?=\s(?:of|the|as|by)\b|[.,;]|$)"
    r"|\b(?P<alone>half)\b",
    re.IGNORECASE,
)
_IN_SO_MANY = re.compile(
    rf"\b(?P<some>{'|'.join(SPELLED)}|\d{{1,3}})\s(?:in|out of)\s(?:every\s)?"
    rf"(?P<all>{'|'.join(SPELLED)}|hundred|\d{{1,3}})\b(?!\s(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?"
    r"|countries|cities|states|places|games|matches)\b|[\d.,]*\d)",
    re.IGNORECASE,
)
_COUNTS = {"once": 1, "twice": 2, "thrice": 3, "both": 2, "couple": 2, "pair": 2, "duo": 2, "twin": 2,
           "twins": 2, "double": 2, "doubled": 2, "trio": 3, "triple": 3, "tripled": 3, "triplets": 3,
           "quartet": 4, "quadruple": 4, "quintet": 5, "dozen": 12, "single": 1, "sole": 1,
           "zero": 0, "none": 0, "no": 0}  # fmt: skip
_COUNT = re.compile(rf"\b(?:{'|'.join(_COUNTS)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One thing that a quantity may mean: `value` as it is written (scaled: 2400000), and its unit.

    `unit` has the dimension "" for a plain number, "ordinal" for a place in an order, "decade" and "clock" (minutes
    since midnight).
    """

    value: float
    unit: Unit

    @property
    def measure(self) -> float:
        """The value in the common unit of its dimension (metres, kilograms, seconds, °C)."""
        return self.value * self.unit.size + self.unit.shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number at `start` to `end` with all that it may mean.

    `unit_step` is what one in its last written place is worth, in its own unit. `is_about`: it says "about" or the
    like. `bound`: "least" after "at least" or "more than", "most" after "up to". `is_word`: told without a number
    (half, both).
    """

    start: int
    end: int
    text: str
    readings: tuple[Reading, ...]
    unit_step: float = 1.0
    is_about: bool = False
    bound: Bound = ""
    is_word: bool = False


_PLAIN = Unit(dimension="")
_ORDINAL, _DECADE, _CLOCK_UNIT = Unit(dimension="ordinal"), Unit(dimension="decade"), Unit(dimension="clock")


def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of `text` in reading order: figures, spelled numbers, shares (half, two thirds), counts (both).

    Numbers of dates are among them; marks of citation ("[3]") are not.
    """
    clocks = [_clock(match) for match in _CLOCK.finditer(text)]
    figures = numerals(text)
    found = [*clocks, *_words_for_numbers(text), *(_in_so_many(text) if len(figures) > 1 else ())]
    taken = [(each.start, each.end) for each in found] + [match.span() for match in _CITATION.finditer(text)]
    found += [
        _quantity(text, numeral)
        for numeral in figures
        if not any(start < numeral.end and numeral.start < end for start, end in taken)
    ]
    return tuple(_joined(text, sorted(found, key=lambda quantity: quantity.start)))


def _quantity(text: str, numeral: Numeral) -> Quantity:
    before = text[max(0, numeral.start - 30) : numeral.start]
    sign = _SIGN_BEFORE.search(before)
    units: tuple[Unit, ...] = (_PLAIN,)
    start, end, scale = numeral.start, numeral.end, 1.0
    if sign:
        if million := _MILLION.match(text, end):
            end, scale = million.end(), 1e6
        units = units_of(sign.group()) or units_of(sign.group().strip()[-1])
        start -= len(sign.group())
    elif (after := _UNIT_AFTER.match(text, numeral.end)) and (named := _units_named(after, before)):
        units, end = named, after.end()
    return Quantity(
        start=start,
        end=end,
        text=text[start:end],
        readings=tuple(_readings(numeral, units or (_PLAIN,), scale)),
        unit_step=numeral.unit_step * scale,
        is_about=bool(_ABOUT_BEFORE.search(before)),
        bound=_bound(text, before, end),
    )


def _units_named(after: re.Match[str], before: str) -> tuple[Unit, ...]:
    """The units that stand after a number; "in" is one only after feet."""
    name = after.group(after.lastgroup or 0)
    if name == "in" and _FEET_BEFORE.search(before):
        return units_of("inch")
    return units_of(name) or (units_of(re.split(r"[\s-]", name)[0]) if after.lastgroup == "two" else ())


def _readings(numeral: Numeral, units: Sequence[Unit], scale: float) -> Iterator[Reading]:
    for value in sorted(numeral.values):
        if value.startswith("#"):
            yield Reading(value=float(value[1:]), unit=_ORDINAL)
        elif value.endswith("s"):
            yield Reading(value=float(value[:-1]), unit=_DECADE)
        else:
            yield from (Reading(value=scale * float(value), unit=unit) for unit in units)


def _bound(text: str, before: str, end: int) -> Bound:
    if _LEAST_BEFORE.search(before) or _MORE_AFTER.match(text, end):
        return "least"
    return "most" if _MOST_BEFORE.search(before) or _LESS_AFTER.match(text, end) else ""


def _clock(match: re.Match[str]) -> Quantity:
    """4:45 may be in the morning or the afternoon, 4:45 pm is 16:45."""
    hour, minute, half = int(match["h"]), int(match["m"] or 0), (match["half"] or "").lower()
    hours = {hour % 12 + 12 * (half == "p")} if half else {hour, (hour + 12) % 24} if hour <= 12 else {hour}
    readings = tuple(Reading(value=60.0 * h + minute, unit=_CLOCK_UNIT) for h in sorted(hours))
    return Quantity(start=match.start(), end=match.end(), text=match.group(), readings=readings)


def _words_for_numbers(text: str) -> Iterable[Quantity]:
    for match in _PART.finditer(text):
        times = {"two": 2, "three": 3, "four": 4}.get((match["n"] or "").lower(), 1)
        share = 100 * times * _PARTS[(match["part"] or match["alone"]).lower()]
        unit = units_of("%")[0]
        yield Quantity(start=match.start(), end=match.end(), text=match.group(), is_word=True, unit_step=5.0,
                       readings=(Reading(value=share, unit=unit), Reading(value=share / 100, unit=_PLAIN)))  # fmt: skip
    for match in _QUARTER.finditer(text):
        yield Quantity(start=match.start(), end=match.end(), text=match.group(),
                       readings=(Reading(value=float(match["n"]), unit=_ORDINAL),))  # fmt: skip
    for match in _COUNT.finditer(text):
        readings = (Reading(value=float(_COUNTS[match.group().lower()]), unit=_PLAIN),)
        yield Quantity(start=match.start(), end=match.end(), text=match.group(), readings=readings, is_word=True)


def _in_so_many(text: str) -> Iterator[Quantity]:
    """Shares: one in five."""
    for match in _IN_SO_MANY.finditer(text):
        some, every = (
            SPELLED.get(word.lower(), 100 if word.lower() == "hundred" else 0) or int("0" + word * word.isdecimal())
            for word in (match["some"], match["all"])
        )
        if 0 < some < every:
            yield Quantity(start=match.start(), end=match.end(), text=match.group(), unit_step=100 / every / 4,
                           readings=(Reading(value=100 * some / every, unit=units_of("%")[0]),))  # fmt: skip


def _joined(text: str, found: list[Quantity]) -> Iterable[Quantity]:
    """Two measures of one dimension side by side, the second in a smaller unit, are one: "5 ft 10 in", "2 h 30 min"."""
    before: Quantity | None = None
    for each in found:
        if before and (whole := _sum(text, before, each)):
            before = whole
            continue
        if before:
            yield before
        before = each
    if before:
        yield before


def _sum(text: str, one: Quantity, other: Quantity) -> Quantity | None:
    if not 0 <= other.start - one.end <= 5 or other.is_word or one.is_word or other.start == one.start:
        return None
    readings = tuple(
        Reading(value=(big.measure + small.measure) / big.unit.size, unit=big.unit)
        for big in one.readings
        for small in other.readings
        if big.unit.dimension == small.unit.dimension and big.unit.dimension in ("length", "time", "mass")
        and small.unit.size < big.unit.size and small.measure < big.unit.size
    )  # fmt: skip
    if not readings:
        return None
    step = other.unit_step * other.readings[0].unit.size / readings[0].unit.size
    return replace(one, end=other.end, text=text[one.start : other.end], readings=readings, unit_step=step)


def agree(said: Quantity, held: Quantity) -> bool:
    """Whether a source that holds `held` bears out a claim that says `said`.

    Equal values do, in units of one dimension converted (1 %, and the rounding of the claim's last place). A claim may
    be less exact than its source: "2.4 million" for 2,398,145, "68 %" for 67.8 %, after "about" half of its last place
    that is not zero (at most a tenth); "more than 1,000" for up to a quarter more. Never the other way round.
    """
    if held.bound == "most" and said.bound != "most" and not said.is_about:
        return False  # "fewer than 5" is not 5
    if held.bound == "least" and said.bound == "most":
        return False
    return any(_same(said, mine, held, theirs) for mine in said.readings for theirs in held.readings)


def _same(said: Quantity, mine: Reading, held: Quantity, theirs: Reading) -> bool:
    one, other = mine.unit.dimension, theirs.unit.dimension
    if one != other:
        if {one, other} & {"ordinal", "decade", "clock"} or (one and other):
            return False
        return _within(said, held, mine.value, theirs.value, 0.0, 1.0)
    is_converted = mine.unit != theirs.unit
    return _within(said, held, mine.measure, theirs.measure, _CONVERTED * is_converted, mine.unit.size)


def _within(said: Quantity, held: Quantity, mine: float, theirs: float, share: float, size: float) -> bool:
    """Whether `theirs` is near enough to `mine`, of which `share` may be lost in conversion; `size` is the unit's."""
    off, whole = abs(mine - theirs), max(abs(mine), abs(theirs), 1e-12)
    if not isfinite(whole):
        return mine == theirs
    if off <= 1e-9 * whole:
        return True
    allowed = share * whole
    if share:
        allowed = max(
            allowed,
            min(0.5 * said.unit_step * size, _ROUNDED * whole),
            0.6 if said.readings[0].unit.dimension == "temperature" else 0,
        )
    elif said.unit_step > held.unit_step:
        allowed = min(0.5 * said.unit_step * size, _ROUNDED * whole)
    if said.is_about:
        allowed = max(allowed, min(0.5 * last_place(mine / size) * size, _ABOUT * whole))
    if (said.bound == "least" and theirs > mine) or (said.bound == "most" and theirs < mine):
        allowed = max(allowed, _NEAR_BOUND * whole)
    return off <= allowed * (1 + 1e-9)


def last_place(value: float) -> float:
    """What the last place that is not zero is worth: 100 for 1200, 50 for 1250, 0.1 for 2.4."""
    if not 1e-9 < abs(value) < 1e15:
        return 1.0
    step = 10.0 ** (floor(log10(abs(value))) - 6)  # further down, what is lost in division looks like a digit
    while step < abs(value) and abs(value / (10 * step) - round(value / (10 * step))) < 1e-6:
        step *= 10
    return 5 * step if abs(value / (5 * step) - round(value / (5 * step))) < 1e-6 else step
