"""The chat: questions below, their answers above, and the evidence of the chosen sentence beside them."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.driver import Driver
from textual.filter import LineFilter, Monochrome, NoColor
from textual.widgets import Static

from ...retrievers.errors import RetrievalError
from ..errors import AgentError
from .adding import Adding
from .command_actions import CommandActions
from .commands import Command, is_command
from .conversation import ConversationView
from .conversation_desk import ConversationDesk
from .draft_desk import DraftDesk
from .evidence_desk import EvidenceDesk
from .kept_turns import load_answers
from .palette import ChatCommands
from .pasting import Pasting
from .plain_text import one_line, safe
from .question_input import QuestionInput
from .reading_keys import ReadingKeys
from .service import Service
from .session import Session
from .status import hints, status
from .status_line import KeyHints, StatusLine
from .themes import DEFAULTS, THEMES, suited_theme
from .turn import ShownTurn
from .welcome import Welcome
from .write_area import WriteArea

if TYPE_CHECKING:
    from .evidence_pane import EvidencePane

_FRAMES_A_SECOND = 15
_BEATS = 2  # frames from one drawing of the progress to the next
_AGAIN_S = 2.0
_DRAFT_S = 0.3
_ADDED_SHOWN_S = 12.0


class FontesChat(App[None]):
    """One conversation at a time over `service`, which is opened once the screen is there.

    `conversation` is the id of a kept one to go on with, "" for a new one; `newest` goes on with the one last used.
    `docs` are sources that questions are restricted to from the start; `driver` draws and reads keys.
    """

    TITLE = "Fontes"
    CSS_PATH = Path(__file__).with_name("chat.tcss")
    COMMANDS: ClassVar = {ChatCommands}
    COMMAND_PALETTE_BINDING = "ctrl+p"
    AUTO_FOCUS = "#question"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - no ClassVar where it is declared
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (10, "-short"), (18, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", priority=True),
        Binding("tab", "tab", show=False, priority=True),
        Binding("ctrl+c", "interrupt", show=False, system=True),
        Binding("escape", "back", show=False),
        Binding("ctrl+o", "run('/open')", "Conversations", show=False),
        Binding("ctrl+n", "run('/new')", "New conversation", show=False),
        Binding("ctrl+s", "run('/sources')", "Sources", show=False),
        Binding("f1", "run('/help')", "Help", show=False),
    ]

    def __init__(
        self,
        service: Service,
        *,
        conversation: str = "",
        newest: bool = False,
        theme: str = "",
        docs: Sequence[str] = (),
        driver: type[Driver] | None = None,
    ) -> None:
        super().__init__(driver_class=driver)
        self.session = Session(service, started=self._started, ended=self._ended, conversation=conversation)
        for source in docs:
            self.session.scope = self.session.scope.with_doc(source)
        self._conversation = conversation
        self._newest = newest
        self._frame = 0
        self._is_draft_due = False
        self._interrupted: float | None = None
        self._editing: ShownTurn | None = None
        self.does = CommandActions(self)
        self.evidence = EvidenceDesk(self)
        self.keys = ReadingKeys(self)
        self.drafts = DraftDesk(self)
        self.desk = ConversationDesk(self)
        self._pasting = Pasting(self)
        # Held here, not queried: a query looks into the screen on top, which may be another one.
        self.head = Static(id="head", markup=False)
        self.main = Horizontal(id="main")
        self.welcome = Welcome(id="welcome")
        self.talk = ConversationView(self.load, id="conversation")
        self.adding = Vertical(id="adding")
        self.write_area = WriteArea(
            lambda: sorted(self.available_themes), lambda: self.session.at_hand.known_tags, id="write"
        )
        self.status_line = StatusLine(id="status")
        self.key_hints = KeyHints(id="hints")
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme or suited_theme(self.console.color_system)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own variables, which foreign themes lack."""
        return DEFAULTS

    def get_line_filters(self) -> Sequence[LineFilter]:
        """See `App`; Textual chooses for NO_COLOR before a theme is set, and would draw black on black."""
        filters = super().get_line_filters()
        return [NoColor() if isinstance(each, Monochrome) and self.native_ansi_color else each for each in filters]

    def compose(self) -> ComposeResult:
        yield self.head
        with self.main, Vertical(id="talk"):
            yield self.welcome
            yield self.talk
            yield self.adding
        yield self.write_area
        yield self.status_line
        yield self.key_hints

    def on_mount(self) -> None:
        self.talk.display = False
        self._pulse = self.set_interval(1 / _FRAMES_A_SECOND, self._beat, pause=True)
        self.write_area.input.focus()
        self.refresh_status()
        self.call_after_refresh(self._open)

    @property
    def turns(self) -> list[ShownTurn]:
        """The turns of the conversation, in order."""
        return self.talk.turns

    def tell(self, text: str, *, is_warning: bool = False, seconds: float = 5) -> None:
        """Say something in a corner, for a while."""
        self.notify(safe(text), severity="warning" if is_warning else "information", markup=False, timeout=seconds)

    # Opening

    def _open(self) -> None:
        self.session.service.start()
        self.run_worker(self.desk.open(conversation=self._conversation, newest=self._newest), group="open")

    async def load(self, turns: Sequence[ShownTurn]) -> None:
        """Read the kept answers of these turns, where they were not read yet; what cannot be read is said."""
        if not any(turn.state == "ended" and turn.answer is None for turn in turns):
            return
        try:
            await load_answers(await self.session.service.assistant(), turns)
        except RetrievalError as error:
            self.tell(str(error), is_warning=True)

    def show_talk(self, has_turns: bool) -> None:
        """Draw the turns, or what an empty conversation shows."""
        self.head.display = has_turns
        self.talk.display = has_turns
        self.welcome.display = not has_turns

    # Asking

    @on(WriteArea.Sent)
    async def _sent(self, event: WriteArea.Sent) -> None:
        text = event.text
        if is_command(text):
            self.write_area.write("")
            if not await self.does.run(text) and not self.write_area.text:
                self.write_area.write(text)
            return
        await self.ask(text[1:] if text.startswith("//") else text)

    async def ask(self, text: str) -> None:
        """Ask a question; in place of the one that is edited, if one is."""
        if self.session.scope.has_none:
            self.tell("nothing to ask: /web on or /sources switches a source on", is_warning=True)
            return
        edited = self._editing
        self.end_editing()
        at = self._place(edited)
        if at is not None:
            await self.evidence.close()
            await self.talk.cut(at)
        turn = self.session.ask(text, replaces=edited.run if edited else "")
        self.write_area.write("")
        self.show_talk(True)
        await self.talk.append(turn)
        self.drafts.keep()
        self.go_on_drawing()
        self.refresh_status()

    async def _started(self, turn: ShownTurn) -> None:
        """It is in the store now: what was typed need not be kept any more."""
        self.drafts.keep()
        self.session.title = self.session.title or one_line(turn.question)[:120]
        self.go_on_drawing()
        self.refresh_status()

    async def _ended(self, turn: ShownTurn) -> None:
        if turn.state == "failed" and not turn.run:
            await self._not_begun(turn)
        self.desk.follow_elsewhere()
        self.talk.sync()
        self.refresh_status()
        if self.evidence.is_open:
            await self.evidence.follow()

    async def _not_begun(self, turn: ShownTurn) -> None:
        """Nobody keeps the question: it goes back to where it was written, if that is free."""
        at = self._place(turn)
        if turn.replaces:
            try:
                await self.desk.show(self.session.conversation)
            except (AgentError, RetrievalError) as error:
                self.tell(str(error), is_warning=True)
        elif at is not None and turn.is_taken_back:
            await self.talk.cut(at)
            self.show_talk(bool(self.talk.turns))
        if not self.write_area.text:
            self.write_area.write(turn.question)
        self.drafts.keep()

    def resume(self, turn: ShownTurn) -> None:
        """Go on with an answer that was stopped."""
        self.session.resume(turn)
        self.go_on_drawing()
        self.refresh_status()

    def edit(self, turn: ShownTurn) -> None:
        """Put a question back to be changed; sent again, it takes the place of its turn and of all later ones."""
        at = self._place(turn)
        if turn.is_open or at is None:
            self.tell("Esc ends the answer first", is_warning=True)
            return
        self._editing = turn
        self.write_area.write(turn.question)
        later = len(self.talk.turns) - 1 - at
        also = f" and the {later:,} after it" if later else ""
        self.write_area.say_editing(f"changing it: Enter asks again in place of that answer{also} · Esc leaves it")
        self.write_area.input.focus()

    def end_editing(self) -> bool:
        """Leave the question as it was; False when none was being changed."""
        was_editing, self._editing = self._editing is not None, None
        self.write_area.say_editing("")
        return was_editing

    def _place(self, turn: ShownTurn | None) -> int | None:
        return next((at for at, each in enumerate(self.talk.turns) if each is turn), None)

    @on(WriteArea.Changed)
    def _typed(self) -> None:
        if not self._is_draft_due:
            self._is_draft_due = True
            self.set_timer(_DRAFT_S, self._keep_draft)

    def _keep_draft(self) -> None:
        self._is_draft_due = False
        self.drafts.keep()

    # Drawing

    def go_on_drawing(self) -> None:
        """Something changes from now on."""
        self._pulse.resume()

    def _beat(self) -> None:
        self._frame += 1
        self.talk.sync()
        if self._frame % _BEATS == 0:
            self.talk.beat()
        if not self.session.asking.is_busy:
            self._pulse.pause()

    def refresh_status(self) -> None:
        """Draw the lines that tell how things stand and what keys do."""
        self.head.update(Content(one_line(self.session.title) or "Fontes"))
        self.status_line.show(*status(self.session))
        self.key_hints.show(hints(self))

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self.refresh_status()

    @on(ConversationView.Chosen)
    async def _chosen(self, event: ConversationView.Chosen) -> None:
        if event.wants_evidence:
            await self.evidence.show()
        elif self.evidence.is_open:
            await self.evidence.follow()
        self.refresh_status()

    async def on_evidence_pane_ended(self, event: "EvidencePane.Ended") -> None:
        """Beyond the last citation of a sentence is the next sentence."""
        await self.talk.action_choose(event.step)

    # Keys and commands

    @on(QuestionInput.WantsLast)
    def _wants_last(self) -> None:
        if self.talk.turns:
            self.edit(self.talk.turns[-1])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tab is ours on our own screen; the others have their own use for it."""
        return len(self.screen_stack) == 1 if action == "tab" else True

    def action_tab(self) -> None:
        """Tab: complete a command, else go between writing and reading; at once, for keys may follow in one packet."""
        if self.focused is not self.write_area.input:
            self.screen.set_focus(self.write_area.input)
        elif not self.write_area.complete() and self.talk.turns:
            self.screen.set_focus(self.talk)
            self.talk.choose_in_last()

    @on(QuestionInput.Pasted)
    async def _pasted(self, event: QuestionInput.Pasted) -> None:
        await self._pasting.keep(event.text)

    @on(QuestionInput.Dropped)
    def _dropped(self, event: QuestionInput.Dropped) -> None:
        self.write_area.write(f"/add {shlex.join(event.sources)}")
        self.tell("Enter takes it into your index; /docs in place of /add asks it alone", seconds=8)

    @on(QuestionInput.NoText)
    def _no_text(self) -> None:
        self.tell("what was pasted is no text; /add takes files: HTML, PDF, Markdown and text", is_warning=True)

    @on(Adding.Done)
    async def _added(self) -> None:
        self.set_timer(_ADDED_SHOWN_S, self._clear_added)
        await self.does.added()

    def _clear_added(self) -> None:
        for adding in self.adding.query(Adding):
            if not adding.is_running:
                adding.remove()

    @on(QuestionInput.Interrupted)
    def action_interrupt(self) -> None:
        """Ctrl+C: end what runs; twice within two seconds, leave."""
        now = monotonic()
        if self._interrupted is not None and now - self._interrupted < _AGAIN_S:
            self.exit()
            return
        self._interrupted = now
        self._cancel()
        self.tell("Ctrl+C again quits", seconds=_AGAIN_S)

    async def action_back(self) -> None:
        """Esc: the nearest thing that can be left, then the answer that is being written."""
        if self.write_area.close_list():
            return
        if self.end_editing():
            self.write_area.write("")
        elif not await self.evidence.close() and not self._cancel() and self.talk.has_focus:
            self.write_area.input.focus()

    def _cancel(self) -> bool:
        turn = self.session.asking.cancel()
        self.talk.sync()
        return turn is not None

    async def action_read(self, name: str) -> None:
        """A key of the conversation, on what is chosen there."""
        await self.keys.press(name)

    async def action_run(self, text: str) -> None:
        """Run a slash command, as if it were typed."""
        await self.does.run(text)

    async def begin_command(self, command: Command) -> None:
        """Run a command that needs nothing more; write the beginning of another."""
        if command.runs_bare and not command.takes:
            await self.does.run(f"/{command.name}")
        else:
            self.write_area.write(f"/{command.name} ")
            self.write_area.input.focus()

    async def action_quit(self) -> None:
        self.exit()

    def exit(self, *arguments: object, **named: object) -> None:
        self.drafts.keep()
        super().exit(*arguments, **named)  # type: ignore[arg-type]
