"""What can go wrong between naming a source and holding a Page.

CrawlError
└── ExtractionError   the bytes are here, but no text can be made of them

At this room's face a failure is a value, `Skipped`; these are what it is made from.
"""

from .page import SkipReason


class CrawlError(Exception):
    """Why a source yielded no page, as a reason the ledger knows, and what the person can do."""

    def __init__(self, source: str, reason: SkipReason, detail: str) -> None:
        super().__init__(source, reason, detail)  # same arguments as ours, so it pickles out of a worker process
        self.source = source
        self.reason: SkipReason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.source}: {self.detail}" if self.source else self.detail


class ExtractionError(CrawlError):
    """The bytes hold no readable text of a known kind."""
