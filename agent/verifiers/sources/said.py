"""A sentence taken apart for comparison with what another source says: its topic, its values, what it denies."""

import re
from functools import cached_property

from ..reading.amounts import Amount, amounts
from ..reading.dates import Date
from ..reading.days import dated, days
from ..reading.modality import denied, is_forecast, is_supposed
from ..reading.names import Name, names
from ..reading.terms import Words, is_negation
from ..reading.words import any_phrase, word_set

# Words of so little weight that sharing them says nothing about the topic.
WEAK = word_set(
    """
    sai said report accord announc new first last two three one includ also year dai month week time mak made tak
    took get got becom becam call nam know known use used us work part numb total peopl person man woman men women
    way thing day later earli now sinc begin began start end come came go went see saw show giv gav find found held
    hold set current former late previous recent long well much many high larg big small good great officially
    publish updat
    """
)
# Negations that negate nothing about the fact, or are part of a bound.
_IDLE = r"""
    not only, not just, not merely, not to mention, no (?:fewer|less|more|later|earlier|sooner|doubt|matter),
    not (?:fewer|less|more) than, whether or not, not until, nothing (?:but|short), never ?before, not yet, no longer,
    not (?:necessarily|always|all|every\w*|entirely|exactly|quite|the only|alone|so much), not unlike, no one, nobody,
    if not, neither
"""
_NO_NEGATION = re.compile(rf"\b(?:{any_phrase(_IDLE)})\b", re.IGNORECASE)
_SITE_AFTER = re.compile(r"\s[-–—|·:]\s")
_PRONOUN = re.compile(r"\W*(?:he|she|it|they|his|her|its|their|this|that|these|those|the)\b", re.IGNORECASE)


class Said:
    """One sentence; the values in what it denies are kept apart from those that it states.

    `topic` are the stems that tell what it is about: content words without figures and dates. `title` names the page.
    """

    def __init__(self, text: str, title: str = "") -> None:
        self.text = text
        self.title = title
        self.words = Words(text)

    @cached_property
    def denied(self) -> tuple[tuple[int, int], ...]:
        """The stretches (start, end) that it says are not so."""
        return denied(self.text)

    @cached_property
    def is_supposed(self) -> bool:
        """True if it supposes, plans or asks."""
        return is_supposed(self.text)

    @cached_property
    def is_forecast(self) -> bool:
        """True if it says what will be."""
        return is_forecast(self.text)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The numbers of the words that tell what it is about, and of those that it denies."""
        return tuple(
            number
            for number, word in enumerate(self.words.written)
            if self.words.is_content[number]
            and not word[0].isdigit()
            and not is_negation(word)
            and not any(each.start <= self.words.starts[number] < each.end for each in self._dates)
        )

    @cached_property
    def topic(self) -> frozenset[str]:
        """The stems of the words in `order` that it does not deny."""
        return frozenset(
            self.words.stems[number] for number in self.order if self._is_stated(self.words.starts[number])
        )

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all its words."""
        return frozenset(self.words.stems)

    @cached_property
    def folded(self) -> frozenset[str]:
        """All its words without case."""
        return frozenset(self.words.folded)

    @cached_property
    def _dates(self) -> tuple[Date, ...]:
        return tuple(dated(self.text))

    @cached_property
    def days(self) -> tuple[Date, ...]:
        """Its dates."""
        return tuple(each for each in days(self._dates) if self._is_stated(each.start))

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Its names."""
        return tuple(each for each in names(self.text) if self._is_stated(each.start))

    @cached_property
    def amounts(self) -> tuple[Amount, ...]:
        """Its quantities."""
        dated = [(each.start, each.end) for each in self._dates]
        return tuple(each for each in amounts(self.words, dated) if self._is_stated(each.start))

    def _is_stated(self, place: int) -> bool:
        return not any(start <= place < end for start, end in self.denied)

    @cached_property
    def is_pointing(self) -> bool:
        """True if it begins with a pronoun or an article: what it is about may stand outside of it."""
        return bool(_PRONOUN.match(self.text))

    @cached_property
    def negations(self) -> tuple[int, ...]:
        """The numbers of the words that negate something it states."""
        idle = [match.span() for match in _NO_NEGATION.finditer(self.text)]
        return tuple(
            number
            for number, word in enumerate(self.words.written)
            if is_negation(word)
            and self._is_stated(self.words.starts[number])
            and not any(start <= self.words.starts[number] < end for start, end in idle)
        )

    @cached_property
    def denials(self) -> tuple["Said", ...]:
        """What it denies, each as a sentence of its own."""
        return tuple(Said(self.text[start:end].strip(), self.title) for start, end in self.denied)

    @cached_property
    def title_topic(self) -> frozenset[str]:
        """The content stems of the page's title, the site's name after a dash or bar left out."""
        words = Words(_SITE_AFTER.split(self.title, maxsplit=1)[0])
        return frozenset(s for s, is_content in zip(words.stems, words.is_content, strict=True) if is_content)

    def near(self, place: int, reach: int) -> frozenset[str]:
        """The stems of the `reach` content words on either side of a place in the text."""
        at = self.words.at(place)
        before = [number for number in self.order if number < at][-reach:]
        after = [number for number in self.order if number > at][:reach]
        return frozenset(self.words.stems[number] for number in (*before, *after))


def weight(stems: frozenset[str]) -> float:
    """How much these stems tell of a topic: 1 each, .3 for a weak one."""
    return len(stems) - 0.7 * len(stems & WEAK)
