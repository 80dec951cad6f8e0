"""The day that a question is asked as on: it need not be today (ADR 20)."""

import re
from datetime import date, datetime

from .errors import BadQuestion
from .state import State

_ISO_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?![\d-])")
_NAMED = 3


def day_asked_on(state: State) -> date:
    """The day that "today", "last year" and ages of pages are counted from.

    That is `as_of`, else the day on which it was asked, by the calendar of this machine: a run that is resumed after
    midnight still means the same.
    """
    if state.as_of:
        return date.fromisoformat(state.as_of)
    return datetime.fromisoformat(state.asked).astimezone().date()


def as_of_day(as_of: date | None, since: date | None, *, today: date) -> str:
    """`as_of` as a state holds it, "" for None.

    Raises:
        BadQuestion: it is no date, is yet to come, or lies before `since`.
    """
    if as_of is None:
        return ""
    what = "the day that is asked as on"
    if not isinstance(as_of, date) or isinstance(as_of, datetime):
        raise BadQuestion(what, f"{as_of!r} is no date; give a datetime.date, such as date(2023, 5, 1)")
    if as_of > today:
        raise BadQuestion(what, f"{as_of} is yet to come, and nothing is known of it; give {today} or an earlier day")
    if since is not None and since > as_of:
        raise BadQuestion(what, f"no page that is known by {as_of} was published since {since}; change one of the two")
    return as_of.isoformat()


def is_later(published: str, as_of: str) -> bool:
    """True if a page of that date (ISO; of a year or month alone, its first day) was not there yet on `as_of`.

    False where either is unknown ("").
    """
    return bool(as_of) and _ISO_DAY.match(published) is not None and published[:10] > as_of


def left_out_note(sources: dict[str, str], as_of: str) -> str:
    """What the reader is told of sources (with their dates) that were left out for being later."""
    named = [f"{source} ({published[:10]})" for source, published in list(sources.items())[:_NAMED]]
    more = f" and {len(sources) - _NAMED} more" if len(sources) > _NAMED else ""
    return f"left out, published after {as_of}: {', '.join(named)}{more}"
