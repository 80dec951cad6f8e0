"""Ask every case under every cell that has no result yet, a bounded number at a time, and keep each as it comes."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ..agent.assistant import Assistant
from ..agent.errors import AgentError
from ..agent.settings import Settings
from ..agent.verifiers import Verifier
from ..crawler import utc_now
from ..retrievers import RetrievalError
from ..tools.localweb import LocalWebError
from .asking import ask
from .case import Case
from .case_scores import CaseScores
from .cells import Changes
from .citation_judging import judged_labels
from .corpus import Corpus, CorpusError, corpus_key
from .first_error import first_of
from .metric import Metric
from .progress import Progress, Silent
from .result import Failure, Judged, Result
from .ruler import Ruler
from .run_folder import RunFolder
from .spending import Bounds, Spending

# The same input would end the same way.
_FOR_GOOD = frozenset({"BadQuestion", "NothingRead", "CorpusError", "SettingError"})
_GRACE_S = 60.0
_LABELS = "labels"  # in place of a corpus's key, for cases that search nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a run goes: `concurrency` cases at a time, `retries` of a failed one, `bounds` at which it ends early."""

    concurrency: int = 4
    retries: int = 1
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended: results that were kept now, failures among all, what stopped it early ("" for nothing).

    `metric_errors` has the first error of each metric that could not score, with how often it could not.
    """

    kept: int
    failed: int
    stopped: str = ""
    metric_errors: Mapping[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """The cases of one cell over one corpus: they share an assistant."""

    cell: str
    corpus: Corpus | None
    cases: tuple[Case, ...]


class Runner:
    """One run into one folder.

    `cells` are the settings of each cell; `changes` what they were made of.
    """

    def __init__(
        self,
        folder: RunFolder,
        cases: Sequence[Case],
        cells: Mapping[str, Settings],
        changes: Mapping[str, Changes],
        metrics: Sequence[Metric],
        ruler: Ruler,
        *,
        how: How,
        progress: Progress | None = None,
        spending: Spending | None = None,
    ) -> None:
        self._folder, self._cases, self._cells, self._changes = folder, cases, cells, changes
        self._metrics, self._ruler, self._how = metrics, ruler, how
        self._progress: Progress = progress or Silent()
        self._spending = spending or Spending(how.bounds)
        self._turns = asyncio.Semaphore(how.concurrency)
        self._scores = CaseScores(metrics)
        self._stopped = ""
        self._kept = 0

    async def run(self) -> Outcome:
        """Go through what has no result yet.

        Raises:
            RunFolderError: a result cannot be written; those before it are kept.
        """
        for result in self._folder.results.values():
            self._spending.book(result)
        is_whole = False
        try:
            await self._go()
            is_whole = not self._stopped
        except ExceptionGroup as failures:  # one case's error says it all; callers know it by its type
            raise first_of(failures) from None
        finally:
            self._folder.finish(finished=utc_now() if is_whole else "", interrupted=not is_whole)
        failed = sum(result.error is not None for result in self._folder.results.values())
        return Outcome(kept=self._kept, failed=failed, stopped=self._stopped, metric_errors=self._scores.errors)

    async def _go(self) -> None:
        gate = asyncio.Semaphore(self._how.concurrency)  # of blocks: each opens an index

        async def through(block: _Block) -> None:
            try:
                await self._block(block)
            finally:
                gate.release()

        async with asyncio.TaskGroup() as group:
            for block in self._blocks():
                await gate.acquire()
                if self._is_over():
                    gate.release()
                    break
                group.create_task(through(block))

    def _blocks(self) -> list[_Block]:
        """What is left to do: corpus by corpus, so that cells follow each other while its index is warm."""
        corpora: dict[str, Corpus] = {}
        blocks: dict[tuple[str, str], list[Case]] = {}
        home = next(iter(self._cells.values())).home
        keys: dict[tuple[int, str, date | None], str] = {}
        done = self._folder.done
        for case in self._cases:
            place = (id(case.documents), case.web, case.day if case.web else None)
            if place not in keys and not case.labels:
                keys[place] = corpus_key(case)
            key = _LABELS if case.labels else keys[place]
            if key != _LABELS and key not in corpora:
                corpora[key] = Corpus(case, home, key)
            for cell in self._cells:
                if (cell, case.id) not in done:
                    blocks.setdefault((key, cell), []).append(case)
        return [_Block(cell=cell, corpus=corpora.get(key), cases=tuple(cases)) for (key, cell), cases in blocks.items()]

    async def _block(self, block: _Block) -> None:
        try:
            if block.corpus is None:
                await self._judge_labels(block)
                return
            changes = {"questions": self._how.concurrency, **self._changes[block.cell]}
            async with block.corpus.assistant(changes) as fontes, asyncio.TaskGroup() as group:
                for case in block.cases:
                    group.create_task(self._case(fontes, block.cell, case))
        except (CorpusError, LocalWebError, RetrievalError, AgentError) as error:
            unasked = [case for case in block.cases if not self._is_answered(block.cell, case)]
            if not unasked:  # it failed to close
                raise
            for case in unasked:
                await self._keep(case, _failed(block.cell, case, self._attempt(block.cell, case), error))

    async def _case(self, fontes: Assistant, cell: str, case: Case) -> None:
        async with self._turns:
            if self._is_over():
                return
            result = await self._answered(fontes, cell, case)
            judged = await self._ruler.judged(case, result)
            await self._keep(case, replace(result, judged=judged))

    async def _answered(self, fontes: Assistant, cell: str, case: Case) -> Result:
        attempt = self._attempt(cell, case)
        last = attempt + self._how.retries
        patience_s = self._cells[cell].seconds + _GRACE_S
        while True:
            result = await ask(fontes, case, cell=cell, attempt=attempt, patience_s=patience_s)
            if result.error is None or result.error.kind in _FOR_GOOD or attempt == last:
                return result
            attempt += 1

    async def _judge_labels(self, block: _Block) -> None:
        settings = self._cells[block.cell]
        models = settings.build_models()
        try:
            verifier = settings.build_verifier(models.judge)
            async with asyncio.TaskGroup() as group:
                for case in block.cases:
                    group.create_task(self._labelled(verifier, block.cell, case))
        finally:
            await models.aclose()

    async def _labelled(self, verifier: Verifier, cell: str, case: Case) -> None:
        async with self._turns:
            if self._is_over():
                return
            attempt = self._attempt(cell, case)
            try:
                judged = Judged(labels=await judged_labels(case, verifier), labels_by=verifier.name)
                result = Result(cell=cell, case=case.id, attempt=attempt, judged=judged)
            except AgentError as error:
                result = _failed(cell, case, attempt, error)
            await self._keep(case, result)

    async def _keep(self, case: Case, result: Result) -> None:
        result = replace(result, scores=self._scores.of(case, result))
        await self._folder.append(result)
        self._kept += 1
        self._spending.book(result)
        self._progress.told(result)

    def _attempt(self, cell: str, case: Case) -> int:
        before = self._folder.results.get((cell, case.id))
        return before.attempt + 1 if before else 1

    def _is_answered(self, cell: str, case: Case) -> bool:
        result = self._folder.results.get((cell, case.id))
        return result is not None and result.error is None

    def _is_over(self) -> bool:
        self._stopped = self._stopped or self._spending.exceeded()
        return bool(self._stopped)


def _failed(cell: str, case: Case, attempt: int, error: Exception) -> Result:
    failure = Failure(kind=type(error).__name__, detail=str(error))
    return Result(cell=cell, case=case.id, attempt=attempt, error=failure)
