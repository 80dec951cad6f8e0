"""What kind of site a page is on, by rules that name what they saw; "other" where none speaks."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from .verifiers.sources.organisations import host_of, registrable_domain

SiteKind = Literal[
    "government", "university", "scholarly", "news", "encyclopedia", "forum", "social", "shop", "blog", "documentation",
    "reference", "file", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The kind, and what it was told by, for the reader: "host ends in .gov"."""

    kind: SiteKind
    told_by: str


_ENDINGS: tuple[tuple[SiteKind, re.Pattern[str], str], ...] = (
    ("government", re.compile(r"(?:^|\.)(?:gov|mil)(?:\.[a-z]{2})?$|(?:^|\.)(?:gouv|gob|govt|gov|gv|go|gc"
                              r"|admin)\.[a-z]{2}$|\.int$"
                              r"|(?:^|\.)(?:europa\.eu|bund\.de|un\.org|canada\.ca"
                              r"|gov\.scot)$"), "its ending is kept for governments"),
    ("university", re.compile(r"(?:^|\.)edu(?:\.[a-z]{2})?$|(?:^|\.)(?:ac)\.[a-z]{2}$|(?:^|\.)uni-[\w-]+\.de$|(?:^"
                              r"|\.)univ-[\w-]+\.fr$"
                              r"|(?:^|\.)(?:ethz|epfl|unibas|uzh|kit|rwth-aachen|lmu|tum|tu-[\w]+|fu-berlin"
                              r"|hu-berlin)\.(?:ch|edu|de)$"),
     "its ending is kept for universities"),
)  # fmt: skip
_DOMAINS: dict[SiteKind, str] = {
    "scholarly": """
        arxiv.org doi.org nature.com science.org sciencedirect.com springer.com link.springer.com wiley.com
        plos.org ncbi.nlm.nih.gov biorxiv.org medrxiv.org ssrn.com jstor.org acm.org ieee.org mdpi.com
        frontiersin.org pnas.org bmj.com thelancet.com nejm.org cell.com oup.com cambridge.org tandfonline.com
        sagepub.com semanticscholar.org researchgate.net aclanthology.org openreview.net pubmed.gov
        europepmc.org jamanetwork.com biomedcentral.com royalsocietypublishing.org iop.org aps.org acs.org
        rsc.org elifesciences.org openalex.org crossref.org zenodo.org hal.science
    """,
    "encyclopedia": """
        wikipedia.org britannica.com wikidata.org encyclopedia.com scholarpedia.org citizendium.org
        wikivoyage.org fandom.com
    """,
    "forum": """
        reddit.com stackexchange.com stackoverflow.com quora.com news.ycombinator.com superuser.com
        serverfault.com askubuntu.com mathoverflow.net gutefrage.net lemmy.world discourse.org
        xda-developers.com
    """,
    "social": """
        twitter.com x.com facebook.com instagram.com tiktok.com linkedin.com youtube.com threads.net
        mastodon.social bsky.app pinterest.com vk.com weibo.com t.me tumblr.com snapchat.com
    """,
    "shop": """
        amazon.com amazon.co.uk amazon.de ebay.com ebay.de walmart.com etsy.com aliexpress.com alibaba.com
        bestbuy.com target.com ikea.com otto.de zalando.de newegg.com
    """,
    "blog": """
        medium.com substack.com wordpress.com blogspot.com blogger.com ghost.io hashnode.dev dev.to typepad.com
        livejournal.com
    """,
    "documentation": """
        readthedocs.io docs.rs developer.mozilla.org learn.microsoft.com
    """,
    "reference": """
        merriam-webster.com dictionary.com imdb.com discogs.com gutenberg.org archive.org wiktionary.org
        worldbank.org statista.com oecd.org
    """,
    "news": """
        bbc.com bbc.co.uk cnn.com nytimes.com washingtonpost.com theguardian.com reuters.com apnews.com
        usatoday.com wsj.com ft.com bloomberg.com aljazeera.com npr.org cbsnews.com nbcnews.com abcnews.go.com
        foxnews.com latimes.com time.com economist.com politico.com politico.eu axios.com theatlantic.com
        newsweek.com telegraph.co.uk independent.co.uk thetimes.co.uk dailymail.co.uk mirror.co.uk sky.com
        dw.com france24.com lemonde.fr lefigaro.fr liberation.fr spiegel.de zeit.de faz.net sueddeutsche.de
        tagesschau.de welt.de nzz.ch derstandard.at orf.at elpais.com elmundo.es corriere.it repubblica.it
        nos.nl nrc.nl cbc.ca abc.net.au smh.com.au japantimes.co.jp scmp.com thehindu.com
        timesofindia.indiatimes.com hindustantimes.com theverge.com arstechnica.com techcrunch.com wired.com
        cnbc.com forbes.com variety.com espn.com upi.com
    """,
}
_BY_DOMAIN: dict[str, SiteKind] = {domain: kind for kind, domains in _DOMAINS.items() for domain in domains.split()}
_HOSTS: tuple[tuple[SiteKind, re.Pattern[str], str], ...] = (
    ("documentation", re.compile(r"^(?:docs?|developers?|dev|api|help|support|manual|learn"
                                 r"|kb)\."), "its host begins with"),
    ("blog", re.compile(r"^(?:blogs?|weblog)\."), "its host begins with"),
    ("forum", re.compile(r"^(?:forums?|community|discuss|talk|ask|answers)\."), "its host begins with"),
    ("shop", re.compile(r"^(?:shop|store|buy)\."), "its host begins with"),
    ("news", re.compile(r"(?:news|times|herald|tribune|gazette|journal|chronicle|zeitung|nachrichten)(?=\.)"),
     "its host says"),
)  # fmt: skip
_PATHS: tuple[tuple[SiteKind, re.Pattern[str]], ...] = (
    (
        "documentation",
        re.compile(r"^/(?:docs?|documentation|manual|reference|api|guides?|handbook)(?:/|$)|\.readthedocs\."),
    ),
    ("forum", re.compile(r"^/(?:forums?|threads?|t|topic|questions|community|viewtopic\.php)(?:/|$)")),
    ("shop", re.compile(r"^/(?:product|products|shop|store|dp|cart|p)(?:/|$)")),
    ("blog", re.compile(r"^/(?:blogs?|weblog)(?:/|$)")),
    ("news", re.compile(r"^/(?:news|nachrichten|actualites?|noticias)(?:/|$)|/20\d\d/[01]?\d/[0-3]?\d/")),
)
# Types of schema.org that a page declares of itself, as `Sighting.facts` has them before the first dot.
_DECLARED: dict[str, SiteKind] = {
    "NewsArticle": "news", "ReportageNewsArticle": "news", "OpinionNewsArticle": "news", "AnalysisNewsArticle": "news",
    "BlogPosting": "blog", "LiveBlogPosting": "news", "ScholarlyArticle": "scholarly",
    "MedicalScholarlyArticle": "scholarly",
    "DiscussionForumPosting": "forum", "QAPage": "forum", "Product": "shop", "ProductGroup": "shop", "Offer": "shop",
    "TechArticle": "documentation", "APIReference": "documentation", "SocialMediaPosting": "social",
    "VideoGame": "shop",
}  # fmt: skip


def site_kind(source: str, declared: tuple[str, ...] = ()) -> Kind:
    """The kind of site of a URL or file path; `declared` are the schema.org types that the page gives itself.

    What cannot be chosen freely (an ending kept for governments) comes before lists of known sites, these before what
    the page says of itself, and that before the looks of its address.
    """
    if not source.lower().startswith(("http://", "https://")):
        return Kind(kind="file", told_by="it is a file of the person who asks")
    host = host_of(source).removeprefix("www.")
    if not host:
        return Kind(kind="other", told_by="its address cannot be read")
    known = _known(host, source)
    if known:
        return known
    for name in declared:
        if kind := _DECLARED.get(name):
            return Kind(kind=kind, told_by=f"it declares itself a {name}")
    return _by_looks(host, urlsplit(source).path)


def _known(host: str, source: str) -> Kind | None:
    labels = host.split(".")
    names = [".".join(labels[at:]) for at in range(len(labels) - 1)]
    listed = next((name for name in (*names, registrable_domain(source)) if name in _BY_DOMAIN), "")
    if listed and _BY_DOMAIN[listed] == "scholarly":
        return Kind(kind="scholarly", told_by=f"{listed} is a known site")
    for kind, pattern, why in _ENDINGS:
        if pattern.search(host):
            return Kind(kind=kind, told_by=f"{host}: {why}")
    return Kind(kind=_BY_DOMAIN[listed], told_by=f"{listed} is a known site") if listed else None


def _by_looks(host: str, path: str) -> Kind:
    for kind, pattern, why in _HOSTS:
        if match := pattern.search(host):
            return Kind(kind=kind, told_by=f"{why} {match.group().strip('.')}")
    for kind, pattern in _PATHS:
        if match := pattern.search(path.lower()):
            return Kind(kind=kind, told_by=f"its path holds {match.group()}")
    return Kind(kind="other", told_by="no rule knows it")
