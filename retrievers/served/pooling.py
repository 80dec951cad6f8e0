"""Texts to a served model that reads and does not write: in batches, none too long, and back in order."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from .endpoint import Endpoint
from .errors import BadReply, PromptTooLong, ServedError, ServerRefused

T = TypeVar("T")
Send = Callable[[Sequence[str]], Awaitable[Sequence[T]]]

BATCH = 32
"""Texts in one request: what most servers take, and no more than a second's work of one."""
_AT_ONCE = 2  # so that a question never waits behind all of a corpus
_CHARACTERS_A_TOKEN = 4  # about: what is still too long is halved
_TRUNCATE = "truncate_prompt_tokens"


class Pooling:
    """Requests to the model of an endpoint, which is asked to cut what is too long; a server that cannot is not."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._truncates = True

    @property
    def what(self) -> str:
        """The server, for messages."""
        return self._endpoint.url

    async def post(self, path: str, body: Mapping[str, object]) -> Any:
        """What the model answers at `path`.

        Raises:
            ServedError: any of its kinds.
        """
        body = {"model": await self._endpoint.model(), **body}
        if self._truncates:
            try:
                return await self._endpoint.post(path, {**body, _TRUNCATE: -1})  # vLLM's word for "to what fits"
            except ServerRefused as refused:
                if _TRUNCATE not in refused.why:
                    raise
                self._truncates = False
        return await self._endpoint.post(path, body)

    async def each(self, texts: Sequence[str], send: Send[T]) -> list[T]:
        """What `send` makes of all texts, in their order; each reply has one for each text that it was sent.

        A batch that is too long for the model is halved, and a single text shortened until it fits: what becomes of a
        text does not depend on its neighbours.

        Raises:
            ServedError: the first that failed.
        """
        slots = asyncio.Semaphore(_AT_ONCE)

        async def sent(batch: Sequence[str]) -> list[T]:
            async with slots:
                return await self._whole(batch, send)

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(sent(texts[at : at + BATCH])) for at in range(0, len(texts), BATCH)]
        except ExceptionGroup as failed:
            served = failed.subgroup(ServedError)
            if served is None:
                raise
            raise served.exceptions[0] from None
        return [one for task in tasks for one in task.result()]

    async def _whole(self, batch: Sequence[str], send: Send[T]) -> list[T]:
        try:
            return list(await send(batch))
        except PromptTooLong as error:
            if len(batch) == 1:
                return [await self._short(batch[0], send, error)]
        half = len(batch) // 2
        return [*await self._whole(batch[:half], send), *await self._whole(batch[half:], send)]

    async def _short(self, text: str, send: Send[T], error: PromptTooLong) -> T:
        while len(text) > 1:
            fits = (error.limit or len(text)) * _CHARACTERS_A_TOKEN
            text = text[: min(fits, len(text) // 2)]
            try:
                return (await send([text]))[0]
            except PromptTooLong as still:
                error = still
        raise error


def in_order(what: str, rows: object, count: int, field: str) -> list[Any]:
    """The values of `field` in the order of the texts, by the `index` that each row names.

    Raises:
        BadReply: not one row for each of `count` texts.
    """
    if not isinstance(rows, list):
        raise BadReply(what, "its reply is not in the documented format")
    found: dict[int, Any] = {}
    for row in rows:
        match row:
            case {"index": int(index)} if field in row and type(index) is int and index not in found:
                found[index] = row[field]
            case _:
                raise BadReply(what, f"a row of its reply has no {field}, no index, or another's")
    if found.keys() != set(range(count)):
        raise BadReply(what, f"its reply has {len(found)} rows for {count} texts, or names others")
    return [found[index] for index in range(count)]


def number(what: str, value: object) -> float:
    """A finite number of a reply.

    Raises:
        BadReply: it is none.
    """
    try:
        found = float(value) if isinstance(value, (int, float)) and type(value) is not bool else math.nan
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise BadReply(what, "its reply has something else where a number belongs")
    return found
