"""A stored page around a citation: the paragraph it stands in, cut into what comes before, the span, and after."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ...crawler import Block, Page
from ..state import Citation, Side

LoadPage = Callable[[str], Awaitable[Page | None]]
"""Reads a page by its hash: `assistant.index.store.page`. None when it was erased. Raises StoreError."""

_MOST_BEFORE = 400
_MOST_AFTER = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A stretch of stored text in three parts, as stored (not yet made safe): `before` + `span` + `after`.

    `is_verbatim` tells whether the page holds the quote at its place, character by character; when it does not, `span`
    is the quote as it was kept and there is nothing around it. `cut_before`/`cut_after`: the paragraph goes on there.
    """

    before: str
    span: str
    after: str
    is_verbatim: bool
    cut_before: bool = False
    cut_after: bool = False
    heading_path: tuple[str, ...] = ()


def excerpt(page: Page, cited: Citation | Side) -> Excerpt:
    """The paragraph (or the paragraphs) that the quote stands in, at most some hundred characters around it."""
    start, end, text = cited.start, cited.end, page.text
    if not is_verbatim(page, cited):
        return Excerpt(before="", span=cited.quote, after="", is_verbatim=False)
    first, last, headings = _paragraph(page, start, end)
    low, high = max(first, start - _MOST_BEFORE), min(last, end + _MOST_AFTER)
    low = low if low == first else _word_start(text, low, start)
    high = high if high == last else _word_end(text, high, end)
    return Excerpt(
        before=text[low:start],
        span=text[start:end],
        after=text[end:high],
        is_verbatim=True,
        cut_before=low > first,
        cut_after=high < last,
        heading_path=headings,
    )


def is_verbatim(page: Page, cited: Citation | Side) -> bool:
    """Whether the page's text holds the quote at its span."""
    return 0 <= cited.start < cited.end and page.text[cited.start : cited.end] == cited.quote


def block_at(page: Page, offset: int) -> Block | None:
    """The block of the page that the offset falls in; None between blocks, or where a page has none."""
    return next((block for block in page.blocks if block.start <= offset < block.end), None)


def _paragraph(page: Page, start: int, end: int) -> tuple[int, int, tuple[str, ...]]:
    first, last = block_at(page, start), block_at(page, end - 1)
    low = first.start if first else page.text.rfind("\n", 0, start) + 1
    high = last.end if last else page.text.find("\n", end)
    return low, (len(page.text) if high < 0 else high), (first.heading_path if first else ())


def _word_start(text: str, low: int, start: int) -> int:
    found = text.find(" ", low, start)
    return low if found < 0 else found + 1


def _word_end(text: str, high: int, end: int) -> int:
    found = text.rfind(" ", end, high)
    return high if found < 0 else found
