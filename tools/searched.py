"""What became of one question to one provider: a row of the ledger."""

from dataclasses import dataclass

from .errors import SearchError


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """Who was asked what, how many hits came back in how many seconds, and why none did.

    `error` is None when the provider answered, be it with nothing. A provider that was left out because it had asked
    for a pause has its row too, with 0 seconds. `later` is why a page of results after the first did not come.
    """

    provider: str
    query: str
    hits: int
    seconds: float
    error: SearchError | None = None
    later: SearchError | None = None
