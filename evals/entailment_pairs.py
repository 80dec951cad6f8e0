"""Claims and evidence that an entailment model learns from, made up of real texts.

A made-up claim is a sentence of a text, reworded, beside its paragraph. Supported and unsupported ones are reworded
alike, and what is false stands in the claim as often as in the evidence, so that neither the wording nor the place
gives the answer away. A model that saw 34,000 more, with claims of two places and with evidence gathered for a claim
from the rest of its text, took whatever is said in other words for unsupported.
"""

import random
from collections.abc import Callable, Sequence

from .corruptions import Around, corruptions, names_of
from .entailment_texts import Example, _share
from .one_change import Corruption
from .paraphrases import bound_number, misbound_number, paraphrase, reword

_WORDS = (8, 45)  # of a sentence that a claim is made of
_NEAR = 100  # words of a paragraph around a made-up claim

Text = tuple[str, ...]
Maker = Callable[[Text, int, tuple[int, int], random.Random], tuple[str, str] | None]


def made_up(texts: Sequence[Text], count: int, draw: random.Random) -> list[Example]:
    """`count` made-up pairs, a little less than half of them supported, each text drawn as often as the others."""
    examples: list[Example] = []
    pool = [text for text in texts if any(_is_usable(sentence) for sentence in text)]
    while len(examples) < count:
        text = draw.choice(pool)
        at = draw.choice([n for n, sentence in enumerate(text) if _is_usable(sentence)])
        near = _paragraph(text, at, draw)
        kind, make, is_supported = draw.choices(_MADE, weights=_SHARES)[0]
        if made := make(text, at, near, draw):
            examples.append(Example(claim=made[0], evidence=made[1], is_supported=is_supported, kind=kind))
    return examples


def _said(text: Text, at: int, near: tuple[int, int], draw: random.Random) -> tuple[str, str] | None:
    claim = text[at]
    if draw.random() < 0.15:
        claim = bound_number(claim, draw) or claim
    elif draw.random() < 0.12 and near[1] - near[0] > 1:
        other = at + 1 if at + 1 < near[1] else at - 1
        claim = _joined(claim, text[other], draw)
    return paraphrase(claim, draw), _evidence(text, near)


def _said_in_other_words(text: Text, at: int, near: tuple[int, int], draw: random.Random) -> tuple[str, str] | None:
    return paraphrase(text[at], draw), _evidence(text, near, at, reword(text[at], draw))


def _changed_claim(text: Text, at: int, near: tuple[int, int], draw: random.Random) -> tuple[str, str] | None:
    evidence = _evidence(text, near)
    made = _corrupted(paraphrase(text[at], draw), text, evidence, draw)
    return (made.text, evidence) if made else None


def _changed_evidence(text: Text, at: int, near: tuple[int, int], draw: random.Random) -> tuple[str, str] | None:
    made = _corrupted(text[at], text, _evidence(text, near), draw)
    if made is None or made.kind in ("scope", "hedge"):  # what is said of all is said of some
        return None
    return reword(text[at], draw), _evidence(text, near, at, made.text)


def _misbound(text: Text, at: int, near: tuple[int, int], draw: random.Random) -> tuple[str, str] | None:
    claim = misbound_number(text[at], draw)
    return (paraphrase(claim, draw, 1), _evidence(text, near)) if claim else None


def _left_out(text: Text, at: int, near: tuple[int, int], draw: random.Random) -> tuple[str, str] | None:
    evidence = _evidence(text, near, at, "")
    if not evidence or _share(text[at], evidence) > 0.6:
        return None
    return paraphrase(text[at], draw), evidence


def _from_elsewhere(text: Text, at: int, near: tuple[int, int], draw: random.Random) -> tuple[str, str] | None:
    evidence = _evidence(text, near)
    others = [
        s for n, s in enumerate(text) if not near[0] <= n < near[1] and _is_usable(s) and _share(s, evidence) < 0.6
    ]
    return (paraphrase(draw.choice(others), draw), evidence) if others else None


def _half_said(text: Text, at: int, near: tuple[int, int], draw: random.Random) -> tuple[str, str] | None:
    evidence = _evidence(text, near)
    others = [s for n, s in enumerate(text) if not near[0] <= n < near[1] and 4 < len(s.split()) < 25]
    others = [s for s in others if _share(s, evidence) < 0.6]
    return (_joined(paraphrase(text[at], draw, 2), draw.choice(others), draw), evidence) if others else None


_MADE: tuple[tuple[str, Maker, bool], ...] = (
    ("said", _said, True), ("said in other words", _said_in_other_words, True),
    ("changed claim", _changed_claim, False),
    ("changed evidence", _changed_evidence, False), ("misbound", _misbound, False), ("left out", _left_out, False),
    ("from elsewhere", _from_elsewhere, False), ("half said", _half_said, False),
)  # fmt: skip
_SHARES = (30, 15, 25, 17, 12, 8, 4, 7)


def _corrupted(sentence: str, text: Text, evidence: str, draw: random.Random) -> Corruption | None:
    around = Around(evidence=evidence, names=names_of(text[:200]))
    return next(corruptions(sentence, around, draw), None)


def _paragraph(text: Text, at: int, draw: random.Random) -> tuple[int, int]:
    """The sentences [start, end) around `at`, up to five more and `_NEAR` words."""
    start = end = at
    end += 1
    for _ in range(draw.randint(0, 5)):
        grown = (start - 1, end) if draw.random() < 0.5 else (start, end + 1)
        if grown[0] >= 0 and grown[1] <= len(text) and sum(len(s.split()) for s in text[slice(*grown)]) <= _NEAR:
            start, end = grown
    return start, end


def _evidence(text: Text, near: tuple[int, int], at: int = -1, instead: str = "") -> str:
    return " ".join(s for n in range(*near) if (s := instead if n == at else text[n]))


def _joined(left: str, right: str, draw: random.Random) -> str:
    if draw.random() < 0.5:
        return f"{left} {right}"
    keeps_capital = right.split()[0] not in ("The", "It", "He", "She", "They", "In", "This", "These", "A", "An", "We")
    right = right if keeps_capital else right[0].lower() + right[1:]
    return f"{left.rstrip('.')}, {draw.choice(('and', 'while', 'and'))} {right}"


def _is_usable(sentence: str) -> bool:
    many = len(sentence.split())
    letters = sum(c.isalpha() or c == " " for c in sentence)
    return _WORDS[0] <= many <= _WORDS[1] and letters > 0.8 * len(sentence) and sentence[-1] in '.!?"”'
