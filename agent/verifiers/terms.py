"""Text as the lexical checks see it: its words, what they are compared by, and the values of its numbers."""

import re
from functools import lru_cache

from .words import NEGATIONS, SCALES, SPELLED, SPELLED_ORDINALS, STOP_WORDS

_WORD = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*|[^\W\d_][^\W_]*(?:['’][^\W\d_]+)?|n['’]t\b")

# Thai, Lao, Khmer, Myanmar, Kana, Han are written without spaces: overlapping pairs of characters stand for words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")

# "2,400,000", "2.4", "05", "1990s", "21st" and what gives them their size: "2.4 million", "2.4bn"
_FIGURE = re.compile(
    r"(?<![^\W_])(\d+(?:[.,\u00a0\u202f]\d+)*)(?:(s\b|st\b|nd\b|rd\b|th\b)|[\s-]?([^\W\d_]+))?", re.IGNORECASE
)
_GROUPS = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f]\d{3})+")
_SPELLED = re.compile(r"[^\W\d_]+")


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
    """The numbers of a text as they are written, each with the values it may mean.

    Values are decimal strings ("2400000", "2.5"), ordinals "#1", decades "1990s". "1.000" may mean 1 or 1000;
    "2.4 million" and "2.4bn" are scaled; "twenty-five", "third" and "one" are read as well.
    """
    found: dict[str, frozenset[str]] = {}
    for match in _FIGURE.finditer(text):
        figure, suffix, unit = match.groups()
        values = _values(figure)
        if suffix:
            values = {f"{v}s" for v in values} if suffix.lower() == "s" else values | {f"#{v}" for v in values}
            written = figure + suffix
        else:
            scale = SCALES.get(unit, 0) or SCALES.get(unit.casefold(), 0) if unit else 0
            written = match.group() if scale else figure
            values = {_scaled(value, scale) for value in values} if scale else values
        found[written] = frozenset(values)
    return found | _spelled(text)


def _values(figure: str) -> set[str]:
    """The readings of a figure: its separators are thousands where they can be, the last may be a decimal point."""
    pieces = re.split(r"\D", figure)
    values = {"".join(pieces).lstrip("0") or "0"} if _GROUPS.fullmatch(figure) or len(pieces) == 1 else set[str]()
    if len(pieces) > 1:
        part = pieces.pop().rstrip("0")
        values.add(("".join(pieces).lstrip("0") or "0") + (f".{part}" if part else ""))
    return values


def _scaled(value: str, zeros: int) -> str:
    whole, _, part = value.partition(".")
    digits = (whole + part[:zeros].ljust(zeros, "0")).lstrip("0") or "0"
    return digits + (f".{part[zeros:]}" if len(part) > zeros else "")


def _spelled(text: str) -> dict[str, frozenset[str]]:
    """Numbers in English words: "twenty-five" is 25, "three hundred" 300, "third" #3."""
    found: dict[str, frozenset[str]] = {}
    written: list[str] = []
    total = 0
    for word in [*_SPELLED.findall(text), ""]:
        folded = word.casefold()
        zeros = SCALES.get(folded, 0) if len(folded) > 2 else 0
        if folded in SPELLED and (not written or (total % 10 == 0 and SPELLED[folded] < total)):
            total += SPELLED[folded]
            written.append(word)
        elif zeros and written:
            total *= 10**zeros
            written.append(word)
        else:
            if written:
                found[" ".join(written)] = frozenset({str(total)})
            written, total = ([word], SPELLED[folded]) if folded in SPELLED else ([], 0)
            if folded in SPELLED_ORDINALS:
                found[word] = frozenset({f"#{SPELLED_ORDINALS[folded]}"})
    return found
