"""Where questions are written: Enter sends, Shift+Enter or Ctrl+J begins a line; large pastes become sources."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from .dropped import dropped
from .plain_text import safe

MOST_PASTED = 4_000
"""Characters of a paste that are still part of a question, which may have as many; more is something to read."""

_MOST_UNREADABLE = 0.02
_FEW_UNREADABLE = 8  # as many come with text that was copied from a terminal


class QuestionInput(TextArea):
    """Grows with its text. Up in an empty one asks to change the last question."""

    DEFAULT_CSS = """
    QuestionInput, QuestionInput:focus {
        height: auto; max-height: 8; border: none; padding: 0; background: $background; color: $foreground;
        scrollbar-size-vertical: 1;
    }
    QuestionInput .text-area--cursor-line { background: $background; }
    QuestionInput .text-area--placeholder { color: $quiet; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("shift+enter,ctrl+j,alt+enter", "newline", "New line", show=False),
    ]

    class Sent(Message):
        """Enter was pressed on a text."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class WantsLast(Message):
        """Up was pressed where nothing was written."""

    class WantsCompletion(Message):
        """The list of completions is to move by `step`."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Pasted(Message):
        """More was pasted than a question holds; `text` is what may be shown of it."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Dropped(Message):
        """Nothing but existing paths or addresses was pasted where nothing was written."""

        def __init__(self, sources: tuple[str, ...]) -> None:
            super().__init__()
            self.sources = sources

    class Interrupted(Message):
        """Ctrl+C was pressed with nothing to copy."""

    class NoText(Message):
        """What was pasted is no text."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(
            id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="focus", highlight_cursor_line=False,
            placeholder="Ask a question, or / for commands",
        )  # fmt: skip
        self.is_completing = False

    async def _on_key(self, event: events.Key) -> None:
        message: Message | None = None
        match event.key:
            case "enter":
                message = self.Sent(self.text)
            case "up" | "down" if self.is_completing:
                message = self.WantsCompletion(-1 if event.key == "up" else 1)
            case "up" if not self.text:
                message = self.WantsLast()
            case "ctrl+c" if self.selection.is_empty:
                message = self.Interrupted()
        if message is None:
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()
        self.post_message(message)

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        text = safe(event.text)
        if is_binary(event.text):
            self.post_message(self.NoText())
        elif not self.text and (sources := dropped(event.text)):
            self.post_message(self.Dropped(sources))
        elif len(text) + len(self.text) > MOST_PASTED:
            self.post_message(self.Pasted(text))
        elif result := self._replace_via_keyboard(text, *self.selection):
            self.move_cursor(result.end_location)

    def write(self, text: str) -> None:
        """Put this in place of what is written, the cursor behind it."""
        self.load_text(text)
        self.move_cursor(self.document.end)

    def action_newline(self) -> None:
        self.insert("\n")


def is_binary(text: str) -> bool:
    """Whether a paste was no text to begin with: what is left of it are controls and what could not be decoded."""
    sample = text[:100_000]
    unreadable = sum(
        character == "\ufffd" or (character < " " and character not in "\t\n\r\f\x1b") or "\x80" <= character < "\xa0"
        for character in sample
    )
    return unreadable > max(_FEW_UNREADABLE, _MOST_UNREADABLE * len(sample))
