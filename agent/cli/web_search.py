"""`fontes search --web`: what the search providers find, and who did not answer."""

import json as jsonlib
from datetime import date

from rich.text import Text

from ...crawler import clean
from ...tools import Filters, Hit, Searched
from ..settings import Settings
from .door import Exit, say
from .screen import counted, dim, err, out, print_indented
from .web_notice import tell_who_sees

_SNIPPET = 300


async def search_web(
    settings: Settings, query: str, *, limit: int, sites: tuple[str, ...], since: date | None, as_json: bool
) -> int:
    """Ask the providers and print their hits; DONE, ABSTAINED for no hit, or BACKEND_DOWN when nobody answered."""
    providers = settings.build_fan_out()
    tell_who_sees(settings)
    merged = await providers.gather(query, limit=limit, filters=Filters(since=since, sites=sites))
    if as_json:
        report = {"hits": [_row(hit) for hit in merged.hits], "searched": [_told(row) for row in merged.searched]}
        out().print(jsonlib.dumps(report, indent=2, ensure_ascii=False), soft_wrap=True)
    else:
        for hit in merged.hits:
            _print(hit)
        err().print(dim(_summary(merged.searched)))
    for row in merged.searched:
        if row.error is not None:
            say(f"{row.provider} did not answer: {row.error.why}")
    if merged.hits:
        return Exit.DONE
    if merged.failed:
        say("no search provider answered; `fontes doctor --web` asks every one")
        return Exit.BACKEND_DOWN
    say("nothing found")
    return Exit.ABSTAINED


def _row(hit: Hit) -> dict[str, object]:
    return {
        "rank": hit.rank, "url": hit.url, "title": hit.title, "snippet": hit.snippet, "published": hit.published,
        "provider": hit.provider, "providers": list(hit.providers),
    }  # fmt: skip


def _told(row: Searched) -> dict[str, object]:
    return {
        "provider": row.provider, "query": row.query, "hits": row.hits, "seconds": round(row.seconds, 3),
        "error": row.error.why if row.error else "",
    }  # fmt: skip


def _print(hit: Hit) -> None:
    facts = " · ".join(clean(fact) for fact in (hit.published[:10], ", ".join(hit.providers) or hit.provider) if fact)
    title = clean(hit.title) or clean(hit.url)
    out().print(Text.assemble((f"{hit.rank}. ", "bold cyan"), (title, "bold"), (f" · {facts}", "dim")))
    print_indented(dim(clean(hit.url)), 3)
    if hit.snippet:
        text = " ".join(clean(hit.snippet).split())
        print_indented(Text(text if len(text) <= _SNIPPET else f"{text[:_SNIPPET]}…"), 3)


def _summary(searched: tuple[Searched, ...]) -> str:
    return ", ".join(
        f"{row.provider} failed" if row.error else f"{row.provider} {counted(row.hits, 'hit')} in {row.seconds:.1f} s"
        for row in searched
    )
