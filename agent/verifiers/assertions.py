"""How a claim says a thing and how its source does: negated, denied, hedged, of all or of some, who before whom.

Rules over the closed word classes of `words`, English first. Irony and sarcasm are out of their reach.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from .reading.hearsay import HEARSAY, hearsay
from .reading.modality import denied
from .reading.names import NOT_NAMES, Held, Name
from .reading.reads import Read
from .reading.terms import fold, is_content, is_negation, stem
from .reading.words import ALLEGED, ALONE, ALWAYS, CONDITIONS, DENIALS, ONLY, OPPOSITES, QUANTIFIERS, TELLING, UNREAL

# Alignment looks at this many words of a sentence: its time grows with their product (5,000 words: 1.6 s).
ALIGNED_WORDS = 200

# The share of the claim that a sentence must hold to speak for or against it as a whole.
_SPEAKS_OF, _TELLS, _ALLEGES = 0.6, 0.75, 0.5

# A sentence of nearly the same words, and the most words that a name takes there.
_NEARLY_ALL, _NAME_LENGTH = 0.6, 6

_HEDGED = UNREAL | {"can", "will", "shall", "suggest", "suggests", "likely", "appears", "seems", "about"}

_PASSED_ON = ALLEGED | HEARSAY

_CONDITIONAL = CONDITIONS | {"would", "could", "might", "may", "should", "whether", "when", "depends", "case"}

OPPOSITE_OF: dict[str, set[str]] = {}
for _left, _right in OPPOSITES:
    OPPOSITE_OF.setdefault(stem(_left), set()).add(stem(_right))
    OPPOSITE_OF.setdefault(stem(_right), set()).add(stem(_left))
"""The stems of the opposites of each stem."""

_DENIED_BY_NEXT = re.compile(
    r"^\W*(?:but |however,? )?(?:this|that|it|these|those|they|the (?:claim|stor(?:y|ie)|report|rumou?r|statement"
    r"|allegation)s?|(?:these|those|such|both) (?:claims|reports|rumou?rs|stories)|none of (?:this|it))\b.{0,40}?"
    r"\b(?:false|untrue|not true|incorrect|wrong|a lie|lies|a hoax|a myth|fake|fabricated|debunked|denied|baseless"
    r"|refuted|unfounded)\b"
    r"|^\W*(?:(?:our )?(?:verdict|ruling|rating|conclusion)|fact[- ]check|in (?:truth|fact|reality)|no\b)\W{1,3}"
    r"(?:(?:mostly |entirely |completely )?(?:false|untrue|fake|misleading|incorrect|wrong)\b|.*\b(?:not|never|no)\b)",
    re.IGNORECASE,
)
# "is reported to have cost"
_SAID_TO = re.compile(
    r"\b(?:reported|said|believed|thought|rumou?red|understood|claimed|presumed|assumed)\sto\s(?:have|be)\b",
    re.IGNORECASE,
)
# What a sentence denies a thing with, beside single words.
_DENYING = re.compile(
    r"\bno (?:truth|basis|substance) (?:in|to|for)\b|\bthere (?:is|was) no (?:scientific )?evidence\b"
    r"|\bcontrary to (?:\w+ ){0,3}(?:belief|opinion|reports?|claims?|rumou?rs?|legend|myth|assumption)"
    r"|\b(?:called|proved|proven|found|shown|deemed|declared) (?:to be )?(?:wrong|incorrect)\b"
    r"|\b(?:prove|proves|proved|proven) (?:him|her|it|them|this|that) (?:wrong|false)\b"
    r"|\bturned out to be (?:wrong|untrue)"
    r"|\b(?:withdrew|withdrawn|retracted|corrected) (?:its|the|their|his|her)"
    r" (?:report|article|story|claim|paper|statement)"
    r"|\bdismiss(?:ed|es|ing)\b.{0,60}\bas (?:\w+ )?"
    r"(?:baseless|false|untrue|nonsense|unfounded|rumou?rs?|fiction|wrong)"
    r"|\bwithout (?:any )?(?:foundation|basis|truth)\b|^\W*(?:despite|whatever|contrary to) what\b"
    r"|\bfact[- ]check\W{1,3}no\b",
    re.IGNORECASE,
)
# "Some" is borne out by "all"; "no" and "few" are not.
_SOME = 2

Found = tuple[str, str]
"""What the claim says, and what the source says instead ("" for nothing)."""


def negations(said: Read, sources: Sequence[Read], focus: Sequence[Read]) -> tuple[list[Found], list[Found]]:
    """Negations that the claim adds, and those of its source that it leaves out: each around the same words."""
    theirs = [around for source in sources for _, around in source.negated]
    added = [(word, "") for word, around in said.negated if around and not any(around & other for other in theirs)]
    told = [source for source in sources if said.content_set <= source.stem_set]
    nearest = [*focus[:2], *sorted(told, key=lambda source: len(source.words))[:1]]
    near = [(word, around) for source in nearest for word, around in source.negated if around]
    dropped = [
        ("", word) for word, around in near
        if 2 * len(around & said.stem_set) >= len(around) and not any(around & mine for _, mine in said.negated)
    ]  # fmt: skip
    return added, dropped


def denials(said: Read, texts: Sequence[Sequence[Read]]) -> list[Found]:
    """Sentences that tell the claim in order to deny it: "It is a myth that …", "… . This is false."."""
    if any(word in DENIALS or is_negation(word) for word in said.folded):
        return []
    found: list[Found] = []
    for text in texts:
        for number, sentence in enumerate(text):
            if not _speaks_of(said, sentence):
                continue
            after = text[number + 1].text if number + 1 < len(text) else ""
            if word := _denies(said, sentence) or ("denied" if _DENIED_BY_NEXT.match(after) else ""):
                found.append(("", word))
            else:
                return []
    return found


def _denies(said: Read, sentence: Read) -> str:
    """The word with which the sentence denies the claim, "" if it denies only what else it says."""
    phrase = _DENYING.search(sentence.text)
    word = phrase.group() if phrase else next((w for w in sentence.folded if w in DENIALS), "")
    stretches = denied(sentence.text) if word else ()
    if not stretches:
        return word
    inside = frozenset(Read(" ".join(sentence.text[start:end] for start, end in stretches)).stems)
    outside = sentence.text
    for start, end in reversed(stretches):
        outside = outside[:start] + " … " + outside[end:]
    stated = len(said.content_set & frozenset(Read(outside).stems))
    return word if len(said.content_set & inside) >= stated else ""


def hedges(said: Read, focus: Sequence[Read], sources: Sequence[Read]) -> list[Found]:
    """Words that make what the source says less than a fact (alleged, if, plans to) and that the claim leaves out."""
    if not focus:
        return []
    best, absolved = focus[0], _absolved(said)
    held = len(said.content_set & best.stem_set)
    word = next((word for word in _unreal(said, best) if not absolved(word)), "")
    if not word or held < (_ALLEGES if word in _PASSED_ON else _TELLS) * len(said.content_set):
        return []
    is_told_flatly = any(
        len(said.content_set & each.stem_set) >= _SPEAKS_OF * held and not any(_unreal(said, each))
        for each in sources
        if each is not best
    )
    return [] if is_told_flatly else [("", word)]


def _absolved(said: Read) -> Callable[[str], bool]:
    """Whether the claim itself tells less than a fact: a condition takes another one, an allegation who alleges it."""
    told = {word for n, word in enumerate(said.folded) if said.words[n] != "May"}
    is_hedged, is_conditional = not told.isdisjoint(_HEDGED), not told.isdisjoint(_CONDITIONAL)

    def absolved(word: str) -> bool:
        if word in CONDITIONS:
            return is_conditional
        return not told.isdisjoint(TELLING) if word in _PASSED_ON else is_hedged

    return absolved


def _unreal(said: Read, source: Read) -> Iterator[str]:
    """Such words right before what the claim says, not more than three words that it does not say between."""
    for place, word in enumerate(source.folded):
        if word not in UNREAL:
            continue
        if word in ("if", "unless", "whether", "would", "suppose", "imagine"):
            after = source.stems[place + 1 : place + 9]
        else:
            after = source.stems[place + 1 : place + 7]
        if word == "may" and source.words[place] == "May" and place:
            continue  # the month
        if any(s in said.content_set for s in after) or (word in CONDITIONS and not place):
            yield word
    if (told := _SAID_TO.search(source.text)) and any(
        each in said.content_set for each in Read(source.text[told.end() :]).stems[:6]
    ):
        yield "reportedly"
    if passed := hearsay(source.text):
        behind = Read(source.text[passed[1] :]).stem_set
        if len(said.content_set & behind) >= _TELLS * len(said.content_set & source.stem_set):
            yield passed[0]


def scopes(said: Read, focus: Sequence[Read]) -> list[Found]:
    """Quantifiers that say more than those of the source before the same word (all for some), few for many, an added
    only."""
    found: list[Found] = []
    for mine, what in _quantified(said):
        theirs = [
            (word, strength) for source in focus for (word, strength), noun in _quantified(source) if noun == what
        ]
        if theirs and all(strength < mine[1] or mine[1] < _SOME < strength for _, strength in theirs):
            found.append((mine[0], theirs[0][0]))
    if focus and not any(word in ALONE for source in focus for word in source.folded):
        found += [(word, "") for word in said.folded if word in ONLY]
    for source in focus[:1]:
        often = [word for word in source.folded if word in ALWAYS]
        for word in said.folded:
            if word in ALWAYS and often and all(ALWAYS[word] > ALWAYS[other] for other in often):
                found.append((word, often[0]))
    return found


def _quantified(text: Read) -> Iterator[tuple[tuple[str, int], str]]:
    for place, word in enumerate(text.folded):
        if word in QUANTIFIERS:
            noun = next(
                (
                    s
                    for s, w in zip(text.stems[place + 1 : place + 6], text.words[place + 1 : place + 6], strict=True)
                    if is_content(w)
                ),
                "",
            )
            if noun:
                yield (word, QUANTIFIERS[word]), noun


def opposites(said: Read, focus: Sequence[Read]) -> list[Found]:
    """Opposites that stand in each other's place."""
    found: list[Found] = []
    for source in focus[:2]:
        for kind, i, i_end, j, j_end in alignment(said, source):
            if kind == "replace":
                found += [
                    (mine, theirs)
                    for mine in said.folded[i:i_end]
                    for theirs in source.folded[j:j_end]
                    if _are_opposites(mine, theirs) and stem(mine) not in source.stem_set
                ]
    return list(dict.fromkeys(found))


def replaced(said: Read, focus: Sequence[Read]) -> list[Found]:
    """Names and figures that stand where a sentence of nearly the same words has another one."""
    found: list[Found] = []
    for source in focus[:1]:
        steps = alignment(said, source)
        same = sum(i_end - i for kind, i, i_end, _, _ in steps if kind == "equal")
        if same < _NEARLY_ALL * min(len(said.words), ALIGNED_WORDS):
            continue
        for kind, i, i_end, j, j_end in steps:
            if kind == "replace" and (figures := _figures(said.words[i:i_end], source.words[j:j_end])):
                found.append(figures)
            mine, theirs = _names_among(said.words[i:i_end]), _names_among(source.words[j:j_end])
            if kind != "replace" or not mine or not theirs or max(i_end - i, j_end - j) > _NAME_LENGTH:
                continue
            is_first = i == 0 and " " not in mine and mine.endswith("s")  # "Studies", "Others"
            is_list = said.text.count(",") > 1 and set(mine.split()) <= set(source.words)
            if not is_first and not is_list:
                around = " ".join(source.words[max(0, j - _NAME_LENGTH) : j_end + _NAME_LENGTH])
                name = Name(start=0, end=0, text=mine, words=tuple(mine.split()))
                if not Held([" ".join(source.words[j:j_end])]).missing(name):
                    continue
                if len(Held([around]).missing(name)) == len(name.words) or not Held([mine]).holds_any(theirs.split()):
                    found.append((mine, theirs))
    return found


def _figures(mine: Sequence[str], theirs: Sequence[str]) -> Found | None:
    """Two whole numbers in each other's place: the claim may say the other one elsewhere."""
    is_pair = len(mine) == len(theirs) == 1 and mine[0].isdecimal() and theirs[0].isdecimal()
    return (mine[0], theirs[0]) if is_pair and int(mine[0]) != int(theirs[0]) else None


def _names_among(words: Sequence[str]) -> str:
    return " ".join(word for word in words if word[0].isupper() and is_content(word) and fold(word) not in NOT_NAMES)


def alignment(said: Read, source: Read) -> Sequence[tuple[str, int, int, int, int]]:
    """How the words of one become those of the other; see `difflib.SequenceMatcher.get_opcodes`."""
    matcher = SequenceMatcher(None, said.stems[:ALIGNED_WORDS], source.stems[:ALIGNED_WORDS], autojunk=False)
    return matcher.get_opcodes()


def _are_opposites(mine: str, theirs: str) -> bool:
    return stem(theirs) in OPPOSITE_OF.get(stem(mine), ())


def _speaks_of(said: Read, source: Read) -> bool:
    return len(said.content_set & source.stem_set) >= _SPEAKS_OF * len(said.content_set)
