"""The numbers of a text where they stand: figures, spelled numbers, and what gives them their size."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .words import SCALES, SPELLED, SPELLED_ORDINALS

# "2,400,000", "2.4", "05", "1990s", "21st" and what gives them their size: "2.4 million", "2.4bn"
_FIGURE = re.compile(
    r"(?<![^\W_])(\d+(?:[.,\u00a0\u202f]\d+)*)(?:(s\b|st\b|nd\b|rd\b|th\b)|[\s-]?([^\W\d_]+))?", re.IGNORECASE
)
_GROUPS = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f]\d{3})+")
_SPELLED = re.compile(r"[^\W\d_]+")
_ANY_SPELLED = re.compile(
    rf"\b(?:{'|'.join((*SPELLED, *SPELLED_ORDINALS, *(scale for scale in SCALES if len(scale) > 2)))})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """A number as it is written at `start` to `end`, and the values that it may mean.

    Values are decimal strings ("2400000", "2.5"), ordinals "#1", decades "1990s". `unit_step` is what one in its last
    written place is worth: 100,000 for "2.4 million", 1 for "68", .01 for "0.25".
    """

    start: int
    end: int
    text: str
    values: frozenset[str]
    unit_step: float


def numerals(text: str) -> tuple[Numeral, ...]:
    """The numbers of `text`, those in figures first, then those in words, each kind in reading order.

    "1.000" may mean 1 or 1000, "1,000" 1000;
    "2.4 million" and "2.4bn" are scaled; "twenty-five", "third" and "one" are read too.
    """
    return (*_figures(text), *_spelled(text))


def _figures(text: str) -> Iterator[Numeral]:
    for match in _FIGURE.finditer(text):
        figure, suffix, unit = match.groups()
        values, zeros = _values(figure), 0
        if suffix:
            values = {f"{v}s" for v in values} if suffix.lower() == "s" else values | {f"#{v}" for v in values}
            end = match.end(2)
        else:
            zeros = SCALES.get(unit, 0) or SCALES.get(unit.casefold(), 0) if unit else 0
            end = match.end() if zeros else match.end(1)
            values = {_scaled(value, zeros) for value in values} if zeros else values
        decimals = min((len(value.partition(".")[2]) for value in _values(figure)), default=0)
        written = len(re.split(r"\D", figure)[-1]) if decimals else 0
        yield Numeral(
            start=match.start(),
            end=end,
            text=text[match.start() : end],
            values=frozenset(values),
            unit_step=10.0 ** (zeros - written),
        )


def _values(figure: str) -> set[str]:
    """The readings of a figure: its separators are thousands where they can be, the last may be a decimal point."""
    pieces = re.split(r"\D", figure)
    values = {"".join(pieces).lstrip("0") or "0"} if _GROUPS.fullmatch(figure) or len(pieces) == 1 else set[str]()
    if len(pieces) > 1 and not (values and "." not in figure and not figure.startswith("0")):
        part = pieces.pop().rstrip("0")
        values.add(("".join(pieces).lstrip("0") or "0") + (f".{part}" if part else ""))
    return values


def _scaled(value: str, zeros: int) -> str:
    whole, _, part = value.partition(".")
    digits = (whole + part[:zeros].ljust(zeros, "0")).lstrip("0") or "0"
    return digits + (f".{part[zeros:]}" if len(part) > zeros else "")


def _spelled(text: str) -> Iterator[Numeral]:
    """Numbers in English words: "twenty-five" is 25, "one hundred and five" 105, "a million" 1000000, "third" #3."""
    if not _ANY_SPELLED.search(text):
        return
    written: list[re.Match[str]] = []
    total = step = 0
    article: re.Match[str] | None = None
    for match in _SPELLED.finditer(text):
        folded = match.group().casefold()
        zeros = SCALES.get(folded, 0) if len(folded) > 2 else 0
        gap = text[written[-1].end() : match.start()] if written else ""
        if folded in SPELLED and _continues(gap, total, SPELLED[folded]):
            total, step = total + SPELLED[folded], 1
            written.append(match)
        elif zeros and gap in (" ", "-"):
            total, step = total * 10**zeros, step * 10**zeros
            written.append(match)
        elif folded != "and" or total < 100:
            if written:
                yield _in_words(text, written, str(total), step)
            written, total, step = ([match], SPELLED[folded], 1) if folded in SPELLED else ([], 0, 0)
            if zeros and article and text[article.end() : match.start()] == " ":
                written, total, step = [article, match], 10**zeros, 10**zeros
            if folded in SPELLED_ORDINALS:
                yield _in_words(text, [match], f"#{SPELLED_ORDINALS[folded]}", 1)
        article = match if folded == "a" else None
    if written:
        yield _in_words(text, written, str(total), step)


def _continues(gap: str, total: int, value: int) -> bool:
    is_joined = gap in (" ", "-") or (gap == " and " and total >= 100)
    return is_joined and total % 10 == 0 and value < total


def _in_words(text: str, written: list[re.Match[str]], value: str, step: int) -> Numeral:
    start, end = written[0].start(), written[-1].end()
    return Numeral(start=start, end=end, text=text[start:end], values=frozenset([value]), unit_step=float(step))
