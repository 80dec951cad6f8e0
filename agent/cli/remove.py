"""`fontes remove`: sources out of the index."""

import asyncio
import os
from typing import Annotated

import typer

from ...crawler import BlockedURL, canonical, file_source, source_path
from ..reading import is_address
from ..settings import Settings
from .door import Exit, say
from .screen import out, shown

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def remove(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE...",
            help="Sources as `fontes sources` lists them, folders of them, or all pages below an address:"
            " https://example.org/docs/*",
        ),
    ] = None,
    gone: Annotated[
        bool, typer.Option("--gone", help="Remove all files that exist no longer; pages of the web stay.")
    ] = False,
) -> int:
    """Take sources out of the index. The files themselves are not touched.

    A page that a kept answer cites stays in the store, so that its citation can still be looked up; searches no
    longer find it. Exit code 2 if nothing named here is in the index.
    """
    if not sources and not gone:
        say("name the sources to remove, or use --gone; `fontes sources` lists them")
        return Exit.BAD_INPUT
    return asyncio.run(_remove(Settings(), sources or [], gone=gone))


async def _remove(settings: Settings, named: list[str], *, gone: bool) -> int:
    async with settings.build_index() as index:
        held = sorted(await index.store.source_names())
        wanted = {name: _below(name, held) for name in named}
        for name, found in wanted.items():
            if not found:
                say(f"{name}: it is not in the index")
        chosen = {source for found in wanted.values() for source in found}
        if gone:
            chosen |= {source for source in held if not is_address(source) and not os.path.lexists(source_path(source))}
        removed = await index.remove(sorted(chosen))
    for source in sorted(chosen):
        out().print(f"removed {shown(source)}")
    if gone and not removed:
        out().print("nothing to remove: every file still exists")
    return Exit.DONE if removed or gone else Exit.BAD_INPUT


def _below(name: str, held: list[str]) -> list[str]:
    """The held sources that `name` means: itself, as a path, or all below it as a folder."""
    if name in held or not name:
        return [name] if name else []
    if is_address(name):
        return _pages(name, held)
    path = file_source(name)
    return [source for source in held if source == path or source.startswith(path.rstrip(os.sep) + os.sep)]


def _pages(address: str, held: list[str]) -> list[str]:
    """The held pages that an address means: itself in any spelling, or with `*` at its end all that begin with it."""
    try:
        if address.endswith("/*"):
            below = canonical(address[:-1])
            return [source for source in held if source.startswith(below)]
        wanted = canonical(address)
        return [source for source in held if is_address(source) and canonical(source) == wanted]
    except BlockedURL:  # no address of the web: nothing is held of it
        return []
