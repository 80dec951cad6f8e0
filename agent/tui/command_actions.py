"""What the slash commands do on the screen."""

from collections.abc import Awaitable
from functools import partial
from typing import TYPE_CHECKING

from ...retrievers.errors import RetrievalError
from ..errors import AgentError
from .commands import UnknownCommand, with_tags
from .dropped import named
from .session import title_of
from .spoken_actions import SpokenActions

if TYPE_CHECKING:
    from .app import FontesChat


class CommandActions(SpokenActions):
    """The commands of a drawn chat: those that need no screen, and those that open one."""

    def __init__(self, app: "FontesChat") -> None:
        super().__init__(app)
        self._app = app

    async def _sources(self, rest: str) -> None:
        from .sources_screen import SourcesScreen

        assistant, session = await self._app.session.service.assistant(), self._app.session
        screen = SourcesScreen(
            session.scope, assistant.sources, add=assistant.add, embed=assistant.index.embed,
            web_is_on=assistant.settings.web,
        )  # fmt: skip

        def switched(scope: object) -> None:
            session.scope = scope or session.scope  # type: ignore[assignment]
            self._app.run_worker(self._look_again())

        self._app.push_screen(screen, switched)

    async def _model(self, rest: str) -> None:
        """In a task of its own: a model may take long for its first word, and keys must not wait for it."""
        self._app.run_worker(self._said(super()._model(rest)), group="model", exclusive=True)

    async def _said(self, work: Awaitable[None]) -> None:
        try:
            await work
        except (AgentError, RetrievalError) as error:
            self._app.tell(str(error), is_warning=True, seconds=12)
        self._app.refresh_status()

    async def _changed(self, **changes: object) -> None:
        from .adding import Adding

        if any(adding.is_running for adding in self._app.adding.query(Adding)):
            raise UnknownCommand("the settings", "sources are being added; wait for them, or stop that first")
        await super()._changed(**changes)

    async def _add(self, rest: str) -> None:
        from .adding import Adding

        assistant = await self._app.session.service.assistant()
        sources, tags = with_tags(rest)
        adding = Adding(named(sources), add=partial(assistant.add, tags=tags), embed=assistant.index.embed)
        await self._app.adding.mount(adding)

    async def _copy(self, rest: str) -> None:
        if rest not in ("", "answer", "sentence", "citation"):
            raise UnknownCommand("/copy", f"{rest!r} is none of answer, sentence and citation")
        self._app.keys.copy(rest or "answer")

    async def _ledger(self, rest: str) -> None:
        from .ledger_screen import LedgerScreen

        turn = self._app.talk.chosen_turn
        if turn is None or turn.answer is None:
            raise UnknownCommand("/ledger", "there is no answer yet whose sources could be listed")
        self._app.push_screen(LedgerScreen(turn.answer))

    async def _edit(self, rest: str) -> None:
        await self._app.keys.press("edit")

    async def _new(self, rest: str) -> None:
        await self._app.desk.begin()

    async def _open(self, rest: str) -> None:
        from .conversations_screen import ConversationsScreen

        session = self._app.session
        assistant = await session.service.assistant()
        screen = ConversationsScreen(assistant.conversations, current=session.conversation)

        def chosen(conversation: str | None) -> None:
            self._app.run_worker(self._opened(screen.erased, conversation))

        self._app.push_screen(screen, chosen)

    async def _opened(self, erased: set[str], conversation: str | None) -> None:
        session = self._app.session
        assistant = await session.service.assistant()
        for each in erased:
            if session.drafts is not None:
                session.drafts.forget(each)
        try:
            if conversation is not None:
                await self._app.desk.show(conversation)
            elif session.conversation in erased:
                await self._app.desk.begin()
            else:
                session.title = await title_of(assistant, session.conversation)
        except RetrievalError as error:
            self._app.tell(str(error), is_warning=True)
        self._app.refresh_status()

    # The rest

    async def _doctor(self, rest: str) -> None:
        from .doctor_screen import DoctorScreen

        self._app.push_screen(DoctorScreen(self._app.session.service.changes))

    async def _theme(self, rest: str) -> None:
        if not rest:
            self._app.tell(f"{self._app.theme}; others: {', '.join(sorted(self._app.available_themes))}", seconds=10)
        elif rest not in self._app.available_themes:
            raise UnknownCommand("/theme", f"there is none named {rest!r}")
        else:
            self._app.theme = rest

    async def _help(self, rest: str) -> None:
        from .help_screen import HelpScreen
        from .help_sections import SECTIONS

        self._app.push_screen(HelpScreen(SECTIONS))

    async def _quit(self, rest: str) -> None:
        self._app.exit()

    async def look_for_servers(self) -> None:
        """See whether a model server runs on this machine, when no model is set."""
        from ..local_models import local_model_servers
        from .first_run import with_servers

        session = self._app.session
        if session.at_hand.model_url:
            return
        found = await local_model_servers()
        session.at_hand = with_servers(session.at_hand, [server.url for server in found if server.models])
        self._app.welcome.show(session.at_hand)
