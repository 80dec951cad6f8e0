"""`fontes sources`: what the index holds."""

import asyncio
import json as jsonlib
from dataclasses import asdict
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from ...crawler import clean
from ...retrievers import Store
from ..settings import Settings
from .door import Exit
from .screen import err, out, shown

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def sources(
    json: Annotated[
        bool, typer.Option("--json", help="Print all that is known of each source as one JSON value.")
    ] = False,
) -> int:
    """List the sources of the index: title, date, length in characters, passages."""
    return asyncio.run(_sources(Settings(), as_json=json))


async def _sources(settings: Settings, *, as_json: bool) -> int:
    async with Store(settings.home) as store:
        held = await store.sources()
    if as_json:
        rows = [
            {
                **asdict(s.sighting),
                "page_hash": s.page_hash,
                "length": s.length,
                "passages": s.passages,
                "vectors": s.vectors,
            }
            for s in held
        ]
        out().print(jsonlib.dumps(rows, indent=2, ensure_ascii=False), soft_wrap=True)
        return Exit.DONE
    if not held:
        err().print("the index is empty; `fontes add FOLDER` fills it")
        return Exit.DONE
    if not out().is_terminal:
        for source in held:
            out().print("\t".join((source.sighting.source, clean(source.sighting.title))))
        return Exit.DONE
    table = Table(box=box.SIMPLE, header_style="bold")
    table.add_column("source", overflow="fold", min_width=30)
    table.add_column("title", overflow="ellipsis", no_wrap=True, max_width=30)
    table.add_column("date", no_wrap=True, min_width=10)
    table.add_column("length", justify="right", no_wrap=True)
    table.add_column("passages", justify="right", no_wrap=True)
    for s in held:
        cells = (shown(s.sighting.source), clean(s.sighting.title), s.sighting.published[:10])
        table.add_row(*cells, f"{s.length:,}", f"{s.passages:,}")
    out().print(table)
    passages, vectors = sum(s.passages for s in held), sum(s.vectors for s in held)
    out().print(f"{len(held):,} sources, {passages:,} passages, {vectors:,} of them embedded")
    return Exit.DONE
