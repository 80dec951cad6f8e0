"""`fontes add`: files, folders and pages into the index, searchable at once, then embedded."""

import asyncio
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from ...retrievers import Index, LexicalError
from ..adding import MOST_LISTED, add_sources
from ..reading import Reading, Report
from ..settings import Settings
from .door import Exit, say
from .screen import counted, err, out, skipped_lines

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def add(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH_OR_URL...",
            help="Files, folders with all that is below them, pages (https://…), and sitemaps or feeds, which stand for"
            " the pages they list.",
        ),
    ],
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="The most pages that sitemaps bring along.")
    ] = MOST_LISTED,
    tag: Annotated[
        list[str] | None,
        typer.Option(
            "--tag",
            metavar="NAME",
            help="Give all of these sources this tag, unchanged ones too, so that `fontes ask --tag` asks them alone."
            " May be repeated.",
        ),
    ] = None,
    embed: Annotated[
        bool,
        typer.Option(
            "--embed/--no-embed", help="Embed after adding. Without it, a question embeds the few passages it needs."
        ),
    ] = True,
    json: Annotated[bool, typer.Option("--json", help="Print what became of every source as one JSON value.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> int:
    """Take files, folders and pages of the web (HTML, PDF, Markdown, plain text) into the index.

    Files that have not changed since are passed over, changed ones are replaced. Pages are asked for politely, by
    robots.txt and one at a time from a host. Ctrl-C is safe at any time: what was stored stays, and the next `fontes
    add` goes on from there. Exit code 2 if not one source could be read.
    """
    try:
        return asyncio.run(
            _add(Settings(), sources, tags=tag or [], embed=embed, limit=limit, as_json=json, quiet=quiet)
        )
    except KeyboardInterrupt:
        say("interrupted: what was stored stays; the same command goes on from there")
        return Exit.INTERRUPTED


async def _add(
    settings: Settings, sources: list[str], *, tags: list[str], embed: bool, limit: int, as_json: bool, quiet: bool
) -> int:
    # Not an Assistant: that would load the graph, which takes longer than reading a hundred files.
    async with settings.build_index() as index, settings.build_reader() as reader:
        show = err().is_terminal and not quiet and not as_json
        with _Bar("reading", show=show) as bar:
            report = await add_sources(
                sources, index, reader, lambda: settings.build_crawler(reader), limit=limit, progress=bar.reading,
                tags=tags,
            )  # fmt: skip
        await _sync(index, quiet=quiet)
        if not as_json and not quiet:
            _print(report, limit)
        if embed and report.read:
            await embed_rest(index, show=show, quiet=quiet or as_json)
        if as_json:
            out().print(_json(report), soft_wrap=True)
        return Exit.DONE if report.read else Exit.BAD_INPUT


async def _sync(index: Index, *, quiet: bool) -> None:
    """Make what was stored searchable; says so when another process is in the way for more than a moment."""
    try:
        await index.sync(wait_s=1)
    except LexicalError:
        if not quiet:
            say("waiting for another fontes that is indexing")
        await index.sync()


def _print(report: Report, limit: int) -> None:
    counts = ((len(report.added), "added"), (len(report.changed), "changed"), (len(report.unchanged), "unchanged"))
    done = ", ".join(f"{count:,} {name}" for count, name in counts if count)
    if report.read:
        out().print(f"{done}: searchable now")
    elif not report.skipped:
        say("no readable file or page there: HTML, PDF, Markdown and plain text are read")
    for line in skipped_lines(report.skipped):
        err().print(Text.assemble("skipped ", line))
    if report.left:
        err().print(f"{counted(report.left, 'page')} more listed than --limit {limit:,} lets in")
    if report.gone:
        err().print(
            f"no longer there: {counted(len(report.gone), 'source')} of the index;"
            " `fontes remove --gone` takes out what is gone"
        )


async def embed_rest(index: Index, *, show: bool, quiet: bool) -> None:
    """Embed what has no vector yet, with progress, and say what was done."""
    if index.dense is None:
        return
    with _Bar("embedding (Ctrl-C is safe)", show=show) as bar:
        made = await index.embed(bar.embedding)
    if quiet:
        return
    if made is None:
        out().print("another process is embedding already; it takes these passages along")
    elif made:
        out().print(f"{counted(made, 'passage')} embedded: questions are matched by meaning too")


def _json(report: Report) -> str:
    from pydantic import RootModel

    return RootModel[Report](report).model_dump_json(indent=2)


class _Bar:
    """A progress bar on stderr that appears with its first report; nothing when it is not shown."""

    def __init__(self, label: str, *, show: bool) -> None:
        columns = (
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(),
            TimeRemainingColumn(),
        )  # fmt: skip
        self._progress = Progress(*columns, console=err(), transient=True) if show else None
        self._label = label
        self._task = None if self._progress is None else self._progress.add_task(label, total=None, visible=False)

    def __enter__(self) -> "_Bar":
        if self._progress:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress:
            self._progress.stop()

    def reading(self, reading: Reading) -> None:
        self.embedding(reading.done, reading.total)

    def embedding(self, done: int, total: int) -> None:
        if self._progress and self._task is not None:
            self._progress.update(self._task, completed=done, total=total, visible=True)


class _Rate(TextColumn):
    """Items a second."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed and task.speed >= 10 else f"{task.speed or 0:.1f}/s")
