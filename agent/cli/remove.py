"""`fontes remove`: sources out of the index."""

import asyncio
import os
from typing import Annotated

import typer

from ...crawler import source_path
from ..reading import is_address
from ..settings import Settings
from ..tags import known_tags
from .door import Exit, say
from .held_sources import HELP, held_sources
from .screen import out, shown
from .tag_options import trim

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def remove(
    sources: Annotated[list[str] | None, typer.Argument(metavar="SOURCE...", help=HELP)] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", metavar="NAME", help="Remove all sources that carry this tag. May be repeated."),
    ] = None,
    gone: Annotated[
        bool, typer.Option("--gone", help="Remove all files that exist no longer; pages of the web stay.")
    ] = False,
) -> int:
    """Take sources out of the index, and their tags with them. The files themselves are not touched.

    A page that a kept answer cites stays in the store, so that its citation can still be looked up; searches no
    longer find it. Exit code 2 if nothing named here is in the index.
    """
    if not sources and not gone and not tag:
        say("name the sources to remove, or use --tag or --gone; `fontes sources` lists them")
        return Exit.BAD_INPUT
    return asyncio.run(_remove(Settings(), sources or [], tags=tag or [], gone=gone))


async def _remove(settings: Settings, named: list[str], *, tags: list[str], gone: bool) -> int:
    async with settings.build_index() as index:
        held = sorted(await index.store.source_names())
        chosen = await index.store.tagged_sources(await known_tags(tags, index.store))
        chosen |= held_sources(named, held)
        if gone:
            chosen |= {source for source in held if not is_address(source) and not os.path.lexists(source_path(source))}
        removed = await index.remove(sorted(chosen))
        await trim(index.store)
    for source in sorted(chosen):
        out().print(f"removed {shown(source)}")
    if gone and not removed:
        out().print("nothing to remove: every file still exists")
    return Exit.DONE if removed or gone else Exit.BAD_INPUT
