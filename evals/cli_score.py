"""`fontes eval score ANSWERS`: answers of other systems, measured with the same ruler."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from ..agent.cli.door import Exit, say
from ..agent.cli.screen import out
from ..agent.errors import AgentError, SettingError
from ..agent.settings import Settings
from ..retrievers import ServedError
from .case import Case
from .case_error import CaseError
from .case_sets import read_dataset
from .cli_report import write_report
from .foreign_rows import Answered, read_answers
from .metric import Metric
from .registry import MetricError, metrics_named
from .ruler import Ruler
from .run_folder import RunFolderError, RunFolderUnwritable, read
from .scoring import Read, matched, metrics_of_answers, read_cited, score_answers, unread

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command(name="score")
def score(
    answers: Annotated[Path, typer.Argument(help="JSON lines: an answer each, with the texts or URLs that it cites.")],
    folder: Annotated[Path, typer.Option("--out", help="Folder of the run that is made.")],
    dataset: Annotated[
        str, typer.Option(help="The set that was answered, by which `compare` can go; as for run.")
    ] = "",
    data: Annotated[Path | None, typer.Option(help="Folder that holds the public sets.")] = None,
    system: Annotated[str, typer.Option(help="Who answered, where a line does not say.")] = "",
    fetch: Annotated[bool, typer.Option("--fetch", help="Read cited addresses that have no text, politely.")] = False,
    metric: Annotated[list[str] | None, typer.Option(help="Only this one, or package.module:name.")] = None,
    verifier: Annotated[str, typer.Option(help="What judges citations; as the setting `verifier`.")] = "default",
    judge: Annotated[bool, typer.Option("--judge", help="Have the judge's model say what is correct.")] = False,
) -> int:
    """Score answers made elsewhere: each sentence against what it cites; a cell for each system.

    Exit code 1 if a metric could not score, 2 if the answers cannot be read, 5 if a model or the folder cannot be used.
    """
    try:
        read_in = read_answers(answers, system=system)
        cases = matched(read_in, read_dataset(dataset, data) if dataset else (), str(answers))
        metrics = metrics_named(metric) if metric else metrics_of_answers()
        settings = Settings(verifier=verifier)
        unscored = asyncio.run(_score(read_in, cases, folder, settings, metrics, dataset or str(answers), fetch, judge))
        page = write_report(read(folder), folder / "report.html")
    except (CaseError, MetricError, SettingError, RunFolderError) as error:
        say(str(error))
        return Exit.BACKEND_DOWN if isinstance(error, RunFolderUnwritable) else Exit.BAD_INPUT
    except (AgentError, ServedError) as error:
        say(str(error))
        return Exit.BACKEND_DOWN
    out().print((folder / "summary.md").read_text(encoding="utf-8"), end="")
    out().print(f"\nwrote {page}")
    for name, (times, first) in unscored.items():
        say(f"metric {name!r} could not score {times} answers; the first: {first}")
    return Exit.UNEXPECTED if unscored else Exit.DONE


async def _score(
    answers: tuple[Answered, ...],
    cases: tuple[Case, ...],
    folder: Path,
    settings: Settings,
    metrics: tuple[Metric, ...],
    dataset: str,
    fetch: bool,
    judge: bool,
) -> Mapping[str, tuple[int, str]]:
    cited: Mapping[str, Read] = {}
    if fetch and (urls := unread(answers)):
        async with settings.build_crawler() as crawler:
            cited = await read_cited(urls, crawler)
    async with Ruler(settings, with_judge=judge) as ruler:
        return await score_answers(answers, cases, folder, ruler, metrics, dataset=dataset, read=cited, fetched=fetch)
