"""Where one writes: the input, what a command may become above it, and a line that says what is being changed."""

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from .commands import Completion, completions, is_whole, path_completions
from .completion_list import CompletionList
from .question_input import QuestionInput


class WriteArea(Vertical):
    """Tells what was sent with `Sent`; `themes` are the names that `/theme` takes, `tags` those that `/tag` does."""

    DEFAULT_CSS = """
    WriteArea { height: auto; }
    WriteArea > #line { height: auto; border-top: solid $rule; padding: 0 1; }
    WriteArea:focus-within > #line { border-top: solid $accent; }
    WriteArea #chevron { width: 2; height: 1; color: $accent; text-style: bold; }
    WriteArea #question { width: 1fr; }
    WriteArea > #editing { height: 1; padding: 0 1; color: $text-warning; display: none; }
    WriteArea > #editing.-shown { display: block; }
    """

    class Sent(Message):
        """A question or a command was sent; what stands in the input stays until it is taken out."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Changed(Message):
        """Something else stands in the input."""

    def __init__(
        self, themes: Callable[[], Sequence[str]], tags: Callable[[], Sequence[str]] = tuple, *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._themes, self._tags = themes, tags
        # Held, not queried: what is written is still asked for when the widgets are already being taken down.
        self.input = QuestionInput(id="question")
        self._offered = CompletionList(id="completions")
        self._editing = Static(id="editing", markup=False)

    def compose(self) -> ComposeResult:
        yield self._offered
        yield self._editing
        with Horizontal(id="line"):
            yield Static("›", id="chevron", markup=False)
            yield self.input

    @property
    def text(self) -> str:
        """What stands in the input."""
        return self.input.text

    def write(self, text: str) -> None:
        """Put this into the input."""
        self.input.write(text)

    def say_editing(self, text: str) -> None:
        """Say what Enter would do with the text that is being changed; "" for nothing special."""
        self._editing.update(Content(text))
        self._editing.set_class(bool(text), "-shown")

    def close_list(self) -> bool:
        """Hide the completions; False when there were none."""
        was_open = self.input.is_completing
        self._offer(())
        return was_open

    def _offer(self, found: Sequence[Completion]) -> None:
        self._offered.show(found)
        self.input.is_completing = self._offered.chosen is not None

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._offer(completions(self.text, self._themes, self._tags))
        self.post_message(self.Changed())

    @on(QuestionInput.Sent)
    def _entered(self, event: QuestionInput.Sent) -> None:
        """A completion is taken first, unless the command is whole already; then what is whole is sent."""
        event.stop()
        chosen = self._offered.chosen
        if chosen is not None and not is_whole(event.text):
            self.write(chosen.text)
            if chosen.text.endswith((" ", "/")):
                return
        self._offer(())
        if text := self.text.strip():
            self.post_message(self.Sent(text))

    @on(QuestionInput.WantsCompletion)
    def _complete(self, event: QuestionInput.WantsCompletion) -> None:
        event.stop()
        self._offered.move(event.step)

    def complete(self) -> bool:
        """Take the completion that is chosen, or complete a path behind a command; False when there is nothing to."""
        if chosen := self._offered.chosen:
            self.write(chosen.text)
            return True
        found = path_completions(self.text) if self.text.startswith("/") else ()
        if len(found) == 1:
            self.write(found[0].text)
        else:
            self._offer(found)
        return bool(found)
