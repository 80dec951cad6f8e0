"""Run folders with made-up answers, written as a run writes them."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fontes.evals.case import Case, Document
from fontes.evals.cases import dataset_hash
from fontes.evals.registry import METRICS
from fontes.evals.result import Failure, Judged, Result, Retrieved, SentenceSupport
from fontes.evals.run_folder import Manifest, RunFolder

MakeRun = Callable[..., Path]

PAGE = "The tower stands on a rock. It was built in 1854 by James Calder. Its lamp burned whale oil until 1877."
QUOTE = "It was built in 1854 by James Calder."


def made_answer(question: str, *, carried: int, of: int, relevance: float, seconds: float) -> dict[str, Any]:
    """An answer of `of` asserted sentences; `carried` of them have the verdict `supported`."""
    start = PAGE.index(QUOTE)
    citation = {
        "number": 1, "source": "https://lights.test/orvay", "title": "Orvay <Light>", "quote": QUOTE, "start": start,
        "end": start + len(QUOTE), "page_hash": "page", "page_number": None, "fetched": "", "published": "2024-05-01",
    }  # fmt: skip
    claims = [
        {
            "text": QUOTE, "verdict": "supported" if n < carried else "partial", "score": 0.9 if n < carried else 0.4,
            "verifier": "lexical/2", "reason": "" if n < carried else "1855 is not in the source", "span": "",
            "independent_sources": 1, "merged": [], "as_of": "", "stale": "", "moved": "", "citations": [citation],
        }
        for n in range(of)
    ]  # fmt: skip
    sentences = [
        {"text": QUOTE, "asserted": True, "withheld": "", "relevance": relevance, "claims": [n]} for n in range(of)
    ]
    return {
        "status": "answered" if of else "abstained", "question": question, "text": f"{QUOTE} [1]" if of else "",
        "run": "r", "sentences": sentences, "claims": claims, "contradictions": [], "reasons": [],
        "ledger": {"searched": [], "read": [], "skipped": [], "unused": []},
        "usage": {"seconds": seconds, "pages": 1, "prompt_tokens": 900, "cached_tokens": 0, "completion_tokens": 80,
                  "money": 0.0},
        "notes": ["<b>a note</b>"], "cut_short": "", "trace": [],
    }  # fmt: skip


def made_result(case: Case, cell: str, draw: random.Random, truth: float) -> Result:
    """A result whose sentences are each carried with probability `truth`."""
    of = draw.randint(1, 4) if draw.random() > 0.1 else 0
    carried = sum(draw.random() < truth for _ in range(of))
    answer = made_answer(
        case.question, carried=carried, of=of, relevance=draw.random(), seconds=draw.lognormvariate(-1, 0.8)
    )
    support = tuple(
        SentenceSupport(
            text=QUOTE,
            cited=("https://lights.test/orvay",),
            by_all=n < carried,
            by_each=(n < carried,),
            by_rest=(False,),
        )
        for n in range(of)
    )
    result = Result(
        cell=cell,
        case=case.id,
        answer=answer,
        stages={"retrieve": draw.random() / 10, "verify": draw.random() / 5},
        retrieved=(Retrieved(source="https://lights.test/orvay", page_hash="page", start=0, end=90, score=0.7),),
        judged=Judged(verifier="lexical/2", support=support),
        pages={"page": PAGE},
    )
    scores = {metric.name: metric.score(case, result) for metric in METRICS.values()}
    return Result(**{name: getattr(result, name) for name in result.__slots__ if name != "scores"}, scores=scores)


@pytest.fixture
def make_run(tmp_path: Path) -> MakeRun:
    """Write a run: `make_run("A", cases=40, truth=.8, seed=1)`; `broken` are the numbers of cases that failed.

    Cases come from their number alone, answers from the seed. `manifest` replaces fields of the manifest.
    """

    def make(
        name: str,
        *,
        cases: int = 40,
        truth: float = 0.8,
        seed: int = 0,
        broken: tuple[int, ...] = (),
        cells: tuple[str, ...] = ("default",),
        done: int | None = None,
        questions: str = "Who built light {n} <script>alert(1)</script>?",
        **manifest: Any,
    ) -> Path:
        made = tuple(
            Case(
                id=f"case-{n}",
                question=questions.format(n=n),
                documents=(Document(source="https://lights.test/orvay", text=PAGE),),
                gold_answers=("James Calder",),
                gold_sources=("https://lights.test/orvay",),
                tags=("lights", f"kind {n % 3}"),
            )
            for n in range(cases)
        )
        fields: dict[str, Any] = {
            "fontes": "0.1.0", "dataset": "lights.jsonl", "dataset_hash": dataset_hash(made), "cases": cases,
            "cells": {cell: {} for cell in cells}, "started": "2026-01-01T00:00:00Z", "verifier": "lexical/2",
            "metrics": tuple(METRICS),
        }  # fmt: skip
        path = tmp_path / name
        draw = random.Random(seed)

        async def fill() -> None:
            with RunFolder.open(path, Manifest(**{**fields, **manifest}), made) as folder:
                for cell in cells:
                    for number, case in enumerate(made[:done]):
                        result = made_result(case, cell, draw, truth)
                        if number in broken:
                            failure = Failure(kind="ServerDown", detail="127.0.0.1:8000 refused the connection")
                            result = Result(cell=cell, case=case.id, error=failure, scores={"failed": 1.0})
                        await folder.append(result)
                folder.finish(finished="2026-01-01T00:01:00Z", interrupted=False)

        asyncio.run(fill())
        return path

    return make
