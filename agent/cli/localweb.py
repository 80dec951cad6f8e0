"""`fontes localweb`: a folder of saved pages as a small internet on this machine."""

import asyncio
import signal
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.live import Live
from rich.text import Text

from ...crawler import clean
from ...tools.localweb import Fault, LocalWeb, LocalWebError
from ..settings import Settings
from .door import Exit, say
from .screen import counted, dim, err, out

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)

_MOST_HOSTS_SHOWN = 12


@app.command()
def localweb(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            help="A folder with a folder of pages for every host name, or with web.toml or web.jsonl, or just with"
            " pages, which then get hosts of their own, twenty a host.",
        ),
    ],
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen on 127.0.0.1; 0 is any.")] = 8088,
    latency: Annotated[float, typer.Option(min=0, metavar="MS", help="Milliseconds before every answer.")] = 0.0,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE",
            help='What goes wrong, as "RATE KIND PATTERN": "0.3 status:503 *", "10% login *.test",'
            ' "1 search-429". May be given several times; the first that strikes counts.',
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Which addresses the faults strike; the same for the same seed.")] = 0,
) -> int:
    """Serve a folder of saved pages under their own host names, with a search over them.

    Nothing but this machine can reach it. The line that it prints, run in another terminal, leads every host name
    there. Exit code 0 when it is ended by SIGTERM, 130 by Ctrl-C, 2 if the folder cannot be served.
    """
    try:
        faults = tuple(map(Fault.parse, fault or ()))
        return asyncio.run(_serve(path, port=port, latency_s=latency / 1000, faults=faults, seed=seed))
    except LocalWebError as error:
        say(str(error))
        return Exit.BAD_INPUT


async def _serve(path: Path, *, port: int, latency_s: float, faults: tuple[Fault, ...], seed: int) -> int:
    shows = err().is_terminal
    status = err().status("", spinner="dots") if shows else None

    def progress(done: int, total: int) -> None:
        if status is not None:
            status.update(f"reading {counted(total, 'page')} for the search: {done:,}")

    web = LocalWeb(
        path, port=port, latency_s=latency_s, faults=faults, seed=seed, progress=progress,
        cache_dir=Settings().home / "localweb",
    )  # fmt: skip
    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    with status or nullcontext():
        await web.__aenter__()
    try:
        _end_on_signals(ended)
        _introduce(web, faults)
        with _live(web) if shows else nullcontext():
            code = await ended
    finally:
        await web.__aexit__()
    err().print(f"stopped; {counted(web.request_count, 'request')} answered")
    return code


def _end_on_signals(ended: "asyncio.Future[int]") -> None:
    def end(code: int) -> None:
        if not ended.done():
            ended.set_result(code)

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, end, Exit.INTERRUPTED)
    loop.add_signal_handler(signal.SIGTERM, end, Exit.DONE)


def _introduce(web: LocalWeb, faults: tuple[Fault, ...]) -> None:
    """What is served, on stderr, and on stdout the line that another terminal needs."""
    err().print(f"{counted(web.page_count, 'page')} on {counted(len(web.hosts), 'host')}, at {web.search_url}")
    for host in web.hosts[:_MOST_HOSTS_SHOWN]:
        err().print(dim(f"  http://{clean(host)}/"))
    if (more := len(web.hosts) - _MOST_HOSTS_SHOWN) > 0:
        err().print(dim(f"  and {counted(more, 'host')} more"))
    for fault in faults:
        err().print(dim(f"  {fault.rate:.0%} of {clean(fault.url)}: {fault.label}"))
    err().print("To use it in another terminal:")
    address = web.resolve["*"]
    line = f"export FONTES_RESOLVE='*={address}' FONTES_SEARXNG_URL={web.search_url} FONTES_SEARCH=searxng"
    out().print(line, soft_wrap=True)


def _live(web: LocalWeb) -> AbstractContextManager[object]:
    return Live(console=err(), get_renderable=lambda: _screen(web), transient=True, refresh_per_second=4)


def _screen(web: LocalWeb) -> Text:
    head = f"{counted(web.request_count, 'request')} (Ctrl-C ends)"
    if (last := web.last) is None:
        return Text(head)
    told = last.fault if not last.status else f"{last.status}{f' {last.fault}' if last.fault else ''}"
    return Text.assemble(head, (f"  last: {last.host}{last.path} {told}", "dim"), overflow="ellipsis", no_wrap=True)
