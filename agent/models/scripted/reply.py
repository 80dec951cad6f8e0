"""What a scripted model says."""

from dataclasses import KW_ONLY, dataclass
from typing import Literal

from .faults import Fault

Finish = Literal["stop", "length", "tool_calls", "content_filter"]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool as a model asks for it; `arguments` is JSON, or what the model takes for it."""

    name: str
    arguments: str = "{}"


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: its text, the reasoning before it, and how it goes wrong.

    `finish` is the finish reason that is given; it is "length" whatever stands here where the request's limit of
    tokens cuts the reply. `usage` says whether token counts are told. `tools` are calls of tools beside the text.
    `delay_s` comes before this reply's first token, beyond the server's own.
    """

    text: str = ""
    _: KW_ONLY
    reasoning: str = ""
    finish: Finish = "stop"
    usage: bool = True
    fault: Fault | None = None
    tools: tuple[ToolCall, ...] = ()
    delay_s: float = 0.0
