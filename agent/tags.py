"""The tags that a question is restricted to: those that a person named, and that some source carries."""

import difflib
from collections.abc import Sequence

from ..retrievers import BadTag, Store, Tag, normal_tag
from .errors import UnknownTag

_MOST_LISTED = 30


async def known_tags(named: Sequence[str] | str, store: Store) -> tuple[str, ...]:
    """The tags as they are kept, each once; one that stands alone may be a str.

    Raises:
        UnknownTag: no source carries one of them.
        StoreError: the database cannot be read.
    """
    wanted = (named,) if isinstance(named, str) else tuple(named)
    if not wanted:
        return ()
    there = await store.tags()
    return tuple(dict.fromkeys(_known(each, there) for each in wanted))


def _known(named: str, there: Sequence[Tag]) -> str:
    names = [tag.name for tag in there]
    try:
        tag = normal_tag(named)
    except BadTag as error:
        raise UnknownTag(error.what, f"{error.why}; {_listed(names)}") from error
    if tag not in names:
        raise UnknownTag(f"tag “{tag}”", f"no source of the index carries it; {_listed(names, near=tag)}")
    return tag


def _listed(names: Sequence[str], *, near: str = "") -> str:
    if not names:
        return "there are no tags yet"
    close = difflib.get_close_matches(near, names, n=_MOST_LISTED)
    shown = list(dict.fromkeys((*close, *names)))[:_MOST_LISTED]
    more = f" and {len(names) - len(shown):,} more" if len(names) > len(shown) else ""
    return f"known are {', '.join(shown)}{more}"
