"""Items written to break the checks: `hard_items.jsonl`, and how many of each kind are judged rightly.

    python -m fontes.evals.hard_items [--wrong KIND]

The items are invented: facts, people and places of no page. `looked at` and `unseen` were written before the rules that
they test were read, and parted by their source text: misses of the first were looked at while the rules were mended, of
the second only the shares were. Those `written later` came after the first mending. `--wrong` prints the misses of the
kinds that begin so, among those looked at.

| check | right is |
|---|---|
| support | a true claim is `supported` by the default verifier, a false one is not |
| contradiction | the kind of conflict is found between the two texts, or a change over time, or nothing |
| independence | the two pages count as one source, or as two |
| as_of | the last day that a claim holds for, and whether it is stale on the day it is asked |
"""

import argparse
import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, Literal, get_args

from ..agent.verifiers.lexical import Lexical
from ..agent.verifiers.sources.as_of import as_of, freshness
from ..agent.verifiers.sources.contradiction import Statement, contradictions
from ..agent.verifiers.sources.independence import SourceText, merges

Half = Literal["looked at", "unseen", "written later"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One item: its kind, its half, whether it was judged rightly, and what was said of it instead."""

    kind: str
    half: Half
    is_right: bool
    item: str
    said: str


def read_rows() -> tuple[dict[str, Any], ...]:
    """The rows that come with the package, as JSON has them."""
    lines = (files("fontes.evals") / "hard_items.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


async def judged() -> tuple[Judged, ...]:
    """Every item, judged."""
    found: list[Judged] = []
    for row in read_rows():
        match row["check"]:
            case "support":
                found += [each async for each in _support(row)]
            case "contradiction":
                found.append(_contradiction(row))
            case "independence":
                found.append(_independence(row))
            case _:
                found.append(_as_of(row))
    return tuple(found)


async def _support(row: dict[str, Any]) -> AsyncIterator[Judged]:
    verifier = Lexical()
    for kind, is_true, text in row["claims"]:
        verdict = await verifier.check(text, [row["evidence"]])
        is_right = (verdict.label == "supported") == is_true
        name = kind if kind.startswith(("true", "another")) else f"{kind}: {'true' if is_true else 'false'}"
        said = f"{verdict.label} {verdict.score:.2f}, {verdict.reason}"
        item = f"{text}\n    {row['evidence']}"
        yield Judged(kind=name, half=row["half"], is_right=is_right, item=item, said=said)


def _contradiction(row: dict[str, Any]) -> Judged:
    told = [
        Statement(text=text, source=f"page {number}", published=published)
        for number, (text, published) in enumerate(zip(row["texts"], row["published"], strict=True))
    ]
    found = contradictions(row["texts"][0], told)
    kinds = ["change" if each.is_change else each.kind for each in found]
    wanted = row["found"]
    is_right = not kinds if wanted == "none" else bool(kinds) if wanted == "any" else wanted in kinds
    said = f"{kinds} instead of {wanted}"
    return Judged(kind=row["kind"], half=row["half"], is_right=is_right, item="\n    ".join(row["texts"]), said=said)


def _independence(row: dict[str, Any]) -> Judged:
    pages = [
        SourceText(source=f"https://{name}.example/", text=text) for name, text in zip("ab", row["pages"], strict=True)
    ]
    found = merges(pages)
    said = "; ".join(f"{each.kind}: {each.detail}" for each in found) or "apart"
    item = "\n    ".join(row["pages"])
    return Judged(kind=row["kind"], half=row["half"], is_right=bool(found) == row["merged"], item=item, said=said)


def _as_of(row: dict[str, Any]) -> Judged:
    when = as_of(row["claim"], row["published"])
    label = freshness(row["claim"], when, date.fromisoformat(row["today"])).label
    until = when.last.isoformat() if when else ""
    is_right = row["label"] in ("", label) and row["until"] in ("", until)
    said = f"{label} {until} instead of {row['label']} {row['until']}"
    return Judged(kind=row["kind"], half=row["half"], is_right=is_right, item=row["claim"], said=said)


def table(items: tuple[Judged, ...]) -> Iterator[str]:
    """A line for each kind: the share that is right of each half, and how many there are."""
    halves: tuple[Half, ...] = get_args(Half)
    counts: dict[str, dict[Half, list[bool]]] = defaultdict(lambda: {half: [] for half in halves})
    for each in items:
        counts[each.kind][each.half].append(each.is_right)
    yield "| kind | looked at | unseen | written later |"
    yield "|---|---|---|---|"
    for kind, by_half in counts.items():
        yield f"| {kind} | {' | '.join(f'{sum(by_half[half])}/{len(by_half[half])}' for half in halves)} |"


def main() -> None:
    """Print the table, and the misses that were asked for."""
    parser = argparse.ArgumentParser(description="Measure the checks on items written to break them.")
    parser.add_argument(
        "--wrong", default="", help="print the misses of the kinds that begin so, of the half looked at"
    )
    arguments = parser.parse_args()
    items = asyncio.run(judged())
    for line in table(items):
        print(line)
    if arguments.wrong:
        for each in items:
            if each.half == "looked at" and not each.is_right and each.kind.startswith(arguments.wrong):
                print(f"\n{each.kind}: {each.said}\n    {each.item}")


if __name__ == "__main__":
    main()
