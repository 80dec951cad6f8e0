"""A question and its answer in the conversation."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from .hanging import Hanging
from .plain_text import safe
from .progress_view import ProgressView
from .sentence_view import INDENT, SentenceView
from .turn import ShownTurn
from .turn_text import foot


class HangingText(Widget):
    """Text behind a sign, with the room of a sentence's sign before it."""

    DEFAULT_CSS = """
    HangingText { height: auto; width: 1fr; }
    """

    def __init__(self, body: Content, sign: Content, *, indent: int = INDENT, classes: str = "") -> None:
        super().__init__(classes=classes)
        self._body, self._sign, self._indent = body, sign, indent
        self.display = bool(body.plain)

    def render(self) -> Hanging:
        return Hanging(self._body, sign=self._sign, bar=Content(), indent=self._indent)

    def show(self, body: Content) -> None:
        """Draw another text; nothing if it is the same."""
        if body.is_same(self._body):
            return
        self._body = body
        self.display = bool(body.plain)
        self.refresh(layout=True)


class TurnView(Vertical):
    """Draws a `ShownTurn`; `sync` brings it up to what the turn says now."""

    DEFAULT_CSS = """
    TurnView { height: auto; margin: 0 0 1 0; }
    TurnView > .question { text-style: bold; margin: 0 0 1 0; }
    TurnView > .question.-chosen { background: $chosen; }
    TurnView > .foot { margin: 1 0 0 0; }
    TurnView > ProgressView { margin: 0 0 1 0; }
    TurnView > SentenceView { margin: 0; }
    """

    class Clicked(Message):
        """The question was clicked."""

        def __init__(self, view: "TurnView") -> None:
            super().__init__()
            self.view = view

    def __init__(self, turn: ShownTurn) -> None:
        super().__init__()
        self.turn = turn
        self._drawn = -1

    def compose(self) -> ComposeResult:
        yield HangingText(Content(safe(self.turn.question)), Content.styled(" ›", "bold $accent"), classes="question")
        if self.turn.state == "running":
            yield ProgressView(self.turn.stages)
        for shown in self.turn.sentences():
            yield SentenceView(shown)
        yield HangingText(foot(self.turn), Content(), classes="foot")
        self._drawn = self.turn.version

    @property
    def sentences(self) -> list[SentenceView]:
        """The sentences drawn, in reading order."""
        return [child for child in self.children if isinstance(child, SentenceView)]

    def sync(self) -> None:
        """Draw what changed since the last time."""
        turn = self.turn
        if turn.version == self._drawn or not self.is_mounted:
            return
        self._drawn = turn.version
        self._sync_sentences()
        self._sync_progress()
        self.query_one(".foot", HangingText).show(foot(turn))

    def beat(self) -> None:
        """Draw the progress anew: time has passed."""
        for view in self.query_children(ProgressView):
            view.beat(self.turn.stages)

    def _sync_sentences(self) -> None:
        shown, views = self.turn.sentences(), self.sentences
        for each, view in zip(shown, views, strict=False):
            view.show(each)
        if len(views) > len(shown):
            self.app.call_later(self.remove_children, views[len(shown) :])
        elif len(shown) > len(views):
            self.mount(*(SentenceView(each) for each in shown[len(views) :]), before=".foot")

    def _sync_progress(self) -> None:
        there = self.query_children(ProgressView)
        if self.turn.state == "running" and not there:
            self.mount(ProgressView(self.turn.stages), after=".question")
        elif self.turn.state != "running" and there:
            there.remove()

    def on_click(self, event: events.Click) -> None:
        self.post_message(self.Clicked(self))
        event.stop()
