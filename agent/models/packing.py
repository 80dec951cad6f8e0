"""Which passages go into a prompt: those worth the most for the tokens they take."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from ...retrievers import Evidence
from ..verifiers.reading.terms import is_negation, numbers, words
from . import fence
from .candidates import stems

Count = Callable[[str], Awaitable[int]]

# Two passages with at least this share of their content words in common say the same, unless numbers or denials differ.
_SAME = 0.9

# Windows are filled by estimates (the share by bytes), which are a few per cent off; what is over would be left out.
_FILLED = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """The passages of a prompt, in an order of their own (page, place), so that the same ones make the same prompt.

    `text` is how they stand in it, `labels` are their names there, `tokens` what it takes. `left_out` passages found no
    room; near copies of others are none of them.
    """

    passages: tuple[Evidence, ...] = ()
    text: str = ""
    tokens: int = 0
    left_out: int = 0

    @property
    def labels(self) -> tuple[str, ...]:
        """S1, S2, …, in the order of `passages`."""
        return fence.labels(len(self.passages))


async def pack(evidence: Sequence[Evidence], budget_tokens: int, count: Count) -> Packed:
    """Choose of `evidence`, best first, what fits in `budget_tokens` as it stands in the prompt.

    The best one is taken first, however long it is, if it fits; then by value per token. Tokens are counted twice in
    all, not once a passage: each is taken to have its share of the whole, and what was chosen is counted and made less
    if need be. `passages` is () when nothing fits.
    """
    distinct = _distinct(evidence)
    costs = await _costs(distinct, count)
    # By place, which holds what first stage and cross-encoder found: no value made of their scores packed a whole set
    # of supporting sentences for more than two of WiCE's 193 claims beyond that (2,300 tokens of 12 passages: .943).
    order = sorted(range(1, len(distinct)), key=lambda i: -1 / ((1 + i) * costs[i]))
    chosen: list[int] = []
    left = float(budget_tokens)
    for i in ([0] if distinct else []) + order:
        if costs[i] <= left:
            chosen.append(i)
            left -= costs[i]
    while chosen:
        passages = in_reading_order([distinct[i] for i in chosen])
        text = fence.fenced(passages)
        tokens = await count(text)
        if tokens <= budget_tokens:
            left_out = len(distinct) - len(chosen)
            return Packed(passages=passages, text=text, tokens=tokens, left_out=left_out)
        over: float = tokens - budget_tokens
        while chosen and over > 0:
            over -= costs[chosen.pop()]
    return Packed(left_out=len(distinct))


async def windows(evidence: Sequence[Evidence], budget_tokens: int, count: Count) -> list[Packed]:
    """All of `evidence`, in reading order, in stretches that fit; one without passages held what never fits."""
    ordered = list(in_reading_order(evidence))
    costs = await _costs(ordered, count)
    stretches: list[list[Evidence]] = []
    used = float(budget_tokens)
    for e, cost in zip(ordered, costs, strict=True):
        if used + cost > _FILLED * budget_tokens:
            stretches.append([])
            used = 0.0
        stretches[-1].append(e)
        used += cost
    return [await pack(stretch, budget_tokens, count) for stretch in stretches]


def in_reading_order(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """By page and place in it."""
    return tuple(sorted(evidence, key=lambda e: (e.passage.page_hash, e.passage.start, e.passage.end)))


async def _costs(evidence: Sequence[Evidence], count: Count) -> list[float]:
    """The tokens of each passage in its fence: its share, by bytes, of those of all together."""
    if not evidence:
        return []
    sizes = [len(fence.passage("S10", e).encode("utf-8", "replace")) + 1 for e in evidence]
    total = await count(fence.fenced(in_reading_order(evidence)))  # as they stand in the prompt if all of them fit
    return [size * total / sum(sizes) for size in sizes]


def _distinct(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Each near copy once: the better placed one."""
    kept: list[tuple[str, frozenset[str]]] = []
    distinct: list[Evidence] = []
    for e in evidence:
        text, held = e.passage.text, stems(e.passage.text)
        near = (other for other, theirs in kept if len(held & theirs) >= _SAME * len(held | theirs))
        if not any(_facts(text) == _facts(other) for other in near):
            kept.append((text, held))
            distinct.append(e)
    return distinct


def _facts(text: str) -> tuple[object, ...]:
    return frozenset(numbers(text).values()), sum(map(is_negation, words(text)))
