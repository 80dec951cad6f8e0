"""The sources of the index that a person means by a name: one of them, a folder, or all pages below an address."""

import os
from collections.abc import Sequence

from ...crawler import BlockedURL, canonical, file_source
from ..reading import is_address
from .door import say

HELP = (
    "Sources as `fontes sources` lists them, folders of them, or all pages below an address: https://example.org/docs/*"
)


def held_sources(named: Sequence[str], held: Sequence[str]) -> set[str]:
    """All that the names mean; what the index does not hold is said."""
    chosen: set[str] = set()
    for name in named:
        found = held_below(name, held)
        if not found:
            say(f"{name}: it is not in the index")
        chosen.update(found)
    return chosen


def held_below(name: str, held: Sequence[str]) -> list[str]:
    """The held sources that `name` means: itself, as a path, or all below it as a folder."""
    if name in held or not name:
        return [name] if name else []
    if is_address(name):
        return _pages(name, held)
    path = file_source(name)
    return [source for source in held if source == path or source.startswith(path.rstrip(os.sep) + os.sep)]


def _pages(address: str, held: Sequence[str]) -> list[str]:
    """The held pages that an address means: itself in any spelling, or with `*` at its end all that begin with it."""
    try:
        if address.endswith("/*"):
            below = canonical(address[:-1])
            return [source for source in held if source.startswith(below)]
        wanted = canonical(address)
        return [source for source in held if is_address(source) and canonical(source) == wanted]
    except BlockedURL:  # no address of the web: nothing is held of it
        return []
