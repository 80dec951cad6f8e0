"""Poisoned facts: pages that say what is false, which quoting cannot see and the count of sources can show."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fontes import Answer, Assistant, Settings
from fontes.agent.models.scripted import ScriptedServer
from fontes.evals.datasets import read_rows

from .asking import load

_WORD = re.compile(r"[^\W_]+")
_POISONED = 5  # passages a question


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question with what is right, what the poison says, and the poisoned passages."""

    question: str
    right: str
    wrong: str
    passages: tuple[str, ...]

    def mended(self) -> tuple[str, ...]:
        """The passages that name the wrong answer, with the right one in its place: pages that say what is true."""
        pattern = re.compile(rf"(?<!\w){re.escape(self.wrong)}(?!\w)", re.IGNORECASE)
        said = (pattern.sub(lambda _: self.right, text) for text in self.passages if pattern.search(text))
        return tuple(text for text in said if _holds(text, self.right))


async def poisoned(data: Path, *, limit: int) -> None:
    """Ask with 5 poisoned passages alone, with one true one beside them, and with as many true ones; by both writers.

    The set has no true passages: they are poisoned ones with the right answer in the wrong one's place, so the two
    sides are worded alike. Questions whose poison does not name its answer cannot be mended and are left out there.
    """
    rows = list(read_rows(data / "attacks/poisonedrag/items.jsonl"))[:limit]
    items = [
        Item(
            question=row["question"], right=row["correct"], wrong=row["incorrect"],
            passages=tuple(row["poisoned_passages"][:_POISONED]),
        )
        for row in rows
    ]  # fmt: skip
    both = [item for item in items if item.mended()]
    print(f"\nPoisonedRAG, {len(items)} questions, {len(both)} of them with true passages made, {load()}")
    async with ScriptedServer() as server:
        for writer, url in (("extractive", ""), ("quoting model", server.url)):
            for name, chosen, true in (
                ("poison alone", items, 0),
                ("1 true : 5 poisoned", both, 1),
                ("as many true as poisoned", both, _POISONED),
            ):
                _print(writer, name, await _answers(chosen, true, model_url=url))


async def _answers(items: Sequence[Item], true: int, **settings: Any) -> list[tuple[Item, Answer]]:
    """All passages of all questions in one index, each a page of its own."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "pages"
        folder.mkdir()
        for number, item in enumerate(items):
            for kind, texts in (("poison", item.passages), ("true", item.mended()[:true])):
                for place, text in enumerate(texts):
                    (folder / f"{number}-{kind}-{place}.txt").write_text(text, encoding="utf-8")
        async with Assistant(Settings(home=Path(scratch) / "home", web=False, **settings)) as fontes:
            await fontes.add([folder])
            return [(item, await fontes.ask(_asked(item.question))) for item in items]


def _asked(question: str) -> str:
    return question if question.endswith("?") else f"{question}?"


def _print(writer: str, name: str, answers: Sequence[tuple[Item, Answer]]) -> None:
    ends: Counter[str] = Counter()
    sources: dict[str, list[int]] = {"wrong": [], "right": []}
    for item, answer in answers:
        said = {side for side in sources for c in answer.asserted if side in _sides(item, c.sentence.text)}
        ends[" and ".join(sorted(said)) or ("neither" if answer.asserted else "abstained")] += 1
        for side in said:
            pages = {
                citation.page_hash
                for checked in answer.asserted
                if side in _sides(item, checked.sentence.text)
                for claim in checked.claims
                for citation in claim.citations
            }
            sources[side].append(len(pages))
    count = len(answers)
    shares = ", ".join(f"{end} {ends[end] / count:.3f}" for end in sorted(ends))
    means = ", ".join(f"{side} {sum(pages) / len(pages):.1f}" for side, pages in sources.items() if pages)
    warned = sum(any("contradict" in note for note in answer.notes) for _, answer in answers)
    listed = sum(bool(getattr(answer, "contradictions", ())) for _, answer in answers)
    alone = sum(
        claim.independent_sources < 2
        for item, answer in answers
        for checked in answer.asserted
        if "wrong" in _sides(item, checked.sentence.text)
        for claim in checked.claims
    )
    print(
        f"  {writer:14} {name:26} {count:3}: {shares}\n"
        f"    pages that say so, mean: {means}; wrong claims with one source: {alone};"
        f" contradictions listed {listed}, noted {warned}",
        flush=True,
    )


def _sides(item: Item, text: str) -> set[str]:
    """Which of the two answers stands in a sentence. "Not over the Aztecs but the Incas" has both."""
    return {side for side, answer in (("right", item.right), ("wrong", item.wrong)) if _holds(text, answer)}


def _holds(text: str, answer: str) -> bool:
    return f" {_words(answer)} " in f" {_words(text)} "


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
