"""A sentence as it is compared: its words, their stems, its negations."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from ....retrievers.sentences import sentence_spans
from .hearsay import hearsay
from .instructions import is_addressed_to_judge
from .terms import fold, is_content, is_negation, stem, words
from .words import ALLEGED, CONDITIONS, HEDGES, UNREAL

# "That is false: …" negates what stands before.
_FALSE_BEFORE = re.compile(r"\bfalse\s*[:;–—]", re.IGNORECASE)

# How far a negation reaches, in words before and after it.
_BEFORE, _AFTER = 2, 4


class Read:
    """A sentence as it is compared: `words` as written, `folded` without case, `stems` without endings."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words(text)
        self.folded = [fold(word) for word in self.words]
        self.stems = [stem(word) for word in self.words]
        self.stem_set = frozenset(self.stems)

    @cached_property
    def content(self) -> list[str]:
        """The stems of its content words, in order; of all words if there are none."""
        return [s for w, s in zip(self.words, self.stems, strict=True) if is_content(w)] or self.stems

    @cached_property
    def content_set(self) -> frozenset[str]:
        """The stems of its content words."""
        return frozenset(self.content)

    @cached_property
    def negated(self) -> list[tuple[str, frozenset[str]]]:
        """Each negation as it is written, and the content stems around it."""
        prefixed = self.text.lower().count("non-")  # "non-teaching" is a kind, in English
        is_said_of_other = _FALSE_BEFORE.search(self.text) is not None
        places = [
            i
            for i, word in enumerate(self.folded)
            if is_negation(word) and not (word == "non" and prefixed) and not (word == "false" and is_said_of_other)
        ]
        return [(self.words[place], frozenset(self._around(place))) for place in places]

    def _around(self, place: int) -> Iterator[str]:
        for i in range(max(0, place - _BEFORE), min(len(self.words), place + _AFTER + 1)):
            if is_content(self.words[i]) and not is_negation(self.words[i]):
                yield self.stems[i]

    @cached_property
    def names(self) -> list[str]:
        """Capitalised words; the first word only if it is an acronym or a capitalised one follows."""
        found: list[str] = []
        for i, word in enumerate(self.words):
            after = self.words[i + 1] if i + 1 < len(self.words) else ""
            starts_name = i > 0 or (len(word) > 1 and word.isupper()) or (after[:1].isupper() and is_content(after))
            if word[0].isupper() and is_content(word) and starts_name:
                found.append(word)
        return found


@lru_cache(maxsize=512)
def sentences_read(text: str) -> tuple[Read, ...]:
    """The sentences of a text that hold a word and tell something; a passage is held against many claims, read once."""
    return tuple(
        read
        for start, end in sentence_spans(text)
        if (read := Read(text[start:end])).words and not is_addressed_to_judge(read.text, read.folded)
    )


def focus_of(said: Read, sources: Sequence[Read]) -> list[Read]:
    """Up to three sentences that together hold the most of the claim, the one that holds most first."""
    left = set(said.content)
    focus: list[Read] = []
    while left and len(focus) < 3:
        best = max(sources, key=lambda source: len(left & source.stem_set))
        if not left & best.stem_set:
            break
        focus.append(best)
        left -= best.stem_set
    return focus


def is_verbatim(claim: Read, text: Sequence[Read]) -> bool:
    """True if the words of the claim stand in the text (its sentences in order) one after the other.

    Not if a negation, a hedge, a condition or an allegation stands before them in their sentence ("It is not true
    that …", "He may have …", "If …"), nor if a plan stands right beside them.
    """
    wanted = f" {' '.join(claim.folded)} "
    line, starts = " ", []
    for sentence in text:
        starts.append(len(line) - 1)
        line += " ".join(sentence.folded) + " "
    at = line.find(wanted)
    while at >= 0:
        before = line[starts[bisect_right(starts, at) - 1] : at].split()
        after = line[at + len(wanted) :].split(maxsplit=1)
        is_real = not any(word in UNREAL for word in before[-3:]) and after[:1] not in (["if"], ["unless"])
        is_real = is_real and not any(word in CONDITIONS or word in ALLEGED for word in before)
        is_real = is_real and hearsay(" ".join(before)) is None
        if is_real and not any(is_negation(word) or word in HEDGES for word in before):
            return True
        at = line.find(wanted, at + 1)
    return False
