"""`fontes sources`: what the index holds."""

import asyncio
import json as jsonlib
from dataclasses import asdict
from typing import Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from ...crawler import clean
from ...retrievers import Store
from ..settings import Settings
from .door import Exit
from .screen import counted, err, out, print_cells, shown

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def sources(
    json: Annotated[
        bool, typer.Option("--json", help="Print all that is known of each source as one JSON value.")
    ] = False,
) -> int:
    """List the sources of the index: date, passages, path and title; `--json` tells all."""
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
        err().print("the index is empty; `fontes add FOLDER_OR_URL` fills it")
        return Exit.DONE
    if not out().is_terminal:
        for source in held:
            print_cells(source.sighting.source, source.sighting.title)
        return Exit.DONE
    table = Table(box=box.SIMPLE, header_style="bold")
    table.add_column("date", no_wrap=True, min_width=10)
    table.add_column("passages", justify="right", no_wrap=True)
    table.add_column("source", overflow="fold")
    for s in held:
        title = clean(s.sighting.title)
        name = Text.assemble(shown(s.sighting.source), (f"  {title}" if title else "", "dim"))
        table.add_row(s.sighting.published[:10], f"{s.passages:,}", name)
    out().print(table)
    passages, vectors = sum(s.passages for s in held), sum(s.vectors for s in held)
    out().print(f"{counted(len(held), 'source')}, {counted(passages, 'passage')}, {vectors:,} of them embedded")
    return Exit.DONE
