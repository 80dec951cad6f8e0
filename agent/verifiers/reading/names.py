"""The proper names of a text, and whether another text holds them: initials, acronyms, demonyms, transliterations."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import pairwise

from anyascii import anyascii

from ...questions.time_words import MONTHS, WEEKDAYS
from .terms import fold, is_content, stem
from .words import CONNECTORS, DEMONYMS, HONORIFICS, SPELLED, SPELLED_ORDINALS

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_](?:\w|[&’'](?=\w)|-(?=\w))*")
_SENTENCE_END = re.compile(r"(?:[.!?…:]['\"”’)\]]*\s+|[\n•|]\s*|^\s*)['\"“‘(\[*]*$")
_JOINED = frozenset([" ", "\u00a0", ". ", ", ", " & ", "."])
# What is capitalised and no name.
_CAPITALISED = ("earth", "internet", "web", "god", "title", "i'm", "i've", "i'd", "i'll", "it's", "there's", "he's",
                "she's", "that's", "we're", "they're")  # fmt: skip
NOT_NAMES = frozenset([*MONTHS, *WEEKDAYS, *SPELLED, *SPELLED_ORDINALS, *HONORIFICS, *_CAPITALISED])
_PERIOD = re.compile(r"Q[1-4]|H[12]|[FC]Y\d{0,4}")  # parts of a year
_FINITE = frozenset(["is", "was", "has", "had", "did", "does", "became", "won", "said", "says", "began", "died",
                     "served", "played"])  # fmt: skip
_COMMON = ("s", "ing", "tion", "ment", "ness", "ity", "ism", "ance", "ence", "ly", "ed", "ship", "people", "age", "er")
_PEOPLE_OF = re.compile("(?:ians?|eans?|ese|ans?|ish|i)$")
_SOUNDS = (("tch", "c"), ("tsch", "c"), ("sch", "s"), ("shch", "s"), ("sh", "s"), ("ch", "c"), ("zh", "z"), ("kh", "h"),
           ("ph", "f"), ("ck", "k"), ("ts", "c"), ("tz", "c"), ("q", "k"), ("x", "ks"), ("w", "v"), ("th", "t"),
           ("dh", "d"), ("gh", "g"))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A run of capitalised words at `start` to `end`; `words` are the ones it is known by, titles and "of" left out.

    An acronym in brackets, which only repeats what stands before it, is none.
    """

    start: int
    end: int
    text: str
    words: tuple[str, ...]


def names(text: str) -> tuple[Name, ...]:
    """The proper names of `text` in reading order.

    The first word of a sentence is one only when it can hardly be anything else: another capitalised word follows, it
    is an acronym, has a possessive or a verb in the singular after it. Months, weekdays and titles (Mr) are none.
    """
    return tuple(_runs(text, list(_TOKEN.finditer(text))))


def _runs(text: str, tokens: Sequence[re.Match[str]]) -> Iterator[Name]:
    run: list[re.Match[str]] = []
    for number, token in enumerate(tokens):
        is_joined = not run or text[run[-1].end() : token.start()] in _gaps(run[-1].group())
        if run and is_joined and token.group() in CONNECTORS and _goes_on(text, tokens, number):
            run.append(token)
            continue
        if run and not (is_joined and _is_name(text, tokens, number)):
            yield from _named(text, run)
            run = []
        if _is_name(text, tokens, number):
            run.append(token)
    yield from _named(text, run)


def _gaps(word: str) -> frozenset[str]:
    return frozenset([" ", "\u00a0", ". ", "."]) if len(word) == 1 else frozenset([" ", "\u00a0", " & "])


def _goes_on(text: str, tokens: Sequence[re.Match[str]], number: int) -> bool:
    """Whether at most one more connector and then a capitalised word come after this one."""
    for after in range(number + 1, min(number + 3, len(tokens))):
        if text[tokens[after - 1].end() : tokens[after].start()] != " ":
            return False
        if tokens[after].group()[0].isupper():
            return True
        if tokens[after].group() not in CONNECTORS:
            return False
    return False


def _named(text: str, run: Sequence[re.Match[str]]) -> Iterator[Name]:
    if not run:
        return
    words = tuple(piece for t in run if t.group() not in CONNECTORS for piece in _pieces(t.group()))
    start, end = run[0].start(), run[-1].end()
    if words and not (words[0].isupper() and text[start - 1 : start] == "(" and text[end : end + 1] == ")"):
        yield Name(start=start, end=end, text=text[start:end], words=words)


def _pieces(word: str) -> Iterator[str]:
    """A hyphenated name by its parts, without a possessive."""
    for piece in re.split("-", re.sub(r"['’]s?$", "", word)):
        if piece and not piece[0].islower() and fold(piece) not in NOT_NAMES:
            yield piece


def _is_name(text: str, tokens: Sequence[re.Match[str]], number: int) -> bool:
    word = tokens[number].group()
    if not word[0].isupper() or fold(word) in NOT_NAMES or _PERIOD.fullmatch(word):
        return False
    after = text[tokens[number].end() : tokens[number].end() + 1]
    if len(word) == 1:
        return after == "." and word not in "IA"
    if not is_content(word) and not (word.isupper() and len(word) > 1 and "." not in word):
        return word.isupper() and "." in word
    if number and text[tokens[number - 1].end() : tokens[number].start()] == ". ":
        before = tokens[number - 1].group()
        if len(before) == 1 or (len(before) < 5 and fold(before) in HONORIFICS):
            return True  # after an initial, or "St."
    if not _SENTENCE_END.search(text[max(0, tokens[number].start() - 8) : tokens[number].start()]):
        return True
    return _starts_with_a_name(text, tokens, number)


def _starts_with_a_name(text: str, tokens: Sequence[re.Match[str]], number: int) -> bool:
    word = tokens[number].group()
    if (word.isupper() and len(word) > 1) or any(c.isupper() for c in word[1:]) or word.endswith(("'s", "’s")):
        return True
    if number + 1 == len(tokens):
        return False
    after, gap = tokens[number + 1].group(), text[tokens[number].end() : tokens[number + 1].start()]
    if gap != " ":
        return False
    if after[0].isupper():
        return is_content(after) or len(after) == 1
    return after in _FINITE and not word.endswith(_COMMON)


@lru_cache(maxsize=16_384)
def plain(word: str) -> str:
    """A word as names are compared by: in ASCII, folded, without points and a possessive."""
    word = word if word.isascii() else anyascii(word)
    return fold(word).replace(".", "").replace("'", "").replace("’", "")


@lru_cache(maxsize=16_384)
def known_by(words: tuple[str, ...]) -> frozenset[str]:
    """The words of a name as they are compared."""
    return frozenset(map(plain, words))


def may_be_one(one: Name, other: Name) -> bool:
    """True if one holds all words of the other, is its acronym, or has its last word and its first letter.

    Quicker than `Held` and blind to other spellings: statements are compared each with each.
    """
    mine, theirs = known_by(one.words), known_by(other.words)
    if mine.isdisjoint(theirs):
        return _is_acronym_of(one, other) or _is_acronym_of(other, one)
    is_initial = one.words[-1] == other.words[-1] and one.words[0][0] == other.words[0][0]
    return is_initial or mine <= theirs or theirs <= mine


def _is_acronym_of(short: Name, long: Name) -> bool:
    if len(short.words) != 1 or not short.words[0].isupper() or len(long.words) < 2:
        return False
    return plain(short.words[0]) == "".join(plain(word)[:1] for word in long.words)


@lru_cache(maxsize=16_384)
def _country(word: str) -> str:
    return word.rstrip("aeiouy")


@lru_cache(maxsize=16_384)
def _people(word: str) -> str:
    """Of whom a demonym speaks: Italian and Italy have "ital" in common; "" if the word is none."""
    root = _PEOPLE_OF.sub("", word)
    return root.rstrip("aeiouy") if root != word and len(root) > 2 else ""


@lru_cache(maxsize=16_384)
def _sound(word: str) -> str:
    """A word by its sounds: Mohammed and Muhammad are one, Anderson and Andersen are not."""
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    word = re.sub("[aeijy]+", "a", re.sub("[ou]+", "o", word))
    return re.sub(r"(.)\1+", r"\1", word)


@lru_cache(maxsize=16_384)
def _skeleton(word: str) -> str:
    return re.sub("[ao]", "", _sound(word))


def _consonants(word: str) -> str:
    return re.sub("[aeiouy]", "", word)


class Held:
    """The names that some texts hold."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._tokens = [[t.group() for t in _TOKEN.finditer(text)] for text in texts]
        self._words = {plain(piece) for tokens in self._tokens for t in tokens for piece in (t, *t.split("-"))}

    @cached_property
    def _stems(self) -> set[str]:
        return set(map(stem, self._words))

    @cached_property
    def _capitals(self) -> dict[str, str]:
        """The capitalised words as they are compared, and as they are written."""
        return {
            plain(piece): piece
            for tokens in self._tokens
            for t in tokens
            for piece in (t, *t.split("-"))
            if piece[:1].isupper()
        }

    @cached_property
    def _countries(self) -> set[str]:
        return {_country(word) for word in self._capitals if len(word) > 3}

    @cached_property
    def _peoples(self) -> set[str]:
        return {people for word in self._capitals if (people := _people(word))}

    @cached_property
    def _acronyms(self) -> set[str]:
        """What the names of the texts are short for, and joined pairs of words (You Tube)."""
        found: set[str] = set()
        for tokens in self._tokens:
            capitals = [plain(t) if t[:1].isupper() else "" for t in tokens if t not in CONNECTORS]
            for size in range(2, 7):
                for at in range(len(capitals) - size + 1):
                    if all(run := capitals[at : at + size]):
                        found.add("".join(word[0] for word in run))
            found.update(plain(a + b) for a, b in pairwise(tokens))
        return found

    def holds_any(self, words: Sequence[str]) -> bool:
        """Whether one of `words` is held in any form."""
        return any(self._holds(word) for word in words)

    def missing(self, name: Name) -> tuple[str, ...]:
        """The words of `name` that the texts do not hold in any form, () if they hold it.

        A surname alone holds a full name, unless all that bear it there have another first name.
        """
        lacking = tuple(word for word in name.words if not self._holds(word))
        if other := self._other_initials(name):
            return (other,)
        if not lacking or self._is_short_for(name):
            return ()
        words = [plain(word) for word in name.words]
        if len(lacking) < len(words):
            lacking = tuple(w for w in lacking if w == name.words[-1] or not self._is_spelled_otherwise(plain(w)))
        if len(words) > 1 and name.words[-1] not in lacking and self._stands_alone(words[-1], set(words)):
            return ()
        return lacking

    def _other_initials(self, name: Name) -> str:
        """An initial of the name that all who bear the surname have otherwise: "J. T." for "J. R."; "" if none is."""
        initials = [
            plain(word) for word in name.words[:-1] if len(plain(word)) == 1 and f"{plain(word)}." in fold(name.text)
        ]
        if not initials:
            return ""
        mine = [plain(word)[:1] for word in name.words[:-1]]
        others = [theirs for theirs in self._first_letters(plain(name.words[-1])) if theirs]
        if len(plain(name.words[0])) > 1 and all(theirs[0] != mine[0] for theirs in others):
            return ""  # another member of the family
        if not others or any(_is_within(mine, theirs) or _is_within(theirs, mine) for theirs in others):
            return ""
        return initials[-1].upper() + "."

    def _first_letters(self, surname: str) -> Iterator[list[str]]:
        """The first letters of the capitalised words before each place where a surname stands."""
        for tokens in self._tokens:
            for place, token in enumerate(tokens):
                if plain(token) != surname or not token[0].isupper():
                    continue
                start = place
                while start and tokens[start - 1][0].isupper() and _is_of_name(tokens[start - 1]):
                    start -= 1
                yield [letter for each in tokens[start:place] for letter in _letters(each)]

    def _holds(self, word: str) -> bool:
        written = plain(word)
        if written in self._words or stem(written) in self._stems:
            return True
        if written.rstrip("0123456789") in self._words and len(written.rstrip("0123456789")) > 2:
            return True  # YAP1 is a kind of YAP
        if len(written) == 1:
            return any(other.startswith(written) for other in self._capitals)
        if DEMONYMS.get(written, frozenset()) & self._words or self._holds_people(written):
            return True
        if (word.isupper() or len(written) > 5) and written in self._acronyms:
            return True
        return any(_same_sound(word, written, other, theirs) for theirs, other in self._capitals.items())

    def _is_spelled_otherwise(self, written: str) -> bool:
        """Whether a part of a name whose other parts are held is there in another spelling: Pyotr, Petr."""
        return len(_skeleton(written)) > 1 and any(
            written[0] == other[:1] and _skeleton(written) == _skeleton(other) for other in self._capitals
        )

    def _holds_people(self, written: str) -> bool:
        return len(written) > 3 and (_country(written) in self._peoples or _people(written) in self._countries)

    def _is_short_for(self, name: Name) -> bool:
        if len(name.words) < 2:
            return False
        initials = "".join(plain(word)[:1] for word in name.words)
        return initials in self._capitals and self._capitals[initials].replace(".", "").isupper()

    def _stands_alone(self, surname: str, own: set[str]) -> bool:
        """Whether the surname stands somewhere without another capitalised word before it."""
        for tokens in self._tokens:
            for before, word in zip(["", *tokens], tokens, strict=False):
                if plain(word) != surname or not word[0].isupper():
                    continue
                if (
                    not before[:1].isupper()
                    or not is_content(before)
                    or fold(before) in HONORIFICS
                    or plain(before) in own
                ):
                    return True
        return False


def _is_of_name(token: str) -> bool:
    """Whether a capitalised word may stand in a name: no title, no weekday, no "On"."""
    return len(token) == 1 or (is_content(token) and fold(token) not in NOT_NAMES)


def _letters(token: str) -> Iterator[str]:
    """The letters of joined initials ("J.R."), else the first letter."""
    yield from (plain(token) if "." in token else plain(token)[:1])


def _is_within(some: Sequence[str], other: Sequence[str]) -> bool:
    """Whether all of `some` stand in `other` in their order."""
    rest = iter(other)
    return all(letter in rest for letter in some)


def _same_sound(word: str, written: str, other: str, theirs: str) -> bool:
    """Whether two spellings are of one name: Tchaikovsky, Čajkovskij; not Anderson, Andersen."""
    if min(len(written), len(theirs)) < 4 or _skeleton(written) != _skeleton(theirs):
        return False
    is_near = SequenceMatcher(None, written, theirs, autojunk=False).ratio() >= 0.6
    if not (word.isascii() and other.isascii()):
        return is_near and len(_skeleton(written)) > 1
    if _consonants(written) != _consonants(theirs):
        return is_near and len(_skeleton(written)) > 3
    return min(len(written), len(theirs)) >= 6 and _sound(written) == _sound(theirs)
