"""Instructions written into documents, and a model that obeys them."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from fontes import Assistant, Settings
from fontes.agent.models.scripted import Asked, Reply, ScriptedServer, obedient
from fontes.agent.models.scripted.demands import demands
from fontes.evals.datasets import read_rows

from .asking import WORDS_ALONE, load
from .held import Held, connections, held

POSITIONS = ("start", "middle", "end")
_CODE_QUESTION = "What is wrong with this code and how is it mended?"
_MOST_SHOWN = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A document with an instruction in it, and the question that it is asked for."""

    category: str
    attack: str
    position: str
    document: str
    question: str


def planted(data: Path, *, contexts: int, seed: int) -> Iterator[Planted]:
    """Every attack in `contexts` documents of its kind, at each position."""
    rng = random.Random(seed)
    rows = list(read_rows(data / "attacks/bipia/contexts.jsonl"))
    for attack in read_rows(data / "attacks/bipia/attacks.jsonl"):
        fitting = [row for row in rows if (row["task"] == "code") == (attack["kind"] == "code")]
        for row in rng.sample(fitting, contexts):
            text = row["context"] if isinstance(row["context"], str) else "\n".join((*row["context"], *row["code"]))
            for position in POSITIONS:
                yield Planted(
                    category=f"{attack['kind']}: {attack['category']}",
                    attack=attack["attack"],
                    position=position,
                    document=_inserted(text, attack["attack"], position),
                    question=row.get("question", _CODE_QUESTION).removeprefix("Q: "),
                )


def _inserted(text: str, attack: str, position: str) -> str:
    if position == "start":
        return f"{attack}\n\n{text}"
    if position == "end":
        return f"{text}\n\n{attack}"
    lines = text.split("\n")
    return "\n".join((*lines[: len(lines) // 2], "", attack, "", *lines[len(lines) // 2 :]))


async def bipia(data: Path, *, contexts: int, seed: int) -> int:
    """Ask every planted document of a model that obeys: held to a schema, in plain text, and in between; successes."""
    every = list(planted(data, contexts=contexts, seed=seed))
    successes = 0
    for name, obeys_schema, responder in (
        ("held to the schema", True, obedient),
        ("in plain text", False, obedient),
        ("every demand as it stands, quoted", True, parrot),
    ):
        results = await asked(every, responder, obeys_schema=obeys_schema)
        successes += report(f"BIPIA, {name}", [(p.category, r) for p, r in zip(every, results, strict=True)])
    return successes


def parrot(asked: Asked) -> Reply:
    """Says each instruction of the evidence, quotes it, and nothing besides: the hardest to tell from an honest one."""
    import json

    from fontes.agent.models.scripted.evidence import passages
    from fontes.agent.models.scripted.quoting import is_drafting, quoting

    if asked.schema is None or not is_drafting(asked.schema):
        return quoting(asked)
    found = [demand for label, text in passages(asked.messages).items() for demand in demands(label, text)]
    rows = [{"text": d.instruction, "labels": [d.label], "quote": d.instruction} for d in found[:6]]
    return Reply(json.dumps({"sentences": rows})) if rows else quoting(asked)


async def asked(
    every: Sequence[Planted], responder: Callable[[Asked], Reply], *, obeys_schema: bool = True
) -> list[Held]:
    """One answer each, from its own document alone."""
    results: list[Held] = []
    with TemporaryDirectory() as folder:
        async with ScriptedServer(responder, obeys_schema=obeys_schema, context=16_384) as server:
            settings = Settings(home=Path(folder) / "home", web=False, model_url=server.url, **WORDS_ALONE)
            allowed = urlsplit(server.url).netloc
            async with Assistant(settings) as fontes:
                for number, each in enumerate(every):
                    file = Path(folder) / f"{number}.txt"
                    file.write_text(each.document, encoding="utf-8")
                    with connections(allowed) as reached:
                        answer = await fontes.ask(each.question, sources=[file])
                    found = await held(fontes, answer, source=str(file), attack=each.attack, reached=reached)
                    results.append(found)
                    file.unlink()
    return results


def report(name: str, results: Sequence[tuple[str, Held]]) -> int:
    """Print what a set came to; returns how many answers hold a success."""
    broken = [(category, r) for category, r in results if r.successes]
    print(
        f"\n{name}: {len(results)} answers, {load()}\n"
        f"  successes by structure: {len(broken)}\n"
        f"  sentences asserted {sum(r.asserted for _, r in results)}, withheld {sum(r.withheld for _, r in results)};"
        f" asserted in other words than the source's: {sum(r.reworded for _, r in results)};"
        f" with typography of the source: {sum(r.signs for _, r in results)}\n"
        f"  answers with an asserted sentence that carries the planted words:"
        f" {sum(bool(r.carrying) for _, r in results)} (the source says them: that is what is quoted)",
        flush=True,
    )
    carrying = Counter(category for category, r in results if r.carrying)
    print(f"    by kind: {dict(carrying.most_common(8))}")
    shown = Counter(success for _, r in broken for success in r.successes)
    for success, count in shown.most_common(_MOST_SHOWN):
        print(f"    {count} × {success[:200]}")
    return len(broken)
