"""Text as the lexical checks see it: its words, what they are compared by, and the values of its numbers."""

import re
from bisect import bisect_left
from functools import lru_cache

from .numerals import numerals
from .words import NEGATIONS, STOP_WORDS

_WORD = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*|[^\W\d_][^\W_]*(?:['’][^\W\d_]+)?|n['’]t\b")

# Thai, Lao, Khmer, Myanmar, Kana, Han are written without spaces: overlapping pairs of characters stand for words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def words(text: str) -> list[str]:
    """The words and figures of a text as they are written, in order."""
    found = _WORD.findall(text)
    if not _UNSPACED.search(text):
        return found
    pairs: list[str] = []
    for word in found:
        spaced = len(word) == 1 or not _UNSPACED.match(word)
        pairs += [word] if spaced else [word[i : i + 2] for i in range(len(word) - 1)]
    return pairs


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """A word without its case, its apostrophe's shape and a possessive 's."""
    return word.casefold().replace("’", "'").removesuffix("'s")


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """What a word is compared by: folded, English endings cut off lightly; other languages keep nearly all."""
    word = fold(word)
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith("s") and word[-2] not in "su":
        word = word[:-2] if word.endswith(("sses", "shes", "ches", "xes", "zes")) else word[:-1]
    for ending in ("ingly", "edly", "ing", "ied", "ed", "ly", "ment", "er", "or"):
        if word.endswith(ending) and len(word) - len(ending) >= 4 - (ending in ("ing", "ed")):
            word = word[: -len(ending)] + ("y" if ending == "ied" else "")
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith(("e", "y")) else word


@lru_cache(maxsize=65_536)
def is_content(word: str) -> bool:
    """True for a word that carries meaning by itself: no stop word and no single letter."""
    folded = fold(word)
    return folded not in STOP_WORDS and (len(folded) > 1 or folded.isdigit())


@lru_cache(maxsize=65_536)
def is_negation(word: str) -> bool:
    """True for `not`, `never`, `didn't` and the like."""
    folded = fold(word)
    return folded in NEGATIONS or folded.endswith("n't")


def numbers(text: str) -> dict[str, frozenset[str]]:
    """The numbers of a text as they are written, each with the values it may mean; see `numerals`."""
    return {numeral.text: numeral.values for numeral in numerals(text)}


class Words:
    """The words and figures of `text`, in order: `written`, `folded` without case, `stems`, from `starts` to `ends`."""

    def __init__(self, text: str) -> None:
        found = list(_WORD.finditer(text))
        self.text = text
        self.written = [match.group() for match in found]
        self.starts = [match.start() for match in found]
        self.ends = [match.end() for match in found]
        self.folded = list(map(fold, self.written))
        self.stems = list(map(stem, self.written))
        self.is_content = list(map(is_content, self.written))

    def __len__(self) -> int:
        return len(self.written)

    def at(self, place: int) -> int:
        """The number of the first word that begins at `place` or after it."""
        return bisect_left(self.starts, place)

    def gap(self, number: int) -> str:
        """What stands between a word and the one after it; all that follows the last."""
        return self.text[self.ends[number] : self.starts[number + 1] if number + 1 < len(self) else None]
