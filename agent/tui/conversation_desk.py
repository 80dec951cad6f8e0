"""Opens conversations: the one that the chat begins with, kept ones, and new ones."""

import asyncio
from typing import TYPE_CHECKING

from ...retrievers.errors import RetrievalError
from ..errors import AgentError
from .drafts import Drafts
from .kept_turns import LOOK_AGAIN_S, look_again
from .session import new_id, title_of

if TYPE_CHECKING:
    from ..assistant import Assistant
    from .app import FontesChat


class ConversationDesk:
    """Brings conversations onto the screen of one drawn chat."""

    def __init__(self, app: "FontesChat") -> None:
        self._app = app

    async def open(self, *, conversation: str, newest: bool) -> None:
        """Once the Assistant is there: drafts, what is at hand, and the conversation to begin with."""
        app, session = self._app, self._app.session
        try:
            assistant = await session.service.assistant()
            session.drafts = Drafts(assistant.settings.home / "drafts")
            if newest and (kept := await assistant.conversations.list(limit=1)):
                conversation = kept[0].id
            if conversation:
                await self.show(conversation)
            elif not app.turns:
                await self._adopt(assistant)
            else:  # a question was sent before: what is typed from now on is kept, too
                app.drafts.take()
            await session.look()
            app.welcome.unfinished = await self._unfinished(assistant)
        except (AgentError, RetrievalError) as error:
            app.welcome.fail(str(error))
            return
        app.welcome.show(session.at_hand)
        app.refresh_status()
        await app.does.look_for_servers()

    async def show(self, conversation: str) -> None:
        """Open a kept conversation, or begin one when there is none of that id.

        Raises:
            StoreError: the database cannot be read.
        """
        app, session = self._app, self._app.session
        assistant = await session.service.assistant()
        app.drafts.keep()
        if conversation != session.conversation and session.drafts is not None:
            app.write_area.write("")
        session.conversation = conversation
        session.title = await title_of(assistant, conversation)
        app.end_editing()
        await app.evidence.close()
        turns = await session.turns()
        app.show_talk(bool(turns))
        await app.talk.show(turns)
        app.drafts.take()
        app.go_on_drawing()
        app.refresh_status()
        self.follow_elsewhere()

    def follow_elsewhere(self) -> None:
        """Look now and then whether an answer that another window writes is there."""
        if any(turn.state == "elsewhere" for turn in self._app.turns):
            self._app.run_worker(self._look_again(), group="elsewhere", exclusive=True)

    async def _look_again(self) -> None:
        app = self._app
        while any(turn.state == "elsewhere" for turn in app.turns):
            await asyncio.sleep(LOOK_AGAIN_S)
            try:
                changed = await look_again(await app.session.service.assistant(), app.turns)
            except (AgentError, RetrievalError) as error:
                app.tell(str(error), is_warning=True)
                return
            if changed:
                app.talk.sync()
                app.refresh_status()

    async def begin(self) -> None:
        """Leave this one for an empty one."""
        await self.show(new_id())
        self._app.write_area.input.focus()

    async def _adopt(self, assistant: "Assistant") -> None:
        """Go on with what a killed chat left unsent; one of a conversation that has turns waits there."""
        drafts, session = self._app.session.drafts, self._app.session
        left = drafts.left() if drafts is not None else None
        if left is not None and await assistant.conversations.turns(left[0], last=1):
            title = await title_of(assistant, left[0])
            self._app.tell(f"a question that was not sent is kept in “{title}”: Ctrl+O opens it", seconds=10)
        elif left is not None:
            session.conversation = left[0]
        self._app.drafts.take()

    async def _unfinished(self, assistant: "Assistant") -> str:
        """The last question of the conversation last used, if its answer was stopped; "" if not."""
        kept = await assistant.conversations.list(limit=1)
        turns = await assistant.conversations.turns(kept[0].id, last=1) if kept else ()
        return turns[-1].question if turns and turns[-1].is_stopped else ""
