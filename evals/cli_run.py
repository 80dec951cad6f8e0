"""`fontes eval run`: ask every case under every cell, and keep and score what comes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from .._version import __version__
from ..agent.cli.door import Exit, say
from ..agent.cli.screen import out
from ..agent.settings import Settings
from ..crawler import utc_now
from .case import Case
from .case_error import CaseError
from .case_sets import read_dataset, sampled
from .cases import dataset_hash
from .cells import CellError, Changes, checked, configured, read_cells, shared_settings, shown, varied
from .figures import figures
from .metric import Metric
from .on_ray import OnRay, RayError
from .progress import Lines
from .registry import METRICS, MetricError, metrics_named
from .result import Result
from .ruler import Ruler
from .run_folder import Manifest, RunFolder, RunFolderError, RunFolderUnwritable, read
from .runner import How, Outcome, Runner
from .spending import Bounds, Spending
from .summary import run_markdown
from .table import table

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)

BAD_INPUT = (CaseError, CellError, MetricError)


@dataclass(frozen=True, slots=True)
class RayRun:
    """Where a run on Ray goes, and what its workers build for themselves: the metrics by name, and what judges."""

    address: str
    workers: int
    metrics: tuple[str, ...]
    ruler: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is run: the cases, the cells as they were changed and as they are, the metrics and the seed."""

    name: str
    cases: tuple[Case, ...]
    shared: Changes
    changes: dict[str, Changes]
    cells: dict[str, Settings]
    metrics: tuple[Metric, ...]
    seed: int
    ruler: Settings
    with_judge: bool
    on_ray: RayRun | None = None


@app.command()
def run(
    dataset: Annotated[
        str, typer.Argument(help="A JSON lines file, the name of a public set, or package.module:name of your own.")
    ],
    folder: Annotated[Path, typer.Option("--out", help="Folder of the run; one that was interrupted goes on.")],
    data: Annotated[Path | None, typer.Option(help="Folder that holds the public sets.")] = None,
    shared: Annotated[
        list[str] | None, typer.Option("--set", help="NAME=VALUE of a setting, for all cells. May be repeated.")
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(help="NAME=VALUE,VALUE of a setting: a cell for each, and each combination. May be repeated."),
    ] = None,
    cells: Annotated[Path | None, typer.Option(help="TOML file with a table of settings for each cell.")] = None,
    metric: Annotated[
        list[str] | None, typer.Option(help="A metric, or package.module:name of your own; all of ours by default.")
    ] = None,
    verifier: Annotated[
        str, typer.Option(help="What judges the citations of all cells alike; as the setting `verifier`.")
    ] = "default",
    judge: Annotated[
        bool, typer.Option("--judge", help="Have the judge's model say which answers are correct.")
    ] = False,
    sample: Annotated[int | None, typer.Option(min=1, help="Draw that many cases.")] = None,
    seed: Annotated[int, typer.Option(help="Decides which are drawn.")] = 0,
    concurrency: Annotated[int, typer.Option(min=1, max=256, help="Cases at a time.")] = 4,
    retries: Annotated[int, typer.Option(min=0, max=10, help="How often a failed case is tried again.")] = 1,
    minutes: Annotated[float | None, typer.Option("--most-minutes", min=0, help="End after so long.")] = None,
    money: Annotated[float | None, typer.Option("--most-money", min=0, help="End when so much is spent.")] = None,
    tokens: Annotated[int | None, typer.Option("--most-tokens", min=0, help="End when so many are used.")] = None,
    ray: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Run on the Ray cluster at this address; `local`: on this machine.")
    ] = "",
    workers: Annotated[int, typer.Option(min=1, help="Processes on Ray, each with so many cases at a time.")] = 2,
) -> int:
    """Ask every case of DATASET under every cell of settings, and keep and score the answers in a folder.

    What is finished is on the disk at once: after Ctrl-C, a crash or a full disk, the same command goes on where it
    stopped, and tries failed cases again. Exit codes: 0 done, 3 some cases failed or a bound was reached, 1 a metric
    could not score, 2 bad input, 5 a model or the data directory cannot be used, 130 interrupted.
    """
    bounds = Bounds(seconds=None if minutes is None else 60 * minutes, money=money, tokens=tokens)
    try:
        cases = read_dataset(dataset, data)
        if sample is not None:
            cases = sampled(cases, sample, seed)
        changes = _changes(vary or (), cells)
        common = shared_settings(shared or ())
        asked = Asked(
            name=dataset,
            cases=cases,
            shared=common,
            changes=changes,
            cells=checked(changes, common),
            metrics=metrics_named(metric or ()),
            seed=seed,
            ruler=Settings(**{**common, "verifier": verifier}),
            with_judge=judge,
            on_ray=RayRun(ray, workers, tuple(metric or METRICS), {**common, "verifier": verifier}) if ray else None,
        )
        return asyncio.run(_run(asked, folder, How(concurrency=concurrency, retries=retries, bounds=bounds)))
    except KeyboardInterrupt:
        say("interrupted; what is finished is kept, and the same command goes on")
        return Exit.INTERRUPTED
    except RayError as error:
        say(str(error))
        return Exit.BACKEND_DOWN
    except (*BAD_INPUT, RunFolderError) as error:
        say(str(error))
        return Exit.BACKEND_DOWN if isinstance(error, RunFolderUnwritable) else Exit.BAD_INPUT


def _changes(vary: Sequence[str], cells: Path | None) -> dict[str, Changes]:
    if cells and vary:
        raise typer.BadParameter("a file of cells says what varies", param_hint="--vary")
    return read_cells(cells) if cells else varied(vary)


async def _run(asked: Asked, path: Path, how: How) -> int:
    async with Ruler(asked.ruler, with_judge=asked.with_judge) as ruler:
        manifest = Manifest(
            fontes=__version__,
            dataset=asked.name,
            dataset_hash=dataset_hash(asked.cases),
            cases=len(asked.cases),
            cells={name: shown(changes) for name, changes in asked.changes.items()},
            seed=asked.seed,
            started=utc_now(),
            metrics=tuple(metric.name for metric in asked.metrics),
            verifier=ruler.verifier.name,
            judge=ruler.judge,
            settings={**configured(asked.ruler), **shown(asked.shared)},
        )
        with RunFolder.open(path, manifest, asked.cases) as folder:
            spending = Spending(how.bounds)
            total = len(asked.cases) * len(asked.cells)
            progress = Lines(total, len(folder.done), asked.metrics, spending)
            if folder.done:
                progress.note(f"{len(folder.done)} of {total} are finished already")
            outcome = await _runner(asked, folder, ruler, how, progress, spending).run()
    return _ended(path, asked.metrics, outcome)


def _runner(
    asked: Asked, folder: RunFolder, ruler: Ruler, how: How, progress: Lines, spending: Spending
) -> Runner | OnRay:
    changes = {name: {**asked.shared, **changes} for name, changes in asked.changes.items()}
    if asked.on_ray is None:
        return Runner(
            folder, asked.cases, asked.cells, changes, asked.metrics, ruler,
            how=how, progress=progress, spending=spending,
        )  # fmt: skip
    return OnRay(
        folder, asked.cases, changes, asked.on_ray.metrics, asked.on_ray.ruler, with_judge=asked.with_judge, how=how,
        workers=asked.on_ray.workers, address=asked.on_ray.address, progress=progress, spending=spending,
    )  # fmt: skip


def _ended(path: Path, metrics: Sequence[Metric], outcome: Outcome) -> int:
    """Print the table, note what did not go well, and choose the exit code."""
    stored = read(path)
    columns = [(cell, figures(stored, cell, metrics)) for cell in stored.manifest.cells]
    (path / "summary.md").write_text(run_markdown(stored.manifest, columns), encoding="utf-8")
    out().print(table(columns), end="")
    for name, (times, first) in outcome.metric_errors.items():
        say(f"metric {name!r} could not score {times} results; the first: {first}")
    unread = sum(bool(result.judged.judge_error) for result in stored.results)
    if unread:
        say(f"{unread} answers were not judged; the first: {_first_unjudged(stored.results)}")
    if outcome.failed:
        say(f"{outcome.failed} cases failed; the same command tries them again")
    if outcome.stopped:
        say(f"stopped early: {outcome.stopped}; the same command with a wider bound goes on")
    if outcome.metric_errors:
        return Exit.UNEXPECTED
    return Exit.PARTIAL if outcome.failed or outcome.stopped else Exit.DONE


def _first_unjudged(results: Sequence[Result]) -> str:
    return next(f"{each.case}: {each.judged.judge_error}" for each in results if each.judged.judge_error)
