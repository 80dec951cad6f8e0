"""What can go wrong when something outside is asked.

SearchError      a search provider gave no usable answer
└── NotRecorded      a recorded provider was asked what it does not hold
"""


class SearchError(Exception):
    """Which provider failed, on which query, why, and what the person can do."""

    def __init__(self, provider: str, query: str, why: str) -> None:
        super().__init__(provider, query, why)
        self.provider, self.query, self.why = provider, query, why

    def __str__(self) -> str:
        return f"{self.provider} could not search for {self.query[:80]!r}: {self.why}"


class NotRecorded(SearchError):
    """The recording does not hold this query: record it first, a guess would not be a replay."""
