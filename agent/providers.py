"""The search providers by their names in settings; each is imported only when it is named."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from ..tools import Search, Terms
    from .archived import Archive
    from .registered import Register
    from .settings import Settings

    Adapt = Callable[[Terms], Terms]

PROVIDERS = (
    "ddgs", "searxng", "brave", "google", "tavily", "serper", "wikipedia", "arxiv", "openalex", "crossref",
    "semantic_scholar", "pubmed", "gdelt", "hacker_news", "stackexchange", "wayback", "recorded",
)  # fmt: skip
REGISTERS = ("crossref", "openalex")
_KEYED_STACK_EXCHANGE_DAILY = 10_000
_KEYED_PUBMED_INTERVAL_S = 0.1


def build(name: str, settings: "Settings") -> "Search | None":
    """The provider of that name, made from its settings; None when the name is none of ours.

    A provider that wants a key is built without one, too: asked, it says which setting is missing.
    """

    from ..crawler import Guard
    from .crawl_policy import crawl_policy

    check = Guard(crawl_policy(settings)).check  # a hit on a host that the person exempted is one

    def terms(own: "Terms") -> "Terms":
        return replace(own, contact=settings.contact, counts=settings.home / "searches", check=check)

    return _general(name, settings, terms) or _special(name, settings, terms)


def archive(settings: "Settings") -> "Archive | None":
    """Where archived copies of pages that are gone are asked for: `wayback`, if it is named in `search`."""
    return cast("Archive | None", build("wayback", settings)) if "wayback" in settings.search else None


def registers(settings: "Settings") -> "tuple[Register, ...]":
    """Where works that an answer cites are looked up: those of the registers that are named in `search`."""
    return tuple(cast("Register", build(name, settings)) for name in REGISTERS if name in settings.search)


def _general(name: str, settings: "Settings", terms: "Adapt") -> "Search | None":
    """Engines for anything."""
    match name:
        case "ddgs":
            from ..tools.search import ddgs

            return ddgs.Ddgs(terms=terms(ddgs.TERMS))
        case "searxng":
            from ..tools.search import searxng

            return searxng.Searxng(settings.searxng_url, terms=terms(searxng.TERMS))
        case "brave":
            from ..tools.search import brave

            return brave.Brave(settings.brave_key.get_secret_value(), terms=terms(brave.TERMS))
        case "google":
            from ..tools.search import google

            key = settings.google_key.get_secret_value()
            return google.Google(key, cx=settings.google_cx, terms=terms(google.TERMS))
        case "tavily":
            from ..tools.search import tavily

            return tavily.Tavily(settings.tavily_key.get_secret_value(), terms=terms(tavily.TERMS))
        case "serper":
            from ..tools.search import serper

            return serper.Serper(settings.serper_key.get_secret_value(), terms=terms(serper.TERMS))
        case "wikipedia":
            from ..tools.search import mediawiki

            return mediawiki.MediaWiki(terms=terms(mediawiki.TERMS))
        case "recorded":
            return _recorded(settings)
    return None


def _special(name: str, settings: "Settings", terms: "Adapt") -> "Search | None":
    """Services for one field: science, medicine, news, code, what is gone."""
    email = settings.contact if "@" in settings.contact else ""
    match name:
        case "arxiv":
            from ..tools.search import arxiv

            return arxiv.Arxiv(terms=terms(arxiv.TERMS))
        case "openalex":
            from ..tools.search import openalex

            return openalex.OpenAlex(settings.openalex_key.get_secret_value(), terms=terms(openalex.TERMS))
        case "crossref":
            from ..tools.search import crossref

            return crossref.Crossref(email=email, terms=terms(crossref.TERMS))
        case "semantic_scholar":
            from ..tools.search import semantic_scholar

            key = settings.semantic_scholar_key.get_secret_value()
            return semantic_scholar.SemanticScholar(key, terms=terms(semantic_scholar.TERMS))
        case "pubmed":
            from ..tools.search import pubmed

            key = settings.pubmed_key.get_secret_value()
            own = replace(pubmed.TERMS, min_interval_s=_KEYED_PUBMED_INTERVAL_S) if key else pubmed.TERMS
            return pubmed.PubMed(key, email=email, terms=terms(own))
        case "stackexchange":
            from ..tools.search import stack_exchange

            key = settings.stackexchange_key.get_secret_value()
            own = replace(stack_exchange.TERMS, daily=_KEYED_STACK_EXCHANGE_DAILY) if key else stack_exchange.TERMS
            return stack_exchange.StackExchange(key, site=settings.stackexchange_site, terms=terms(own))
    return _keyless(name, terms)


def _keyless(name: str, terms: "Adapt") -> "Search | None":
    match name:
        case "gdelt":
            from ..tools.search import gdelt

            return gdelt.Gdelt(terms=terms(gdelt.TERMS))
        case "hacker_news":
            from ..tools.search import hacker_news

            return hacker_news.HackerNews(terms=terms(hacker_news.TERMS))
        case "wayback":
            from ..tools.search import wayback

            return wayback.Wayback(terms=terms(wayback.TERMS))
    return None


def _recorded(settings: "Settings") -> "Search":
    from ..tools.search.recorded import Recorded
    from .errors import SettingError

    if settings.recorded is None:
        raise SettingError(settings.origin("recorded"), "the provider `recorded` needs the file it plays")
    return Recorded(settings.recorded)
