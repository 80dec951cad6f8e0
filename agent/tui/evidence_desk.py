"""The evidence beside the conversation: opened with a sentence, then following the choice."""

from typing import TYPE_CHECKING

from ...crawler import Page

if TYPE_CHECKING:
    from .app import FontesChat
    from .evidence_pane import EvidencePane

WIDE = 100
"""Columns from which the pane stands beside the conversation; below it lies above it."""


class EvidenceDesk:
    """Keeps the pane of one chat; made when it is first wanted."""

    def __init__(self, app: "FontesChat") -> None:
        self._app = app
        self._pane: EvidencePane | None = None

    @property
    def is_open(self) -> bool:
        """Whether the pane is seen."""
        return self._pane is not None and self._app.main.has_class("-evidence")

    @property
    def pane(self) -> "EvidencePane | None":
        """The pane, once there is one."""
        return self._pane

    async def show(self) -> None:
        """Open the pane on what is chosen; where it covers the rest, or is open already, it takes the keys."""
        was_open = self.is_open
        if self._pane is None:
            from .evidence_pane import EvidencePane  # with the index's imports, which the first paint does without

            self._pane = EvidencePane(self._page, id="evidence")
            await self._app.main.mount(self._pane)
        self._app.main.add_class("-evidence")
        await self.follow()
        if was_open or self._app.size.width < WIDE:
            self._pane.focus()
        self._app.refresh_status()

    async def follow(self) -> None:
        """Show what is chosen now."""
        view = self._app.talk
        sentence, turn = view.chosen_sentence, view.chosen_turn
        if self._pane is None or turn is None:
            return
        self._pane.show(turn.answer_so_far(), sentence.shown.checked if sentence else None)

    async def close(self) -> bool:
        """Put it away; False when it was not open."""
        if not self.is_open:
            return False
        had_focus = self._pane is not None and self._pane.has_focus_within
        self._app.main.remove_class("-evidence")
        if had_focus:
            self._app.talk.focus()
        self._app.refresh_status()
        return True

    async def _page(self, page_hash: str) -> Page | None:
        assistant = await self._app.session.service.assistant()
        return await assistant.index.store.page(page_hash)
