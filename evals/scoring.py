"""Scoring answers that are there already into a run folder, as if a run had made them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .._version import __version__
from ..agent.errors import VerifierError
from ..crawler import Crawler, Page, Skipped, clean, text_hash, utc_now
from .case import Case, ForeignAnswer
from .case_error import CaseError
from .case_scores import CaseScores
from .cases import dataset_hash
from .first_error import first_of
from .foreign import foreign_result
from .foreign_rows import Answered, answers_hash
from .metric import Metric
from .registry import METRICS
from .result import Failure, Result
from .ruler import Ruler
from .run_folder import Manifest, RunFolder

AT_ONCE = 4
"""Answers that are judged at a time."""

# What was retrieved, how sure the system was, and whether it saw that sources disagree: nobody knows of another one.
_INSIDE = frozenset(
    {"mrr", "ndcg@10", "evidence_recall", "aurc", "contradictions", "contradiction_recall", "quote_validity"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What came of a cited address: its text, or why there is none."""

    text: str = ""
    title: str = ""
    skipped: Skipped | None = None


def matched(answers: Sequence[Answered], cases: Sequence[Case], path: str) -> tuple[Case, ...]:
    """The cases that the answers are scored by: those of a set, or of the answers themselves when there is none.

    Raises:
        CaseError: an answer is to a question that the set does not have, or two ask different things under one id.
    """
    by_id = {case.id: case for case in cases}
    for each in answers:
        known = by_id.setdefault(each.case.id, each.case) if not cases else by_id.get(each.case.id)
        if known is None:
            raise CaseError(path, each.line, "id", f"{each.case.id!r} is no case of the set", "Score it by its own set")
        if each.case.question and known.question != each.case.question:
            why = f"{each.case.id!r} asks something else than before"
            raise CaseError(path, each.line, "question", why, "Give each question an id of its own")
        if not known.question:
            raise CaseError(path, each.line, "question", "there is none", "Give it, or name the set with --dataset")
    return tuple(replace(case, foreign=None) for case in by_id.values())


def metrics_of_answers() -> tuple[Metric, ...]:
    """Those of ours that need nothing but an answer and what it cites."""
    return tuple(metric for name, metric in METRICS.items() if name not in _INSIDE and "hit@" not in name)


def unread(answers: Sequence[Answered]) -> tuple[str, ...]:
    """The cited addresses that came without a text, each once."""
    cited = (citation for each in answers for citation in each.answer.citations)
    return tuple(dict.fromkeys(each.source for each in cited if each.source and not each.text))


async def read_cited(urls: Sequence[str], crawler: Crawler) -> Mapping[str, Read]:
    """Read cited addresses, politely."""
    async with asyncio.TaskGroup() as group:
        fetching = {url: group.create_task(crawler.fetch(url)) for url in urls}
    return {url: _read(task.result()) for url, task in fetching.items()}


def _read(outcome: Page | Skipped) -> Read:
    return Read(text=outcome.text, title=outcome.title) if isinstance(outcome, Page) else Read(skipped=outcome)


async def score_answers(
    answers: Sequence[Answered],
    cases: Sequence[Case],
    folder: Path,
    ruler: Ruler,
    metrics: Sequence[Metric],
    *,
    dataset: str,
    read: Mapping[str, Read],
    fetched: bool = False,
) -> Mapping[str, tuple[int, str]]:
    """Judge and score every answer into `folder`; a case that a system has not answered counts as failed.

    What is returned are the first errors of the metrics that could not score, and how often they could not.

    Raises:
        RunFolderError: another run is there, the answers were others before, or it cannot be written.
    """
    scores = CaseScores(metrics)
    systems = dict.fromkeys(each.answer.system for each in answers)
    manifest = Manifest(
        fontes=__version__,
        dataset=dataset,
        dataset_hash=dataset_hash(cases),
        cases=len(cases),
        cells={system: {"system": system} for system in systems},
        started=utc_now(),
        metrics=tuple(metric.name for metric in metrics),
        verifier=ruler.verifier.name,
        judge=ruler.judge,
        answers=answers_hash(answers, fetched=fetched),
    )
    given = {(each.answer.system, each.case.id): each.answer for each in answers}
    turns = asyncio.Semaphore(AT_ONCE)
    with RunFolder.open(folder, manifest, cases) as kept:

        async def one(system: str, case: Case) -> None:
            async with turns:
                result = await _result(system, case, given.get((system, case.id)), ruler, read)
            await kept.append(replace(result, scores=scores.of(_scored_by(case, result), result)))

        try:
            async with asyncio.TaskGroup() as group:
                for system in systems:
                    for case in cases:
                        if (system, case.id) not in kept.done:
                            group.create_task(one(system, case))
        except ExceptionGroup as failures:  # one answer's error says it all; callers know it by its type
            raise first_of(failures) from None
        kept.finish(finished=utc_now(), interrupted=False)
    return scores.errors


async def _result(
    system: str, case: Case, answer: ForeignAnswer | None, ruler: Ruler, read: Mapping[str, Read]
) -> Result:
    if answer is None:
        return _failed(system, case, "NoAnswer", "the file has no answer to it")
    answer = replace(answer, citations=tuple(
        replace(each, text=read[each.source].text, title=each.title or read[each.source].title)
        if not each.text and each.source in read else each
        for each in answer.citations
    ))  # fmt: skip
    cited = {each.source for each in answer.citations}
    skipped = [found.skipped for url, found in read.items() if url in cited and found.skipped]
    try:
        result = await foreign_result(case, answer, ruler.verifier, skipped=skipped)
        return replace(result, judged=await ruler.judged(case, result))
    except VerifierError as error:
        return _failed(system, case, "VerifierError", str(error))


def _failed(system: str, case: Case, kind: str, detail: str) -> Result:
    return Result(cell=system, case=case.id, error=Failure(kind=kind, detail=detail))


def _scored_by(case: Case, result: Result) -> Case:
    """Without gold spans, unless the system cited the very texts in which they are placed."""
    texts = {text_hash(clean(document.text)) for document in case.documents if document.text}
    return case if texts & result.pages.keys() else replace(case, gold_spans=())
