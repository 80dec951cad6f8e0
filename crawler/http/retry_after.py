"""How long a server asks to be left alone."""

import email.utils
from datetime import UTC, datetime


def retry_after_s(value: str, *, now: datetime | None = None) -> float:
    """Seconds that a `Retry-After` asks to wait, as seconds or as a date (RFC 9110 §10.2.3); 0 when it says nothing."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        at = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return 0.0
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - (now or datetime.now(UTC))).total_seconds())
