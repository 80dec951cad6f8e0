"""Stores that are open beside each other in one process, each with a thread of its own."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from fontes.crawler import Page, text_hash
from fontes.retrievers import Store


def page(number: int) -> Page:
    text = "".join(f"The light number {number} stands on rock {line}.\n" for line in range(2_000 + 100 * number))
    return Page(text=text, hash=text_hash(text))


async def test_they_read_and_write_at_one_time(tmp_path: Path) -> None:
    pages = [page(number) for number in range(12)]
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(Store(tmp_path / str(number))) for number in range(6)]

        async def use(store: Store) -> None:
            for each in pages:
                await store.put([(each, ())], lasting=True)
            for _ in range(10):
                assert await store.texts([each.hash for each in pages]) == {each.hash: each.text for each in pages}

        async with asyncio.TaskGroup() as group:
            for store in stores:
                group.create_task(use(store))
