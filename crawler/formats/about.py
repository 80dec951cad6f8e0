"""What a page says about itself: title, author, dates, site, address, licence and machine-readable facts."""

from collections.abc import Iterator
from dataclasses import dataclass

from .aside import is_aside, words_of
from .authors import author_of
from .cited_as import cited_as
from .declared import ARTICLE_TYPES, Declared
from .facts import facts, strings, types_of
from .layout import one_line
from .links import join
from .published import days_of
from .titles import site_of, title_of

SIGNAL_METAS = ("robots", "fontes", "tdm-reservation", "tdm-policy")
"""The names of the meta elements that speak to robots and to text miners."""

_LICENCES = (
    "dc.rights.license", "dcterms.license", "dc.rights", "dcterms.rights", "rights", "license",
)  # fmt: skip
_ARTICLE_ITEMS = ("Article", "BlogPosting")
_LINE_CHARS = 300
_MOST_TWINS = 10
_MOST_SIGNALS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a page declares about itself; "" or () where it declares nothing.

    `published` and `modified` are days (ISO 8601, `2024-05-01`) in the page's own time zone. `canonical` and `twins`
    (AMP and mobile versions) are absolute URLs. `licence` is a URL, or the words. `metas` are the names (lower case)
    and contents of the meta elements in `SIGNAL_METAS`, each as often as it occurs. `facts` are short statements of
    its JSON-LD. `is_article`: it calls itself an article.
    """

    title: str = ""
    author: str = ""
    published: str = ""
    modified: str = ""
    site: str = ""
    canonical: str = ""
    licence: str = ""
    twins: tuple[str, ...] = ()
    metas: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    is_article: bool = False


def about(page: Declared) -> About:
    """Read what a page's declarations say of it, and what stands in its tree beside them.

    Nothing is guessed: what is declared of several works at once (a list of articles) is not taken for the page's own.
    Takes 1 to 2 ms of CPU.
    """
    site = site_of(page)[:_LINE_CHARS]
    title, heading = title_of(page, site)
    published, modified = days_of(page, heading)
    canonical, twins, licences = _addresses(page)
    return About(
        title=title[:_LINE_CHARS],
        author=author_of(page)[:_LINE_CHARS],
        published=published,
        modified=modified,
        site=site,
        canonical=canonical,
        licence=next(filter(None, (*licences, *_stated_licences(page))), "")[:_LINE_CHARS],
        twins=twins,
        metas=tuple(_signals(page))[:_MOST_SIGNALS],
        facts=(*cited_as(page), *facts(page.nodes)),
        is_article=_is_article(page),
    )


def _addresses(page: Declared) -> tuple[str, tuple[str, ...], list[str]]:
    """The canonical address, the twins' addresses, and those of licences."""
    canonical, licences = "", []
    twins: dict[str, None] = {}
    for link in page.tree.iter("link", "a"):
        relations = (link.get("rel") or "").lower().split()
        if not relations:
            continue
        address = "" if link.tag == "a" and "license" not in relations else join(page.base, link.get("href") or "")
        media = (link.get("media") or "").lower()
        if "license" in relations and not is_aside(link):
            licences.append(address or words_of(link))
        elif "canonical" in relations and not canonical:
            canonical = address.partition("#")[0]
        elif "amphtml" in relations or ("alternate" in relations and media.startswith(("handheld", "only screen"))):
            twins[address] = None
    twins.pop("", None)
    return canonical, tuple(twins)[:_MOST_TWINS], licences


def _stated_licences(page: Declared) -> Iterator[str]:
    for node in (page.work, page.page):
        yield from map(one_line, strings(node.get("license")))
    yield from map(one_line, page.meta(_LICENCES))


def _signals(page: Declared) -> Iterator[tuple[str, str]]:
    for name in SIGNAL_METAS:
        for content in page.metas.get(name, ()):
            yield name, one_line(content)[:_LINE_CHARS]


def _is_article(page: Declared) -> bool:
    if types_of(page.work) & ARTICLE_TYPES or any(value.lower() == "article" for value in page.meta(("og:type",))):
        return True
    items = [item for item in page.tree.xpath("//@itemtype", smart_strings=False) if item.endswith(_ARTICLE_ITEMS)]
    return len(items) == 1
