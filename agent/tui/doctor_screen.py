"""What `fontes doctor` finds, in the chat."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ..cli.findings import Finding
from ..errors import AgentError
from .examination import examined
from .plain_text import one_line

_SIGNS = {
    "ok": ("✓", "$text-success"),
    "note": ("•", "$text-accent"),
    "warning": ("!", "$text-warning"),
    "error": ("✗", "$text-error"),
}


class DoctorScreen(ModalScreen[None]):
    """`changes` are the settings that this chat has in place of what is set elsewhere."""

    DEFAULT_CSS = """
    DoctorScreen { align: center middle; }
    DoctorScreen > #box {
        width: 1fr; max-width: 100; height: 1fr; margin: 0 2; border: round $accent; background: $surface;
    }
    DoctorScreen #text { padding: 1 2; }
    DoctorScreen #text Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss", "Back")]

    def __init__(self, changes: Mapping[str, object]) -> None:
        super().__init__()
        self._changes = changes

    def compose(self) -> ComposeResult:
        with Vertical(id="box"), VerticalScroll(id="text"):
            yield Static("asking all parts; a server that does not answer takes a while … Esc leaves", markup=False)

    def on_mount(self) -> None:
        self.query_one("#text").focus()
        self.run_worker(self._ask(), exclusive=True)

    async def _ask(self) -> None:
        try:
            content = _drawn(await examined(self._changes))
        except AgentError as error:
            content = Content.styled(f"✗ {one_line(str(error))}", "$text-error")
        self.query_one(Static).update(content)


def _drawn(found: Sequence[Finding]) -> Content:
    lines: list[Content] = []
    for each in found:
        sign, style = _SIGNS[each.state]
        lines.append(
            Content.assemble((f"{sign} ", f"bold {style}"), (one_line(each.what), "bold"), f"  {one_line(each.detail)}")
        )
        if each.remedy:
            lines.append(Content.styled(f"    {one_line(each.remedy)}", "$quiet"))
    return Content("\n").join(lines)
