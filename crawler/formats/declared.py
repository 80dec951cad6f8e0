"""What a page declares, collected once: its meta elements, its JSON-LD, and the work that it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .facts import Node, json_ld, strings, types_of
from .links import document_base, join

ARTICLE_TYPES = frozenset({
    "Article", "NewsArticle", "BlogPosting", "TechArticle", "ScholarlyArticle", "MedicalScholarlyArticle", "Report",
    "AnalysisNewsArticle", "OpinionNewsArticle", "ReportageNewsArticle", "ReviewNewsArticle", "BackgroundNewsArticle",
    "AdvertiserContentArticle", "SatiricalArticle", "APIReference", "LiveBlogPosting", "SocialMediaPosting",
})  # fmt: skip
"""What schema.org calls an article."""

# Dated and signed as articles are
_WORK_TYPES = ARTICLE_TYPES | {
    "DiscussionForumPosting", "Question", "Recipe", "HowTo", "Review", "CriticReview", "Book", "Dataset",
    "PodcastEpisode", "CreativeWork", "VideoObject",
}  # fmt: skip
# Often parts of a page that is another work
_PART_TYPES = frozenset({"VideoObject", "Review", "CreativeWork"})
_PAGE_TYPES = frozenset({
    "WebPage", "AboutPage", "CollectionPage", "ContactPage", "FAQPage", "ItemPage", "MedicalWebPage", "ProfilePage",
    "QAPage", "SearchResultsPage",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A page's declarations.

    `metas` has the contents of its meta elements by their names and properties (lower case), in order; `microdata` its
    meta elements with an itemprop. `nodes` are those of its JSON-LD, `work` the one that is the page's article,
    recipe, question …, and `page` the one that is the web page itself; {} where there is none. `base` is what its
    relative addresses are relative to, `url` where it came from.
    """

    tree: Any
    url: str
    base: str
    metas: Mapping[str, list[str]]
    microdata: tuple[Any, ...]
    nodes: tuple[Node, ...]
    work: Node
    page: Node

    def meta(self, names: tuple[str, ...]) -> Iterator[str]:
        """The contents under these names, in the order of the names."""
        for name in names:
            yield from self.metas.get(name, ())


def declared(tree: Any, url: str) -> Declared:
    """Collect what the page (an lxml HTML tree with its scripts) declares; `url` is where it came from."""
    metas: dict[str, list[str]] = {}
    microdata = []
    for meta in tree.iter("meta"):
        content = meta.get("content")
        if not content:
            continue
        for name in (meta.get("name") or meta.get("property") or "").lower().split():
            metas.setdefault(name, []).append(content)
        if meta.get("itemprop"):
            microdata.append(meta)
    base = document_base(tree, url)
    nodes = json_ld(tree)
    own = {url, *(join(base, link.get("href") or "") for link in tree.iter("link") if link.get("rel") == "canonical")}
    return Declared(
        tree=tree,
        url=url,
        base=base,
        metas=metas,
        microdata=tuple(microdata),
        nodes=nodes,
        work=_work(nodes, base, frozenset(_bare(address) for address in own if address)),
        page=next((node for node in nodes if types_of(node) & _PAGE_TYPES), {}),
    )


def _work(nodes: tuple[Node, ...], base: str, own: frozenset[str]) -> Node:
    """The node that the page is: the only work, or the one with the page's address; {} for a list of works."""
    works = [node for node in _with_main_entities(nodes) if types_of(node) & _WORK_TYPES]
    works = [node for node in works if types_of(node) - _PART_TYPES] or works
    if len(works) <= 1:
        return works[0] if works else {}
    for node in works:
        named = (text for key in ("url", "@id", "mainEntityOfPage") for text in strings(node.get(key)))
        if any(_bare(join(base, name)) in own for name in named):
            return node
    headlines = {headline for node in works for headline in strings(node.get("headline"))}
    return works[0] if len(headlines) == 1 else {}


def _with_main_entities(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node
        inner = node.get("mainEntity")
        for each in inner if isinstance(inner, list) and len(inner) == 1 else [inner]:
            if isinstance(each, dict) and "@type" in each:
                yield each


def _bare(address: str) -> str:
    return address.partition("#")[0].rstrip("/")
