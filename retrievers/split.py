"""Cut a page into passages: whole sentences, packed to an even size, along its headings and blocks.

Why not LlamaIndex's SentenceSplitter, and why this size: docs/adr/0003-passages.md; figures: benchmarks/splitting.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..crawler import Block, Page
from .passage import Passage
from .sentences import sentence_spans

TARGET = 600
"""Characters that a passage aims at."""

# No passage is longer than this many times the target.
_MOST = 1.5
# A section shorter than this does not stand alone: it would be found for its heading and answer nothing.
_TINY = 200

# What a cut costs by what it parts, in shares of the target size: (two sentences, two blocks, two sections).
_COST_OF_CUT = (0.5, 0.2, 0.0)
_COST_AFTER_HEADING = 2.0

_CLAUSE = re.compile(r"[;:,|)\]\t—–][\s]+|[、，；：]")

_NOT_SPACE = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is never cut: a sentence, a table row, a heading. `breaks` is 1 for the first of a block, 2 of a section."""

    start: int
    end: int
    block: Block
    breaks: int


def split(page: Page, *, target: int = TARGET) -> tuple[Passage, ...]:
    """The passages of `page`, in order and without overlap; () for a blank page.

    Every non-blank character is in exactly one passage; none is longer than 1.5 × `target`; all but the shortest pages
    have passages of about `target` characters. A cut falls between sections if it can, else between blocks, else
    between sentences; table rows stay whole, and only a sentence or row above 1.5 × `target` is cut inside. A new
    top-level heading always starts a passage, unless the section before it is under 200 characters.

    `heading_path` is what all parts of a passage have in common; a heading inside it is in its text.
    """
    most = int(target * _MOST)
    units = [part for block in _covering(page) for part in _units(page, block, most)]
    return tuple(
        Passage.of(
            page,
            units[first].start,
            units[last - 1].end,
            heading_path=_common_path(units[first:last]),
            page_number=units[first].block.page_number,
        )
        for first, last in _pack(units, target, most)
    )


def _covering(page: Page) -> Iterator[Block]:
    """The page's blocks, and a paragraph for each stretch of text that no block covers."""
    last = Block(start=0, end=0)
    for block in (*page.blocks, Block(start=len(page.text), end=len(page.text))):
        if page.text[last.end : block.start].strip():
            yield replace(last, start=last.end, end=block.start, kind="paragraph")
        if block.start < block.end:
            yield block
        last = block


def _units(page: Page, block: Block, most: int) -> Iterator[_Unit]:
    text = page.text[block.start : block.end]
    by_line = block.kind in ("table", "code", "heading")
    spans = tuple(_lines(text)) if by_line else sentence_spans(text, page.language)
    breaks = 2 if block.kind == "heading" else 1
    for start, end in spans:
        for a, b in _bounded(text, start, end, most):
            yield _Unit(block.start + a, block.start + b, block, breaks)
            breaks = 0


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        if content := line.strip():
            start = at + line.index(content[0])
            yield start, start + len(content)
        at += len(line) + 1


def _bounded(text: str, start: int, end: int, most: int) -> Iterator[tuple[int, int]]:
    """The span, or parts of it of at most `most` characters: cut after a clause, else at a space, else anywhere."""
    while end - start > most:
        half = start + most // 2
        cut = max((match.end() for match in _CLAUSE.finditer(text, half, start + most)), default=0)
        cut = cut or text.rfind(" ", half, start + most) + 1 or start + most
        yield start, start + len(text[start:cut].rstrip())
        following = _NOT_SPACE.search(text, cut, end)
        assert following is not None  # the span ends with a character that is not a space
        start = following.start()
    yield start, end


def _pack(units: list[_Unit], target: int, most: int) -> Iterator[tuple[int, int]]:
    """Runs of units, as indices, that become passages."""
    first = 0
    for fence in _fences(units):
        while first < fence:
            rest = units[fence - 1].end - units[first].start
            if rest <= most:
                last = fence
            else:
                # Two passages of 800 are better than one of 1,200 and one of 400.
                last = _best_cut(units, first, fence, target if rest > 2 * target else rest / 2, most)
            yield first, last
            first = last


def _fences(units: list[_Unit]) -> list[int]:
    """Where a passage must end: before each new top-level section, unless what precedes is tiny; and at the end."""
    fences: list[int] = []
    begin = 0
    for i in range(1, len(units)):
        is_new = bool(units[i].breaks) and _top(units[i]) != _top(units[i - 1])
        if is_new and units[i].start - units[begin].start >= _TINY:
            fences.append(i)
            begin = i
    return [*fences, len(units)]


def _top(unit: _Unit) -> object:
    """What tells one top-level section from the next: its heading."""
    path = unit.block.heading_path
    if path:
        return path[0]
    return unit.block.start if unit.block.kind == "heading" else None


def _best_cut(units: list[_Unit], first: int, fence: int, goal: float, most: int) -> int:
    best, least = first + 1, float("inf")
    start = units[first].start
    for last in range(first + 1, fence):
        size = units[last - 1].end - start
        if size > most:
            break
        after_heading = units[last - 1].block.kind == "heading"
        cost = abs(size - goal) / goal + (_COST_AFTER_HEADING if after_heading else _COST_OF_CUT[units[last].breaks])
        if cost <= least:
            best, least = last, cost
    return best


def _common_path(units: list[_Unit]) -> tuple[str, ...]:
    paths = [unit.block.heading_path for unit in units]
    shortest = min(paths, key=len)
    depth = next((i for i, part in enumerate(shortest) if any(path[i] != part for path in paths)), len(shortest))
    return shortest[:depth]
