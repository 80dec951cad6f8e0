"""A figure in another's place, in the same notation; published figures were measured with each of these ways."""

import re
from random import Random

from ..agent.verifiers.reading.words import SPELLED
from .one_change import as_written

_WORD_OF = {value: word for word, value in SPELLED.items()}
_SMALL = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def other(was: str, draw: Random) -> str:
    """Another one, close by or far off; a word for a word."""
    if was.casefold() in SPELLED:
        return _cased(draw.choice([w for w, n in SPELLED.items() if 2 <= n <= 60 and w != was.casefold()]), was)
    digits = re.sub(r"\D", "", was)
    value = int(digits)
    if draw.random() < 0.5 and value > 12:  # far off, else close by
        new = max(1, int(value * draw.choice((0.25, 0.4, 0.5, 0.7, 1.3, 1.5, 2, 3, 5))))
    else:
        new = max(1, value + draw.choice((-5, -3, -2, -1, 1, 2, 3, 4, 6)) * 10 ** max(0, len(digits) - 3))
    return as_written(was, str(new))


def clearly_other(was: str, draw: Random) -> str:
    """One that is at least a sixth away, so that no rounding makes the two agree."""
    if was in _SMALL:
        many = SPELLED[was]
        return draw.choice([word for word in _SMALL if abs(SPELLED[word] - many) >= max(1, many / 6)])
    if was.isalpha():
        return draw.choice(["thirty", "forty", "fifty"])
    plain = was.replace(",", "")
    value = new = float(plain)
    while abs(new - value) < max(0.17 * value, 0.2 if "." in plain else 1):
        new = value * draw.choice([0.4, 0.6, 0.75, 1.3, 1.6, 2, 3]) + draw.choice([-1, 0, 1, 2])
    decimals = len(plain.partition(".")[2])
    new = max(new, 2)
    return f"{new:,.{decimals}f}" if "," in was else f"{new:.{decimals}f}"


def near(was: str, draw: Random) -> str:
    """A few more or fewer."""
    if was.lower() in SPELLED:
        value = SPELLED[was.lower()]
        return _spelled(value + (draw.choice((-1, 1, 2)) if value < 20 else draw.choice((-10, 10))), was)
    return added(was, draw.choice((-3, -2, -1, 1, 2, 3)))


def far(was: str, draw: Random) -> str:
    """A half to ten times as many."""
    if was.lower() in SPELLED:
        return _spelled(draw.choice((*range(2, 13), 20, 30, 50)), was)
    digits = re.sub(r"\D", "", was)
    return added(was, round(int(digits) * draw.choice((-0.5, -0.2, 0.1, 0.5, 1, 9))))


def swapped(was: str, draw: Random) -> str:
    """Two neighbouring digits in each other's place; `near` where none can be."""
    places = [
        i for i in range(len(was) - 1) if was[i : i + 2].isdecimal() and was[i] != was[i + 1] and (i or was[1] != "0")
    ]
    if not places:
        return near(was, draw)
    at = draw.choice(places)
    return was[:at] + was[at + 1] + was[at] + was[at + 2 :]


def added(was: str, amount: int) -> str:
    """The figure with `amount` added to its digits, its separators where they were from the right."""
    return as_written(was, str(max(1, int(re.sub(r"\D", "", was)) + amount)))


def _spelled(value: int, was: str) -> str:
    return _cased(_WORD_OF.get(value, "seven"), was)


def _cased(word: str, was: str) -> str:
    return word.capitalize() if was[0].isupper() else word
