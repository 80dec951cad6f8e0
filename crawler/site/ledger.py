"""What a crawl writes down of every address."""

from dataclasses import dataclass, replace
from typing import Literal

from ..page import Page, SkipReason, utc_now
from ..visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """What became of one address.

    `reason` and `detail` are empty for a page that was read; `title` to `quality` for one that was not. `words` and
    `quality` (its score in [0, 1], None if it was not judged) are of the text, `bytes` of the body. `seconds` counts
    from the asking, waiting for the turn included. `depth` is the number of links from the start, `found_on` the
    page or sitemap that named the address, "" for the start. `at` is ISO 8601 in UTC.
    """

    url: str
    final_url: str
    outcome: Literal["read", "skipped"]
    reason: SkipReason | Literal[""] = ""
    detail: str = ""
    title: str = ""
    language: str = ""
    published: str = ""
    words: int = 0
    quality: float | None = None
    seconds: float = 0.0
    bytes: int = 0
    depth: int = 0
    found_on: str = ""
    at: str = ""


def ledger_row(visit: Visit, *, depth: int = 0, found_on: str = "") -> LedgerRow:
    """The row of a visit that ends now."""
    outcome = visit.outcome
    row = LedgerRow(
        url=visit.url,
        final_url=visit.final_url,
        outcome="read" if isinstance(outcome, Page) else "skipped",
        seconds=round(visit.seconds, 3),
        bytes=visit.size,
        depth=depth,
        found_on=found_on,
        at=utc_now(),
    )
    if not isinstance(outcome, Page):
        return replace(row, reason=outcome.reason, detail=outcome.detail)
    return replace(
        row,
        title=outcome.title,
        language=outcome.language,
        published=outcome.sightings[0].published if outcome.sightings else "",
        words=outcome.quality.words if outcome.quality else len(outcome.text.split()),
        quality=outcome.quality.score if outcome.quality else None,
    )
