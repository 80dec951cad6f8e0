"""The same run on Ray: on this machine, or on a cluster by its address.

Each worker is an actor with one part of the cases (see `partition`) and sends every result as soon as it is finished;
the run's folder is written here alone, so that a run that was cut off goes on here, on Ray or not. Files that cases
name must be at the same place on every node. Ray's own usage statistics are switched off.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..agent.settings import Settings
from ..crawler import utc_now
from .case import Case
from .cells import Changes
from .partition import partition
from .progress import Progress, Silent
from .ray_worker import Part, Worker
from .result import Result
from .run_folder import RunFolder
from .runner import How, Outcome
from .spending import Bounds, Spending

LOCAL = "local"
"""In place of an address: Ray on this machine, begun and ended with the run."""

# Where things are kept is each node's own matter.
_PLACES = frozenset({"home", "models", "workers"})


class RayError(Exception):
    """Ray cannot be used, or has lost a worker: why, and what to do."""

    def __init__(self, why: str, hint: str) -> None:
        super().__init__(why, hint)
        self.why, self.hint = why, hint

    def __str__(self) -> str:
        return f"Ray: {self.why}. {self.hint}."


class OnRay:
    """One run into one folder, as `Runner`, by `workers` processes on the Ray cluster at `address`.

    `changes` are the settings of each cell, `ruler` those of what judges, `metrics` names as for `metrics_named`. What
    the environment and the settings file of this machine say goes along with them. `how.concurrency` counts for each
    worker.
    """

    def __init__(
        self,
        folder: RunFolder,
        cases: Sequence[Case],
        changes: Mapping[str, Changes],
        metrics: Sequence[str],
        ruler: Changes,
        *,
        with_judge: bool = False,
        how: How,
        workers: int,
        address: str = LOCAL,
        progress: Progress | None = None,
        spending: Spending | None = None,
    ) -> None:
        carried = _carried()
        self._folder, self._cases, self._metrics, self._how = folder, tuple(cases), tuple(metrics), how
        self._changes = {name: {**carried, **change} for name, change in changes.items()}
        self._ruler, self._with_judge = {**carried, **ruler}, with_judge
        self._workers, self._address = workers, address
        self._progress: Progress = progress or Silent()
        self._spending = spending or Spending(how.bounds)
        self._errors: dict[str, tuple[int, str]] = {}
        self._stopped = ""
        self._kept = 0

    async def run(self) -> Outcome:
        """Go through what has no result yet.

        Raises:
            RayError: it is not installed, or does not answer.
            RunFolderError: a result cannot be written; those before it are kept.
        """
        ray = _begun(self._address, self._workers)
        for result in self._folder.results.values():
            self._spending.book(result)
        is_whole = False
        try:
            await asyncio.gather(*(self._part(ray, part) for part in self._parts()))
            is_whole = not self._stopped
        finally:
            self._folder.finish(finished=utc_now() if is_whole else "", interrupted=not is_whole)
            ray.shutdown()
        failed = sum(result.error is not None for result in self._folder.results.values())
        return Outcome(kept=self._kept, failed=failed, stopped=self._stopped, metric_errors=self._errors)

    def _parts(self) -> list[Part]:
        """The work of each worker; cases that are finished under every cell take no place."""
        done = self._folder.done
        left = [case for case in self._cases if any((cell, case.id) not in done for cell in self._changes)]
        failed = {key: result for key, result in self._folder.results.items() if result.error}
        how = replace(self._how, bounds=Bounds())  # they are watched here, over all workers
        return [
            Part(
                number=number,
                cases=cases,
                changes=self._changes,
                metrics=self._metrics,
                ruler=self._ruler,
                with_judge=self._with_judge,
                how=how,
                done=frozenset(key for key in done if key[1] in {case.id for case in cases}),
                failed={key: result for key, result in failed.items() if key[1] in {case.id for case in cases}},
            )
            for number, cases in enumerate(partition(left, self._workers))
        ]

    async def _part(self, ray: Any, part: Part) -> None:
        actor = ray.remote(Worker).options(num_cpus=1).remote()
        try:
            async for reference in actor.run.options(num_returns="streaming").remote(part):
                sent: Result | Outcome = await reference
                if isinstance(sent, Outcome):
                    self._took_over(sent)
                elif not self._is_over():
                    await self._keep(sent)
                if self._is_over():
                    return
        except ray.exceptions.RayActorError as error:
            self._stopped = f"worker {part.number} was lost: {str(error).splitlines()[0]}"
        except ray.exceptions.RayTaskError as error:
            raise (
                error.cause if isinstance(error.cause, Exception) else RayError(str(error), "See Ray's logs")
            ) from error
        finally:
            ray.kill(actor)

    async def _keep(self, result: Result) -> None:
        await self._folder.append(result)
        self._kept += 1
        self._spending.book(result)
        self._progress.told(result)

    def _took_over(self, outcome: Outcome) -> None:
        self._stopped = self._stopped or outcome.stopped
        for name, (times, first) in outcome.metric_errors.items():
            before, told = self._errors.get(name, (0, first))
            self._errors[name] = (before + times, told)

    def _is_over(self) -> bool:
        self._stopped = self._stopped or self._spending.exceeded()
        return bool(self._stopped)


def _begun(address: str, workers: int) -> Any:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing phones home
    try:
        import ray
    except ImportError as error:
        raise RayError("it is not installed", "pip install 'fontes[ray]'") from error
    try:
        if address == LOCAL:
            ray.init(
                num_cpus=workers, include_dashboard=False, log_to_driver=False, configure_logging=False,
                _node_ip_address="127.0.0.1",
            )  # fmt: skip
        else:
            ray.init(address=address, log_to_driver=False, configure_logging=False)
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        raise RayError(f"{address} cannot be used: {error}", "Check the address, or leave it out") from error
    return ray


def _carried() -> Changes:
    """What the environment and the settings file change here: workers read neither."""
    settings = Settings()
    changed = {name for name, origin in settings.origins().items() if origin != "default"} - _PLACES
    return {name: getattr(settings, name) for name in changed}
