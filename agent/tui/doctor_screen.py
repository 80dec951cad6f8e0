"""What `fontes doctor` finds, in the chat: asked of a process of its own, so that nothing here waits for it."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from .plain_text import one_line

_SIGNS = {
    "ok": ("✓", "$text-success"),
    "note": ("•", "$text-accent"),
    "warning": ("!", "$text-warning"),
    "error": ("✗", "$text-error"),
}
_PATIENCE_S = 90.0
_RUN = "from fontes.agent.cli import main; main()"


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
        changed = {f"FONTES_{name.upper()}": str(value) for name, value in self._changes.items() if value is not None}
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _RUN, "doctor", "--json", stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe,
            env={**os.environ, **changed},
        )  # fmt: skip
        try:
            async with asyncio.timeout(_PATIENCE_S):
                out, said = await process.communicate()
        except TimeoutError:
            out, said = b"", f"it did not end within {_PATIENCE_S:g} s".encode()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        self.query_one(Static).update(_findings(out, said))


def _findings(out: bytes, said: bytes) -> Content:
    try:
        found = json.loads(out)
    except ValueError:
        why = one_line(said.decode(errors="replace")[-500:])
        return Content.styled(f"✗ fontes doctor failed: {why}", "$text-error")
    lines: list[Content] = []
    for each in found:
        sign, style = _SIGNS[each["state"]]
        lines.append(
            Content.assemble(
                (f"{sign} ", f"bold {style}"), (one_line(each["what"]), "bold"), f"  {one_line(each['detail'])}"
            )
        )
        if each["remedy"]:
            lines.append(Content.styled(f"    {one_line(each['remedy'])}", "$quiet"))
    return Content("\n").join(lines)
