"""What the server counts, in Prometheus' text format under vLLM's names, and its model of a prefix cache."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from .asked import Asked

BLOCK_TOKENS = 128  # vLLM's on a CPU; 16 on a GPU
_MOST_BLOCKS = 8_192  # a million tokens; the block used longest ago goes first


@dataclass(slots=True)
class PrefixCache:
    """Which blocks of which prompts have been seen, each known by itself and all before it."""

    _blocks: OrderedDict[int, None] = field(default_factory=OrderedDict)

    def take(self, prompt: Sequence[str]) -> int:
        """The tokens of the prompt that were there already; from now on all of its full blocks are.

        The last token is computed always, so a prompt that is all there misses its last block.
        """
        known, chain, is_known = 0, 0, True
        for end in range(BLOCK_TOKENS, len(prompt) + 1, BLOCK_TOKENS):
            chain = hash((chain, *prompt[end - BLOCK_TOKENS : end]))
            is_known = is_known and chain in self._blocks and end < len(prompt)
            known += BLOCK_TOKENS * is_known
            self._blocks[chain] = None
            self._blocks.move_to_end(chain)
        while len(self._blocks) > _MOST_BLOCKS:
            self._blocks.popitem(last=False)
        return known


@dataclass(slots=True)
class Metrics:
    """Counters since the start; `running` are the chats being answered now."""

    running: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    generated_tokens: int = 0
    finished: dict[str, int] = field(default_factory=lambda: {"stop": 0, "length": 0, "abort": 0, "error": 0})

    def prompt(self, tokens: int, cached: int) -> None:
        """Count a prompt that was taken on."""
        self.prompt_tokens += tokens
        self.cached_tokens += cached

    @contextmanager
    def answering(self, asked: Asked, finish: str) -> Iterator[None]:
        """Count a chat that is answered in the block: by its finish reason, "abort" where the client goes."""
        self.running += 1
        reason = "abort"
        try:
            yield
            reason = finish
        finally:
            self.running -= 1
            self.finished[reason] = self.finished.get(reason, 0) + 1
            self.generated_tokens += asked.tokens_sent

    def text(self, model: str) -> str:
        """All of it as `/metrics` shows it."""
        labels = f'engine="0",model_name="{model}"'
        rows = (
            ("num_requests_running", "gauge", self.running),
            ("num_requests_waiting", "gauge", 0),
            ("prefix_cache_queries", "counter", self.prompt_tokens),
            ("prefix_cache_hits", "counter", self.cached_tokens),
            ("prompt_tokens", "counter", self.prompt_tokens),
            ("prompt_tokens_cached", "counter", self.cached_tokens),
            ("generation_tokens", "counter", self.generated_tokens),
        )
        lines: list[str] = []
        for name, kind, value in rows:
            full = f"vllm:{name}_total" if kind == "counter" else f"vllm:{name}"
            lines += [f"# TYPE {full} {kind}", f"{full}{{{labels}}} {float(value)}"]
        lines.append("# TYPE vllm:request_success_total counter")
        for reason, count in self.finished.items():
            count = 0 if reason == "abort" else count  # vLLM counts nothing where the client goes
            lines.append(f'vllm:request_success_total{{{labels},finished_reason="{reason}"}} {float(count)}')
        return "\n".join(lines) + "\n"
