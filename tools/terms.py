"""On what terms a service is asked: how often, how long, how much."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..crawler import check_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The limits of one service, whatever is asked of it.

    Attributes:
        min_interval_s: seconds from the start of one request to the start of the next.
        daily: requests a day (UTC), every page of results being one; None for no limit of ours.
        deadline_s: seconds that one search may take: waiting for its turn, all pages and the retry.
        max_bytes: bytes of one answer, decompressed.
        contact: a URL or e-mail address in the user agent, for the operators of the service.
        counts: folder in which requests are counted across processes; None counts in this object only.
        check: raises BlockedURL for a URL that may not be a hit; hits that it refuses are left out.
    """

    min_interval_s: float = 0.0
    daily: int | None = None
    deadline_s: float = 10.0
    max_bytes: int = 5_000_000
    contact: str = ""
    counts: Path | None = None
    check: Callable[[str], None] = check_url

    def __post_init__(self) -> None:
        if self.min_interval_s < 0 or self.deadline_s <= 0 or self.max_bytes < 1:
            raise ValueError(f"min_interval_s must not be negative, deadline_s and max_bytes must be positive: {self}")
        if self.daily is not None and self.daily < 1:
            raise ValueError(f"daily: at least 1, or None for no limit: {self.daily}")
