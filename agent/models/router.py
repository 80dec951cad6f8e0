"""The router: a model that is asked small things on the way, while a person waits."""

import asyncio
from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel

from ...retrievers.served.errors import ServerStalled
from ..account import current_account
from .chat import Chat, Message
from .structured import structured

_MOST_SECONDS = 8.0
_SHARE_OF_TIME = 0.25
"""Of the seconds that the run has left, the most that one such question may take: the answer is still to be found."""

Reply = TypeVar("Reply", bound=BaseModel)


async def ask_router(chat: Chat, messages: Sequence[Message], reply_model: type[Reply], *, max_tokens: int) -> Reply:
    """The model's reply as a `reply_model`, within a quarter of the run's time and eight seconds at most.

    Raises:
        ServedError: no reply that can be read; `ServerStalled` where the time was over.
        BudgetExceeded: the run has not that many tokens or that much money left.
    """
    seconds = patience_s()
    deadline = asyncio.timeout(seconds)
    try:
        async with deadline:
            return await structured(chat, messages, reply_model, max_tokens=max_tokens)
    except TimeoutError as error:
        if not deadline.expired():
            raise
        raise ServerStalled(chat.name, f"no reply within {seconds:.1f} s") from error


def patience_s() -> float:
    """How long a reply is waited for, in seconds."""
    account = current_account()
    left = None if account is None else account.seconds_left()
    return _MOST_SECONDS if left is None else min(_MOST_SECONDS, left * _SHARE_OF_TIME)
