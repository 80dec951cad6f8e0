"""A stretch of a page that can be found, and the same with the scores that found it."""

import hashlib
from dataclasses import dataclass

from ..crawler import Page


def passage_id(page_hash: str, start: int, end: int) -> int:
    """A number below 2**63 made from the content: the same passage has the same id on every machine.

    63 bits, because SQLite, tantivy, numpy and checkpoints all hold a signed 64-bit integer.
    """
    digest = hashlib.blake2b(f"{page_hash}:{start}:{end}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A few sentences of one page: `page.text[start:end] == text`, offsets in code points, `end` exclusive."""

    id: int
    page_hash: str
    start: int
    end: int
    text: str
    title: str = ""
    heading_path: tuple[str, ...] = ()
    page_number: int | None = None

    @classmethod
    def of(
        cls, page: Page, start: int, end: int, *, heading_path: tuple[str, ...] = (), page_number: int | None = None
    ) -> "Passage":
        """The passage of `page` from `start` to `end`."""
        return cls(
            id=passage_id(page.hash, start, end),
            page_hash=page.hash,
            start=start,
            end=end,
            text=page.text[start:end],
            title=page.title,
            heading_path=heading_path,
            page_number=page_number,
        )

    @property
    def context(self) -> str:
        """Title and headings on one line: what a reader of the passage alone would be missing."""
        return " › ".join(dict.fromkeys(part for part in (self.title, *self.heading_path) if part))

    @property
    def in_full(self) -> str:
        """The text under its context, as embedder and cross-encoder read it."""
        return f"{self.context}\n{self.text}" if self.context else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A passage found for a query.

    `source` is the URL or file path it was seen at, `published` and `fetched` are that sighting's times, `author` and
    `site` what it says of itself.
    `score` orders the evidence of one query (higher is better) and means nothing across queries; `stages` has
    the raw score by stage: `lexical` (BM25), `dense` (cosine), `fused`, `rerank` (cross-encoder logit).
    """

    passage: Passage
    source: str
    title: str = ""
    published: str = ""
    fetched: str = ""
    author: str = ""
    site: str = ""
    score: float = 0.0
    stages: tuple[tuple[str, float], ...] = ()

    def stage(self, name: str) -> float | None:
        """The score of one stage, or None when that stage did not see this passage."""
        return dict(self.stages).get(name)
