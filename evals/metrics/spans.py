"""How much of the text that was asked for is in the text that came back (characters, as in Chroma's chunking study)."""

from collections.abc import Iterable

from ..case import Case
from ..gold import found_spans, gold_groups
from ..metric import Metric
from ..result import Result

Span = tuple[str, int, int]
"""(page hash, start, end), `end` exclusive."""


def span_recall(found: Iterable[Span], gold: Iterable[Span]) -> float:
    """The share of the characters of `gold` that `found` covers, in [0, 1].

    Raises:
        ValueError: `gold` holds no character.
    """
    wanted, got = _merged(gold), _merged(found)
    total = _characters(wanted)
    if not total:
        raise ValueError("recall is undefined without gold text")
    return _common(wanted, got) / total


def span_iou(found: Iterable[Span], gold: Iterable[Span]) -> float:
    """Characters in both over characters in either: recall that pays for every character too many, in [0, 1].

    Raises:
        ValueError: `gold` holds no character.
    """
    wanted, got = _merged(gold), _merged(found)
    if not _characters(wanted):
        raise ValueError("IoU is undefined without gold text")
    common = _common(wanted, got)
    return common / (_characters(wanted) + _characters(got) - common)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The same characters as stretches that do not touch, in order."""
    merged: list[Span] = []
    for page, start, end in sorted(spans):
        if start >= end:
            continue
        if merged and merged[-1][0] == page and start <= merged[-1][2]:
            merged[-1] = (page, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((page, start, end))
    return merged


def _characters(merged: Iterable[Span]) -> int:
    return sum(end - start for _, start, end in merged)


def _common(one: list[Span], other: list[Span]) -> int:
    return sum(
        max(0, min(end, last) - max(start, first))
        for page, start, end in one
        for name, first, last in other
        if name == page
    )


def score(case: Case, result: Result) -> float | None:
    """The recall of the gold spans by what the writer was given, for the set of spans it fits best."""
    if result.answer is None:
        return None
    found = found_spans(case, result)
    return max((span_recall(found, group) for group in gold_groups(case, result)), default=None)


METRICS = (
    Metric(
        name="evidence_recall",
        meaning="characters of the gold spans in what the writer was given",
        source="Smith and Troynikov 2024, “Evaluating Chunking Strategies for Retrieval”",
        higher_is_better=True,
        score=score,
    ),
)
