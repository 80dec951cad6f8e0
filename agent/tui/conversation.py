"""The conversation: turns below each other, of which only those near the view are mounted, and the chosen sentence."""

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.layout import DockArrangeResult
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from .sentence_view import SentenceView
from .turn import ShownTurn
from .turn_view import TurnView

WINDOW = 36
"""Turns mounted at most, but for the last ones while they grow."""

_PART = 12
_NEAR_ROWS = 12

LoadAnswers = Callable[[Sequence[ShownTurn]], Awaitable[None]]
"""Reads the kept answers of these turns, where they were not read yet."""


class ConversationView(VerticalScroll, can_focus=True):
    """Scrolls over `turns`; sentences are chosen with the keys, or clicked.

    `load` is awaited before turns are mounted. A turn without sentences is chosen by its question.
    """

    DEFAULT_CSS = """
    ConversationView { padding: 1 2 0 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    ConversationView > #earlier, ConversationView > #later { color: $quiet; text-align: center; margin: 0 0 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "choose(-1)", "Up", show=False),
        Binding("down,j", "choose(1)", "Down", show=False),
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
        Binding("enter,right", "evidence", "Evidence"),
        Binding("left", "app.back", show=False),
        Binding("i", "app.read('write')", show=False),
        Binding("slash", "app.read('command')", show=False),
        *(
            Binding(key, f"app.read('{does}')", show=False)
            for key, does in (
                ("y", "sentence"),
                ("Y", "answer"),
                ("c", "citation"),
                ("e", "edit"),
                ("r", "resume"),
                ("w", "withheld"),
                ("n", "next"),
                ("p", "previous"),
                ("o", "browser"),
                ("s", "page"),
            )
        ),
        Binding("l", "app.run('/ledger')", show=False),
    ]

    class Chosen(Message):
        """Another sentence was chosen; `wants_evidence` when it was opened."""

        def __init__(self, *, wants_evidence: bool = False) -> None:
            super().__init__()
            self.wants_evidence = wants_evidence

    def __init__(self, load: LoadAnswers, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._load = load
        self.turns: list[ShownTurn] = []
        self._first = 0  # of the turns that are mounted
        self._views: list[TurnView] = []
        self._chosen: SentenceView | TurnView | None = None
        self._held: tuple[Widget, int] | None = None
        self._is_growing = False

    @property
    def chosen_turn(self) -> ShownTurn | None:
        """The turn of what is chosen, else the last one."""
        match self._chosen:
            case SentenceView() as view if isinstance(view.parent, TurnView):
                return view.parent.turn
            case TurnView() as view:
                return view.turn
        return self.turns[-1] if self.turns else None

    @property
    def chosen_sentence(self) -> SentenceView | None:
        """The sentence chosen, None when there is none."""
        return self._chosen if isinstance(self._chosen, SentenceView) else None

    @property
    def mounted(self) -> int:
        """How many turns have widgets."""
        return len(self._views)

    async def show(self, turns: list[ShownTurn]) -> None:
        """Show another conversation, from its end."""
        self._choose(None)
        self.turns = turns
        await self._mount_from(max(0, len(turns) - _PART))
        self.anchor()

    async def append(self, turn: ShownTurn) -> None:
        """Put a turn below the others, and go there."""
        if self._first + len(self._views) < len(self.turns):
            await self._mount_from(max(0, len(self.turns) - _PART))
        self.turns.append(turn)
        view = TurnView(turn)
        self._views.append(view)
        await self.mount(view)
        self.anchor()

    async def cut(self, number: int) -> None:
        """Take the turns from this one on away."""
        self._choose(None)
        kept = max(0, number - self._first)
        gone, self._views = self._views[kept:], self._views[:kept]
        del self.turns[number:]
        await self.remove_children(gone)
        if not self._views and self.turns:
            await self._mount_from(max(0, len(self.turns) - _PART))

    def sync(self) -> None:
        """Draw what has changed."""
        for view in self._views:
            view.sync()

    def beat(self) -> None:
        """Let time pass on what is running."""
        for view in self._views:
            if view.turn.state == "running":
                view.beat()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self._is_growing:
            return
        if new_value < _NEAR_ROWS and self._first and new_value < old_value:
            self.run_worker(self._earlier(), group="window")
        elif self._has_later() and new_value > self.max_scroll_y - _NEAR_ROWS and new_value > old_value:
            self.run_worker(self._later(), group="window")

    def arrange(self, size: Size, optimal: bool = False) -> DockArrangeResult:
        """Lay out the turns, and keep the held one where it was on the screen: no jump when others are put above."""
        result = super().arrange(size, optimal)
        if self._held is not None:
            view, row = self._held
            for placement in result.placements:
                if placement.widget is view:
                    at = max(0, placement.region.y - row)
                    self.set_scroll(None, at)
                    self.set_reactive(Widget.scroll_target_y, float(at))  # pyright: ignore[reportArgumentType]
        return result

    async def action_choose(self, step: int) -> None:
        items = self._items()
        if not items:
            return
        if self._chosen not in items:
            await self._choose_near(items, step)
            return
        at = items.index(self._chosen) + step
        if at < 0 and self._first:
            await self._earlier()
        elif at >= len(items) and self._has_later():
            await self._later()
        items = self._items()
        at = items.index(self._chosen) + step if self._chosen in items else 0
        if 0 <= at < len(items):
            self._choose(items[at])
        elif at < 0:
            self.scroll_home(animate=False)
        else:
            self.scroll_end(animate=False)

    async def _choose_near(self, items: "list[SentenceView | TurnView]", step: int) -> None:
        """Nothing is chosen yet: the first sentence of the last turn, or going up its last one."""
        last = [item for item in items if item is self._views[-1] or item.parent is self._views[-1]]
        self._choose((last or items)[0 if step > 0 else -1])

    def action_page_up(self) -> None:
        """Without an animation, which would go on to a place that means another turn by then."""
        self.scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        """As `action_page_up`."""
        self.scroll_page_down(animate=False)

    async def action_first(self) -> None:
        if self._first:
            await self._mount_from(0)
        if items := self._items():
            self._choose(items[0])
        self.scroll_home(animate=False)

    async def action_last(self) -> None:
        if self._has_later():
            await self._mount_from(max(0, len(self.turns) - _PART))
        if items := self._items():
            self._choose(items[-1])
        self.anchor()

    async def action_evidence(self) -> None:
        if self._chosen is None:
            await self.action_choose(1)
        self.post_message(self.Chosen(wants_evidence=True))

    def choose_in_last(self) -> None:
        """Choose the first sentence of the last turn, unless something is chosen."""
        items = self._items()
        if self._chosen is None and items:
            last = [item for item in items if item is self._views[-1] or item.parent is self._views[-1]]
            if last:
                self._choose(last[0])

    def on_sentence_view_clicked(self, event: SentenceView.Clicked) -> None:
        event.stop()
        is_again = event.view is self._chosen
        self._choose(event.view)
        self.post_message(self.Chosen(wants_evidence=is_again))

    def on_turn_view_clicked(self, event: TurnView.Clicked) -> None:
        event.stop()
        self._choose(event.view)

    def _choose(self, item: SentenceView | TurnView | None) -> None:
        if item is self._chosen:
            return
        self._mark(self._chosen, is_chosen=False)
        self._chosen = item
        self._mark(item, is_chosen=True)
        if item is not None:
            self.scroll_to_widget(item, animate=False, immediate=True)
            self.post_message(self.Chosen())

    def _mark(self, item: SentenceView | TurnView | None, *, is_chosen: bool) -> None:
        match item:
            case SentenceView():
                item.is_chosen = is_chosen
            case TurnView() if item.is_mounted:
                item.query_one(".question").set_class(is_chosen, "-chosen")

    def _items(self) -> list[SentenceView | TurnView]:
        items: list[SentenceView | TurnView] = []
        for view in self._views:
            items += view.sentences or [view]
        return items

    def _has_later(self) -> bool:
        return self._first + len(self._views) < len(self.turns)

    async def _mount_from(self, first: int) -> None:
        """Mount one part of the turns, in place of those that are mounted."""
        self._choose(None)
        self._is_growing = True
        try:
            turns = self.turns[first : first + _PART]
            await self._load(turns)
            with self.app.batch_update():
                await self.remove_children()
                self._first, self._views = first, [TurnView(turn) for turn in turns]
                await self.mount(self._line("earlier"), *self._views, self._line("later"))
        finally:
            self._is_growing = False

    def _line(self, name: str) -> Static:
        count = self._first if name == "earlier" else len(self.turns) - self._first - len(self._views)
        line = Static(_counted(count, name), id=name, markup=False)
        line.display = count > 0
        return line

    async def _earlier(self) -> None:
        """Mount the turns before the first mounted one, and let go of the last ones when there are many."""
        if self._is_growing or not self._first:
            return
        self._is_growing = True
        try:
            first = max(0, self._first - _PART)
            turns = self.turns[first : self._first]
            await self._load(turns)
            views = [TurnView(turn) for turn in turns]
            gone = self._views[max(WINDOW - len(views), 0) :]
            await self._hold(self._views[0])
            with self.app.batch_update():
                await self.mount(*views, before=self._views[0])
                self._first, self._views = first, [*views, *self._views[: len(self._views) - len(gone)]]
                await self._let_go(gone)
        finally:
            self._is_growing = False

    async def _later(self) -> None:
        """Mount the turns behind the last mounted one, and let go of the first ones when there are many."""
        if self._is_growing or not self._has_later():
            return
        self._is_growing = True
        try:
            after = self._first + len(self._views)
            turns = self.turns[after : after + _PART]
            await self._load(turns)
            views = [TurnView(turn) for turn in turns]
            gone = self._views[: max(len(self._views) + len(views) - WINDOW, 0)]
            await self._hold(self._views[-1])
            with self.app.batch_update():
                await self.mount(*views, after=self._views[-1])
                self._first, self._views = self._first + len(gone), [*self._views[len(gone) :], *views]
                await self._let_go(gone)
        finally:
            self._is_growing = False

    async def _hold(self, view: TurnView) -> None:
        """Keep `view` where it is on the screen through the next layouts."""
        await self.stop_animation("scroll_y", complete=False)
        self._held = (view, view.virtual_region.y - round(self.scroll_y))

    async def _let_go(self, gone: list[TurnView]) -> None:
        if self._chosen is not None and (self._chosen in gone or self._chosen.parent in gone):
            self._choose(None)
        await self.remove_children(gone)
        for name in ("earlier", "later"):
            line = self.query_one(f"#{name}", Static)
            count = self._first if name == "earlier" else len(self.turns) - self._first - len(self._views)
            line.display = count > 0
            line.update(_counted(count, name))
        self.call_after_refresh(self._release)

    def _release(self) -> None:
        self._held = None
        self.vertical_scrollbar.position = self.scroll_y


def _counted(count: int, name: str) -> str:
    return f"⋯ {count:,} {name} {'turn' if count == 1 else 'turns'}"
