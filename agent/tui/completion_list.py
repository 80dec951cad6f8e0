"""What a command in the input may become, above the input."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from .commands import Completion
from .plain_text import one_line

_ROWS = 6


class CompletionList(Static):
    """Shows a few completions around the chosen one; hidden when there is none."""

    DEFAULT_CSS = """
    CompletionList {
        height: auto; display: none; padding: 0 1; background: $surface; text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._completions: tuple[Completion, ...] = ()
        self._at = 0

    @property
    def chosen(self) -> Completion | None:
        """The one that Tab or Enter takes."""
        return self._completions[self._at] if self._completions else None

    def show(self, completions: Sequence[Completion]) -> None:
        """Offer these; () hides the list."""
        if tuple(completions) != self._completions:
            self._completions, self._at = tuple(completions), 0
        self._draw()

    def move(self, step: int) -> None:
        """Choose the next one, around the ends."""
        if self._completions:
            self._at = (self._at + step) % len(self._completions)
            self._draw()

    def _draw(self) -> None:
        self.display = bool(self._completions)
        if not self._completions:
            return
        first = min(max(0, self._at - _ROWS // 2), max(0, len(self._completions) - _ROWS))
        rows = self._completions[first : first + _ROWS]
        width = max(len(each.shown) for each in rows)
        self.update(
            Content("\n").join(_row(each, width, is_chosen=first + at == self._at) for at, each in enumerate(rows))
        )


def _row(each: Completion, width: int, *, is_chosen: bool) -> Content:
    return Content.assemble(
        ("▌ " if is_chosen else "  ", "$accent"),
        (f"{one_line(each.shown):<{width}}", "bold $text-accent" if is_chosen else ""),
        (f"  {each.says}", "$quiet"),
    )
