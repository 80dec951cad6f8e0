"""Two lines below the input: where answers come from and who writes them, and the keys that do something now."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from .plain_text import one_line

Hint = tuple[str, str]
"""A key and what it does now."""


class StatusLine(Static):
    """What the next question is asked from on the left, who writes on the right; what does not fit is left out."""

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 1; color: $quiet; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._left: tuple[str, ...] = ()
        self._right = ""

    def show(self, left: Sequence[str], right: str) -> None:
        """Draw these parts."""
        if (tuple(left), right) != (self._left, self._right):
            self._left, self._right = tuple(left), right
            self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        left, right = one_line(" · ".join(filter(None, self._left))), one_line(self._right)
        room = self.content_size.width - Content(left).cell_length
        gap = room - Content(right).cell_length
        self.update(Content(left + " " * gap + right if gap > 1 else left))


class KeyHints(Static):
    """Keys that do something now, as many as there is room for."""

    DEFAULT_CSS = """
    KeyHints { height: 1; padding: 0 1; color: $quiet; text-wrap: nowrap; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._hints: tuple[Hint, ...] = ()

    def show(self, hints: Sequence[Hint]) -> None:
        """Draw these, the first ones first."""
        if tuple(hints) != self._hints:
            self._hints = tuple(hints)
            self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        parts: list[Content] = []
        width = self.content_size.width
        for key, does in self._hints:
            part = Content.assemble((key, "bold $foreground"), f" {does}")
            if sum(each.cell_length + 3 for each in parts) + part.cell_length > width:
                break
            parts.append(part)
        self.update(Content("   ").join(parts))
