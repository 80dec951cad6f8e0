"""`fontes search`: passages of the own index, or hits of the web, without an answer."""

import asyncio
import json as jsonlib
from typing import Annotated

import typer
from rich.text import Text

from ...crawler import clean
from ...retrievers import Evidence
from ..settings import Settings
from ..tags import known_tags
from ..web_switch import web_wanted
from .door import Exit, say
from .provider_table import print_providers
from .screen import dim, err, out, print_indented, shown
from .tag_options import TAG
from .web_options import PROVIDER, SINCE, SITE, since_date, site_host
from .web_search import search_web

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What to look for.")] = "",
    docs: Annotated[bool, typer.Option("--docs", help="Search your own index, as without any option.")] = False,
    web: Annotated[bool, typer.Option("--web", help="Search the web with the providers of FONTES_SEARCH.")] = False,
    tag: Annotated[list[str] | None, TAG] = None,
    provider: Annotated[list[str] | None, PROVIDER] = None,
    providers: Annotated[
        bool, typer.Option("--providers", help="List the search providers, and what each of them wants.")
    ] = False,
    site: Annotated[list[str] | None, SITE] = None,
    since: Annotated[str, SINCE] = "",
    limit: Annotated[int, typer.Option("--limit", "-k", min=1, max=100, help="How many; of the web 50 at most.")] = 10,
    rerank: Annotated[
        bool, typer.Option("--rerank/--no-rerank", help="Have the cross-encoder read the best passages again.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show the scores of each stage.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print what is found as one JSON value.")] = False,
) -> int:
    """Find passages of your index by their words and their meaning, or pages of the web with --web or --provider.

    Exit code 4 if nothing is found, 5 if no search provider answers.
    """
    if providers:
        print_providers(Settings(), as_json=json)
        return Exit.DONE
    if not any(char.isalnum() for char in query):
        say("the query holds no word")
        return Exit.BAD_INPUT
    asks_web = web or bool(provider or site or since)
    if tag and asks_web:
        raise typer.BadParameter(
            "pages of the web carry no tags; your index is searched alone with it", param_hint="--tag"
        )
    if docs and asks_web:
        raise typer.BadParameter("your index and the web are searched one at a time here", param_hint="--docs")
    if not asks_web:
        return asyncio.run(
            _search(Settings(), query, tags=tag or [], limit=limit, rerank=rerank, explain=explain, as_json=json)
        )
    settings = Settings(search=tuple(provider)) if provider else Settings()
    needs = "--provider" if provider else "--site" if site else "--since" if since else ""
    web_wanted(web or None, needs, is_restricted=False, is_on=settings.web)
    sites, first_day = tuple(map(site_host, site or ())), since_date(since) if since else None
    return asyncio.run(search_web(settings, query, limit=limit, sites=sites, since=first_day, as_json=json))


async def _search(
    settings: Settings, query: str, *, tags: list[str], limit: int, rerank: bool, explain: bool, as_json: bool
) -> int:
    async with settings.build_index() as index:
        wanted = await known_tags(tags, index.store)
        found = await index.search(query, k=limit, rerank=rerank, tags=wanted)
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
