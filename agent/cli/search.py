"""`fontes search --docs`: passages without an answer."""

import asyncio
import json as jsonlib
from typing import Annotated

import typer
from rich.text import Text

from ...crawler import clean
from ...retrievers import Evidence
from ..settings import Settings
from .door import Exit, say
from .screen import dim, err, out, print_indented, shown

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What to look for.")],
    docs: Annotated[
        bool, typer.Option("--docs", help="Search your own index (the only place, in this version).")
    ] = True,
    limit: Annotated[int, typer.Option("--limit", "-k", min=1, max=100, help="How many passages.")] = 10,
    rerank: Annotated[
        bool, typer.Option("--rerank/--no-rerank", help="Have the cross-encoder read the best ones again.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show the scores of each stage.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the passages as one JSON value.")] = False,
) -> int:
    """Find passages by their words and their meaning. Exit code 4 if nothing is found."""
    if not any(char.isalnum() for char in query):
        say("the query holds no word")
        return Exit.BAD_INPUT
    return asyncio.run(_search(Settings(), query, limit=limit, rerank=rerank, explain=explain, as_json=json))


async def _search(settings: Settings, query: str, *, limit: int, rerank: bool, explain: bool, as_json: bool) -> int:
    async with settings.build_index() as index:
        found = await index.search(query, k=limit, rerank=rerank)
        notes = index.notes
    if as_json:
        out().print(jsonlib.dumps([_row(e) for e in found], indent=2, ensure_ascii=False), soft_wrap=True)
    else:
        for rank, evidence in enumerate(found, start=1):
            _print(rank, evidence, explain=explain)
    for note in notes:
        err().print(dim(f"note: {clean(note)}"))
    if not found:
        say("nothing found")
    return Exit.DONE if found else Exit.ABSTAINED


def _row(evidence: Evidence) -> dict[str, object]:
    passage = evidence.passage
    return {
        "source": evidence.source, "title": evidence.title, "published": evidence.published, "text": passage.text,
        "start": passage.start, "end": passage.end, "page_hash": passage.page_hash,
        "heading_path": list(passage.heading_path), "page_number": passage.page_number,
        "score": evidence.score, "stages": dict(evidence.stages),
    }  # fmt: skip


def _print(rank: int, evidence: Evidence, *, explain: bool) -> None:
    date = f" · {evidence.published[:10]}" if evidence.published else ""
    title = clean(evidence.passage.context or evidence.title) or shown(evidence.source)
    out().print(Text.assemble((f"{rank}. ", "bold cyan"), (title, "bold"), date))
    print_indented(dim(shown(evidence.source)), 3)
    if explain:
        scores = "  ".join(f"{name} {score:.3f}" for name, score in evidence.stages)
        print_indented(dim(scores), 3)
    text = " ".join(clean(evidence.passage.text).split())
    print_indented(Text(text if len(text) <= 300 else f"{text[:300]}…"), 3)
