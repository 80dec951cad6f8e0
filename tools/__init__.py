"""What the agent may call beyond its own index: search providers."""

from .errors import NotRecorded, SearchError
from .hit import Hit
from .search import Search

__all__ = ["Hit", "NotRecorded", "Search", "SearchError"]
