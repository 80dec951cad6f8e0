"""The web as one assistant reaches it: search providers and the crawler, opened when a question first needs them."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from .deps import AtHand

if TYPE_CHECKING:
    from ..crawler import Crawler
    from ..tools import FanOut
    from .archived import Archive
    from .registered import Register


class Web:
    """Builds the crawler and the providers once, on first use: a question of one's own files never pays for them.

    `archive()` is where copies of pages that are gone are asked for, None when no archive is among the providers;
    `registers()` are where cited works are looked up.
    """

    def __init__(
        self,
        *,
        crawler: "Callable[[], Crawler]",
        search: "Callable[[], FanOut]",
        providers: tuple[str, ...],
        is_on: bool,
        archive: "Callable[[], Archive | None]" = lambda: None,
        registers: "Callable[[], tuple[Register, ...]]" = tuple,
    ) -> None:
        self._make_crawler, self._make_search, self.archive, self.registers = crawler, search, archive, registers
        self._providers, self._is_on = providers, is_on
        self._crawler: Crawler | None = None
        self._search: FanOut | None = None
        self._opening = asyncio.Lock()  # parts two questions that both open the crawler
        self._stack = AsyncExitStack()

    def at_hand(self, index_pages: int) -> AtHand:
        """What a question can be taken to."""
        return AtHand(index_pages=index_pages, web=self._is_on, providers=self._providers)

    async def crawler(self) -> "Crawler":
        """The crawler, opened.

        Raises:
            SettingError: its settings cannot be read.
        """
        async with self._opening:
            if self._crawler is None:
                self._crawler = await self._stack.enter_async_context(self._make_crawler())
            return self._crawler

    def search(self) -> "FanOut":
        """The providers, as one.

        Raises:
            SettingError: one of them cannot be built.
        """
        if self._search is None:
            self._search = self._make_search()
        return self._search

    async def aclose(self) -> None:
        """Close what was opened."""
        await self._stack.aclose()
