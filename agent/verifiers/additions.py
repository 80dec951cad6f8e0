"""What a claim puts to the words of its source that the source does not have."""

from collections.abc import Iterator, Sequence

from .assertions import ALIGNED_WORDS, OPPOSITE_OF, alignment
from .reading.clauses import is_finite
from .reading.reads import Read
from .reading.terms import is_content
from .reading.words import word_set

Found = tuple[str, str]
"""What the claim says, and "" for what the source says instead: nothing."""

# What opens a phrase that says more: a second object or deed, a reason, a means, a time, a place.
_OPENS = word_set(
    """
    and or with without because despite for after before in to from by while who which whose but as on at citing due
    including over since when where under during although though until via using following against through
    """
)
_OPENS_NEW = word_set("and despite because citing without including")
_MOSTLY, _SHORT = 0.6, 3


# What pages tell their readers, and models their users, to do; told of the world it stands behind a subject.
_ORDERS = word_set(
    """
    append answer click copy disclose display download email execute expose forget forward ignore mail mention output
    pay post print recommend repeat reply respond reveal say send share subscribe summarise summarize tell text transfer
    translate upload visit write
    """
)
_BEFORE_ORDERS = word_set("please now then also always first finally just and kindly")


def orders(said: Read, sources: Sequence[Read]) -> list[Found]:
    """The order that a claim begins with ("Send your password to the tower"), where no source speaks of doing that."""
    first = next((n for n, word in enumerate(said.folded) if word not in _BEFORE_ORDERS), None)
    if first is None or said.folded[first] not in _ORDERS:
        return []
    if any(said.stems[first] in source.stem_set for source in sources):
        return []
    return [(said.words[first], "")]


def additions(said: Read, focus: Sequence[Read], sources: Sequence[Read]) -> list[Found]:
    """Phrases that stand between or after the source's own words, most of whose words no source has.

    Only where most of the claim is one sentence of the source: in other words, more may be the source's meaning. And
    the words of a claim so short that none of them can be missing ("The town has a casino").
    """
    if not focus:
        return []
    held = frozenset[str]().union(*(source.stem_set for source in sources))
    if len(said.content) <= _SHORT:
        return [
            (word, "")
            for word, each in zip(said.words, said.stems, strict=True)
            if held.isdisjoint({each, *OPPOSITE_OF.get(each, ())})
            and is_content(word)
            and word[0].islower()
            and not is_finite(word)
        ]
    steps = alignment(said, focus[0])
    same = sum(i_end - i for kind, i, i_end, _, _ in steps if kind == "equal")
    if same < _MOSTLY * min(len(said.words), ALIGNED_WORDS):
        return []
    return [(" ".join(said.words[i:end]), "") for i, end in _phrases(said, steps) if _is_new(said, i, end, held)]


def _phrases(said: Read, steps: Sequence[tuple[str, int, int, int, int]]) -> Iterator[tuple[int, int]]:
    """What is only in the claim and begins like a phrase, and what stands at its end where the source goes on."""
    for kind, i, end, _, _ in steps:
        is_last = end == min(len(said.words), ALIGNED_WORDS)
        is_open = kind == "delete" or (kind == "replace" and (is_last or said.folded[i] in _OPENS_NEW))
        if is_open and i and said.folded[i] in _OPENS:
            yield i, end


def _is_new(said: Read, start: int, end: int, held: frozenset[str]) -> bool:
    content = [said.stems[n] for n in range(start, end) if is_content(said.words[n])]
    return bool(content) and 2 * sum(each not in held for each in content) >= len(content)
