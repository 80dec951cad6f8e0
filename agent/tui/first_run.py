"""What the chat can do as it stands, and what would make it better: two lines, with the exact commands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

_MOST_PROVIDERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """What there is to answer with.

    `pages` in the index, `named` sources and `tags` that questions are restricted to, whether the web may be searched
    and with whom, the address of the model that writes ("" for none), and those of `servers` on this machine that
    could. `known_tags` are all there are.
    """

    pages: int = 0
    named: int = 0
    tags: tuple[str, ...] = ()
    known_tags: tuple[str, ...] = ()
    web: bool = True
    providers: tuple[str, ...] = ()
    model_url: str = ""
    model: str = ""
    servers: tuple[str, ...] = ()


def with_servers(at_hand: AtHand, servers: Sequence[str]) -> AtHand:
    """The same with the model servers that were found on this machine."""
    return replace(at_hand, servers=tuple(servers))


def can_do(at_hand: AtHand) -> str:
    """What a question gets now."""
    places = []
    if at_hand.named:
        places.append(f"the {'source' if at_hand.named == 1 else f'{at_hand.named:,} sources'} named")
    if at_hand.tags:
        places.append(f"your sources tagged {_listed(at_hand.tags)}")
    elif at_hand.pages and not at_hand.named:
        places.append(f"your index ({at_hand.pages:,} {'page' if at_hand.pages == 1 else 'pages'})")
    if at_hand.web and at_hand.providers and not at_hand.named and not at_hand.tags:
        places.append(f"the web (through {_listed(at_hand.providers)})")
    if not places:
        return "there is nothing to answer from yet: the index is empty and the web is off"
    wrote = "a model writes, and every sentence is checked" if at_hand.model_url else "answers are checked quotes"
    return f"questions go to {' and '.join(places)}; {wrote}"


def would_help(at_hand: AtHand) -> str:
    """What would make answers better, each with what to type; "" when nothing is missing."""
    wishes = []
    if not at_hand.pages and not at_hand.named:
        wishes.append("/add FOLDER_OR_URL answers from your own documents")
    if not at_hand.model_url:
        url = at_hand.servers[0] if at_hand.servers else "http://127.0.0.1:8000/v1"
        wishes.append(f"/model {url} lets the model served there write in its own words")
    if not at_hand.web and not at_hand.named and not at_hand.tags:
        wishes.append("/web on searches the web")
    return " · ".join(wishes)


def writer_words(at_hand: AtHand) -> str:
    """Who writes, for the line below the input."""
    if not at_hand.model_url:
        return "quotes, no model"
    host = at_hand.model_url.partition("://")[2].partition("/")[0].rpartition("@")[2]
    return f"{at_hand.model} at {host}" if at_hand.model else f"model at {host}"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_PROVIDERS])
    return f"{shown}, …" if len(names) > _MOST_PROVIDERS else shown
