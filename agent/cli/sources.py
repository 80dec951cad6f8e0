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
from ..tags import known_tags
from .door import Exit
from .screen import counted, err, out, print_cells, shown
from .tag_options import TAG

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def sources(
    json: Annotated[
        bool, typer.Option("--json", help="Print all that is known of each source as one JSON value.")
    ] = False,
    tag: Annotated[list[str] | None, TAG] = None,
) -> int:
    """List the sources of the index: date, passages, path, title and tags; `--json` tells all."""
    return asyncio.run(_sources(Settings(), tags=tag or [], as_json=json))


async def _sources(settings: Settings, *, tags: list[str], as_json: bool) -> int:
    async with Store(settings.home) as store:
        wanted = frozenset(await known_tags(tags, store))
        held = [source for source in await store.sources() if not wanted or wanted & set(source.tags)]
    if as_json:
        rows = [
            {
                **asdict(s.sighting),
                "page_hash": s.page_hash,
                "length": s.length,
                "passages": s.passages,
                "vectors": s.vectors,
                "tags": list(s.tags),
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
            print_cells(source.sighting.source, source.sighting.title, " ".join(source.tags))
        return Exit.DONE
    table = Table(box=box.SIMPLE, header_style="bold")
    table.add_column("date", no_wrap=True, min_width=10)
    table.add_column("passages", justify="right", no_wrap=True)
    table.add_column("source", overflow="fold")
    for s in held:
        title = clean(s.sighting.title)
        marks = "".join(f"  #{tag}" for tag in s.tags)
        name = Text.assemble(shown(s.sighting.source), (f"  {title}" if title else "", "dim"), (marks, "cyan"))
        table.add_row(s.sighting.published[:10], f"{s.passages:,}", name)
    out().print(table)
    passages, vectors = sum(s.passages for s in held), sum(s.vectors for s in held)
    out().print(f"{counted(len(held), 'source')}, {counted(passages, 'passage')}, {vectors:,} of them embedded")
    return Exit.DONE
