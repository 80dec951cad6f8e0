"""What became of one address: the page or the reason there is none, and what was met on the way."""

from dataclasses import dataclass

from .page import Page, Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One URL, asked for once.

    `url` is the address as asked, `final_url` the one that answered, `redirects` the addresses between, in order.
    `links` are absolute, in the page's order, empty where the page forbids following them. `status` is the HTTP status
    (0 when no answer came), `size` the bytes of the body, decompressed; `seconds` counts from the asking to the page,
    waiting for the turn included. `from_cache` is true when no byte of the body came over the network.
    """

    url: str
    final_url: str
    outcome: Page | Skipped
    links: tuple[str, ...] = ()
    redirects: tuple[str, ...] = ()
    status: int = 0
    size: int = 0
    seconds: float = 0.0
    from_cache: bool = False
