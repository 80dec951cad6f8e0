"""The chat over a folder of two files, driven by a pilot; and sentences, verdicts and turns made by hand."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from fontes.agent.settings import Settings
from fontes.agent.tui.app import FontesChat
from fontes.agent.tui.service import Service
from textual.pilot import Pilot

Until = Callable[[Callable[[], object]], Any]


class Chatting:
    """A chat that runs: its app, its pilot, and waiting for what is to come."""

    def __init__(self, app: FontesChat, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    async def until(self, holds: Callable[[], object], *, within_s: float = 20) -> None:
        """Let the app go on until something holds."""
        async with asyncio.timeout(within_s):
            while not holds():
                await self.pilot.pause(0.01)

    async def write(self, text: str) -> None:
        """Press the keys of a text."""
        names = {" ": "space", "/": "slash", "?": "question_mark", ".": "full_stop", "-": "minus", "\n": "ctrl+j"}
        await self.pilot.press(*(names.get(character, character) for character in text))

    async def ask(self, question: str) -> None:
        """Write a question, send it, and wait for the end of its answer."""
        self.app.write_area.write(question)
        await self.pilot.press("enter")
        await self.until(lambda: self.app.turns and not self.app.turns[-1].is_open)
        await self.idle()

    async def idle(self) -> None:
        """Wait until nothing is asked any more."""
        await self.until(lambda: not self.app.session.asking.is_busy)
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys and let what they do be done."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    def shown(self) -> str:
        """The screen as text, line by line."""
        return shown(self.app)


def shown(app: FontesChat) -> str:
    """What the screen shows, as text."""
    width, height = app.size
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip)[:width].rstrip() for strip in strips[:height])


class Chats(Protocol):
    """Starts a chat; `options` are `FontesChat`'s, `settings` those of its service."""

    def __call__(
        self, size: tuple[int, int] = (100, 30), settings: dict[str, Any] | None = None, **options: Any
    ) -> Any: ...


@pytest.fixture
def chats(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Chats:
    """Chats over one data directory, one after the other or side by side; no model, and no web."""
    monkeypatch.chdir(tmp_path)
    bare = {"home": settings.home, "embedder": "none", "reranker": "none", "workers": 1, "web": False}

    async def no_servers(self: object) -> None:
        """What listens on this machine's usual ports is no business of a test."""

    monkeypatch.setattr("fontes.agent.tui.command_actions.CommandActions.look_for_servers", no_servers)

    @asynccontextmanager
    async def chat(
        size: tuple[int, int] = (100, 30), settings: dict[str, Any] | None = None, **options: Any
    ) -> AsyncIterator[Chatting]:
        service = Service(**bare | (settings or {}))
        app = FontesChat(service, **{"theme": "fontes", **options})
        try:
            async with app.run_test(size=size, notifications=True) as pilot:
                chatting = Chatting(app, pilot)
                await chatting.until(lambda: service.is_open or app.query("Welcome"))
                yield chatting
        finally:
            await app.session.close()

    return chat


@pytest.fixture
async def chat(chats: Chats, docs: Path) -> AsyncIterator[Chatting]:
    """One chat that answers from `orvay.txt` and `stennick.txt`, once it is open."""
    async with chats(docs=(str(docs),)) as chatting:
        await chatting.until(lambda: chatting.app.session.service.is_open and chatting.app.session.at_hand.named)
        yield chatting
