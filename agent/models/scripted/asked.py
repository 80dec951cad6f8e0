"""What a scripted server was asked."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..chat import Message


@dataclass(slots=True, kw_only=True, eq=False)
class Asked:
    """One request, as the responder and later the test see it.

    `body` is the JSON as it came, {} where there was none. `headers` have lower-case names. Of a chat are: `messages`;
    `prompt_tokens`, which they have as the model reads them; `max_tokens`, which the reply may have; `schema`, the JSON
    Schema that it is held to, None for free text, and also where the server does not obey one.

    What becomes of it: `tokens_sent` counts what was generated, `cancelled` is True once the client went before the
    end, `ended` is set when the server is done with it, either way.
    """

    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    messages: tuple[Message, ...] = ()
    prompt_tokens: int = 0
    schema: Mapping[str, Any] | None = None
    max_tokens: int = 0
    tokens_sent: int = 0
    cancelled: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def streams(self) -> bool:
        """True where the reply was asked for piece by piece."""
        return bool(self.body.get("stream"))

    @property
    def last(self) -> str:
        """The last message of the user; "" without one."""
        return next((m.content for m in reversed(self.messages) if m.role == "user"), "")

    @property
    def text(self) -> str:
        """All messages, with an empty line between them."""
        return "\n\n".join(message.content for message in self.messages)
