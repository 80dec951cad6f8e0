"""The keys and commands of the chat on one page."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, Static

from ..state import Label
from .verdict_signs import SIGNS

Section = tuple[str, Sequence[tuple[str, str]]]
"""A heading and its rows: what to press or type, and what it does."""

KEYS: tuple[Section, ...] = (
    (
        "Asking",
        (
            ("Enter", "send the question"),
            ("Esc", "cancel the run; what was verified until then stays"),
            ("Ctrl+Q", "quit"),
        ),
    ),
    (
        "Evidence",
        (
            ("e", "evidence of the chosen sentence"),
            ("n  p", "next, previous citation"),
            ("o", "open the page in the browser (http and https only)"),
            ("s", "the stored page, at the quote"),
            ("y", "copy the citation"),
            ("l", "ledger: every address found, read or not, and why"),
        ),
    ),
)
"""What every screen of the chat has in common."""

_MEANINGS: dict[Label, str] = {
    "supported": "all that it claims stands in its quotes",
    "partial": "some of it does: not asserted",
    "unsupported": "its quotes do not say so: not asserted",
    "contradicted": "its quotes say otherwise: not asserted",
}


class HelpScreen(ModalScreen[None]):
    """`sections` are shown in their order, above what the signs mean."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > #box { width: 1fr; max-width: 90; height: 1fr; border: round $accent; background: $surface; }
    HelpScreen #text { padding: 1 2; }
    HelpScreen #text Static { height: auto; margin: 0 0 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,f1,question_mark", "dismiss", "Back", key_display="Esc")]

    def __init__(self, sections: Sequence[Section] = KEYS) -> None:
        super().__init__()
        self._sections = sections

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            with VerticalScroll(id="text"):
                for heading, rows in self._sections:
                    yield Static(_section(heading, rows), markup=False)
                signs = [(SIGNS[label][0], f"{label}: {meaning}") for label, meaning in _MEANINGS.items()]
                yield Static(_section("Signs", signs), markup=False)
            yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one("#text").focus()


def _section(heading: str, rows: Sequence[tuple[str, str]]) -> Content:
    width = max((len(key) for key, _ in rows), default=0)
    lines = [Content.assemble((f"  {key:<{width}}  ", "bold $text-accent"), does) for key, does in rows]
    return Content("\n").join((Content.styled(heading, "bold"), *lines))
