"""`fontes fetch`: one page of the web, as it would be read for an answer, or the reason why it would not."""

import asyncio
import json as jsonlib
import re
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from ...crawler import Page, Skipped, Visit, clean
from ..settings import Settings
from .door import Exit, say
from .screen import counted, out

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)

_NO_SCHEME = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?([/?#].*)?", re.DOTALL)

_WORD = re.compile(r"\w")

RENDER = typer.Option("--render", help="Run JavaScript in a browser where a page is empty without (extra: browser).")


@app.command()
def fetch(
    url: Annotated[str, typer.Argument(metavar="URL", help="The page's address; https:// may be left out.")],
    text: Annotated[bool, typer.Option("--text/--no-text", help="Print the text too.")] = True,
    render: Annotated[bool, RENDER] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print all that is known of the page as one JSON value.")
    ] = False,
) -> int:
    """Read one page, politely: its title, dates, signals and text.

    robots.txt and opt-outs are obeyed, private addresses are not asked. Exit code 0 if the page was read, 1 if it was
    not (the reason is printed), 2 if the address is none that may be asked.
    """
    return asyncio.run(_fetch(settings_for(render=render), asked_address(url), with_text=text, as_json=json))


def settings_for(*, render: bool) -> Settings:
    """The settings, with rendering switched on if it was asked for."""
    return Settings(render=True) if render else Settings()


def asked_address(url: str) -> str:
    """`web_address` of what a person typed to be read.

    Raises:
        BadParameter: there is no word in it; anything else is judged, and named, by the crawler.
    """
    address = web_address(url.strip())
    if not _WORD.search(address):
        why = f"{url!r} is no address of the web; write it as https://example.org/page"
        raise typer.BadParameter(why, param_hint="URL")
    return address


def web_address(url: str) -> str:
    """What a person typed, with `https://` where only a host and a path were."""
    return f"https://{url}" if _NO_SCHEME.fullmatch(url) else url


async def _fetch(settings: Settings, url: str, *, with_text: bool, as_json: bool) -> int:
    async with settings.build_crawler() as crawler:
        visit: Visit = await crawler.visit(url)
    if as_json:
        out().print(jsonlib.dumps(_told(visit, with_text=with_text), indent=2, ensure_ascii=False), soft_wrap=True)
    elif isinstance(visit.outcome, Page):
        _print(visit, visit.outcome, with_text=with_text)
    if isinstance(visit.outcome, Page):
        return Exit.DONE
    if not as_json:
        say(f"{visit.outcome.source}: {visit.outcome.detail or visit.outcome.reason} ({visit.outcome.reason})")
    return Exit.BAD_INPUT if visit.outcome.reason == "blocked_address" else Exit.UNEXPECTED


def _told(visit: Visit, *, with_text: bool) -> dict[str, Any]:
    """The visit as one JSON value: what was asked, what became of it, and the page or the reason there is none."""
    value: dict[str, Any] = {
        "url": visit.url, "final_url": visit.final_url, "redirects": visit.redirects, "http_status": visit.status,
        "bytes": visit.size, "seconds": round(visit.seconds, 3), "from_cache": visit.from_cache,
    }  # fmt: skip
    page = visit.outcome
    if isinstance(page, Skipped):
        return value | {"outcome": "skipped", "reason": page.reason, "detail": page.detail}
    value |= {
        "outcome": "read", "title": page.title, "language": page.language, "page_hash": page.hash,
        "extractor": page.extractor, "quality": asdict(page.quality) if page.quality else None,
        "sighting": asdict(page.sightings[0]) if page.sightings else None, "links": visit.links,
    }  # fmt: skip
    return value | {"text": page.text, "blocks": list(map(asdict, page.blocks))} if with_text else value


def _print(visit: Visit, page: Page, *, with_text: bool) -> None:
    out().print(Text(clean(page.title) or "(no title)", style="bold"))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _facts(visit, page):
        if value:
            table.add_row(name, Text(clean(value)))
    out().print(table)
    if with_text:
        out().print()
        out().print(Text(clean(page.text)))


def _facts(visit: Visit, page: Page) -> list[tuple[str, str]]:
    facts = [("source", visit.final_url), ("asked for", visit.url if visit.url != visit.final_url else "")]
    if page.sightings:
        seen = page.sightings[0]
        facts += [
            ("canonical", seen.canonical if seen.canonical != visit.final_url else ""), ("site", seen.site),
            ("author", seen.author), ("published", seen.published), ("modified", seen.modified),
            ("fetched", f"{seen.fetched}{', from the cache' if visit.from_cache else ''}"), ("licence", seen.licence),
            ("signals", ", ".join(seen.signals)),
        ]  # fmt: skip
    facts.append(("language", page.language))
    if quality := page.quality:
        shares = (("boilerplate", quality.boilerplate), ("linked", quality.linked), ("repeated", quality.repeated),
                  ("spam", quality.spam))  # fmt: skip
        listed = ", ".join(f"{name} {share:.2f}" for name, share in shares)
        facts.append(("quality", f"{quality.score:.2f} ({counted(quality.words, 'word')}, {listed})"))
    return facts
