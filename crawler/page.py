"""What reading a source yields: a page with where it was seen, or the reason there is none."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

SkipReason = Literal[
    "robots", "opt_out", "blocked_address", "http_status", "timeout", "too_large", "wrong_type", "empty",
    "login_wall", "consent_wall", "javascript", "captcha", "soft_404", "duplicate", "low_quality", "budget",
    "cancelled", "network", "unreadable",
]  # fmt: skip
SKIP_REASONS: tuple[SkipReason, ...] = get_args(SkipReason)

BlockKind = Literal["heading", "paragraph", "list", "table", "code", "quote"]


def text_hash(text: str) -> str:
    """The identity of a text: the SHA-256 of its UTF-8 form, in hex (64 characters)."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def utc_now() -> str:
    """The present moment as ISO 8601 in UTC, whole seconds: `2026-05-01T12:00:00Z`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, heading, list, table, quote or piece of code of a page.

    `start`/`end` are offsets in code points into the page's text, `end` exclusive; blocks are in order and
    do not overlap. `heading_path` names the headings above, outermost first (a heading's own text is not in
    its path). `page_number` counts from 1 where the source has pages (PDF), else it is None.
    """

    start: int
    end: int
    kind: BlockKind = "paragraph"
    heading_path: tuple[str, ...] = ()
    page_number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where and when a text was seen.

    `source` is a URL or an absolute file path. `fetched` is ISO 8601 in UTC; `published` is an ISO date or
    date and time as the source gives it, "" when it gives none. `body_hash` is the SHA-256 of the bytes read,
    `size` their number, and `modified_ns` the file's modification time (nanoseconds, 0 for what is not a file):
    together they tell whether a source has changed since.

    What a web page says of itself: `modified` (as `published`), `site` (the site's name), `canonical` (its
    `rel=canonical` as a URL; recorded, not believed), `twins` (its AMP and mobile versions' URLs), `licence` (a URL,
    or the words), `signals` (what it asks of robots and AI, one "name: value" each, such as `robots: noarchive`,
    `content-signal: ai-train=no`, `tdm-reservation: 1`), and `facts` (name and value pairs of its JSON-LD, such as
    `Recipe.cookTime`, `PT1H`).
    """

    source: str
    fetched: str
    title: str = ""
    published: str = ""
    author: str = ""
    body_hash: str = ""
    size: int = 0
    modified_ns: int = 0
    modified: str = ""
    site: str = ""
    canonical: str = ""
    licence: str = ""
    twins: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How much a web page's text looks like something written to be read; shares are in [0, 1].

    `words` is the number of words of the text; `boilerplate` the share of the page's visible words that is not in it;
    `linked` the share of the text's words that are links; `repeated` the share of its lines (or word triples) that
    stand in it before; `spam` the weight of signs of spam. `score` in [0, 1] puts them together: 1 is an article, 0
    is nothing.
    """

    words: int
    boilerplate: float
    linked: float
    repeated: float
    spam: float
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One text and where it was seen; two sources with the same text are one page with two sightings.

    `text` has `\\n` newlines and no other control characters (`crawler.text.clean`); `hash` is `text_hash(text)`.
    `language` is an ISO 639-1 code, "" when unknown. `extractor` names what made the text from the bytes, with
    its version, so that a better extractor can be told from an older one. `quality` is None for what is not a web
    page, and for a page that comes out of the store.
    """

    text: str
    hash: str
    title: str = ""
    blocks: tuple[Block, ...] = ()
    language: str = ""
    extractor: str = ""
    sightings: tuple[Sighting, ...] = ()
    quality: Quality | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A source that yielded no page: which, the typed reason, and the detail a person needs to act."""

    source: str
    reason: SkipReason
    detail: str = ""
