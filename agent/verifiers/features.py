"""A claim beside its evidence: what they have in common and what the evidence lacks, as numbers and as a reason."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .assertions import ALIGNED_WORDS, alignment
from .hard_checks import Objection, denied_in, found_in
from .reading.facts import line
from .reading.languages import language_of
from .reading.reads import Read as Read
from .reading.reads import focus_of, is_verbatim, sentences_read
from .reading.terms import is_content
from .reading.words import ABSOLUTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the comparison found: `features` by name, and for the reader what speaks against support.

    `focus` is the sentence that holds most of the claim, "" when none holds any of it.
    """

    features: dict[str, float]
    is_verbatim: bool
    objections: tuple[Objection, ...]
    focus: str = ""


def compare(claim: str, evidence: Sequence[str]) -> Findings | None:
    """Compare a claim with the texts it rests on; None if either of them holds no word.

    What stands verbatim in the evidence can only be denied there.
    """
    said = Read(claim)
    texts = [sentences_read(text) for text in evidence]
    sources = [sentence for text in texts for sentence in text]
    if not said.words or not sources:
        return None
    focus = focus_of(said, sources)
    is_told = all(any(is_verbatim(part, text) for text in texts) for part in sentences_read(claim))
    objections = denied_in(claim, said, texts) if is_told else found_in(claim, said, evidence, texts)
    if not is_told and (found := _of_other_language(claim, evidence)):
        objections = (*objections, found)
    return Findings(
        features=_coverage(said, sources, focus) | _order(said, focus) | _objected(claim, objections),
        is_verbatim=is_told,
        objections=objections,
        focus=focus[0].text if focus else "",
    )


def _of_other_language(claim: str, evidence: Sequence[str]) -> Objection | None:
    """Words say nothing about a text of another language, but for names and numbers; a model may know better."""
    mine = language_of(claim)
    theirs = {language_of(text) for text in evidence} if mine else set[str]()
    if not mine or not theirs or "" in theirs or mine in theirs:
        return None
    return Objection(kind="language", what=mine, start=0, end=len(claim), found=", ".join(sorted(theirs)))


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


def _order(said: Read, focus: Sequence[Read]) -> dict[str, float]:
    """Words put in between, and how much is said in the same order."""
    inserted, in_order = 0, 0
    for source in focus[:2]:
        common = 0
        for kind, i, i_end, _, _ in alignment(said, source):
            if kind == "delete" and i_end - i <= 3:
                inserted += any(map(is_content, said.words[i:i_end]))
            elif kind == "equal":
                common += i_end - i
        in_order = max(in_order, common)
    held = {word for source in focus for word in source.folded}
    return {
        "inserted": min(inserted, 3) / 3,
        "order": in_order / min(len(said.stems), ALIGNED_WORDS),
        "absolutes_added": min(sum(word in ABSOLUTES and word not in held for word in said.folded), 2) / 2,
    }


def _objected(claim: str, objections: Sequence[Objection]) -> dict[str, float]:
    """How many objections there are of each kind, on a scale to 1."""
    count = Counter(objection.kind for objection in objections)
    said = line(claim)
    return {
        "numbers": min(len(said.numbers) + len(said.dates), 4) / 4,
        "numbers_missing": min(count["number"] + count["date"], 3) / 3,
        "name_missing": float(count["name"] > 0),
        "names_missing": float(count["name"] > 1),
        "opposites": min(count["opposite"], 2) / 2,
        "negation_added": float(any(o.kind == "negation" and o.what for o in objections)),
        "negation_dropped": float(any(o.kind == "negation" and not o.what for o in objections)),
        "less_than_told": float(count["modality"] + count["denial"] + count["quantifier"] + count["comparison"] > 0),
    }
