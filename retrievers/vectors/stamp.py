"""How a derived vector index says what it was derived from, and what its file or collection is called."""

import hashlib
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Which store an index follows, and how far.

    `store` identifies the store (at most 128 bytes of UTF-8, no NUL); `row` is the highest vector row number held.
    An index whose stamp equals the store's is current, save for deletions: those are caught by checking every id.
    """

    store: str
    row: int


def slug(model: str) -> str:
    """A name for files and Chroma collections made from a model's name: lower case letters, digits and hyphens.

    It ends in six digits of a hash, so models whose names differ in punctuation only do not share an index.
    """
    words = re.sub(r"[^a-z0-9]+", "-", model.lower()).strip("-")[:48]
    digest = hashlib.blake2b(model.encode(), digest_size=3).hexdigest()
    return f"{words}-{digest}" if words else digest
