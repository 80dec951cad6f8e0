"""What can go wrong with a model server, named."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Literal, get_args

Kind = Literal[
    "bad_label",
    "code_fence",
    "cut",
    "duplicate_keys",
    "empty_choices",
    "garbage",
    "html",
    "huge",
    "lying_context",
    "negative_tokens",
    "no_usage",
    "not_json",
    "null_content",
    "refuse",
    "slow",
    "stall",
    "think_unclosed",
    "tool_call",
    "wrong_content_type",
]

KINDS: tuple[Kind, ...] = get_args(Kind)

# Those that need no chat: they can be had at every path (`ScriptedServer.faults`).
AT_ANY_PATH: frozenset[Kind] = frozenset(
    {"cut", "garbage", "html", "not_json", "refuse", "slow", "stall", "wrong_content_type"}
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong with a reply.

    ==================== ================================================================================
    refuse               `status` (500), with `body` (JSON error as vLLM words it) and `headers`, such as
                         `{"Retry-After": "2"}` with 429
    html                 a proxy's error page, `status` (200), as text/html
    cut                  the connection is closed after `after` tokens
    stall                nothing more is sent after `after` tokens (0: not even the first) for `seconds`;
                         0 seconds: until the client goes
    slow                 `seconds` before each token (a reply in one piece waits for all of them)
    empty_choices        `"choices": []`
    null_content         `"content": null`
    tool_call            a call of a tool that nobody offered, in place of text
    think_unclosed       the text begins with `<think>`, which never ends
    code_fence           the text stands in a Markdown code fence
    duplicate_keys       every key of the JSON text's objects comes twice, the second time with an empty value
    bad_label            every label (or other word of an enum) in the text becomes one that nobody offered
    huge                 the text goes on for `megabytes`, beyond any limit of tokens
    negative_tokens      token counts below zero
    no_usage             no token counts
    not_json             `body`, or a sentence, where JSON should be; in a stream after `after` tokens
    lying_context        prompts above `after` tokens are refused, whatever `/v1/models` says
    garbage              bytes that are no text, in a stream after `after` tokens
    wrong_content_type   the right reply, as `text/plain`
    ==================== ================================================================================
    """

    kind: Kind
    _: KW_ONLY
    after: int = 0
    status: int = 0
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    megabytes: float = 10.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no fault; there are {', '.join(KINDS)}")
