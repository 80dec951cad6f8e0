"""The chat line by line: nothing is drawn, moved or coloured, so that a screen reader reads it in order."""

import asyncio
import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Sequence

from ...retrievers import RetrievalError
from ..answer import Answer
from ..cli.screen import counted
from ..errors import AgentError
from .commands import COMMANDS, is_command, with_tags
from .dropped import named
from .evidence_text import title_of
from .first_run import can_do, would_help
from .kept_turns import LOOK_AGAIN_S, load_answers, look_again
from .plain_text import one_line
from .service import Service
from .session import Session, new_id
from .session import title_of as title_of_conversation
from .spoken_actions import SpokenActions
from .stages import QUIET_S
from .turn import ShownTurn
from .turn_text import foot, short_site

_BEAT_S = 0.25
_WAITS_S = 10.0  # from one line of waiting to the next


class PlainChat:
    """One conversation over `service`; `write` gets whole lines, without their end."""

    def __init__(self, service: Service, write: Callable[[str], None], *, docs: Sequence[str] = ()) -> None:
        self.session = Session(service, started=self._changed, ended=self._changed)
        for source in docs:
            self.session.scope = self.session.scope.with_doc(source)
        self.turns: list[ShownTurn] = []
        self.does = PlainActions(self)
        self._write = write
        self._elsewhere: asyncio.Task[None] | None = None

    def tell(self, text: str, *, is_warning: bool = False, seconds: float = 5) -> None:
        """Write a line; a screen says the same in a corner for some seconds."""
        self._write(one_line(f"{'Attention: ' * is_warning}{text}"))

    def refresh_status(self) -> None:
        """Nothing is drawn here."""

    async def load(self, turns: Sequence[ShownTurn]) -> None:
        """Read the kept answers of these turns, where they were not read yet."""
        await load_answers(await self.session.service.assistant(), turns)

    def resume(self, turn: ShownTurn) -> None:
        """Go on with an answer that was stopped."""
        self.session.resume(turn)

    async def open(self, *, conversation: str = "", newest: bool = False) -> None:
        """Say what can be done, and where the conversation stands.

        Raises:
            SettingError, StoreError: the data directory or the settings cannot be used.
        """
        assistant = await self.session.service.assistant()
        if newest and (kept := await assistant.conversations.list(limit=1)):
            conversation = kept[0].id
        if conversation:
            await self.show(conversation)
        at_hand = await self.session.look()
        self.tell(f"Fontes. Now: {can_do(at_hand)}.")
        if better := would_help(at_hand):
            self.tell(f"Better: {better}.")
        self.tell("Write a question and press Enter. /help lists the commands, /quit leaves, Ctrl+C stops an answer.")

    async def show(self, conversation: str) -> None:
        """Go on with a kept conversation.

        Raises:
            StoreError: the database cannot be read.
        """
        self.session.conversation = conversation
        self.session.title = await title_of_conversation(await self.session.service.assistant(), conversation)
        self.turns = await self.session.turns()
        title = f"Conversation “{self.session.title}”" if self.session.title else "A new conversation"
        self.tell(f"{title}, {counted(len(self.turns), 'turn')}.")
        if self.turns:
            await self.load(self.turns[-1:])
            self.tell(f"Question: {self.turns[-1].question}")
            self._say(self.turns[-1])
        self._follow_elsewhere()

    async def take(self, line: str) -> bool:
        """Run a command, or ask a question and wait for its answer; False to leave."""
        text = line.strip()
        if text in ("/quit", "/exit"):
            return False
        if is_command(text):
            await self.does.run(text)
        elif text:
            self.turns.append(self.session.ask(text.removeprefix("/") if text.startswith("//") else text))
        if turn := next((each for each in reversed(self.turns) if each.is_open), None):
            await self._follow(turn)
        return True

    def cancel(self) -> bool:
        """End the answer that is being written; False when there is none."""
        return self.session.asking.cancel() is not None

    async def _follow(self, turn: ShownTurn) -> None:
        """Say the steps as they begin, sentences as they are verified, and what is waited for."""
        step, waited = "", 0.0
        said: set[str] = set()
        while turn.is_open or self.session.asking.is_busy:
            if turn.state == "running":
                if turn.stages.step != step:
                    step = turn.stages.step
                    self.tell(f"{step}: {turn.stages.counts.words()}" if turn.stages.counts.words() else step)
                self._say_sentences(turn, said)
                quiet = turn.stages.quiet_s()
                if quiet >= QUIET_S and (waited == 0.0 or turn.stages.elapsed_s() - waited >= _WAITS_S):
                    waited = turn.stages.elapsed_s()
                    self.tell(f"waiting for {turn.stages.waits_for()}, {turn.stages.elapsed_s():.0f} seconds so far")
            await asyncio.sleep(_BEAT_S)
        self._say_sentences(turn, said)
        self._say_foot(turn)
        self._follow_elsewhere()

    def _follow_elsewhere(self) -> None:
        """Look now and then whether an answer that another window writes is there, and say it."""
        if self._elsewhere is None or self._elsewhere.done():
            self._elsewhere = asyncio.create_task(self._look_again(), name="fontes-chat-elsewhere")

    async def _look_again(self) -> None:
        while any(turn.state == "elsewhere" for turn in self.turns):
            await asyncio.sleep(LOOK_AGAIN_S)
            if self.session.asking.is_busy:  # two answers at once could not be told apart
                continue
            try:
                changed = await look_again(await self.session.service.assistant(), self.turns)
            except (AgentError, RetrievalError) as error:
                self.tell(str(error), is_warning=True)
                return
            for turn in changed:
                self.tell(f"Answered in another window: {turn.question}")
                self._say(turn)

    async def close(self) -> None:
        """Leave: end what runs, and close the Assistant."""
        if self._elsewhere is not None:
            self._elsewhere.cancel()
        await self.session.close()

    def _say(self, turn: ShownTurn) -> None:
        self._say_sentences(turn, set())
        self._say_foot(turn)

    def _say_sentences(self, turn: ShownTurn, said: set[str]) -> None:
        """Say the sentences that are asserted by now, with their numbers, and were not said yet; notes which."""
        for shown in turn.sentences():
            if shown.label is None:
                break
            if shown.is_asserted and shown.text not in said:
                said.add(shown.text)
                beside = f" ({'; '.join(shown.beside)})" if shown.beside else ""
                self.tell(f"{len(said)}. {shown.label}: {shown.text} {shown.marks}{beside}")

    def _say_foot(self, turn: ShownTurn) -> None:
        for line in foot(turn).plain.splitlines():
            self.tell(line)

    async def _changed(self, turn: ShownTurn) -> None:
        """Turns are read as they stand: there is nothing to draw anew."""


class PlainActions(SpokenActions):
    """The commands of the chat in lines."""

    def __init__(self, chat: PlainChat) -> None:
        super().__init__(chat)
        self._chat = chat
        self._by_name["evidence"] = self._evidence

    async def run(self, text: str) -> bool:
        """As on the screen; `/evidence N` reads what a screen shows beside the conversation."""
        name, _, rest = text.removeprefix("/").partition(" ")
        if name == "evidence":
            await self._evidence(rest.strip())
            return True
        return await super().run(text)

    async def _evidence(self, rest: str) -> None:
        answer = self._chat.turns[-1].answer if self._chat.turns else None
        number = int(rest) if rest.isdecimal() else 1
        if answer is None or not 1 <= number <= len(answer.asserted):
            self._chat.tell("there is no such sentence in the last answer", is_warning=True)
            return
        for line in evidence_lines(answer, number - 1):
            self._chat.tell(line)

    async def _add(self, rest: str) -> None:
        assistant = await self._chat.session.service.assistant()
        self._chat.tell(f"adding {rest} …")
        sources, tags = with_tags(rest)
        report = await assistant.add(named(sources), tags=tags)
        self._chat.tell(f"{counted(len(report.read), 'source')} searchable now, {len(report.skipped):,} not read")
        for skip in report.skipped[:10]:
            self._chat.tell(f"{skip.source}: {skip.detail or skip.reason}")
        await self.added()

    async def _doctor(self, rest: str) -> None:
        from .examination import examined

        self._chat.tell("asking all parts; a server that does not answer takes a while")
        for each in await examined(self._chat.session.service.changes):
            remedy = f". To mend it: {each.remedy}" if each.remedy else ""
            self._chat.tell(f"{each.state}: {each.what}, {each.detail}{remedy}")

    async def _new(self, rest: str) -> None:
        await self._chat.show(new_id())

    async def _open(self, rest: str) -> None:
        assistant = await self._chat.session.service.assistant()
        kept = await assistant.conversations.list(limit=20)
        if rest.isdecimal() and 1 <= int(rest) <= len(kept):
            await self._chat.show(kept[int(rest) - 1].id)
            return
        for number, each in enumerate(kept, start=1):
            self._chat.tell(f"{number}. {each.title or 'no question yet'}, {each.updated[:10]}, {each.turns} turns")
        self._chat.tell("/open NUMBER goes on with one")

    async def _help(self, rest: str) -> None:
        for command in COMMANDS:
            if command.name in self._by_name or command.name == "quit":
                self._chat.tell(f"/{command.name} {command.takes}: {command.says}")
        self._chat.tell("/evidence NUMBER: what a sentence of the last answer stands on")


def evidence_lines(answer: Answer, at: int) -> list[str]:
    """The evidence of an asserted sentence, in the order one would read it out."""
    lines: list[str] = []
    for claim in answer.asserted[at].claims:
        lines.append(f"Claim: {claim.text}")
        lines.append(f"{claim.verdict.label}, {claim.verdict.score:.2f} by {claim.verdict.verifier}")
        lines.append(
            f"{counted(claim.independent_sources, 'independent source')}, as of {claim.as_of or 'no known day'}"
        )
        for citation in claim.citations:
            lines.append(f"[{answer.number(citation)}] {title_of(citation)}, {short_site(citation.source)}")
            lines.append(f"published {citation.published[:10] or 'at no known day'}, fetched {citation.fetched[:10]}")
            lines.append(f"Quote: {citation.quote}")
        for each in claim.contradictions:
            lines.append(f"{'Changed over time' if each.is_change else 'Sources disagree'}: {each.explanation}")
            lines += [
                f"“{side.value}”: {title_of(side)}, {short_site(side.source)}" for side in (each.older, each.newer)
            ]
    return lines


async def plain_chat(*, docs: Sequence[str] = (), conversation: str = "", newest: bool = False) -> int:
    """Read lines from standard input until it ends, and answer on standard output; the exit code.

    Raises:
        SettingError, StoreError: the data directory or the settings cannot be used.
    """
    service = Service()
    service.start()
    sources = [each for name in docs for each in named(name) or (name,)]
    chat = PlainChat(service, _print, docs=sources)
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    threading.Thread(target=_read_lines, args=(loop, lines), daemon=True, name="fontes-chat-lines").start()
    _stop_on_interrupt(loop, chat, lines)
    try:
        await chat.open(conversation=conversation, newest=newest)
        while (line := await lines.get()) is not None and await chat.take(line):
            pass
    finally:
        await chat.close()
    return 0


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _read_lines(loop: asyncio.AbstractEventLoop, lines: "asyncio.Queue[str | None]") -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody reads any more
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, None)


def _stop_on_interrupt(loop: asyncio.AbstractEventLoop, chat: PlainChat, lines: "asyncio.Queue[str | None]") -> None:
    """Ctrl+C ends the answer; with none under way, the chat."""

    def interrupted() -> None:
        if not chat.cancel():
            lines.put_nowait(None)

    with contextlib.suppress(NotImplementedError, RuntimeError):  # not the main thread: someone else's signals
        loop.add_signal_handler(signal.SIGINT, interrupted)
