"""What a caller may say with a question, read strictly: what is misspelt or of another type is never passed over."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from difflib import get_close_matches

from .errors import BadQuestion


def refuse_unknown(said: Collection[str], known: Collection[str]) -> None:
    """Let only known names through.

    Raises:
        TypeError: one is not known; the message holds the one that is nearest to it.
    """
    for name in said:
        if name in known:
            continue
        near = get_close_matches(name, known, n=1)
        meant = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(known))}"
        raise TypeError(f"a question has no option {name!r}; {meant}")


def since_day(since: object) -> date | None:
    """The day that `since` names: a `datetime.date`, or an ISO date as text.

    Raises:
        BadQuestion: it is neither.
    """
    match since:
        case None | "":
            return None
        case datetime():
            return since.date()
        case date():
            return since
        case str():
            try:
                return date.fromisoformat(since)
            except ValueError:
                pass
    raise BadQuestion("since", f"{since!r} is no date; give a datetime.date, or an ISO date such as '2024-05-01'")


def site_names(sites: object) -> tuple[str, ...]:
    """The hosts that a search is restricted to; one alone may stand without a list.

    Raises:
        BadQuestion: it is no sequence of texts.
    """
    match sites:
        case str():
            return (sites,)
        case Sequence() if all(isinstance(each, str) for each in sites):
            return tuple(sites)
    raise BadQuestion("sites", f"{sites!r} is no list of host names, such as ['docs.example.org']")
