"""`fontes doctor`: what is there, what answers, what is missing, and the command that mends it."""

import asyncio
import json as jsonlib
import platform
import shutil
from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from ..._version import __version__
from ...crawler import clean
from ...retrievers import EmbedError, Index, LexicalError, StoreError, VectorsError
from ..settings import Settings, config_file, unknown_variables
from .doctor_models import model_findings
from .doctor_web import web_findings
from .door import Exit
from .findings import Finding
from .screen import dim, out, print_indented

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)

_SIGNS = {"ok": ("✓", "green"), "note": ("•", "cyan"), "warning": ("!", "yellow"), "error": ("✗", "red")}


@app.command()
def doctor(
    web: Annotated[
        bool, typer.Option("--web", help="Send one query to every search provider of FONTES_SEARCH too.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the findings as one JSON value.")] = False,
) -> int:
    """Check the data directory, models, indexes, search providers and crawler, and repair what is derived.

    Model servers that are set are asked a word or two; local ones are looked for. Beside that nothing leaves this
    machine without --web, but a connection to the SearXNG that is configured. Exit code 0 if questions can be answered,
    5 if not.
    """
    return asyncio.run(show_findings(Settings(), asks=web, as_json=json))


async def show_findings(settings: Settings, *, asks: bool, as_json: bool) -> int:
    """Look at everything and print it; `asks` sends a query to the search providers, too. The exit code."""
    findings = [
        Finding(what="fontes", state="ok", detail=f"{__version__}, Python {platform.python_version()}"),
        _settings_file(),
        _disk(settings),
        *await _index(settings),
        *await model_findings(settings),
        *await web_findings(settings, asks=asks),
    ]
    if as_json:
        out().print(jsonlib.dumps([asdict(finding) for finding in findings], indent=2), soft_wrap=True)
    else:
        for finding in findings:
            sign, style = _SIGNS[finding.state]
            out().print(Text.assemble((sign, style), " ", (finding.what, "bold"), "  ", clean(finding.detail)))
            if finding.remedy:
                print_indented(dim(finding.remedy), 2)
    return Exit.BACKEND_DOWN if any(finding.state == "error" for finding in findings) else Exit.DONE


def _settings_file() -> Finding:
    if unknown := unknown_variables():
        detail = f"{', '.join(unknown)}: set in the environment, but there is no such setting"
        return Finding(what="settings", state="warning", detail=detail, remedy="`fontes config` lists the settings")
    path = config_file()
    if path.is_file():
        return Finding(what="settings", state="ok", detail=str(path))
    return Finding(what="settings", state="ok", detail="defaults and environment; `fontes config` shows them")


def _disk(settings: Settings) -> Finding:
    place = next(folder for folder in (settings.home, *settings.home.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    if free < 200_000_000:
        return Finding(
            what="disk", state="warning", detail=f"{free / 1e6:,.0f} MB free at {place}",
            remedy="free some space, or point FONTES_HOME at another disk",
        )  # fmt: skip
    return Finding(what="disk", state="ok", detail=f"{free / 1e9:,.1f} GB free at {place}")


async def _index(settings: Settings) -> list[Finding]:
    try:
        async with settings.build_index() as index:
            damage = await index.store.check()
            if damage != "ok":
                remedy = "restore fontes.db from a backup, or move it away and add your sources again"
                return [Finding(what="store", state="error", detail=f"{index.store.path}: {damage}", remedy=remedy)]
            held = await index.store.sources()
            tags = len(await index.store.tags())
            counts = f"{len(held):,} sources{f', {tags:,} tags' if tags else ''}"
            store = Finding(what="store", state="ok", detail=f"{index.store.path}: {counts}, checked")
            return [store, await _checkpoints(settings), await _lexical(index), await _vectors(index)]
    except StoreError as error:
        return [Finding(what="store", state="error", detail=str(error))]
    except EmbedError as error:
        return [Finding(what="index", state="error", detail=f"it cannot be opened: {error}")]


async def _checkpoints(settings: Settings) -> Finding:
    from ..checkpoints import open_checkpoints

    async with open_checkpoints(settings.home / "checkpoints.db") as checkpoints:
        if checkpoints.note:
            return Finding(what="checkpoints", state="note", detail=checkpoints.note)
    return Finding(what="checkpoints", state="ok", detail="in order")


async def _lexical(index: Index) -> Finding:
    try:
        await index.sync(wait_s=1)
    except LexicalError as error:
        return Finding(what="lexical index", state="warning", detail=str(error), remedy="run `fontes reindex`")
    return Finding(what="lexical index", state="ok", detail="up to the store")


async def _vectors(index: Index) -> Finding:
    if index.dense is None:
        return Finding(what="vectors", state="note", detail="not used: there is no embedder")
    try:
        passages, embedded = await index.dense.counts()
        await index.dense.probe()
    except EmbedError as error:
        detail = f"questions are matched by words alone: {error}"
        return Finding(what="vectors", state="warning", detail=detail)
    except VectorsError as error:
        return Finding(what="vectors", state="warning", detail=str(error), remedy="run `fontes reindex`")
    if embedded < passages:
        detail = f"{embedded:,} of {passages:,} passages embedded; questions embed the few they need of the rest"
        return Finding(what="vectors", state="note", detail=detail, remedy="`fontes reindex` embeds them now")
    return Finding(what="vectors", state="ok", detail=f"all {passages:,} passages embedded")
