"""What the agent may call beyond its own index: search providers, alone and several at once.

`Search` is the socket; each provider is a file in `search/` and is imported only by who chose it.
"""

from typing import TYPE_CHECKING

from .errors import (
    BadAnswer,
    KeyMissing,
    KeyRefused,
    LimitReached,
    NotRecorded,
    QuotaSpent,
    SearchError,
    ServiceDown,
)
from .filters import ANY, Filters
from .hit import Hit
from .search import Search
from .searched import Searched

if TYPE_CHECKING:
    from .fanout import FanOut
    from .terms import Terms

__all__ = [
    "ANY",
    "BadAnswer",
    "FanOut",
    "Filters",
    "Hit",
    "KeyMissing",
    "KeyRefused",
    "LimitReached",
    "NotRecorded",
    "QuotaSpent",
    "Search",
    "SearchError",
    "Searched",
    "ServiceDown",
    "Terms",
]

_HOMES = {"FanOut": ".fanout", "Terms": ".terms"}  # they bring asyncio and the crawler's guard


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name], __package__), name)
