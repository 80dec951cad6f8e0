"""A claim beside its evidence: what they have in common and what the evidence lacks, as numbers and as a reason."""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise

from ...retrievers.sentences import sentence_spans
from .terms import fold, is_content, is_negation, numbers, stem, words
from .words import ABSOLUTES, HEDGES, OPPOSITES

# Alignment looks at this many words of a sentence: its time grows with their product (5,000 words: 1.6 s).
_ALIGNED_WORDS = 200

_OPPOSITES: dict[str, set[str]] = {}
for _left, _right in OPPOSITES:
    _OPPOSITES.setdefault(stem(_left), set()).add(stem(_right))
    _OPPOSITES.setdefault(stem(_right), set()).add(stem(_left))

# How far a negation reaches, in words before and after it.
_BEFORE, _AFTER = 2, 4


class Read:
    """A sentence as it is compared: `words` as written, `folded` without case, `stems` without endings."""

    def __init__(self, text: str) -> None:
        self.words = words(text)
        self.folded = [fold(word) for word in self.words]
        self.stems = [stem(word) for word in self.words]
        self.stem_set = frozenset(self.stems)

    @cached_property
    def content(self) -> list[str]:
        """The stems of its content words, in order; of all words if there are none."""
        return [s for w, s in zip(self.words, self.stems, strict=True) if is_content(w)] or self.stems

    @cached_property
    def negated(self) -> list[frozenset[str]]:
        """For each negation, the content stems around it."""
        places = [i for i, word in enumerate(self.words) if is_negation(word)]
        return [frozenset(self._around(place)) for place in places]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the comparison found: `features` by name, and for the reader what speaks against support."""

    features: dict[str, float]
    is_verbatim: bool
    missing_numbers: tuple[str, ...]
    missing_names: tuple[str, ...]
    opposites: tuple[tuple[str, str], ...]
    negation: str

    @property
    def is_at_odds(self) -> bool:
        """True if the claim says something that the evidence does not, whatever else they share.

        Share of such claims that are unsupported, on WiCE, AttributionBench, SummEdits: a number that is missing .91,
        .94, .87; two names .96, .82, .20; a negation added 1.0, .64, .58; an opposite .33, .86, 1.0.
        """
        return bool(self.missing_numbers or self.negation or self.opposites or len(self.missing_names) > 1)


def compare(claim: str, evidence: Sequence[str]) -> Findings | None:
    """Compare a claim with the texts it rests on; None if either of them holds no word."""
    said = Read(claim)
    texts = [_sentences(text) for text in evidence]
    sources = [sentence for text in texts for sentence in text]
    if not said.words or not sources:
        return None
    focus = _focus(said, sources)
    features = _coverage(said, sources, focus)
    missing_numbers, number_features = _numbers(claim, evidence)
    missing_names, name_features = _names(said, sources)
    opposites, opposite_features = _alignment(said, focus)
    negation, negation_features = _negation(said, sources, focus)
    return Findings(
        features=features | number_features | name_features | opposite_features | negation_features,
        is_verbatim=all(any(is_verbatim(part, text) for text in texts) for part in _sentences(claim)),
        missing_numbers=missing_numbers,
        missing_names=missing_names,
        opposites=opposites,
        negation=negation,
    )


def _sentences(text: str) -> list[Read]:
    return [read for start, end in sentence_spans(text) if (read := Read(text[start:end])).words]


def is_verbatim(claim: Read, text: Sequence[Read]) -> bool:
    """True if the words of the claim stand in the text (its sentences in order) one after the other.

    Not if a negation or hedge stands before them in their sentence: "It is not true that …", "He may have …".
    """
    wanted = f" {' '.join(claim.folded)} "
    line, starts = " ", []
    for sentence in text:
        starts.append(len(line) - 1)
        line += " ".join(sentence.folded) + " "
    at = line.find(wanted)
    while at >= 0:
        before = line[starts[bisect_right(starts, at) - 1] : at].split()
        if not any(is_negation(word) or word in HEDGES for word in before):
            return True
        at = line.find(wanted, at + 1)
    return False


def _focus(said: Read, sources: Sequence[Read]) -> list[Read]:
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


def _coverage(said: Read, sources: Sequence[Read], focus: Sequence[Read]) -> dict[str, float]:
    wanted = frozenset(said.content)
    held = frozenset[str]().union(*(source.stem_set for source in focus))
    windows = [a.stem_set | b.stem_set for a, b in pairwise(sources)] or [sources[0].stem_set]
    gap = longest_gap = 0
    for word in said.content:
        gap = 0 if word in held else gap + 1
        longest_gap = max(longest_gap, gap)
    covered = len(wanted & held) / len(wanted)
    return {
        "focus_coverage": covered,
        "thin": max(0.0, 0.6 - covered),
        "gap_share": longest_gap / len(said.content),
        "best_window": max(len(wanted & window) for window in windows) / len(wanted),
        "gap": min(longest_gap, 8) / 8,
        "length": math.log1p(len(said.words)),
        "evidence_length": math.log1p(sum(len(source.words) for source in sources)),
    }


def _numbers(claim: str, evidence: Sequence[str]) -> tuple[tuple[str, ...], dict[str, float]]:
    """The words one and first ask for nothing: they are a pronoun and an adverb too often."""
    said = {written: values for written, values in numbers(claim).items() if written.casefold() not in ("one", "first")}
    held = frozenset(value for text in evidence if said for values in numbers(text).values() for value in values)
    missing = tuple(written for written, values in said.items() if not values & held)
    features = {
        "numbers": min(len(said), 4) / 4,
        "numbers_missing": min(len(missing), 3) / 3,
    }
    return missing, features


def _names(said: Read, sources: Sequence[Read]) -> tuple[tuple[str, ...], dict[str, float]]:
    held = {word for source in sources for word in source.folded}
    missing = tuple(dict.fromkeys(name for name in said.names if fold(name) not in held))
    features = {
        "name_missing": float(len(missing) > 0),
        "names_missing": float(len(missing) > 1),
    }
    return missing, features


def _alignment(said: Read, focus: Sequence[Read]) -> tuple[tuple[tuple[str, str], ...], dict[str, float]]:
    """Opposites that stand in each other's place, words put in between, and how much is said in the same order."""
    opposites: list[tuple[str, str]] = []
    inserted, in_order = 0, 0
    for source in focus[:2]:
        matcher = SequenceMatcher(None, said.stems[:_ALIGNED_WORDS], source.stems[:_ALIGNED_WORDS], autojunk=False)
        common = 0
        for kind, i, i_end, j, j_end in matcher.get_opcodes():
            if kind == "replace":
                there = source.folded[j:j_end]
                opposites += [
                    (mine, theirs) for mine in said.folded[i:i_end] for theirs in there if _are_opposites(mine, theirs)
                ]
            elif kind == "delete" and i_end - i <= 3:
                inserted += any(map(is_content, said.words[i:i_end]))
            elif kind == "equal":
                common += i_end - i
        in_order = max(in_order, common)
    held = {word for source in focus for word in source.folded}
    features = {
        "opposites": min(len(opposites), 2) / 2,
        "inserted": min(inserted, 3) / 3,
        "order": in_order / min(len(said.stems), _ALIGNED_WORDS),
        "absolutes_added": min(sum(word in ABSOLUTES and word not in held for word in said.folded), 2) / 2,
    }
    return tuple(dict.fromkeys(opposites)), features


def _are_opposites(mine: str, theirs: str) -> bool:
    return stem(theirs) in _OPPOSITES.get(stem(mine), ())


def _negation(said: Read, sources: Sequence[Read], focus: Sequence[Read]) -> tuple[str, dict[str, float]]:
    """A negation on one side that the other side does not have around the same words."""
    theirs = [around for source in sources for around in source.negated]
    added = any(around and not any(around & other for other in theirs) for around in said.negated)
    near = [around for source in focus[:2] for around in source.negated if around]
    dropped = any(
        2 * len(around & said.stem_set) >= len(around) and not any(around & mine for mine in said.negated)
        for around in near
    )
    reason = "the source does not negate it" if added else "the source negates it" if dropped else ""
    return reason, {"negation_added": float(added), "negation_dropped": float(dropped)}
