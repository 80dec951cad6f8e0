"""`fontes reindex`: the derived indexes, made again."""

import asyncio
from time import monotonic
from typing import Annotated

import typer

from ..settings import Settings
from .add import embed_rest
from .door import Exit
from .screen import err, out

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def reindex(
    embed: Annotated[bool, typer.Option("--embed/--no-embed", help="Embed what has no vector yet.")] = True,
) -> int:
    """Make the lexical and the vector index again from the store, without reading or embedding anything twice."""
    return asyncio.run(_reindex(Settings(), embed=embed))


async def _reindex(settings: Settings, *, embed: bool) -> int:
    start = monotonic()
    async with settings.build_index() as index:
        await index.reindex()
        held = await index.store.sources()
        passages = sum(source.passages for source in held)
        out().print(f"{len(held):,} sources with {passages:,} passages indexed again in {monotonic() - start:.1f} s")
        if embed:
            await embed_rest(index, show=err().is_terminal, quiet=False)
    return Exit.DONE
