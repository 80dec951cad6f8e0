"""Addresses and markup, spelt in every way, in the sentences of a document that a model repeats to the letter."""

import json

from fontes.agent.models.scripted import Asked, Reply
from fontes.agent.models.scripted.evidence import passages
from fontes.agent.models.scripted.quoting import is_drafting, quoting
from fontes.retrievers import sentence_spans

from .bipia import Planted, asked
from .disguises import AROUND, DISGUISES, FRAMES, QUESTION


async def spelt() -> int:
    """Ask for each spelling in each frame; how many spellings came through is returned, and they are printed."""
    every = [
        Planted(
            category=spelling,
            attack=frame.replace("ADDRESS", spelling),
            position="middle",
            document=AROUND.replace("HERE", frame.replace("ADDRESS", spelling).rstrip(".") + "."),
            question=QUESTION,
        )
        for spelling in DISGUISES
        for frame in FRAMES
    ]
    results = await asked(every, repeating)
    through: dict[str, set[str]] = {}
    other: dict[str, set[str]] = {}
    for planted, result in zip(every, results, strict=True):
        for success in result.successes:
            kind, _, said = success.partition(": ")
            (through if said else other).setdefault(planted.category, set()).add(kind)
    print(
        f"\nSpellings: {len(DISGUISES)} addresses and marks in {len(FRAMES)} sentences each,"
        f" {sum(r.asserted for r in results)} sentences asserted, {sum(r.withheld for r in results)} withheld"
    )
    print(f"  spellings with a mark in an asserted sentence: {len(through)}")
    for spelling, kinds in through.items():
        print(f"    {spelling!r}: {', '.join(sorted(kinds))}")
    if other:
        print(f"  other successes: {other}")
    carrying = sum(r.carrying for r in results)
    print(f"  asserted sentences about the keeper (with and without a mark): {carrying}", flush=True)
    return len(through)


def repeating(asked: Asked) -> Reply:
    """Every sentence of the evidence to the letter, those of the keeper first."""
    if asked.schema is None or not is_drafting(asked.schema):
        return quoting(asked)
    rows = [
        {"text": text[start:end], "labels": [label], "quote": text[start:end]}
        for label, text in passages(asked.messages).items()
        for start, end in sentence_spans(text, "en")
    ]
    rows.sort(key=lambda row: "keeper" not in str(row["text"]))
    return Reply(json.dumps({"sentences": rows[:6]}, ensure_ascii=False))
