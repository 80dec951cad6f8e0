"""Whether a model's wording of a question may be searched for: it says only what was said before."""

import re
from collections.abc import Iterable

from ...crawler import clean
from ..questions.expansion import keywords
from ..questions.named_addresses import named_addresses
from ..questions.subjects import names_in
from ..verifiers.reading.terms import is_content, numbers, stem, words
from .quotable import holds_address

# What gives a token another meaning for a search engine, a terminal or a page: markup, operators ("site:", "-word"),
# quotation marks, the dot of a host or file name.
_SYMBOL = re.compile(r"""[<>\[\]{}|\\/`@#*_~^=$%&+"“”„«»‹›]|\w:\S|^-\w|\w[.\u3002\uff0e\uff61][a-z]{2}""")
_ENDS = ".,;:!?¿¡？。؟()'’"
_CASELESS_SHARE = 0.75
"""Scripts without capitals do not show what is a name: of their words that many must have been said."""


class Said:
    """What was said, to hold a model's wordings against: the person's own words, and those they refer to.

    `years` may be written, too: those that relative dates mean. A name is told by its capitals: one that is written
    small passes for any other word, of which `share` bounds how many are new.
    """

    def __init__(self, *texts: str, years: Iterable[str] = ()) -> None:
        text = one_line(" ".join(texts))
        self._text = text.casefold()
        self._stems = frozenset(map(stem, words(text)))
        self._values = frozenset(value for values in numbers(text).values() for value in values) | frozenset(years)

    def admits(self, wording: str, language: str, *, share: float, longest: int) -> bool:
        """Whether `wording` can be searched for.

        It has words, is one clean line of at most `longest` characters, holds no address and no markup, of names,
        numbers and the tokens with a symbol in them only such as were said, and of its content words (those of
        `language`) at least `share`, in [0, 1], were said.
        """
        if wording != one_line(wording) or not 0 < len(wording) <= longest or _holds_address(wording):
            return False
        least = max(share, _CASELESS_SHARE) if _is_caseless(wording) else share
        return not self.lacks(wording) and self.share(wording, language) >= least

    def share(self, wording: str, language: str) -> float:
        """The share of its content words that were said, in [0, 1]; 0 for a wording without any."""
        stems = content(wording, language)
        return len(stems & self._stems) / len(stems) if stems else 0.0

    def lacks(self, wording: str) -> bool:
        """Whether a name, a number or a token with a symbol stands in `wording` that was not said."""
        figures = (values for written, values in numbers(wording).items() if any(map(str.isdigit, written)))
        return (
            any(stem(name) not in self._stems for name in _names(wording))
            or any(not values & self._values for values in figures)
            or any(
                token.strip(_ENDS).casefold() not in self._text for token in wording.split() if _SYMBOL.search(token)
            )
        )


def one_line(text: str) -> str:
    """`text` on one line, without controls and what is invisible."""
    return " ".join(clean(text).split())


def content(text: str, language: str) -> frozenset[str]:
    """The stems of the words that carry meaning; of the first 32 in a long text."""
    return frozenset(stem(word) for word in words(keywords(text, language)) if is_content(word))


def _names(wording: str) -> list[str]:
    """Words with a capital; the one that a sentence begins with only if it is not one that questions begin with."""
    found = words(wording)
    opening = [] if found[:1] and found[0] in words(" ".join(names_in(wording))) else found[:1]
    return [
        word
        for word in found[len(opening) :]
        if any(map(str.isupper, word)) and (is_content(word) or (word.isupper() and len(word) > 1))
    ]


def _is_caseless(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return sum(char.lower() == char.upper() for char in letters) * 2 > len(letters)


def _holds_address(text: str) -> bool:
    named = named_addresses(text)
    return holds_address(text) or bool(named.urls or named.sites)
