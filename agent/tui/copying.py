"""Copy text to the clipboard, over SSH too (OSC 52, in base64: nothing of the text itself is sent as it is)."""

from typing import TypeVar

from textual.app import App

from ..state import Citation
from .plain_text import one_line, safe

_R = TypeVar("_R")


def copy_text(app: App[_R], text: str, what: str) -> None:
    """Put the text on the clipboard, without controls, and say that `what` was copied."""
    app.copy_to_clipboard(safe(text))
    app.notify(f"{what} copied", markup=False, timeout=2)


def copy_citation(app: App[_R], citation: Citation) -> None:
    """Put one citation on the clipboard, as a line."""
    from ..export import citation_text  # with all the formats, which a chat that exports nothing does without

    copy_text(app, one_line(citation_text(citation)), "citation")
