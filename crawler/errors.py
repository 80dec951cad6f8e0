"""What can go wrong between naming a source and holding a Page.

CrawlError
├── BlockedURL        the address is none that may be asked: not the web, not public, or no valid URL
├── Disallowed        the site asks to be left alone here: its robots.txt, or an opt-out
├── FetchError        nothing usable came back: status, time, size, type, network
│   └── Unreachable   the connection failed in a way that may pass; worth one more try
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


class BlockedURL(CrawlError):
    """An address that is not asked, whatever robots.txt says: a private network, another scheme, no valid URL."""

    def __init__(self, source: str, detail: str) -> None:
        super().__init__(source, "blocked_address", detail)
        self.args = (source, detail)


class Disallowed(CrawlError):
    """The site asks not to be read here ("robots": RFC 9309 §2.2.2, §2.3.1.4; "opt_out": for use by AI)."""


class FetchError(CrawlError):
    """The web did not give the bytes; `reason` says in what way."""


class Unreachable(FetchError):
    """The connection was reset or cut off; the same request may succeed in a moment."""

    def __init__(self, source: str, detail: str) -> None:
        super().__init__(source, "network", detail)
        self.args = (source, detail)


class ExtractionError(CrawlError):
    """The bytes hold no readable text of a known kind."""
