"""How much of the text that was asked for is in the text that came back (characters, as in Chroma's chunking study)."""

from collections.abc import Iterable
from itertools import chain

Span = tuple[str, int, int]
"""(page hash, start, end), `end` exclusive."""


def span_recall(found: Iterable[Span], gold: Iterable[Span]) -> float:
    """The share of the characters of `gold` that `found` covers, in [0, 1].

    Raises:
        ValueError: `gold` holds no character.
    """
    wanted = _characters(gold)
    if not wanted:
        raise ValueError("recall is undefined without gold text")
    return len(wanted & _characters(found)) / len(wanted)


def span_iou(found: Iterable[Span], gold: Iterable[Span]) -> float:
    """Characters in both over characters in either: recall that pays for every character too many, in [0, 1].

    Raises:
        ValueError: `gold` holds no character.
    """
    wanted, got = _characters(gold), _characters(found)
    if not wanted:
        raise ValueError("IoU is undefined without gold text")
    return len(wanted & got) / len(wanted | got)


def _characters(spans: Iterable[Span]) -> set[tuple[str, int]]:
    return set(chain.from_iterable(((page, at) for at in range(start, end)) for page, start, end in spans))
