"""The ledger of an answer: every address that was found, read or not, and why; filtered by typing and by state."""

from collections import Counter
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, Static

from ..answer import Answer
from .copying import copy_text
from .filter_list import MOST_ROWS, FilterList, Row
from .ledger_rows import STATES, Entry, LedgerState, entries, explained, row, searched_line
from .opening import NotOpened, open_address
from .plain_text import safe

_MOST_SEARCHES = 4


class LedgerScreen(ModalScreen[None]):
    """Every address of an answer's ledger. Enter opens one in the browser, Tab goes through the states."""

    DEFAULT_CSS = """
    LedgerScreen { align: center middle; }
    LedgerScreen > #box { margin: 0 2; border: round $accent; background: $surface; }
    LedgerScreen.-narrow > #box { margin: 0; }
    LedgerScreen #states { height: 1; padding: 0 2; background: $panel; text-wrap: nowrap; }
    LedgerScreen #searches { height: auto; padding: 0 2; text-wrap: nowrap; text-overflow: ellipsis; }
    LedgerScreen.-short #searches { display: none; }
    LedgerScreen #entry { height: auto; max-height: 6; padding: 0 2; border-top: solid $rule; }
    LedgerScreen.-short #entry { max-height: 2; border: none; }
    """
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-narrow"), (70, "-normal")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-short"), (18, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open in browser", priority=True),
        Binding("tab", "state(1)", "Next state", priority=True),
        Binding("shift+tab", "state(-1)", "Previous state", show=False, priority=True),
        Binding("ctrl+y", "copy", "Copy address", priority=True),
        Binding("escape", "back", "Back"),
    ]

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._entries = entries(answer.ledger)
        self._texts = [each.searched_text for each in self._entries]
        self._searched = answer.ledger.searched
        self._state: LedgerState | None = None

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(id="states", markup=False)
            if self._searched:
                yield Static(self._searches(), id="searches", markup=False)
            yield FilterList("type to filter", id="rows")
            yield Static(id="entry", markup=False)
            yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one(FilterList).focus_line()
        self._filter("")

    def _searches(self) -> Content:
        lines = [searched_line(each) for each in self._searched[:_MOST_SEARCHES]]
        if more := len(self._searched) - len(lines):
            lines.append(Content.styled(f"and {more:,} more searches", "$quiet"))
        return Content("\n").join(lines)

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        matching = [
            (at, each)
            for at, (each, said) in enumerate(zip(self._entries, self._texts, strict=True))
            if all(word in said for word in words)
        ]
        self.query_one("#states", Static).update(self._states(Counter(each.state for _, each in matching)))
        shown = [(at, each) for at, each in matching if self._state is None or each.state == self._state]
        drawn = [Row(key=str(at), content=row(each)) for at, each in shown[:MOST_ROWS]]
        self.query_one(FilterList).show(drawn, left=len(shown) - len(drawn))

    def _states(self, counts: Counter[LedgerState]) -> Content:
        names = [("all", None, counts.total()), *((state, state, counts[state]) for state in STATES)]
        parts = [
            Content.styled(f"▸{name} {count:,}", "bold reverse")
            if state == self._state
            else Content.styled(f" {name} {count:,}", "$quiet")
            for name, state, count in names
        ]
        return Content("  ").join(parts)

    def _entry(self) -> Entry | None:
        key = self.query_one(FilterList).key
        return self._entries[int(key)] if key else None

    @on(FilterList.Typed)
    def _typed(self, event: FilterList.Typed) -> None:
        self._filter(event.text)

    @on(FilterList.Moved)
    def _moved(self) -> None:
        entry = self._entry()
        nothing = "nothing was searched or read" if not self._entries else "nothing matches; Esc clears the filter"
        said = explained(entry) if entry else Content.styled(nothing, "$quiet")
        self.query_one("#entry", Static).update(said)

    @on(FilterList.Chosen)
    async def _chosen(self) -> None:
        await self.action_open()

    def action_back(self) -> None:
        """Clear what was typed, else leave."""
        if not self.query_one(FilterList).clear():
            self.dismiss()

    def action_state(self, step: int) -> None:
        states = (None, *STATES)
        self._state = states[(states.index(self._state) + step) % len(states)]
        self._filter(self.query_one(FilterList).text)

    async def action_open(self) -> None:
        if (entry := self._entry()) is None:
            return
        if entry.reason == "blocked_address":  # a page may name it for a browser within that network to ask
            self.notify("not opened: it points into a private network", severity="warning", markup=False)
            return
        try:
            await open_address(entry.source)
        except NotOpened as error:
            self.notify(safe(str(error)), severity="warning", markup=False)

    def action_copy(self) -> None:
        if entry := self._entry():
            copy_text(self.app, entry.source, "address")
