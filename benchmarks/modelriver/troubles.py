"""Everything that can go wrong with a model server, as what its replies become or as how it is there at all."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from fontes.agent.models.scripted import Asked, Fault, Reply, ToolCall, quoting
from fontes.agent.models.scripted.faults import KINDS

Scope = Literal["every reply", "the first", "drafts", "router"]
SCOPES: tuple[Scope, ...] = ("every reply", "the first", "drafts", "router")

_MEANT_SLOW_S = 0.15
_REFUSALS: tuple[tuple[int, Mapping[str, str]], ...] = (
    (400, {}), (401, {}), (403, {}), (404, {}), (408, {}), (409, {}), (413, {}), (422, {}), (429, {}),
    (429, {"Retry-After": "1"}), (429, {"Retry-After": "600"}), (429, {"Retry-After": "soon"}), (500, {}), (502, {}),
    (503, {}), (503, {"Retry-After": "1"}), (504, {}), (302, {"Location": "http://127.0.0.1:9/"}),
)  # fmt: skip

Write = Callable[[str, random.Random], Reply]


def _said(text: str) -> Write:
    return lambda _reply, _rng: Reply(text)


def _thinking(reply: str, _rng: random.Random) -> Reply:
    return Reply(f'<think>Is it {{"sentences": [{{"text": "never"}}]}}? No.</think>\n{reply}')


def _shouted(reply: str, _rng: random.Random) -> Reply:
    return Reply(f"Certainly! Here is the JSON you asked for:\n\n{reply}\n\nLet me know if you need more. " * 2)


def _cut_off(reply: str, rng: random.Random) -> Reply:
    return Reply(reply[: rng.randrange(len(reply))], finish="length")


def _dropped(reply: str, rng: random.Random) -> Reply:
    at = rng.randrange(len(reply))
    return Reply(reply[:at] + reply[at + 1 + rng.randrange(5) :])


def _unquoted(reply: str, _rng: random.Random) -> Reply:
    return Reply(reply.replace('"quote": "', '"quote": "As everybody knows, '))


def _numbered(reply: str, _rng: random.Random) -> Reply:
    return Reply(reply.replace('["S', "[").replace('"], "quote"', '], "quote"'))


def _nested(reply: str, _rng: random.Random) -> Reply:
    return Reply(f'{{"answer": {{"data": [{reply}, {reply}]}}, "sentences": 3}}')


def _repeating(reply: str, _rng: random.Random) -> Reply:
    return Reply('{"sentences": [' + '{"text": "It is so and so and so.", "labels": ["S1"], "quote": ""}, ' * 400)


def _deep(reply: str, _rng: random.Random) -> Reply:
    return Reply('{"sentences": ' + "[" * 3_000 + "]" * 3_000 + "}")


def _calling(reply: str, _rng: random.Random) -> Reply:
    return Reply("", tools=(ToolCall("open_url", '{"url": "http://unwanted.test"}'),), finish="tool_calls")


WRITTEN: dict[str, Write] = {
    "empty": _said(""),
    "blanks": _said(" \n" * 200),
    "prose": _said("The model would rather tell you a story. Once upon a time there was a lighthouse."),
    "null": _said("null"),
    "no sentences": _said('{"sentences": []}'),
    "sentences of numbers": _said('{"sentences": [1, 2, {"text": 3, "labels": [4], "quote": 5}]}'),
    "thinks first": _thinking,
    "talks around": _shouted,
    "cut at its limit": _cut_off,
    "characters lost": _dropped,
    "quotes invented": _unquoted,
    "labels without S": _numbered,
    "nested": _nested,
    "repeats itself": _repeating,
    "deeply nested": _deep,
    "calls a tool": _calling,
}
"""What the model writes instead of its honest reply."""

AROUND = (
    "server down", "wrong model", "wrong path", "wrong key", "no HTTP", "small context", "tiny context",
    "lies of context", "no schemas", "no tokenizer", "models fail", "tokenizer fails", "every path fails",
    "budget of tokens", "no time",
)  # fmt: skip
"""What is wrong with the server or the settings, whatever it replies."""

NAMES = (*KINDS, *(f"refuse {status}" for status in dict.fromkeys(s for s, _ in _REFUSALS)), *WRITTEN, *AROUND)


@dataclass(slots=True, kw_only=True)
class Trouble:
    """One way to fail, drawn with `rng`; it is a responder, and says what the server and the settings are like."""

    name: str
    rng: random.Random
    scope: Scope = "every reply"
    struck: int = 0
    server: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    _fault: Fault | None = None
    _write: Write | None = None
    _chats: int = 0

    @classmethod
    def drawn(cls, name: str, rng: random.Random) -> "Trouble":
        """With its details by chance."""
        trouble = cls(name=name, rng=rng, scope=rng.choice(SCOPES), _write=WRITTEN.get(name))
        trouble.server["context"] = rng.choice((2_048, 4_096, 8_192, 32_768))
        trouble.server["obeys_schema"] = rng.random() < 0.8
        trouble.server["tokenizer"] = rng.random() < 0.8
        trouble.server["tokens_per_event"] = rng.choice((1, 1, 4, 50))
        trouble.settings["router"] = rng.choice(("auto", "rules"))
        if name in KINDS:
            trouble._fault = _drawn(name, rng)
        elif name.startswith("refuse "):
            status = int(name.removeprefix("refuse "))
            headers = rng.choice([h for s, h in _REFUSALS if s == status])
            trouble._fault = Fault("refuse", status=status, headers=headers)
        else:
            trouble._surround()
        return trouble

    def __call__(self, asked: Asked) -> Reply:
        """The honest reply, or what becomes of it."""
        self._chats += 1
        honest = quoting(asked)
        if not self._strikes(asked):
            return honest
        self.struck += 1
        if self._write is not None:
            return self._write(honest.text or " ", self.rng)
        return Reply(honest.text, fault=self._fault)

    def _strikes(self, asked: Asked) -> bool:
        if self._fault is None and self._write is None:
            return False
        is_draft = "<passage " in asked.text
        match self.scope:
            case "every reply":
                return True
            case "the first":
                return self._chats == 1
            case "drafts":
                return is_draft
            case _:
                return not is_draft

    def _surround(self) -> None:
        """What the server and the settings are like, for the troubles that are no replies."""
        failing = Fault(self.rng.choice(("refuse", "html", "garbage", "stall", "cut", "not_json")))
        match self.name:
            case "wrong model":
                self.settings["model"] = "another-model"
            case "wrong key":
                self.server["key"] = "the-right-one"
            case "small context":
                self.server["context"] = 1_024
            case "tiny context":
                self.server["context"] = self.rng.choice((512, 700))
            case "lies of context":
                self.server |= {"context": self.rng.choice((700, 1_024, 1_500)), "claims": 32_768}
            case "no schemas":
                self.server["obeys_schema"] = False
            case "no tokenizer":
                self.server["tokenizer"] = False
            case "models fail":
                self.server["faults"] = {"/v1/models": failing}
            case "tokenizer fails":
                self.server |= {"tokenizer": True, "faults": {"/tokenize": failing}}
            case "every path fails":
                paths = ("/v1/models", "/tokenize", "/v1/chat/completions")
                self.server |= {"tokenizer": True, "faults": dict.fromkeys(paths, failing)}
            case "budget of tokens":
                self.settings["tokens"] = self.rng.choice((1, 100, 1_000, 2_500))
            case "no time":
                self.settings["seconds"] = self.rng.choice((0.01, 0.05, 0.1, 0.2))
            case _:
                pass


def _drawn(name: str, rng: random.Random) -> Fault:
    after = rng.choice((0, 1, 3, 20, 60, 120))
    if name == "lying_context":
        return Fault("lying_context", after=rng.choice((200, 500, 900, 1_200)))
    if name == "slow":
        return Fault("slow", seconds=_MEANT_SLOW_S)
    if name == "stall":
        return Fault("stall", after=after, seconds=rng.choice((0.0, 0.3)))
    if name == "refuse":
        status, headers = rng.choice(_REFUSALS)
        return Fault("refuse", status=status, headers=headers)
    return Fault(name, after=after)  # type: ignore[arg-type]


def as_json(trouble: Trouble) -> str:
    """For a bug report."""
    shown = {"name": trouble.name, "scope": trouble.scope, "server": trouble.server, "settings": trouble.settings}
    return json.dumps(shown | {"fault": str(trouble._fault)}, default=str)
