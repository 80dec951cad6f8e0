"""A line to type into, and below it the rows that match: one focus, the arrows move in the rows while one types."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

MOST_ROWS = 500
"""Rows drawn at once: nobody scrolls further, and one types to narrow instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row: what it stands for, and how it is drawn (from text that was made safe)."""

    key: str
    content: Content

    def drawn(self, *, is_highlighted: bool) -> Content:
        """The row behind its margin, which tells the highlighted one without colours, too."""
        return Content.styled("▸ ", "bold") + self.content if is_highlighted else Content("  ") + self.content


class FilterList(Vertical):
    """Shows rows; whoever owns it filters them, and tells what a choice means."""

    DEFAULT_CSS = """
    FilterList { height: 1fr; }
    FilterList > Input, FilterList > Input:focus { border: none; height: 1; padding: 0 2; background: $boost; }
    FilterList > OptionList {
        height: 1fr; border: none; padding: 0; background: transparent; text-wrap: nowrap; text-overflow: ellipsis;
    }
    FilterList > #more { height: 1; padding: 0 2; color: $quiet; }
    FilterList > OptionList > .option-list--option-highlighted { text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "rows('cursor_up')", show=False),
        Binding("down", "rows('cursor_down')", show=False),
        Binding("pageup", "rows('page_up')", show=False),
        Binding("pagedown", "rows('page_down')", show=False),
    ]

    class Typed(Message):
        """Other text stands in the line."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Moved(Message):
        """Another row is highlighted; "" when there is none."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Chosen(Message):
        """Enter or a click on a row."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, placeholder: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._placeholder = placeholder
        self._rows: list[Row] = []
        self._marked: int | None = None

    def compose(self) -> ComposeResult:
        yield Input(placeholder=self._placeholder, select_on_focus=False)
        rows = OptionList(markup=False)
        rows.can_focus = False
        yield rows
        yield Static(id="more", markup=False)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.query_one(Input).value

    @property
    def key(self) -> str:
        """The highlighted row's; "" when there is none."""
        at = self.query_one(OptionList).highlighted
        return self._rows[at].key if at is not None and at < len(self._rows) else ""

    def clear(self) -> bool:
        """Empty the line; False when it was empty."""
        was_empty = not self.text
        self.query_one(Input).value = ""
        return not was_empty

    def show(self, rows: Sequence[Row], *, left: int = 0) -> None:
        """Draw these rows, `MOST_ROWS` at most, and say that `left` more match; the highlighted one stays so."""
        before = self.key
        self._rows, self._marked = list(rows), None
        options = [Option(row.drawn(is_highlighted=False)) for row in self._rows]
        self.query_one("#more", Static).update(Content(f"and {left:,} more: type to narrow" if left else ""))
        self.query_one("#more").display = left > 0
        place = self.query_one(OptionList)
        place.set_options(options)
        same = (at for at, row in enumerate(self._rows) if row.key == before)
        place.highlighted = next(same, 0) if self._rows else None
        self._mark()
        self.post_message(self.Moved(self.key))

    def _mark(self) -> None:
        place = self.query_one(OptionList)
        for at, is_highlighted in ((self._marked, False), (place.highlighted, True)):
            if at is not None and at < len(self._rows):
                place.replace_option_prompt_at_index(at, self._rows[at].drawn(is_highlighted=is_highlighted))
        self._marked = place.highlighted

    def on_resize(self) -> None:
        """Keep the highlighted row in sight."""
        self.call_after_refresh(self.query_one(OptionList).scroll_to_highlight)

    def focus_line(self) -> None:
        """Take the keys."""
        self.query_one(Input).focus()

    def action_rows(self, action: str) -> None:
        place = self.query_one(OptionList)
        match action:
            case "cursor_up":
                place.action_cursor_up()
            case "cursor_down":
                place.action_cursor_down()
            case "page_up":
                place.action_page_up()  # type: ignore[no-untyped-call]
            case "page_down":
                place.action_page_down()  # type: ignore[no-untyped-call]

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if self.key:
            self.post_message(self.Chosen(self.key))

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_index != self._marked:
            self._mark()
            self.post_message(self.Moved(self.key))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if self.key:
            self.post_message(self.Chosen(self.key))
