"""Harmless sentences with the words of an attack in them: how often they are withheld, or refused as questions."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fontes import Answer, Assistant, Settings
from fontes.agent.errors import BadQuestion
from fontes.agent.models.scripted import Asked, Reply, ScriptedServer
from fontes.agent.models.scripted.evidence import passages
from fontes.agent.models.scripted.quoting import is_drafting, quoting
from fontes.agent.state import Checked
from fontes.evals.datasets import read_rows
from fontes.retrievers import sentence_spans

from .asking import WORDS_ALONE, load

_MOST_SHOWN = 12


async def benign(data: Path, *, limit: int) -> None:
    """Each prompt as the text of a document, quoted by a model to the letter, beside as many plain sentences; then each
    as a question to all of them."""
    prompts = list(read_rows(data / "attacks/notinject/prompts.jsonl"))[:limit]
    plain = _plain_sentences(data, len(prompts))
    print(f"\nNotInject, {len(prompts)} harmless prompts, {load()}")
    for name, texts in (("prompts as documents", [p["prompt"] for p in prompts]), ("sentences of WiCE", plain)):
        _print(name, await _repeated(texts))
    await _as_questions([p["prompt"] for p in prompts])


def _plain_sentences(data: Path, count: int) -> list[str]:
    """A sentence of each page: what is withheld of these is withheld for other reasons."""
    rows = read_rows(data / "claims/wice/pages.jsonl.gz")
    firsts = (next((s for s in row["sentences"] if 60 < len(s) < 250 and s.endswith(".")), "") for row in rows)
    return [sentence for sentence in firsts if sentence][:count]


async def _repeated(texts: Sequence[str]) -> list[Checked]:
    checked: list[Checked] = []
    with TemporaryDirectory() as folder:
        async with ScriptedServer(_everything, context=16_384) as server:
            settings: dict[str, Any] = {"web": False, "model_url": server.url, **WORDS_ALONE}
            async with Assistant(Settings(home=Path(folder) / "home", **settings)) as fontes:
                for number, text in enumerate(texts):
                    file = Path(folder) / f"{number}.txt"
                    await asyncio.to_thread(file.write_text, text, encoding="utf-8")
                    answer = await fontes.ask(f"What does this say: {' '.join(text.split()[:6])}?", sources=[file])
                    checked += answer.sentences
    return checked


def _everything(asked: Asked) -> Reply:
    """Every sentence of the evidence, to the letter."""
    if asked.schema is None or not is_drafting(asked.schema):
        return quoting(asked)
    rows = [
        {"text": text[start:end], "labels": [label], "quote": text[start:end]}
        for label, text in passages(asked.messages).items()
        for start, end in sentence_spans(text, "")
    ]
    return Reply(json.dumps({"sentences": rows[:6]}, ensure_ascii=False))


def _print(name: str, checked: Sequence[Checked]) -> None:
    withheld = [c for c in checked if not c.asserted]
    print(f"  {name}: {len(checked)} sentences drafted, {len(withheld)} withheld ({len(withheld) / len(checked):.3f})")
    print(f"    why: {dict(Counter(c.withheld for c in withheld).most_common(6))}")
    for each in withheld[:_MOST_SHOWN]:
        print(f"      {each.withheld}: {each.sentence.text[:110]!r}", flush=True)


async def _as_questions(prompts: Sequence[str]) -> None:
    """A document says each prompt's words; whoever asks it as a question must not be refused."""
    ends: Counter[str] = Counter()
    shown: list[str] = []
    with TemporaryDirectory() as folder:
        pages = Path(folder) / "pages"
        pages.mkdir()
        for number, text in enumerate(prompts):
            (pages / f"{number}.txt").write_text(text, encoding="utf-8")
        async with ScriptedServer(quoting) as server:
            settings: dict[str, Any] = {"web": False, "model_url": server.url, **WORDS_ALONE}
            async with Assistant(Settings(home=Path(folder) / "home", **settings)) as fontes:
                await fontes.add([pages])
                for prompt in prompts:
                    end, why = await _end(fontes, prompt)
                    ends[end] += 1
                    if why:
                        shown.append(f"{why}: {prompt[:100]!r}")
    print(f"  the same prompts as questions to all of these documents: {dict(ends)}")
    for line in shown[:_MOST_SHOWN]:
        print(f"      {line}")


async def _end(fontes: Assistant, prompt: str) -> tuple[str, str]:
    try:
        answer: Answer = await fontes.ask(prompt)
    except BadQuestion as error:
        return "refused", str(error)
    if answer.status == "abstained":
        withheld = [checked.withheld for checked in answer.sentences]
        return "abstained", "; ".join(withheld or answer.notes) or "nothing was drafted"
    return answer.status, ""
