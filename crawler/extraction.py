"""What taking a body apart yields beside its page."""

from dataclasses import dataclass

from .page import Page, Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """The page or why there is none; the links, and the `<meta>` that speak to robots, as (name, content) pairs.

    Links are absolute, in document order, each once, without those that ask not to be followed (`rel=nofollow`).
    A page that is skipped may have links all the same.
    """

    outcome: Page | Skipped
    links: tuple[str, ...] = ()
    metas: tuple[tuple[str, str], ...] = ()
