"""One sentence with its verdict: dim while it is checked, then a sign and a colour, its [n], and what to mind."""

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.selection import Selection
from textual.widget import Widget

from .hanging import Hanging
from .plain_text import one_line
from .turn import ShownSentence
from .verdict_signs import SIGNS

INDENT = 4
"""Cells before the text: the bar of the chosen one, the sign, and room around them."""

_CHECKING = ("·", "$quiet")


class SentenceView(Widget):
    """A sentence of an answer; clicked, it asks to be chosen."""

    DEFAULT_CSS = """
    SentenceView { height: auto; width: 1fr; color: $foreground; }
    SentenceView.-checking, SentenceView.-withheld { color: $quiet; }
    SentenceView.-chosen { background: $chosen; }
    """

    is_chosen: reactive[bool] = reactive(False, toggle_class="-chosen")

    class Clicked(Message):
        """The sentence was clicked."""

        def __init__(self, view: "SentenceView") -> None:
            super().__init__()
            self.view = view

    def __init__(self, shown: ShownSentence) -> None:
        super().__init__()
        self.shown = shown
        self._class()

    def show(self, shown: ShownSentence) -> None:
        """Draw it as it stands now; nothing if nothing changed."""
        if shown == self.shown:
            return
        self.shown = shown
        self._class()
        self.refresh(layout=True)

    def render(self) -> Hanging:
        bar = Content.styled("▌", "$accent") if self.is_chosen else Content(" ")
        sign, style = SIGNS[self.shown.label] if self.shown.label else _CHECKING
        return Hanging(
            _body(self.shown), sign=Content.assemble(bar, (f" {sign}", f"bold {style}")), bar=bar, indent=INDENT
        )

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What was marked with the mouse."""
        return selection.extract(_body(self.shown).plain), "\n"

    def on_click(self, event: events.Click) -> None:
        self.post_message(self.Clicked(self))
        event.stop()

    def _class(self) -> None:
        self.set_class(self.shown.label is None, "-checking")
        self.set_class(self.shown.label is not None and not self.shown.is_asserted, "-withheld")


def _body(shown: ShownSentence) -> Content:
    parts: list[tuple[str, str] | str] = [one_line(shown.text)]
    if shown.marks:
        parts.append((f" {shown.marks}", "bold $text-accent"))
    for said in shown.beside:
        style = "$text-warning" if shown.is_asserted and not said.endswith("independent sources") else "$quiet"
        parts.append((f"  {one_line(said)}", style))
    return Content.assemble(*parts)
