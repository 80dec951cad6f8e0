"""How much of one text stands in another, by runs of five words."""

import re
from functools import lru_cache

# Words; and each letter of the scripts that are written without spaces (kana, Han, Thai, Lao, Khmer, Myanmar)
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+")
_RUN = 5
_MOST_WORDS = 20_000

Runs = frozenset[str]


@lru_cache(maxsize=64)  # every claim of an answer asks for the same pages
def runs(text: str) -> Runs:
    """The runs of five words of `text` (its first 20,000 words), without case and punctuation; () of a shorter one.

    The runs themselves, not a MinHash of them: of a handful of pages they cost the same to make (1 ms for 3,000 words),
    and a MinHash cannot tell a page that is quoted within a longer one from a page that is merely alike.
    """
    words = _WORD.findall(text.casefold())[:_MOST_WORDS]
    return frozenset(map(" ".join, zip(*(words[at:] for at in range(_RUN)), strict=False)))


def contained(part: Runs, whole: Runs) -> float:
    """The share of the runs of `part` that `whole` holds; 0 if `part` has none."""
    return len(part & whole) / len(part) if part else 0.0
