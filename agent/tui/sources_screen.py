"""Which sources the next questions may use: the web, the own index, or some tags or sources alone; and new ones."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, Static

from ...retrievers import RetrievalError, Source
from ..cli.screen import counted, shown
from .adding import Adding, AddsTagged, Embeds
from .commands import with_tags
from .dropped import named
from .filter_list import MOST_ROWS, FilterList, Row
from .plain_text import one_line
from .scope import Scope

LoadSources = Callable[[], Awaitable[tuple[Source, ...]]]
"""Lists the lasting index: `assistant.sources`. Raises StoreError."""

_WEB = {None: "if the question needs it", True: "always", False: "never"}
_TAG = "tag\n"  # begins the key of a tag's row: no source holds a line break there
_NEXT_WEB: dict[bool | None, bool | None] = {None: True, True: False, False: None}


class SourcesScreen(ModalScreen[Scope | None]):
    """Gives the scope as it was switched; None when it was left as it was.

    Sources of `scope` that the index does not hold are listed too. Without `add` nothing can be added here. `web_is_on`
    is what the settings say of the web.
    """

    DEFAULT_CSS = """
    SourcesScreen { align: center middle; }
    SourcesScreen > #box { margin: 0 2; max-width: 120; border: round $accent; background: $surface; }
    SourcesScreen.-narrow > #box { margin: 0; }
    SourcesScreen #switches { height: auto; padding: 0 2; background: $panel; }
    SourcesScreen #about { height: auto; max-height: 4; padding: 0 2; border-top: solid $rule; }
    SourcesScreen #adding { height: auto; max-height: 8; }
    SourcesScreen #new, SourcesScreen #new:focus {
        display: none; border: none; height: 1; padding: 0 2; background: $boost;
    }
    SourcesScreen #new.-shown, SourcesScreen #new.-shown:focus { display: block; }
    """
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-narrow"), (70, "-normal")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "only", "Only this", priority=True),
        Binding("ctrl+t", "web", "Web", priority=True),
        Binding("ctrl+o", "index", "Own index", priority=True),
        Binding("ctrl+n", "add", "Add", priority=True),
        Binding("escape", "back", "Done"),
    ]

    def __init__(
        self,
        scope: Scope,
        load: LoadSources,
        *,
        add: AddsTagged | None = None,
        embed: Embeds | None = None,
        web_is_on: bool = True,
    ) -> None:
        super().__init__()
        self._web_is_on = web_is_on
        self._scope = self._before = scope
        self._load, self._add, self._embed = load, add, embed
        self._sources: tuple[Source, ...] = ()
        self._why = "reading the index …"

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(id="switches", markup=False)
            yield FilterList("type to filter", id="rows")
            yield Input(placeholder="a file, folder or address, #tags behind it; Enter adds it", id="new")
            yield Vertical(id="adding")
            yield Static(id="about", markup=False)
            yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one(FilterList).focus_line()
        self._draw()
        self._read()

    @work(exclusive=True, group="read")
    async def _read(self) -> None:
        try:
            self._sources = await self._load()
            self._why = "" if self._sources else "the index is empty: Ctrl+N adds files, folders and addresses"
        except RetrievalError as error:
            self._why = f"⚠ the index cannot be read: {one_line(str(error))}"
        self._draw()

    def _draw(self) -> None:
        scope = self._scope
        web, is_asked = _WEB[scope.web], scope.web is not False
        if scope.web is None and scope.is_restricted:
            web, is_asked = "not beside the sources marked", False
        elif scope.web is None and not self._web_is_on:
            web, is_asked = "by the settings (FONTES_WEB=0); Ctrl+T switches it on here", False
        switches = [
            Content.assemble(("Web  ", "bold"), _switch(is_asked), f" {web}"),
            Content.assemble(("Own  ", "bold"), _switch(scope.is_restricted or scope.uses_index), f" {self._own()}"),
        ]
        if scope.has_none:
            switches.append(Content.styled("⚠ nothing is switched on: no question can be answered", "$text-warning"))
        self.query_one("#switches", Static).update(Content("\n").join(switches))
        rows = self._matching(self.query_one(FilterList).text.casefold().split())
        self.query_one(FilterList).show(rows[:MOST_ROWS], left=len(rows[MOST_ROWS:]))

    def _own(self) -> str:
        docs, tags = len(self._scope.docs), len(self._scope.tags)
        if docs or tags:
            marked = (counted(count, noun) for count, noun in ((tags, "tag"), (docs, "source")) if count)
            return f"only the {' and the '.join(marked)} marked below"
        return counted(len(self._sources), "source") if self._scope.uses_index else "left out"

    def _matching(self, words: list[str]) -> list[Row]:
        """The tags, then what is named and not held, then the sources; those that hold all the words."""
        held = {each.sighting.source: each for each in self._sources}
        counts = Counter(tag for each in self._sources for tag in each.tags)
        tags = sorted({*counts, *self._scope.tags})
        named = [doc for doc in self._scope.docs if doc not in held]
        return [
            *(
                Row(key=f"{_TAG}{tag}", content=self._tag_row(tag, counts[tag]))
                for tag in tags
                if all(word in f"#{tag}" for word in words)
            ),
            *(
                Row(key=source, content=self._row(source, held.get(source)))
                for source in (*named, *held)
                if all(word in _searched(source, held.get(source)) for word in words)
            ),
        ]

    def _tag_row(self, tag: str, count: int) -> Content:
        return Content.assemble(
            ("● " if tag in self._scope.tags else "  ", "bold $accent"),
            (f"#{one_line(tag)}", "bold"),
            (f"  {counted(count, 'source')}", "$quiet"),
        )

    def _row(self, source: str, held: Source | None) -> Content:
        title = one_line(held.sighting.title) if held else "not in the index"
        is_only = source in self._scope.docs
        tags = "".join(f"  #{one_line(tag)}" for tag in held.tags) if held else ""
        return Content.assemble(
            ("● " if is_only else "  ", "bold $accent"), one_line(shown(source)), (f"  {title}{tags}", "$quiet")
        )

    def _switch_to(self, scope: Scope) -> None:
        self._scope = scope
        self._draw()

    @on(FilterList.Typed)
    def _typed(self) -> None:
        self._draw()

    @on(FilterList.Moved)
    def _moved(self, event: FilterList.Moved) -> None:
        held = next((each for each in self._sources if each.sighting.source == event.key), None)
        about = Content.styled(self._why, "$quiet")
        if event.key.startswith(_TAG) and not self._why:
            about = Content.styled("answers come from the sources with any of the tags marked", "$quiet")
        if held:
            seen = held.sighting
            dates = f"published {one_line(seen.published[:10])} · " if seen.published else ""
            about = Content.assemble(
                (one_line(shown(seen.source)), "bold"),
                (
                    f"\n{dates}read {one_line(seen.fetched[:10])} · {counted(held.passages, 'passage')},"
                    f" {held.vectors:,} embedded" + "".join(f"  #{one_line(tag)}" for tag in held.tags),
                    "$quiet",
                ),
            )
        self.query_one("#about", Static).update(about)

    @on(FilterList.Chosen)
    def _chosen(self, event: FilterList.Chosen) -> None:
        if event.key.startswith(_TAG):
            self._switch_to(self._scope.with_tag(event.key.removeprefix(_TAG)))
            return
        is_only = event.key in self._scope.docs
        self._switch_to(self._scope.without_doc(event.key) if is_only else self._scope.with_doc(event.key))

    def action_only(self) -> None:
        """Restrict questions to the highlighted source or tag, too; or no longer."""
        if key := self.query_one(FilterList).key:
            self._chosen(FilterList.Chosen(key))

    def action_web(self) -> None:
        self._switch_to(replace(self._scope, web=_NEXT_WEB[self._scope.web]))

    def action_index(self) -> None:
        self._switch_to(replace(self._scope, uses_index=not self._scope.uses_index))

    def action_back(self) -> None:
        """Leave the line for new sources, else clear what was typed, else leave; what was switched is kept."""
        if self.query_one("#new").has_class("-shown"):
            self._end_add()
        elif not self.query_one(FilterList).clear():
            self.dismiss(None if self._scope == self._before else self._scope)

    def action_add(self) -> None:
        line = self.query_one("#new", Input)
        line.add_class("-shown")
        line.focus()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a new source is typed, Enter is the line's; without `add` there is nothing to type it for."""
        is_typing = self.query_one("#new").has_class("-shown")
        return action == "back" or (not is_typing and (action != "add" or self._add is not None))

    def _end_add(self) -> None:
        line = self.query_one("#new", Input)
        line.value = ""
        line.remove_class("-shown")
        self.query_one(FilterList).focus_line()
        self.refresh_bindings()

    @on(Input.Submitted, "#new")
    async def _added(self, event: Input.Submitted) -> None:
        event.stop()
        typed, tags = with_tags(event.value)
        sources, add = named(typed), self._add
        self._end_add()
        if sources and add is not None:
            place = self.query_one("#adding")
            await place.remove_children()
            await place.mount(Adding(sources, add=partial(add, tags=tags) if tags else add, embed=self._embed))

    @on(Adding.Done)
    def _done(self) -> None:
        self._read()


def _searched(source: str, held: Source | None) -> str:
    """What the words typed are looked for in."""
    return " ".join((source, *((held.sighting.title, *(f"#{tag}" for tag in held.tags)) if held else ()))).casefold()


def _switch(is_on: bool) -> Content:
    return Content.styled("● on ", "bold $text-success") if is_on else Content.styled("○ off", "$quiet")
