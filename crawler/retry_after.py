"""How long a server asks to be left alone."""

import email.utils
import re
from datetime import UTC, datetime

_NUMBER = r"\d+(?:\.\d*)?"
_SECONDS = re.compile(rf"{_NUMBER}(?:\s*,\s*{_NUMBER})*", re.ASCII)


def retry_after_s(value: str, *, now: datetime | None = None) -> float | None:
    """Seconds that a `Retry-After` asks to wait, as seconds or as a date (RFC 9110 §10.2.3); None: it says nothing.

    Fractions are none of the RFC's, but are sent; of several numbers (the header came twice) the largest counts. A
    number too long to be meant is cut at nine digits; a date that has passed is 0.
    """
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return max(float(number.strip()[:9]) for number in value.split(","))
    try:
        at = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - (now or datetime.now(UTC))).total_seconds())
