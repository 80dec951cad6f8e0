"""Failures that cost a search some of its hits, but not the search: told beside the hits, to whoever listens."""

from contextvars import ContextVar

from .errors import SearchError

_HEARD: ContextVar[list[SearchError] | None] = ContextVar("later_failures", default=None)


def listen() -> list[SearchError]:
    """A list that fills with what fails later in this task's search; a task of its own has a list of its own."""
    heard: list[SearchError] = []
    _HEARD.set(heard)
    return heard


def tell(error: SearchError) -> None:
    """A page of results after the first did not come; the hits before it stand."""
    heard = _HEARD.get()
    if heard is not None:
        heard.append(error)
