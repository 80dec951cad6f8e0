"""Fontes: answers from your documents and the web, with every citation checked before you see it."""

from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from .agent.answer import Answer
    from .agent.assistant import Assistant, ask
    from .agent.errors import AgentError, BadQuestion, NothingRead, SettingError
    from .agent.settings import Settings
    from .retrievers import Index, RetrievalError

__all__ = [
    "AgentError",
    "Answer",
    "Assistant",
    "BadQuestion",
    "Index",
    "NothingRead",
    "RetrievalError",
    "SettingError",
    "Settings",
    "__version__",
    "ask",
]

_HOMES = {
    "AgentError": ".agent.errors",
    "Answer": ".agent.answer",
    "Assistant": ".agent.assistant",
    "BadQuestion": ".agent.errors",
    "Index": ".retrievers",
    "NothingRead": ".agent.errors",
    "RetrievalError": ".retrievers",
    "SettingError": ".agent.errors",
    "Settings": ".agent.settings",
    "ask": ".agent.assistant",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name], __package__), name)
