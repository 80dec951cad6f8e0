"""Where a page points to: the addresses a crawl may follow."""

from typing import Any

from ..errors import BlockedURL
from ..url import parse

MOST_LINKS = 2_000
_NOT_FOLLOWED = frozenset({"nofollow", "ugc", "sponsored"})


def links(tree: Any, base_url: str) -> tuple[str, ...]:
    """The absolute http(s) addresses of the page's links, without fragments, each once, in document order.

    Links are `a` and `area` with an address, and `link rel=next`; those marked as not to be followed (`nofollow`,
    `ugc`, `sponsored`) are left out, and so is the page itself. `base_url` is the page's address; a `<base href>`
    counts before it (WHATWG HTML, "document base URL"). At most 2,000.
    """
    base = document_base(tree, base_url)
    found: dict[str, None] = {}
    seen: set[str] = set()
    for element in tree.iter("a", "area", "link"):
        href = element.get("href")
        if not href or href[0] == "#" or href in seen:
            continue
        relations = (element.get("rel") or "").lower().split()
        if not _NOT_FOLLOWED.isdisjoint(relations) or (element.tag == "link" and "next" not in relations):
            continue
        seen.add(href)
        if address := join(base, href):
            found[address.partition("#")[0]] = None
            if len(found) > MOST_LINKS:
                break
    found.pop(base_url.partition("#")[0], None)
    return tuple(found)[:MOST_LINKS]


def document_base(tree: Any, url: str) -> str:
    """What relative addresses on the page are relative to: its first `<base href>`, else its own address."""
    for element in tree.iter("base"):
        if href := element.get("href"):
            return join(url, href) or url
    return url


def join(base: str, href: str) -> str:
    """The absolute form of an address on a page, "" if it is none of the web (WHATWG URL, http and https only)."""
    try:
        address = parse(href, base if base.startswith(("http:", "https:")) else "")
    except BlockedURL:
        return ""
    return address if address.startswith(("http:", "https:")) else ""
