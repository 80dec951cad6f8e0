"""The chat socket: a language model that continues a conversation, as the roles of the river use it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

Speaker = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn. Text that was retrieved stands in a `user` message, fenced; never in a `system` one."""

    role: Speaker
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """What a model is asked: the conversation, the JSON Schema that its reply is held to (None: free text).

    `schema_name` names the schema for servers that want one. `max_tokens` bounds the reply.
    """

    messages: tuple[Message, ...]
    schema: Mapping[str, object] | None = None
    schema_name: str = "reply"
    max_tokens: int = 1_024
    temperature: float = 0.0
    seed: int | None = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a server said and showed of one of its models.

    `models` are those it serves; `context` the context length in tokens, None if it does not say. `obeys_schema`: a
    reply held to a schema kept to it; `streams`: replies come in pieces; `reasons`: it writes reasoning before its
    reply; `counts_tokens`: it has a tokenizer endpoint. `notes` say in a line each what is missing and what is done
    instead. `checked` is when (ISO 8601, UTC).
    """

    model: str
    models: tuple[str, ...] = ()
    context: int | None = None
    obeys_schema: bool = True
    streams: bool = True
    reasons: bool = False
    counts_tokens: bool = False
    notes: tuple[str, ...] = ()
    checked: str = ""


class Chat(Protocol):
    """A language model behind some API. `name` is the model's name as it is shown and recorded."""

    name: str

    def stream(self, request: ChatRequest) -> AsyncIterator[str]:
        """The reply in pieces, as they come, without the model's reasoning.

        Tried again within the run's budget while nothing has come yet, never after. Tokens are booked on the run that
        is going on (`agent.account`).

        Raises:
            ServedError: no reply (any of its kinds), or an end before the end; the pieces that came stand.
            BudgetExceeded: the run has not that many tokens or that much money left.
        """
        ...

    async def capabilities(self) -> Capabilities:
        """What the model can do, as probed once and kept.

        Raises:
            ServedError: it cannot be asked.
        """
        ...

    async def count(self, text: str) -> int:
        """The tokens of a text: by the server's tokenizer, else a bound that is safe (never too small)."""
        ...
