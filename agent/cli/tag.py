"""`fontes tag`: words for sources of the index, to ask some of them alone."""

import asyncio
import json as jsonlib
from dataclasses import asdict
from typing import Annotated, Literal

import typer

from ...retrievers import Store, normal_tag
from ..settings import Settings
from ..tags import known_tags
from .door import Exit
from .held_sources import HELP, held_sources
from .screen import counted, err, out, print_cells
from .tag_options import trim

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def tag(
    action: Annotated[
        Literal["list", "add", "remove"],
        typer.Argument(metavar="[list|add|remove]", help="`list` them, or give a tag to sources, or take it away."),
    ] = "list",
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="One word: letters, digits, - _ . and /; case does not matter.")
    ] = "",
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE...", help=f"{HELP}. `remove` without any takes the tag from all."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the tags as one JSON value.")] = False,
) -> int:
    """Give sources of the index tags, so that `fontes ask --tag NAME` asks these alone.

    A source keeps its tags when it is read again, and loses them when it is removed. Exit code 2 if nothing named here
    is in the index.
    """
    if action == "list":
        if name:
            raise typer.BadParameter("`list` takes no name; `fontes sources --tag NAME` lists the sources of one")
        return asyncio.run(_list(Settings(), as_json=json))
    if not name:
        raise typer.BadParameter("it is missing", param_hint="NAME")
    if action == "add" and not sources:
        raise typer.BadParameter(f"name what is to carry “{name}”; `fontes sources` lists them", param_hint="SOURCE")
    return asyncio.run(_change(Settings(), name, sources, adds=action == "add", as_json=json))


async def _list(settings: Settings, *, as_json: bool) -> int:
    async with Store(settings.home) as store:
        found = await store.tags()
    if as_json:
        out().print(jsonlib.dumps([asdict(each) for each in found], indent=2, ensure_ascii=False), soft_wrap=True)
    elif not found:
        err().print("there are no tags yet; `fontes tag add NAME SOURCE…` gives a source one")
    for each in found if not as_json else ():
        print_cells(each.name, counted(each.sources, "source"))
    return Exit.DONE


async def _change(settings: Settings, name: str, named: list[str] | None, *, adds: bool, as_json: bool) -> int:
    async with Store(settings.home) as store:
        (tag,) = (normal_tag(name),) if adds else await known_tags(name, store)
        chosen = None if not named else held_sources(named, sorted(await store.source_names()))
        changed = await store.tag(chosen or (), (tag,)) if adds else await store.untag(chosen, (tag,))
        await trim(store)
    if as_json:
        out().print(jsonlib.dumps({"tag": tag, "changed": changed}, ensure_ascii=False), soft_wrap=True)
    elif changed:
        out().print(
            f"{counted(changed, 'source')} tagged {tag}" if adds else f"{tag} taken from {counted(changed, 'source')}"
        )
    elif chosen != set():
        out().print(f"nothing to change: {'all of them carry' if adds else 'none of them carries'} {tag}")
    return Exit.BAD_INPUT if chosen == set() else Exit.DONE
