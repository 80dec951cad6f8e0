"""The sources that a caller names, as the river takes them."""

import os
from collections.abc import Sequence
from os import PathLike, fspath

from .reading import is_address

PathOrUrl = str | PathLike[str]
Sources = Sequence[PathOrUrl] | PathOrUrl


def named_sources(sources: Sources) -> tuple[str, ...]:
    """The sources as text, paths made absolute: a run may be resumed from another folder.

    A single one that stands alone is meant as it is, not as a sequence of letters.
    """
    many = (sources,) if isinstance(sources, str | PathLike) else sources
    names = (fspath(source) for source in many)
    return tuple(os.path.abspath(name) if name and not is_address(name) else name for name in names)  # noqa: PTH100
