"""Names that tell a thing from its neighbours by a number: "Widget 5000", "Boeing 797", "Regulation 2031/9", "A380"."""

import re
from dataclasses import dataclass

from ..verifiers.reading.units import SIGNS, units_of
from ..verifiers.reading.words import word_set
from .calendar_dates import any_of
from .time_words import MONTHS, WEEKDAYS

# A name, then the number in any form: 5000, 2031/9, 60-2, X12. Small ones have too many spellings ("Apollo XI").
_NAMED = re.compile(
    rf"(?<![\w-])(?!(?i:{any_of([*MONTHS, *WEEKDAYS])})\b)(?P<name>[^\W\d_a-zß-öø-ÿ][^\W\d_]+)"
    rf"(?:\s+(?:No\.?|Nr\.?|n°))?\s+(?P<number>[A-Z]{{0,3}}\d+(?:[/.-]\d+)*[A-Za-z]?)(?![\w%{SIGNS}]|[,.]\d)(?P<after>\s+[^\W\d_]+)?"
)
_CODE = re.compile(r"(?<![\w-])(?P<number>[A-Z]{1,5}-?\d{2,}[A-Za-z]?)(?![\w-])")
_YEAR = re.compile(r"(?:1\d|20)\d\d")
_LEAST = 21
_SCALES = word_set("million millions billion billions trillion thousand hundred percent dozen per times")
_ASKING = word_set("how what which who when where why is are was were do does did in on at of the and or by for")


@dataclass(frozen=True, slots=True, kw_only=True)
class Designation:
    """A name with its number as the question writes it, and the number by itself."""

    text: str
    number: str

    def stands_in(self, text: str) -> bool:
        """Whether the number stands in `text`, by itself: with a hyphen or a space in other places, too."""
        parts = re.findall(r"[^\W\d_]+|\d+", self.number)
        pattern = r"[\s/.-]?".join(map(re.escape, parts))
        return bool(re.search(rf"(?<![\w,])(?<!\d\.){pattern}(?![\w]|,\d)", text, re.IGNORECASE))


def designations(question: str) -> tuple[Designation, ...]:
    """The names of `question` that end in a number, in order; quantities, years and small numbers are none."""
    found = [
        Designation(text=f"{match['name']} {match['number']}", number=match["number"])
        for match in _NAMED.finditer(question)
        if match["name"][0].isupper()
        and match["name"].lower() not in _ASKING
        and _tells_apart(match["number"])
        and not _is_counted((match["after"] or "").strip())
    ]
    known = {each.number for each in found}
    codes = (match["number"] for match in _CODE.finditer(question))
    fresh = (code for code in codes if code not in known and _tells_apart(code))
    return (*found, *(Designation(text=code, number=code) for code in fresh))


def _tells_apart(number: str) -> bool:
    digits = "".join(filter(str.isdigit, number))
    return int(digits) >= _LEAST and not _YEAR.fullmatch(number)


def _is_counted(word: str) -> bool:
    """Whether the word after a number makes it a quantity: "47 metres", "640 crowns"."""
    plural = word.endswith("s") and word.lower() not in ("is", "was", "has", "does", "costs", "weighs", "runs", "uses")
    return plural or word.lower() in _SCALES or bool(units_of(word.lower()))
