"""What a sentence only supposes, and what it says in order to deny it."""

import re

from .words import any_phrase

# One side that supposes and one that states are no conflict. Narrower than `words.UNREAL`, by which a claim is held
# against its source: with that list, three more of 147 supposed statements were taken for conflicts, in twice the time.
# Not among them: "will" and "reportedly", which state.
_SUPPOSING = """
    if, unless, whether, would have, could have, might, alleg(?:ed|edly|es|ations?), purported(?:ly)?,
    rumou?r(?:s|ed)?, supposed(?:ly)?, suppose, imagine, hypothetical(?:ly)?, fictional(?:ly)?,
    in an? (?:alternate|alternative|parallel), expected to, projected, forecast(?:s|ed)?, predict(?:s|ed)?,
    predictions?, estimates? that,
    expects?, planned, plans? to, aims? to, hopes? to, proposed, should, could(?! not|n['’]t),
    jok(?:es|ed|ingly), satir(?:e|ical)
"""
_SUPPOSED = re.compile(rf"\b(?:{any_phrase(_SUPPOSING)})\b", re.IGNORECASE)
_MAY = re.compile(r"\bmay\b(?! \d)")
_WILL = re.compile(r"\b(?:will|shall|was to|were to|due to (?:open|be|start|begin))\b", re.IGNORECASE)
_QUESTION = re.compile(r"\?[\"'”’)]*\s*$")

# "It is not true that …", "Claims that … are false", "He denied that …"
_DENYING = """
    not (?:true|the case|correct|so), untrue, false, a (?:myth|hoax|lie|misconception|fabrication), incorrect, wrong,
    mistaken, den(?:y|ies|ied|ying), disput(?:e|es|ed), refut(?:e|es|ed), rebut(?:s|ted)?, debunk(?:s|ed)?,
    dismiss(?:es|ed)?, reject(?:s|ed)?, no evidence, doubt(?:s|ed)?
"""
_TOLD_AHEAD = "that, to say, claims?, reports?, suggestions?, rumou?rs?"
_DENIED_AHEAD = re.compile(
    rf"\b(?:{any_phrase(_DENYING)})\b(?P<what>[^.;:!?]{{0,60}}?\b(?:{any_phrase(_TOLD_AHEAD)})\b)\s*(?:that\b)?",
    re.IGNORECASE,
)
_TOLD = """
    claims?, rumou?rs?, reports?, suggestions?, assertions?, allegations?, stor(?:y|ies), idea, belief, notion, myth,
    view, legend, misconception, statements?
"""
_CLAIMED = re.compile(rf"\b(?:{any_phrase(_TOLD)})\b[^.;:!?]{{0,30}}?\b(?:that|saying)\b", re.IGNORECASE)
_BEING = "is, are, was, were, has been, have been, proved, turned out(?: to be)?"
_VERDICTS = """
    not (?:true|correct|the case), untrue, false, incorrect, wrong, unfounded, baseless, debunked,
    a (?:myth|hoax|lie|misconception|fabrication), mistaken, refuted, denied, misleading, inaccurate, nonsense
"""
_CALLED_FALSE = re.compile(
    rf"\b(?:(?:{any_phrase(_BEING)})\s+(?:\w+ly\s+)?(?:{any_phrase(_VERDICTS)}))\b", re.IGNORECASE
)
_CONTRASTS = r"but, and\s(?:he|she|it|they|instead|in fact), instead, rather, saying, as, though, although"
_CLAUSE_END = re.compile(rf"[.!?]+[\"”’)]*\s*$|;|,\s(?:{any_phrase(_CONTRASTS)})\b|$")


def is_forecast(text: str) -> bool:
    """True for a sentence that says what will be."""
    return bool(_WILL.search(text))


def is_supposed(text: str) -> bool:
    """True for a sentence that supposes, plans or asks instead of stating."""
    return bool(_SUPPOSED.search(text) or _MAY.search(text) or _QUESTION.search(text))


def denied(text: str) -> tuple[tuple[int, int], ...]:
    """The stretches (start, end) of the sentence that it says are not so."""
    found: list[tuple[int, int]] = []
    for match in _CLAIMED.finditer(text):
        verdict = _CALLED_FALSE.search(text, match.end())
        if verdict and not (found and match.start() < found[-1][1]):
            found.append((match.end(), verdict.start()))
    for match in _DENIED_AHEAD.finditer(text):
        end = _CLAUSE_END.search(text, match.end())
        if end and not any(start <= match.start() < stop for start, stop in found):
            found.append((match.end(), end.start()))
    return tuple((start, end) for start, end in found if text[start:end].strip())
