"""The commands that need no screen: what questions are asked from, who writes and checks, and exports."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ...retrievers.errors import RetrievalError
from ..errors import AgentError
from ..tags import known_tags
from .commands import COMMANDS, EXPORTS, UnknownCommand, arguments, parsed
from .dropped import missing, named
from .export_file import write_export
from .plain_text import one_line
from .turn import ShownTurn

if TYPE_CHECKING:
    from .session import Session

_WEB: dict[str, bool | None] = {"on": True, "off": False, "auto": None}


class Face(Protocol):
    """What a chat shows itself through, drawn or in lines."""

    @property
    def session(self) -> "Session": ...

    @property
    def turns(self) -> list[ShownTurn]: ...

    def tell(self, text: str, *, is_warning: bool = False, seconds: float = 5) -> None: ...

    def refresh_status(self) -> None: ...

    async def load(self, turns: Sequence[ShownTurn]) -> None: ...

    def resume(self, turn: ShownTurn) -> None: ...


class SpokenActions:
    """The commands of one chat; a method for each, which takes what stands behind its name."""

    def __init__(self, face: Face) -> None:
        self._face = face
        self._by_name: dict[str, Callable[[str], Awaitable[None]]] = {
            command.name: method for command in COMMANDS if (method := getattr(self, f"_{command.name}", None))
        }

    async def run(self, text: str) -> bool:
        """Run a command as it was typed; False when it could not be, which is said."""
        try:
            command, rest = parsed(text)
            method = self._by_name.get(command.name)
            if method is None:
                raise UnknownCommand(f"/{command.name}", "it needs the drawn chat, without --plain")
            await method(rest)
        except (AgentError, RetrievalError) as error:
            self._face.tell(str(error), is_warning=True, seconds=8)
            return False
        self._face.refresh_status()
        return True

    # What questions are asked from

    async def _web(self, rest: str) -> None:
        session = self._face.session
        if rest:
            if rest not in _WEB:
                raise UnknownCommand("/web", f"{rest!r} is none of on, off and auto")
            session.scope = replace(session.scope, web=_WEB[rest])
        words = {True: "always", False: "never", None: "when the question and the settings ask for it"}
        self._face.tell(f"the web is searched {words[session.scope.web]}")

    async def _docs(self, rest: str) -> None:
        session = self._face.session
        if rest == "-":
            session.scope = replace(session.scope, docs=())
            self._face.tell("questions may use all your sources again")
        elif why := missing(named(rest)):
            self._face.tell(f"{why}; nothing was changed", is_warning=True)
        elif rest:
            session.scope = replace(session.scope, docs=named(rest))
            self._face.tell(f"answers come from {_listed(session.scope.docs)} alone; /docs - ends that")
        else:
            docs = session.scope.docs
            self._face.tell(f"answers come from {_listed(docs)}" if docs else "no source is singled out: /docs PATH…")

    async def _tag(self, rest: str) -> None:
        session = self._face.session
        store = (await session.service.assistant()).index.store
        if rest:
            wanted = () if rest == "-" else tuple(word.removeprefix("#") for word in arguments(rest))
            session.scope = replace(session.scope, tags=await known_tags(wanted, store))
            await self._look_again()
        tags = session.scope.tags
        if tags:
            self._face.tell(f"answers come from sources tagged {' or '.join(tags)} alone; /tag - ends that", seconds=8)
        elif rest:
            self._face.tell("questions may use sources with any tag, or none")
        else:
            counts = [f"{each.name} ({each.sources:,})" for each in await store.tags()]
            said = f"your tags: {', '.join(counts)}. /tag NAME…" if counts else "there are no tags yet: /add PATH #TAG"
            self._face.tell(said, seconds=8)

    async def _since(self, rest: str) -> None:
        from typer import BadParameter

        from ..cli.web_options import since_date

        if rest:
            try:
                self._face.session.since = None if rest == "-" else since_date(rest)
            except BadParameter as error:
                raise UnknownCommand("/since", error.message) from error
        since = self._face.session.since
        self._face.tell(f"pages published since {since.isoformat()}" if since else "pages of any date")

    async def _site(self, rest: str) -> None:
        from typer import BadParameter

        from ..cli.web_options import site_host

        if rest:
            try:
                hosts = () if rest == "-" else tuple(map(site_host, arguments(rest)))
            except BadParameter as error:
                raise UnknownCommand("/site", error.message) from error
            self._face.session.sites = hosts
        sites = self._face.session.sites
        self._face.tell(f"the web is searched on {_listed(sites)} alone" if sites else "all of the web may be searched")

    async def _look_again(self) -> None:
        try:
            await self._face.session.look()
        except (AgentError, RetrievalError) as error:
            self._face.tell(str(error), is_warning=True)
        self._face.refresh_status()

    async def added(self) -> None:
        """Sources were added: the counts are others now."""
        await self._look_again()

    # Who writes and who checks

    async def _model(self, rest: str) -> None:
        words = arguments(rest)
        if not words:
            at_hand = self._face.session.at_hand
            found = f"; one answers at {at_hand.servers[0]}" if at_hand.servers else ""
            self._face.tell(f"{at_hand.model_url or 'no model'} writes{found}. /model URL changes it")
            return
        if words[0] == "-":
            await self._changed(model_url="", model="")
            self._face.tell("answers quote from now on, without a model")
            return
        from .model_choice import chosen_model

        self._face.tell(f"asking the model at {words[0]} for a word …")
        service = self._face.session.service
        url, name = words[0], words[1] if len(words) > 1 else ""
        changed = await chosen_model(service.given, service.changes, url, name)
        await self._changed(**changed)
        self._face.tell(f"{changed['model']} at {url} writes from now on")

    async def _verify(self, rest: str) -> None:
        if not rest:
            assistant = await self._face.session.service.assistant()
            self._face.tell(f"sentences are checked by `{assistant.settings.verifier}`")
            return
        await self._changed(verifier=rest)
        self._face.tell(f"sentences are checked by `{rest}` from now on")

    async def _changed(self, **changes: object) -> None:
        session = self._face.session
        if session.asking.is_busy:
            raise UnknownCommand("the settings", "an answer is being written; Esc ends it first")
        await session.service.change(**changes)
        await self._look_again()

    # The conversation

    async def _export(self, rest: str) -> None:
        words = arguments(rest)
        format = words[0] if words else "md"
        if format not in EXPORTS:
            raise UnknownCommand("/export", f"{format!r} is none of {', '.join(EXPORTS)}")
        session = self._face.session
        turns = self._face.turns
        await self._face.load(turns)
        answers = [turn.answer for turn in turns if turn.answer is not None]
        if not answers:
            raise UnknownCommand("/export", "there is no answer yet")
        path = await write_export(answers, format, words[1] if len(words) > 1 else "", title=session.title)
        self._face.tell(f"{len(answers):,} {'answer' if len(answers) == 1 else 'answers'} written to {path}", seconds=8)

    async def _rename(self, rest: str) -> None:
        session = self._face.session
        assistant = await session.service.assistant()
        await assistant.conversations.rename(session.conversation, rest)
        session.title = one_line(rest)

    async def _resume(self, rest: str) -> None:
        turn: ShownTurn | None = next((each for each in reversed(self._face.turns) if each.may_go_on), None)
        if turn is None:
            is_elsewhere = any(each.state == "elsewhere" for each in self._face.turns)
            why = "another window is answering it" if is_elsewhere else "no answer of this conversation was stopped"
            raise UnknownCommand("/resume", why)
        self._face.resume(turn)


def _listed(names: Sequence[str]) -> str:
    shown = [Path(name).name or name for name in names]
    return ", ".join(map(one_line, shown[:3])) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")
