"""The Assistant behind the chat: opened in a task of its own while the screen is there, and changed in place."""

import asyncio
import gc
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..assistant import Assistant
    from ..settings import Settings


_CLIENTS = ("openai", "openai.resources.chat", "httpcore2")
"""What the first question to a model would import while keys are pressed (0.4 s); imported in a thread before it."""


class Service:
    """Opens one Assistant at a time over the settings, with `changes` in place of what is set elsewhere.

    It is entered and left by the same task, and its imports (1.4 s of processor time) are done in a thread.
    """

    def __init__(self, **changes: Any) -> None:
        self.given = dict(changes)
        """What it was begun with in place of what is set elsewhere; `changes` is what it has now."""
        self.changes = changes
        self._opened: asyncio.Future[Assistant] | None = None
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to open it, unless that was begun; `assistant` awaits the end of that."""
        if self._opened is not None:
            return
        self._closing = asyncio.Event()
        self._opened = asyncio.get_running_loop().create_future()
        self._opened.add_done_callback(_seen)
        self._task = asyncio.create_task(self._live(self._opened, self._closing), name="fontes-chat-service")

    @property
    def is_open(self) -> bool:
        """Whether it is open now."""
        future = self._opened
        return future is not None and future.done() and not future.cancelled() and future.exception() is None

    async def assistant(self) -> "Assistant":
        """The Assistant, once it is open; begins to open it if nobody did.

        Raises:
            SettingError, StoreError: it cannot be opened.
        """
        self.start()
        assert self._opened is not None
        return await asyncio.shield(self._opened)

    async def change(self, **changes: Any) -> "Assistant":
        """Open another one with these settings changed; when it cannot be opened, the former comes back.

        Raises:
            SettingError, StoreError: it cannot be opened with them.
        """
        former = self.changes
        await self.close()
        self.changes = former | changes
        self.start()
        try:
            return await self.assistant()
        except Exception:
            await self.close()
            self.changes = former
            self.start()
            raise

    async def close(self) -> None:
        """Close it and wait for that."""
        self._closing.set()
        if self._task is not None:
            task, self._task, self._opened = self._task, None, None
            await asyncio.wait([task])
            task.result()

    async def _live(self, opened: "asyncio.Future[Assistant]", closing: asyncio.Event) -> None:
        try:
            made = await asyncio.to_thread(_made, self.changes)
            if closing.is_set():
                opened.cancel()
                return
            async with made as assistant:
                if not opened.done():
                    opened.set_result(assistant)
                await closing.wait()
        except Exception as error:
            if opened.done():  # it failed while it was closed
                raise
            opened.set_exception(error)


def _made(changes: dict[str, Any]) -> "Assistant":
    settings: type[Settings] = import_module("..settings", __package__).Settings
    assistant: type[Assistant] = import_module("..assistant", __package__).Assistant
    chosen = settings(**changes)
    if chosen.model_url:
        for client in _CLIENTS:
            import_module(client)
    made = assistant(chosen)
    gc.freeze()  # a full collection would look through all that was imported: keys would wait for it for 0.15 s
    return made


def _seen(future: "asyncio.Future[Assistant]") -> None:
    """An error that nobody awaited is not reported a second time by the loop."""
    if not future.cancelled():
        future.exception()
