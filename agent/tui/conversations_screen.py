"""The conversations: found by what was said in them, opened, renamed, and erased for good."""

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, Static

from ...retrievers import RetrievalError
from ..cli.screen import counted
from ..errors import AgentError
from .confirm_screen import ConfirmScreen
from .filter_list import FilterList, Row
from .plain_text import one_line, safe

if TYPE_CHECKING:
    from ..conversations import Conversation, Conversations


class ConversationsScreen(ModalScreen[str | None]):
    """Gives the id of the conversation to go on with (a new one is begun for Ctrl+N), None when nothing was chosen.

    `current` is the one that is open. `erased` names those that are gone.
    """

    DEFAULT_CSS = """
    ConversationsScreen { align: center middle; }
    ConversationsScreen > #box { margin: 0 2; max-width: 120; border: round $accent; background: $surface; }
    ConversationsScreen.-narrow > #box { margin: 0; }
    ConversationsScreen #about { height: auto; max-height: 4; padding: 0 2; border-top: solid $rule; }
    ConversationsScreen #title, ConversationsScreen #title:focus {
        display: none; border: none; height: 1; padding: 0 2; background: $boost;
    }
    ConversationsScreen #title.-shown, ConversationsScreen #title.-shown:focus { display: block; }
    """
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-narrow"), (70, "-normal")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", priority=True),
        Binding("ctrl+n", "new", "New", priority=True),
        Binding("ctrl+r", "rename", "Rename", priority=True),
        Binding("ctrl+d", "delete", "Erase", priority=True),
        Binding("escape", "back", "Back"),
    ]

    def __init__(self, conversations: "Conversations", *, current: str = "") -> None:
        super().__init__()
        self._conversations = conversations
        self._current = current
        self._found: dict[str, Conversation] = {}
        self.erased: set[str] = set()
        """The ids of those that were erased on this screen."""

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield FilterList("type to search in titles, questions and answers", id="rows")
            yield Input(placeholder="the new title; Enter keeps it, Esc does not", select_on_focus=False, id="title")
            yield Static("reading the conversations …", id="about", markup=False)
            yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one(FilterList).focus_line()
        self._search()

    def _search(self) -> None:
        self._read(self.query_one(FilterList).text)

    @work(exclusive=True, group="search")
    async def _read(self, text: str) -> None:
        try:
            found = await self._conversations.list(text.strip())
        except (RetrievalError, AgentError) as error:
            self._say(f"⚠ the conversations cannot be read: {error}")
            return
        self._found = {each.id: each for each in found}
        self.query_one(FilterList).show([Row(key=each.id, content=self._row(each)) for each in found])

    def _row(self, each: "Conversation") -> Content:
        return Content.assemble(
            ("● " if each.id == self._current else "  ", "bold $accent"),
            (f"{one_line(each.updated[:16].replace('T', ' ')):<16}  ", "$quiet"),
            one_line(each.title) or "(no question yet)",
        )

    def _say(self, text: str) -> None:
        self.query_one("#about", Static).update(Content(one_line(text)))

    def _chosen_one(self) -> "Conversation | None":
        return self._found.get(self.query_one(FilterList).key)

    @on(FilterList.Typed)
    def _typed(self) -> None:
        self._search()

    @on(FilterList.Moved)
    def _moved(self) -> None:
        chosen = self._chosen_one()
        if chosen is None:
            typed = self.query_one(FilterList).text.strip()
            self._say("nothing found; Esc clears the search" if typed else "no conversation is kept yet")
            return
        title = Content.styled(one_line(chosen.title) or "(no question yet)", "bold")
        about = f"{counted(chosen.turns, 'turn')} · begun {one_line(chosen.created[:10])}"
        self.query_one("#about", Static).update(Content("\n").join((title, Content.styled(about, "$quiet"))))

    @on(FilterList.Chosen)
    def _opened(self, event: FilterList.Chosen) -> None:
        self.dismiss(event.key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a title is typed, Enter is the line's."""
        return action == "back" or not self.query_one("#title").has_class("-shown")

    def action_open(self) -> None:
        if chosen := self._chosen_one():
            self.dismiss(chosen.id)

    def action_back(self) -> None:
        """Leave the new title, else clear what was typed, else leave."""
        if self.query_one("#title").has_class("-shown"):
            self._end_rename()
        elif not self.query_one(FilterList).clear():
            self.dismiss(None)

    async def action_new(self) -> None:
        try:
            begun = await self._conversations.start()
        except (RetrievalError, AgentError) as error:
            self._say(f"⚠ no conversation can be begun: {error}")
            return
        self.dismiss(begun.id)

    def action_rename(self) -> None:
        if (chosen := self._chosen_one()) is None:
            return
        line = self.query_one("#title", Input)
        line.value = one_line(chosen.title)
        line.cursor_position = len(line.value)
        line.add_class("-shown")
        line.focus()
        self.refresh_bindings()

    @on(Input.Submitted, "#title")
    async def _renamed(self, event: Input.Submitted) -> None:
        event.stop()
        chosen, title = self._chosen_one(), one_line(event.value)
        self._end_rename()
        if chosen is None or not title or title == chosen.title:
            return
        try:
            await self._conversations.rename(chosen.id, title)
        except (RetrievalError, AgentError) as error:
            self._say(f"⚠ not renamed: {error}")
            return
        self._search()

    def _end_rename(self) -> None:
        self.query_one("#title").remove_class("-shown")
        self.query_one(FilterList).focus_line()
        self.refresh_bindings()

    def action_delete(self) -> None:
        if chosen := self._chosen_one():
            self._erase(chosen)

    @work(group="erase")
    async def _erase(self, chosen: "Conversation") -> None:
        title = one_line(chosen.title) or "the conversation"
        asked = f"Erase “{title}” for good?"
        turns = counted(chosen.turns, "turn")
        detail = f"{turns} with their answers, and the pages that only they cite. It cannot be undone."
        if not await self.app.push_screen_wait(ConfirmScreen(asked, detail, yes="Erase")):
            return
        try:
            await self._conversations.delete(chosen.id)
        except (RetrievalError, AgentError) as error:
            self._say(f"⚠ not erased: {error}")
            return
        self.erased.add(chosen.id)
        self.notify(safe(f"“{title}” erased"), markup=False, timeout=3)
        self._search()
