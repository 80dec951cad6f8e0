"""The stored page around a quote: what was read then, whatever the page says now."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, Static

from ...crawler import Page
from ...retrievers import RetrievalError
from ..state import Citation, Side
from .copying import copy_text
from .evidence_text import SPAN, lines, site, title_of
from .opening import NotOpened, open_address
from .pages import LoadPage, is_verbatim
from .plain_text import one_line, safe

_PART = 6_000
"""Characters drawn before and after the quote at once; a page may have millions."""


class SnapshotScreen(ModalScreen[None]):
    """The text of a page as it is stored, scrolled to the quote."""

    DEFAULT_CSS = """
    SnapshotScreen { align: center middle; }
    SnapshotScreen > #box {
        width: 1fr; max-width: 110; height: 1fr; margin: 0 2; border: round $accent; background: $surface;
    }
    SnapshotScreen.-narrow > #box { margin: 0; }
    SnapshotScreen #head { height: auto; padding: 0 1; background: $panel; }
    SnapshotScreen #text { padding: 1 2; }
    SnapshotScreen #text Static { height: auto; }
    """
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-narrow"), (70, "-normal")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,s,q", "dismiss", "Back"),
        Binding("g", "to_quote", "To the quote"),
        Binding("left_square_bracket", "part(-1)", "Earlier", key_display="["),
        Binding("right_square_bracket", "part(1)", "Later", key_display="]"),
        Binding("o", "open_page", "Browser"),
        Binding("y", "copy_quote", "Copy"),
    ]

    def __init__(self, load: LoadPage, cited: Citation | Side) -> None:
        super().__init__()
        self._load, self._cited = load, cited
        self._page: Page | None = None
        self._part = 0

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(self._head(), id="head", markup=False)
            with VerticalScroll(id="text"):
                yield Static("reading the stored page …", id="before", markup=False)
                yield Static(id="quote", markup=False)
                yield Static(id="after", markup=False)
            yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one("#text").focus()
        self._fill()

    def _head(self) -> Content:
        cited = self._cited
        fetched = f"as fetched {one_line(cited.fetched[:16].replace('T', ' '))}" if isinstance(cited, Citation) else ""
        published = f"published {one_line(cited.published[:10])}" if cited.published else ""
        about = " · ".join(filter(None, (site(cited.source), published, fetched)))
        return lines(Content.styled(title_of(cited), "bold"), Content.styled(about, "$quiet"))

    @work(exclusive=True)
    async def _fill(self) -> None:
        why = "the stored page was erased: this is the quote as the answer keeps it"
        try:
            self._page = await self._load(self._cited.page_hash)
        except RetrievalError as error:
            why = f"the stored page cannot be read: {error}"
        if self._page is None:
            self._show(
                Content.styled(f"⚠ {one_line(why)}", "$text-warning"), Content(safe(self._cited.quote)), Content()
            )
        elif not is_verbatim(self._page, self._cited):
            warning = "⚠ the stored text does not hold the quote at its place; this is the page from its start"
            self._show(Content.styled(warning, "$text-warning"), Content(), Content(safe(self._page.text[: 2 * _PART])))
        else:
            self._draw()
            self.refresh_bindings()
            self.action_to_quote()

    def _draw(self) -> None:
        """The part of the page that is looked at: part 0 is around the quote, each other one `_PART` further."""
        if self._page is None:
            return
        text, start, end = self._page.text, self._cited.start, self._cited.end
        first, last = _line_start(text, start), _line_end(text, end)
        if self._part == 0:
            low, high = max(0, first - _PART), min(len(text), last + _PART)
            low, high = _line_start(text, low), _line_end(text, high)
            self._show(
                lines(_more(low, "before, key ["), Content(safe(text[low:first].removesuffix("\n")))),
                Content.assemble(safe(text[first:start]), (safe(text[start:end]), SPAN), safe(text[end:last])),
                lines(Content(safe(text[last:high].removeprefix("\n"))), _more(len(text) - high, "after, key ]")),
            )
            return
        low, high = self._bounds(self._part)
        self._show(
            _more(low, "before, key ["),
            Content(safe(text[low:high])),
            _more(len(text) - high, "after, key ]"),
        )

    def _bounds(self, part: int) -> tuple[int, int]:
        """Where a part other than the one with the quote begins and ends."""
        length = len(self._page.text) if self._page else 0
        if part < 0:
            high = max(0, self._cited.start - _PART + (part + 1) * 2 * _PART)
            return max(0, high - 2 * _PART), high
        low = min(length, self._cited.end + _PART + (part - 1) * 2 * _PART)
        return low, min(length, low + 2 * _PART)

    def _show(self, before: Content, quote: Content, after: Content) -> None:
        for part, content in (("before", before), ("quote", quote), ("after", after)):
            static = self.query_one(f"#{part}", Static)
            static.update(content)
            static.display = bool(content.plain)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Earlier and later parts are offered where there are any."""
        return self._has_part(parameters[0]) if action == "part" and isinstance(parameters[0], int) else True

    def _has_part(self, step: int) -> bool:
        part = self._part + step
        low, high = self._bounds(part) if part else (0, 1)
        return low < high

    def action_part(self, step: int) -> None:
        if self._has_part(step):
            self._part += step
            self._draw()
            self.refresh_bindings()
            self.query_one("#text", VerticalScroll).scroll_home(animate=False)

    def action_to_quote(self) -> None:
        if self._part:
            self._part = 0
            self._draw()
            self.refresh_bindings()
        self.call_after_refresh(self._to_quote)

    def _to_quote(self) -> None:
        self.query_one("#text", VerticalScroll).scroll_to_widget(self.query_one("#quote"), animate=False, center=True)

    async def action_open_page(self) -> None:
        try:
            await open_address(self._cited.source)
        except NotOpened as error:
            self.notify(safe(str(error)), severity="warning", markup=False)

    def action_copy_quote(self) -> None:
        copy_text(self.app, self._cited.quote, "quote")


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def _more(count: int, where: str) -> Content:
    return Content.styled(f"… {count:,} characters {where}" if count else "", "$quiet")
