"""Fontes: answers from your documents and the web, with every citation checked before you see it."""

from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from .agent.answer import Answer
    from .agent.assistant import Assistant, ask
    from .agent.settings import Settings
    from .retrievers import Index

__all__ = ["Answer", "Assistant", "Index", "Settings", "__version__", "ask"]

_HOMES = {
    "Answer": ".agent.answer",
    "Assistant": ".agent.assistant",
    "Index": ".retrievers",
    "Settings": ".agent.settings",
    "ask": ".agent.assistant",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name], __package__), name)
