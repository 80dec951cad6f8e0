"""What a chat is about, without its screen: the conversation, what questions are asked from, and what is on its way."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from .asking import Asking, Wanted
from .drafts import Drafts
from .first_run import AtHand
from .kept_turns import kept_turns
from .scope import Scope
from .service import Service
from .turn import ShownTurn

if TYPE_CHECKING:
    from ..assistant import Assistant, Options

TurnTold = Callable[[ShownTurn], Awaitable[None]]


@dataclass(slots=True)
class Session:
    """One chat over one service. `conversation` is an id; it exists in the store once something was asked in it.

    `since` and `sites` narrow web searches. `title` is "" until something was asked.
    """

    service: Service
    started: TurnTold
    ended: TurnTold
    conversation: str = ""
    title: str = ""
    scope: Scope = field(default_factory=Scope)
    since: date | None = None
    sites: tuple[str, ...] = ()
    at_hand: AtHand = field(default_factory=AtHand)
    drafts: Drafts | None = None
    asking: Asking = field(init=False)
    _open_turns: list[ShownTurn] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.conversation = self.conversation or new_id()
        self.asking = Asking(self.service, started=self.started, ended=self._ended)

    def ask(self, question: str, *, replaces: str = "") -> ShownTurn:
        """Have a question asked after those before it; the turn it has from now on."""
        turn = ShownTurn(question=question, scope=self.scope, replaces=replaces)
        self._open_turns.append(turn)
        self.asking.ask(Wanted(turn=turn, options=self._options(turn)))
        return turn

    def resume(self, turn: ShownTurn) -> None:
        """Go on with a turn that was stopped."""
        turn.state = "queued"
        turn.change()
        self._open_turns.append(turn)
        self.asking.ask(Wanted(turn=turn, options={}, resumes=True))

    async def turns(self) -> list[ShownTurn]:
        """The turns of the conversation; what goes on here is the same object as before.

        Raises:
            StoreError: the database cannot be read.
        """
        going_on = {turn.run: turn for turn in self._open_turns if turn.run}
        return await kept_turns(await self.service.assistant(), self.conversation, going_on)

    async def look(self) -> AtHand:
        """See what there is to answer with.

        Raises:
            StoreError: the database cannot be read.
        """
        assistant = await self.service.assistant()
        settings = assistant.settings
        self.at_hand = AtHand(
            pages=await assistant.index.store.page_count(),
            named=len(self.scope.docs),
            tags=self.scope.tags,
            known_tags=tuple(tag.name for tag in await assistant.index.store.tags()),
            web=settings.web,
            providers=tuple(settings.search),
            model_url=settings.model_url,
            model=settings.model,
            servers=self.at_hand.servers,
        )
        return self.at_hand

    def unsent(self, written: str) -> str:
        """What would be lost if the chat ended now: questions that have not begun, and what is being written."""
        waiting = [turn.question for turn in self._open_turns if turn.state == "queued" and not turn.run]
        return "\n\n".join(filter(None, (*waiting, written)))

    async def close(self) -> None:
        """End what runs, keep what was typed, and close the Assistant."""
        await self.asking.close()
        if self.drafts is not None:
            self.drafts.close()
        await self.service.close()

    def _options(self, turn: ShownTurn) -> "Options":
        scope = turn.scope
        options: Options = {
            "conversation": self.conversation,
            "web": scope.web,
            "sites": self.sites,
            "since": self.since,
        }
        if scope.sources:
            options["sources"] = scope.sources
        if scope.tags:
            options["tags"] = scope.tags
        if turn.replaces:
            options["replaces"] = turn.replaces
        return options

    async def _ended(self, turn: ShownTurn) -> None:
        if any(each is turn for each in self._open_turns):
            self._open_turns = [each for each in self._open_turns if each is not turn]
        await self.ended(turn)


def new_id() -> str:
    """An id for a conversation."""
    return uuid.uuid4().hex[:12]


async def title_of(assistant: "Assistant", conversation: str) -> str:
    """The title of a kept conversation, "" when there is none.

    Raises:
        StoreError: the database cannot be read.
    """
    found = await assistant.conversations.list()
    return next((each.title for each in found if each.id == conversation), "")
