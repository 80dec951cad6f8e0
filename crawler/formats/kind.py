"""What kind of page it is, by what it says of itself: what surrounds the text of one is the text of another."""

from typing import Literal

from .declared import ARTICLE_TYPES, Declared
from .facts import types_of

Kind = Literal["article", "thread", "product", "list", "other"]
"""Of a page that declares nothing, "other"."""

_THREAD_TYPES = frozenset({"DiscussionForumPosting", "QAPage"})
_PRODUCT_TYPES = frozenset({"Product", "ProductGroup", "VideoGame"})
_LIST_TYPES = frozenset({"CollectionPage", "ItemList", "SearchResultsPage"})
_FORUMS = ("discourse", "flarum", "invision", "mybb", "nodebb", "phpbb", "simple machines", "vbulletin", "xenforo")


def kind_of(page: Declared) -> Kind:
    """The kind, by JSON-LD, microdata, `og:type`, and the forum software that a page names as its generator."""
    types = frozenset().union(*map(types_of, page.nodes))
    if types & _THREAD_TYPES or _is_forum(page):
        return "thread"
    if types & _PRODUCT_TYPES or any("product" in value.lower() for value in page.meta(("og:type",))):
        return "product"
    if types & _LIST_TYPES:
        return "list"
    if types & ARTICLE_TYPES or any(value.lower() == "article" for value in page.meta(("og:type",))):
        return "article"
    return "other"


def _is_forum(page: Declared) -> bool:
    if any(generator.lower().startswith(_FORUMS) for generator in page.meta(("generator",))):
        return True
    if page.tree.get("id") == "XF":  # XenForo names no generator
        return True
    items = page.tree.xpath("//@itemtype", smart_strings=False)
    return any(item.rpartition("/")[2] in _THREAD_TYPES for item in items)
