"""Keeps what is written in the input as the conversation's draft, and puts a kept one back."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .app import FontesChat


class DraftDesk:
    """The drafts of one drawn chat; what cannot be written is said once."""

    def __init__(self, app: "FontesChat") -> None:
        self._app = app
        self._is_failing = False

    def keep(self) -> None:
        """Write down what was typed and not sent."""
        drafts = self._app.session.drafts
        if drafts is None:
            return
        try:
            drafts.keep(self._app.session.unsent(self._app.write_area.text))
            self._is_failing = False
        except OSError as error:
            if not self._is_failing:
                self._is_failing = True
                self._app.tell(f"what you type cannot be kept: {error.strerror}", is_warning=True)

    def take(self) -> None:
        """Put the conversation's draft into the input, unless something is written there."""
        session, area = self._app.session, self._app.write_area
        if session.drafts is None:
            return
        try:
            text = session.drafts.open(session.conversation)
        except OSError as error:
            self._app.tell(f"drafts cannot be kept: {error.strerror}", is_warning=True)
            return
        if text and not area.text:
            area.write(text)
        self.keep()
