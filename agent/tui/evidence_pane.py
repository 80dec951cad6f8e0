"""The evidence of one sentence: its verdict, the quotes in their paragraphs, its sources, and who says otherwise."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from ...crawler import Page
from ...retrievers import RetrievalError
from ..answer import Answer
from ..source_signals import SourceSignals, source_signals
from ..state import Checked, Citation, Claim, Contradiction
from .copying import copy_citation
from .evidence_text import (
    citation_line,
    claim_part,
    conflict_heading,
    excerpt_part,
    gone_part,
    lines,
    sentence_part,
    side_part,
    signals_part,
    where_part,
)
from .opening import NotOpened, open_address
from .pages import LoadPage, excerpt
from .plain_text import safe
from .snapshot_screen import SnapshotScreen

_PARTS = ("sentence", "above", "chosen", "below", "signals")
_WIDE = 64
"""Cells from which two sides of a contradiction stand beside each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A citation of the sentence and the claim it is given for."""

    claim: Claim
    citation: Citation


class EvidencePane(VerticalScroll, can_focus=True):
    """Shows what a sentence stands on, one of its citations at a time; takes pages from `load`.

    `today` is what ages of pages count to.
    """

    DEFAULT_CSS = """
    EvidencePane { padding: 0 1; }
    EvidencePane > Static { height: auto; }
    EvidencePane > #sentence, EvidencePane > #chosen { margin-bottom: 1; }
    EvidencePane > #below, EvidencePane > #signals { margin-bottom: 1; }
    EvidencePane > #chosen { margin-left: 2; padding-left: 1; border-left: outer $accent; }
    EvidencePane > #conflicts { height: auto; }
    EvidencePane .sides { height: auto; layout: vertical; margin: 0 0 1 0; }
    EvidencePane.-wide .sides { layout: horizontal; }
    EvidencePane .side { height: auto; border-left: outer $rule; padding: 0 1; margin: 0 0 1 2; }
    EvidencePane.-wide .side { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "next_citation", "Next"),
        Binding("p", "previous_citation", "Previous"),
        Binding("o", "open_page", "Browser"),
        Binding("s", "snapshot", "Stored"),
        Binding("y", "copy_citation", "Copy"),
    ]

    class Ended(Message):
        """The next citation after the last was asked for (`step` 1), or the one before the first (-1)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(
        self,
        load: LoadPage,
        *,
        today: Callable[[], date] | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._load = load
        self._today = today or (lambda: datetime.now(UTC).date())
        self._answer: Answer | None = None
        self._checked: Checked | None = None
        self._cited: tuple[Cited, ...] = ()
        self._at = 0
        self._has_parts = False
        self._conflicts: tuple[Contradiction, ...] = ()

    def compose(self) -> ComposeResult:
        for part in _PARTS[:-1]:
            yield Static(id=part, markup=False)
        yield Vertical(id="conflicts")
        yield Static(id=_PARTS[-1], markup=False)

    def on_mount(self) -> None:
        self._has_parts = True
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= _WIDE, "-wide")

    @property
    def citation(self) -> Citation | None:
        """The citation chosen; None when the sentence has none."""
        return self._cited[self._at].citation if self._cited else None

    def show(self, answer: Answer | None, checked: Checked | None) -> None:
        """Show the evidence of a sentence from its first citation on; None empties the pane.

        `answer` gives the citations their numbers; None while it is being written.
        """
        is_same = checked is not None and checked == self._checked
        self._answer, self._checked = answer, checked
        claims = checked.claims if checked else ()
        self._cited = tuple(Cited(claim=claim, citation=each) for claim in claims for each in claim.citations)
        self._at = min(self._at, max(0, len(self._cited) - 1)) if is_same else 0
        if self._has_parts:
            self._draw()
            if not is_same:
                self.scroll_home(animate=False)

    def move(self, step: int) -> bool:
        """Choose the citation `step` places on; False when the sentence has none there."""
        if not 0 <= self._at + step < len(self._cited):
            return False
        self._at += step
        self._draw()
        self.call_after_refresh(self.scroll_to_widget, self.query_one("#chosen"), animate=False)
        return True

    def _draw(self) -> None:
        checked = self._checked
        if checked is None:
            self._set("sentence", Content.styled("Choose a sentence: its evidence is shown here.", "$quiet"))
            for part in _PARTS[1:]:
                self._set(part, Content())
        else:
            self._set("sentence", sentence_part(checked))
            above, below = self._around(checked)
            self._set("above", lines(*above))
            self._set("below", lines(*below))
        self._fill()

    def _around(self, checked: Checked) -> tuple[list[Content], list[Content]]:
        """The claims with their citations on a line each, down to the chosen one, and those after it."""
        above: list[Content] = []
        below: list[Content] = []
        at = 0
        for claim in checked.claims:
            parts = below if self._cited and at > self._at else above
            if parts or parts is below:
                parts.append(Content(" "))
            parts.append(claim_part(claim, is_alone=len(checked.claims) == 1))
            if not claim.citations:
                parts.append(Content.styled("  it cites nothing", "$quiet"))
            for citation in claim.citations:
                parts = below if at > self._at else above
                parts.append(citation_line(self._answer, citation, at, is_chosen=at == self._at))
                at += 1
        return above, below

    @work(exclusive=True, group="evidence")
    async def _fill(self) -> None:
        """The parts that take a look into the store."""
        await self._fill_conflicts()
        citation = self.citation
        if citation is None:
            self._set("chosen", Content())
            self._set("signals", Content())
            return
        page, why = None, "the stored page was erased: this is the quote as the answer keeps it"
        try:
            page = await self._load(citation.page_hash)
        except RetrievalError as error:
            why = f"the stored page cannot be read: {error}"
        text = excerpt_part(excerpt(page, citation)) if page else gone_part(citation, why)
        self._set("chosen", lines(where_part(citation, page), text))
        signals = await self._signals(citation, page) if page else None
        self._set("signals", signals_part(signals) if signals else Content())

    async def _signals(self, citation: Citation, page: Page) -> SourceSignals | None:
        seen = next((each for each in page.sightings if each.source == citation.source), None)
        if seen is None:
            return None
        hashes = {each.citation.page_hash for each in self._cited} - {page.hash}
        pages = [await self._load(each) for each in hashes]
        others = [each.text for each in pages if each]
        return await asyncio.to_thread(source_signals, seen, page.text, today=self._today(), others=others)

    async def _fill_conflicts(self) -> None:
        claims = self._checked.claims if self._checked else ()
        found = tuple(dict.fromkeys(each for claim in claims for each in claim.contradictions))
        if found == self._conflicts:
            return
        self._conflicts = found
        place = self.query_one("#conflicts")
        await place.remove_children()
        await place.mount(*(widget for each in found for widget in _conflict(each)))

    def _set(self, part: str, content: Content) -> None:
        static = self.query_one(f"#{part}", Static)
        static.update(content)
        static.display = bool(content.plain)

    def action_next_citation(self) -> None:
        if not self.move(1):
            self.post_message(self.Ended(1))

    def action_previous_citation(self) -> None:
        if not self.move(-1):
            self.post_message(self.Ended(-1))

    async def action_open_page(self) -> None:
        if (citation := self.citation) is None:
            return
        try:
            await open_address(citation.source)
        except NotOpened as error:
            self.notify(safe(str(error)), severity="warning", markup=False)

    def action_snapshot(self) -> None:
        if citation := self.citation:
            self.app.push_screen(SnapshotScreen(self._load, citation))

    def action_copy_citation(self) -> None:
        if citation := self.citation:
            copy_citation(self.app, citation)


def _conflict(found: Contradiction) -> tuple[Static, Vertical]:
    sides = [Static(side_part(side, found.kind), markup=False, classes="side") for side in (found.older, found.newer)]
    return Static(conflict_heading(found), markup=False), Vertical(*sides, classes="sides")
