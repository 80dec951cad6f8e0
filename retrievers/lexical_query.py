"""What of a text is looked up in the lexical index, and how words become terms."""

from collections.abc import Callable
from functools import lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

MAX_TERMS = 48
"""More distinct words than this, and the rarest are kept: they carry the score, and time grows with every word."""

# Characters of a query that are read. A pasted document is a query by its beginning.
_MAX_CHARACTERS = 20_000

# Scripts written without spaces: each character is a term, so that Chinese or Thai can be found at all (tantivy's own
# tokenizers make one term of a whole clause). The price is 0.04 ms a passage of 1,000 characters.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORDS = rf"[[\p{{Alphabetic}}\p{{N}}\p{{M}}]--[{_UNSPACED}]]+|[{_UNSPACED}]"

# Left out of queries, not of the index: phrases need them, and a query of nothing else is looked up as it is.
_STOP_WORDS = (
    "a an and are as at be been but by can could did do does for from had has have he her his how i if in into is it "
    "its me my no not of on or our she so some such than that the their them then there these they this those to was "
    "we were what when where which while who whom whose why will with would you your"
)


@lru_cache(maxsize=1)
def analyzer() -> TextAnalyzer:
    """Text to terms: letters and digits, no accents, lower case, English stems."""
    return (
        TextAnalyzerBuilder(Tokenizer.regex(_WORDS))
        .filter(Filter.remove_long(100))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
        .filter(Filter.stemmer("English"))
        .build()
    )


@lru_cache(maxsize=1)
def _stop_terms() -> frozenset[str]:
    return frozenset(analyzer().analyze(_STOP_WORDS))


def query_terms(text: str, frequency: Callable[[str], int]) -> list[str]:
    """The distinct terms to look up, in the order of `text`, at most `MAX_TERMS`.

    `frequency` says how many passages hold a term; it is asked only when terms must be dropped.
    """
    terms = list(dict.fromkeys(analyzer().analyze(text[:_MAX_CHARACTERS])))
    terms = [term for term in terms if term not in _stop_terms()] or terms
    if len(terms) <= MAX_TERMS:
        return terms
    known = {term: count for term in terms if (count := frequency(term))}
    kept = set(sorted(known, key=lambda term: known[term])[:MAX_TERMS])
    return [term for term in terms if term in kept]
