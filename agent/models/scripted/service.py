"""What is behind the server's paths: the model's manners, its counts, and its cache, without HTTP."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from . import chat, pooling, tokens
from .asked import Asked
from .chat import to_json
from .faults import AT_ANY_PATH, Fault
from .metrics import Metrics, PrefixCache
from .refusals import malformed, too_long, unknown_model, unknown_path, wrong_key, wrong_method
from .reply import Reply
from .schema import only_instance
from .spoiled import spoiled_answer, spoiled_reply
from .wire import Answer, Pace

Responder = Callable[[Asked], Reply]

CHAT = "/v1/chat/completions"
VERSION = "0.32.0"  # of the vLLM whose manners these are

_RERANK = ("/rerank", "/v1/rerank", "/v2/rerank")
_SCORE = ("/score", "/v1/score")
_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(kw_only=True)
class Service:
    """Answers requests whose bodies are read; see `ScriptedServer` for what can be set."""

    responder: Responder
    models: tuple[str, ...]
    context: int
    claims: int
    pace: Pace
    tokens_per_event: int
    key: str
    tokenizer: bool
    embeddings: int | None
    rerank: bool
    obeys_schema: bool
    reasoning_field: str
    faults: dict[str, Fault]
    metrics: Metrics = field(default_factory=Metrics)
    _cache: PrefixCache = field(default_factory=PrefixCache)
    _replies: int = 0

    def __post_init__(self) -> None:
        self._gets: dict[str, Callable[[], Answer]] = {
            "/v1/models": self._list,
            "/version": lambda: Answer(pieces=((0, to_json({"version": VERSION})),)),
            "/health": Answer,
            "/metrics": lambda: Answer(type=_PROMETHEUS, pieces=((0, self.metrics.text(self.models[0]).encode()),)),
        }
        self._posts: dict[str, Callable[[Asked], Answer]] = {}
        if self.tokenizer:
            self._posts |= {"/tokenize": self._tokenize, "/detokenize": self._detokenize}
        if self.embeddings is not None:
            self._posts["/v1/embeddings"] = self._embed
        if self.rerank:
            self._posts |= dict.fromkeys(_RERANK, self._rerank) | dict.fromkeys(_SCORE, self._score)

    def shown(self, asked: Asked) -> tuple[Answer, Pace]:
        """The answer to a GET.

        Raises:
            Refused: the key is wrong, there is no such path, or a fault says so.
        """
        fault = self._fault(asked)
        self._check_key(asked)
        if (show := self._gets.get(asked.path)) is None:
            raise wrong_method() if self._is_posted(asked.path) else unknown_path()
        return spoiled_answer(show(), fault), _paced(Pace(), fault)

    def answered(self, asked: Asked) -> tuple[Answer, Pace]:
        """The answer to a POST; `asked` gets what is read from its body.

        Raises:
            Refused: it is refused, as vLLM would or as a fault says.
            Unscripted: the responder has no reply for it.
        """
        fault = self._fault(asked)
        self._check_key(asked)
        if not self._is_posted(asked.path):
            raise wrong_method() if asked.path in self._gets else unknown_path()
        self._check_model(asked.body)
        if asked.path == CHAT:
            return self._chat(asked, fault)
        return spoiled_answer(self._posts[asked.path](asked), fault), _paced(Pace(), fault)

    def _is_posted(self, path: str) -> bool:
        return path == CHAT or path in self._posts

    def _fault(self, asked: Asked) -> Fault | None:
        fault = self.faults.get(asked.path)
        if fault is not None and asked.path != CHAT and fault.kind not in AT_ANY_PATH:
            raise ValueError(f"{fault.kind} is a fault of chats, not of {asked.path}")
        return fault

    def _check_key(self, asked: Asked) -> None:
        is_guarded = bool(self.key) and asked.path.startswith(("/v1", "/v2"))
        if is_guarded and asked.headers.get("authorization") != f"Bearer {self.key}":
            raise wrong_key()

    def _check_model(self, body: Mapping[str, Any]) -> None:
        name = body.get("model")
        if name and name not in self.models:
            raise unknown_model(str(name), self.models)

    def _chat(self, asked: Asked, fault: Fault | None) -> tuple[Answer, Pace]:
        asked.messages = chat.messages_of(asked.body)
        prompt = tokens.split(tokens.rendered(asked.messages))
        asked.prompt_tokens = len(prompt)
        limit = chat.limit_of(asked.body, asked.prompt_tokens, self.context)
        asked.max_tokens = limit
        asked.schema = chat.schema_of(asked.body) if self.obeys_schema else None
        reply = self._reply(asked)
        if fault is not None:
            reply = replace(reply, fault=fault)
        fault = reply.fault
        if fault is not None and fault.kind == "lying_context" and asked.prompt_tokens > fault.after:
            raise too_long(fault.after)
        self._replies += 1
        turn = chat.written(
            asked,
            spoiled_reply(reply, asked.schema),
            limit,
            number=self._replies,
            model=asked.body.get("model") or self.models[0],
            cached_tokens=self._take(prompt),
            reasoning_field=self.reasoning_field,
            per_event=self.tokens_per_event,
        )
        answer = chat.streamed(turn, asked.body) if asked.streams else chat.whole(turn)
        return spoiled_answer(answer, fault), _paced(self.pace, fault, reply.delay_s)

    def _reply(self, asked: Asked) -> Reply:
        """What the schema leaves no choice about needs no responder."""
        forced = None if asked.schema is None else only_instance(asked.schema)
        return self.responder(asked) if forced is None else Reply(forced)

    def _take(self, prompt: Sequence[str]) -> int:
        cached = self._cache.take(prompt)
        self.metrics.prompt(len(prompt), cached)
        return cached

    def _list(self) -> Answer:
        rows: list[dict[str, Any]] = [
            {
                "id": name, "object": "model", "created": 0, "owned_by": "vllm", "root": name, "parent": None,
                "max_model_len": self.claims, "permission": [],
            }
            for name in self.models
        ]  # fmt: skip
        return Answer(pieces=((0, to_json({"object": "list", "data": rows})),))

    def _tokenize(self, asked: Asked) -> Answer:
        """Of a `prompt`, or of `messages` as a chat would have them."""
        if isinstance(text := asked.body.get("prompt"), str):
            found = tokens.split(text)
        else:
            found = tokens.split(tokens.rendered(chat.messages_of(asked.body)))
        body = {
            "count": len(found),
            "max_model_len": self.claims,
            "tokens": [tokens.number(token) for token in found],
            "token_strs": found if asked.body.get("return_token_strs") else None,
        }
        return Answer(pieces=((0, to_json(body)),))

    def _detokenize(self, asked: Asked) -> Answer:
        numbers = asked.body.get("tokens")
        if not isinstance(numbers, list) or not all(isinstance(n, int) and n >= 0 for n in numbers):
            raise malformed("Input should be a valid list of integers", "tokens")
        try:
            return Answer(pieces=((0, to_json({"prompt": tokens.joined(numbers)})),))
        except ValueError as error:
            raise malformed(str(error), "tokens") from error

    def _embed(self, asked: Asked) -> Answer:
        assert self.embeddings is not None
        return pooling.embeddings(asked.body, model=self.models[0], dimensions=self.embeddings, context=self.context)

    def _rerank(self, asked: Asked) -> Answer:
        return pooling.rerank(asked.body, model=self.models[0], context=self.context)

    def _score(self, asked: Asked) -> Answer:
        return pooling.scores(asked.body, model=self.models[0], context=self.context)


def _paced(pace: Pace, fault: Fault | None, delay_s: float = 0.0) -> Pace:
    gap_s = fault.seconds if fault is not None and fault.kind == "slow" else 0.0
    return replace(pace, first_token_s=pace.first_token_s + delay_s + gap_s, gap_s=pace.gap_s + gap_s)
