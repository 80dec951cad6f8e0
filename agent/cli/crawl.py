"""`fontes crawl`: a site, politely, with what became of every address."""

import asyncio
import json as jsonlib
import shlex
import signal
from contextlib import aclosing, nullcontext, suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from ...crawler import BlockedURL, CrawlStateError, LedgerRow, Progress, SiteCrawl, clean, remove_state, state_file
from ..settings import Settings
from .door import Exit, say
from .fetch import RENDER, asked_address, settings_for
from .screen import counted, err, out

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)

_MOST_HOSTS_SHOWN = 6

Globs = list[str] | None


@app.command()
def crawl(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where to begin; https:// may be left out.")],
    depth: Annotated[int, typer.Option(min=0, help="The most links from the start.")] = 3,
    limit: Annotated[int, typer.Option(min=1, help="The most addresses that are asked.")] = 1000,
    include: Annotated[
        Globs,
        typer.Option(
            metavar="GLOB",
            help="Beside the start, read only what matches: a path (/docs/**) or an address, on any host"
            " (https://docs.example.org/**)."
            " * stands for anything but /, ** for anything. May be given several times.",
        ),
    ] = None,
    exclude: Annotated[Globs, typer.Option(metavar="GLOB", help="Do not read what matches.")] = None,
    sitemaps: Annotated[bool, typer.Option("--sitemaps/--no-sitemaps", help="Read the site's sitemaps too.")] = True,
    render: Annotated[bool, RENDER] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew where a crawl was interrupted before.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line, one for every address.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
) -> int:
    """Read a site: what the start links to and what its sitemaps list, on its own host.

    It tells what became of every address and keeps nothing for your questions: `fontes add URL…` takes pages, or all
    that a sitemap lists (`fontes add https://example.org/sitemap.xml`), into the index.

    robots.txt, its delays and opt-outs are obeyed. Ctrl-C is safe at any time: the same command goes on from there,
    and prints what is new. A crawl that came to its end begins anew. Exit code 0 if a page was read, 1 if none was, 2
    if the address or a pattern is none.
    """
    asked: dict[str, Any] = {
        "start": asked_address(url), "depth": depth, "include": tuple(include or ()), "exclude": tuple(exclude or ()),
        "sitemaps": sitemaps,
    }  # fmt: skip
    try:
        settings = settings_for(render=render)
        state = state_file(settings.home / "crawls", asked["start"], asked)
        if fresh:
            remove_state(state)
        code = asyncio.run(_crawl(settings, asked, state, limit=limit, as_json=json, quiet=quiet))
    except (BlockedURL, ValueError) as error:
        say(str(error))
        return Exit.BAD_INPUT
    except CrawlStateError as error:
        say(str(error))
        return Exit.BACKEND_DOWN
    if code == Exit.INTERRUPTED:
        say(f"interrupted: what was read is kept; to go on: {_command(asked, limit=limit, render=render, json=json)}")
    return code


def _command(asked: dict[str, Any], *, limit: int, render: bool, json: bool) -> str:
    words = ["fontes", "crawl", asked["start"], "--depth", str(asked["depth"]), "--limit", str(limit)]
    for name in ("include", "exclude"):
        for pattern in asked[name]:
            words += [f"--{name}", pattern]
    flags = {"--no-sitemaps": not asked["sitemaps"], "--render": render, "--json": json}
    return shlex.join([*words, *(flag for flag, is_on in flags.items() if is_on)])


async def _crawl(
    settings: Settings, asked: dict[str, Any], state: Path, *, limit: int, as_json: bool, quiet: bool
) -> int:
    async with settings.build_crawler() as crawler:
        site = SiteCrawl(crawler, state=state, limit=limit, **asked)
        if state.exists() and not quiet:
            say("going on where this crawl was interrupted (--fresh begins anew)")
        printing = asyncio.create_task(_print_rows(site, as_json=as_json, quiet=quiet))
        interrupted = _cancel_on_interrupt(printing)
        try:
            await printing
        except asyncio.CancelledError:
            if not interrupted.is_set():
                raise
    if not interrupted.is_set():
        remove_state(state)
    if not quiet:
        _print_summary(site.progress, limit)
    if interrupted.is_set():
        return Exit.INTERRUPTED
    return Exit.DONE if site.progress.read else Exit.UNEXPECTED


def _cancel_on_interrupt(task: asyncio.Task[None]) -> asyncio.Event:
    """The first Ctrl-C ends the crawl where it is; one after a second more ends the program."""
    interrupted = asyncio.Event()
    loop = asyncio.get_running_loop()

    def cancel() -> None:
        if not interrupted.is_set():  # many a sender says it twice, and the state wants to be closed
            interrupted.set()
            task.cancel()
            loop.call_later(1.0, loop.remove_signal_handler, signal.SIGINT)

    with suppress(NotImplementedError, RuntimeError):  # not the main thread: someone else's signals
        loop.add_signal_handler(signal.SIGINT, cancel)
    return interrupted


async def _print_rows(site: SiteCrawl, *, as_json: bool, quiet: bool) -> None:
    """A line for every address as it is done, below them the progress if there is a terminal to show it on."""
    shows = err().is_terminal and not quiet
    console = err() if shows and out().is_terminal else out()  # the display wants all lines through its own console
    live = Live(console=err(), get_renderable=lambda: _screen(site.progress), transient=True, refresh_per_second=4)
    with live if shows else nullcontext():
        async with aclosing(site.entries()) as entries:
            async for _, row in entries:
                _print_row(console, row, as_json=as_json)


def _print_row(console: Console, row: LedgerRow, *, as_json: bool) -> None:
    if as_json:
        console.print(jsonlib.dumps(_told(row), ensure_ascii=False), soft_wrap=True)
    elif row.outcome == "read":
        console.print(Text.assemble(("read", "green"), f" {clean(row.url)}", (f"  {clean(row.title)}", "dim")))
    else:
        why = clean(row.detail)
        console.print(Text.assemble((row.reason, "yellow"), f" {clean(row.url)}", (f"  {why}" if why else "", "dim")))


def _told(row: LedgerRow) -> dict[str, object]:
    """The row as a JSON object: `outcome` is "read", or the reason why it was not."""
    return {
        "url": row.url, "final_url": row.final_url, "outcome": row.reason or row.outcome, "detail": row.detail,
        "title": row.title, "words": row.words, "language": row.language, "published": row.published,
        "quality": row.quality, "seconds": row.seconds, "bytes": row.bytes, "depth": row.depth,
        "found_on": row.found_on, "at": row.at,
    }  # fmt: skip


def _screen(progress: Progress) -> Group:
    left = "" if progress.eta_s is None else f", about {_duration(progress.eta_s)} left"
    head = (
        f"{counted(progress.read, 'page')} read, {progress.skipped:,} skipped, {progress.waiting:,} waiting;"
        f" {progress.pages_s:.1f}/s{left} (Ctrl-C is safe)"
    )
    hosts = [Text(f"  {clean(host)}: {doing}", style="dim") for host, doing in progress.hosts[:_MOST_HOSTS_SHOWN]]
    if (more := len(progress.hosts) - _MOST_HOSTS_SHOWN) > 0:
        hosts.append(Text(f"  and {counted(more, 'host')} more", style="dim"))
    return Group(Text(head), *hosts)


def _print_summary(progress: Progress, limit: int) -> None:
    read = f"{counted(progress.read, 'page')} read, {progress.pages_s:.1f} addresses/s"
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in progress.reasons)
    skipped = f"; {progress.skipped:,} skipped: {reasons}" if reasons else ""
    left = f"; {progress.left:,} more found, beyond the limit of {limit:,}" if progress.left else ""
    sitemaps = f"; {counted(progress.sitemaps, 'sitemap')} read" if progress.sitemaps else ""
    err().print(f"{read}{skipped}{left}{sitemaps}")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3_600:.1f} h"
