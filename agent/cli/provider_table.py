"""`fontes search --providers`: the search providers that are known, what each wants, and what it is for."""

import json as jsonlib
from dataclasses import asdict, dataclass

from pydantic import SecretStr
from rich import box
from rich.table import Table

from ..providers import PROVIDERS
from ..settings import Settings
from .screen import dim, out, print_cells


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    purpose: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


_ABOUT = {
    "ddgs": _About(purpose="the whole web, through search engines asked as a browser would; the default"),
    "searxng": _About(purpose="the whole web, through a SearXNG of one's own or a friend's", needs=("searxng_url",)),
    "brave": _About(purpose="the whole web, an index of its own", needs=("brave_key",)),
    "google": _About(
        purpose="the whole web or chosen sites, 100 searches a day free", needs=("google_key", "google_cx")
    ),
    "tavily": _About(purpose="the whole web, made for question answering", needs=("tavily_key",)),
    "serper": _About(purpose="the whole web, Google's results", needs=("serper_key",)),
    "wikipedia": _About(purpose="Wikipedia, in the question's language"),
    "arxiv": _About(purpose="preprints in physics, mathematics and computer science"),
    "openalex": _About(purpose="scholarly works of all fields", takes=("openalex_key",)),
    "crossref": _About(purpose="articles and books with a DOI"),
    "semantic_scholar": _About(purpose="papers of all fields", takes=("semantic_scholar_key",)),
    "pubmed": _About(purpose="medicine and the life sciences", takes=("pubmed_key",)),
    "gdelt": _About(purpose="news of the last three months, in 65 languages"),
    "hacker_news": _About(purpose="what programmers read and say"),
    "stackexchange": _About(purpose="questions and answers by site", takes=("stackexchange_key",)),
    "wayback": _About(purpose="pages as they were; for addresses that are gone"),
    "recorded": _About(purpose="searches played from a file, for replays and tests", needs=("recorded",)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A provider: the settings it `needs` and those it `takes`, as variables; `missing` are needed and not set.

    `turn` counts from 1 in FONTES_SEARCH; None where it is not named there.
    """

    name: str
    purpose: str
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    missing: tuple[str, ...]
    turn: int | None


def known_providers(settings: Settings) -> tuple[Known, ...]:
    """Every provider by name, and the plugs that FONTES_SEARCH names besides."""
    others = [name for name in settings.search if name not in PROVIDERS]
    return tuple(_known(name, settings) for name in (*PROVIDERS, *others))


def print_providers(settings: Settings, *, as_json: bool) -> None:
    """The table, or the same as one JSON value."""
    known = known_providers(settings)
    if as_json:
        out().print(jsonlib.dumps([asdict(provider) for provider in known], indent=2), soft_wrap=True)
        return
    if not out().is_terminal:
        for provider in known:
            print_cells(provider.name, _wants(provider), _state(provider), provider.purpose)
        return
    table = Table(box=box.SIMPLE, header_style="bold")
    for column in ("provider", "needs", "state", "what it searches"):
        table.add_column(column, overflow="fold")
    for provider in known:
        table.add_row(provider.name, _wants(provider), _state(provider), provider.purpose)
    out().print(table)
    out().print(dim("FONTES_SEARCH=brave,ddgs names those to ask, first choice first; package.module:Class is a plug"))


def _known(name: str, settings: Settings) -> Known:
    about = _ABOUT.get(name, _About(purpose="a plug of your own"))
    return Known(
        name=name,
        purpose=about.purpose,
        needs=tuple(map(_variable, about.needs)),
        takes=tuple(map(_variable, about.takes)),
        missing=tuple(_variable(needed) for needed in about.needs if not _is_set(settings, needed)),
        turn=settings.search.index(name) + 1 if name in settings.search else None,
    )


def _variable(setting: str) -> str:
    return f"FONTES_{setting.upper()}"


def _is_set(settings: Settings, name: str) -> bool:
    value = getattr(settings, name)
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


def _wants(provider: Known) -> str:
    if provider.needs:
        return " and ".join(provider.needs)
    return f"none ({', '.join(provider.takes)} allows more)" if provider.takes else "none"


def _state(provider: Known) -> str:
    ready = f"not set: {', '.join(provider.missing)}" if provider.missing else "ready"
    return f"{ready}, asked as number {provider.turn}" if provider.turn else ready
