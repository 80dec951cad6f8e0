"""A question before something that cannot be undone; only "y" says yes."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from .plain_text import one_line


class ConfirmScreen(ModalScreen[bool]):
    """True for the key y, False for everything else that leaves: n, Enter, Esc."""

    DEFAULT_CSS = """
    ConfirmScreen { align: center middle; }
    ConfirmScreen > #box {
        width: 1fr; max-width: 64; height: auto; border: round $error; background: $surface; padding: 1 2;
    }
    ConfirmScreen #box Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,Y", "answer(True)", "Yes"),
        Binding("n,N,escape,enter", "answer(False)", "No"),
    ]

    def __init__(self, question: str, detail: str = "", *, yes: str = "Yes") -> None:
        super().__init__()
        self._question, self._detail, self._yes = question, detail, yes

    def compose(self) -> ComposeResult:
        keys = Content.assemble(("y", "bold reverse"), f" {self._yes}    ", ("n", "bold reverse"), " Keep")
        with Vertical(id="box"):
            yield Static(Content.styled(one_line(self._question), "bold"), markup=False)
            yield Static(Content(one_line(self._detail)), markup=False)
            yield Static(Content("\n") + keys, markup=False)

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)
