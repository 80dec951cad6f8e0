"""Where a model's quote stands in the stored text, if it does."""

import re
from collections.abc import Sequence

Span = tuple[int, int]

# What a model writes otherwise than it was written and means no other words: quotes, dashes, the brackets of `fence`.
_SAME = {
    **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−﹘", "-"),
    **dict.fromkeys("‹＜﹤", "<"),
    "［": "[",
    "…": "...",
}
_FOLDS = str.maketrans(_SAME)
_SPACES = re.compile(r"\s+")
_ELLIPSIS = re.compile(r"[\[(]?(?:\.{3,}|…)[\])]?")
_AROUND = " .,;:!?'\"-()[]"

# More parts than this are no quote but a collage.
_MOST_PARTS = 4


def normal_form(text: str) -> str:
    """What two quotes of the same words have in common: spaces, the shapes of quotes and dashes, the first letter's
    case and the punctuation around are not.
    """
    return _lower_first(_SPACES.sub(" ", text.translate(_FOLDS)).strip(_AROUND))


def align(quote: str, text: str, *, near: int = 0) -> tuple[Span, ...]:
    """The stretches of `text`, as (start, end), whose words are those of `quote`; () if one of them is not there.

    One stretch, or one for each part between ellipses, in the order of the text. A stretch begins and ends at the
    border of a word. Of several places the one nearest to offset `near` is taken, of equally near ones the first. Time
    is linear in the two lengths for a quote that is found once.
    """
    if exact := _nearest({quote.strip(_AROUND + "\n")}, text, range(len(text)), near):
        return (exact,)
    folded, places = _folded(text)
    if whole := _nearest(_variants(quote), folded, places, near):
        return (whole,)
    spans: list[Span] = []
    parts = [part for part in _ELLIPSIS.split(quote) if normal_form(part)]
    for part in parts[:_MOST_PARTS]:
        after = spans[-1][1] if spans else 0
        if found := _nearest(_variants(part), folded, places, after or near, after):
            spans.append(found)
    return tuple(spans) if len(spans) == len(parts) else ()


def _variants(quote: str) -> set[str]:
    wanted = normal_form(quote)
    return {wanted, _upper_first(wanted)}


def _nearest(variants: set[str], text: str, places: Sequence[int], near: int, after: int = 0) -> Span | None:
    """Where one of `variants` stands, at `after` or later; `places` has the offset of each character of `text`."""
    best: Span | None = None
    for variant in variants:
        if not any(map(str.isalnum, variant)):
            continue
        at = text.find(variant)
        while at >= 0:
            end = at + len(variant)
            span = places[at], places[end - 1] + 1
            is_nearer = best is None or (abs(span[0] - near), span) < (abs(best[0] - near), best)
            if is_nearer and span[0] >= after and _is_at_words(text, at, end):
                best = span
            at = text.find(variant, at + 1)
    return best


def _is_at_words(text: str, start: int, end: int) -> bool:
    cuts_before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    return not (cuts_before or (end < len(text) and text[end - 1].isalnum() and text[end].isalnum()))


def _folded(text: str) -> tuple[str, list[int]]:
    """The text folded as `normal_form` does, but for its ends; and for each character the place that it comes from."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        same = " " if character.isspace() else _SAME.get(character, character)
        if same != " " or folded[-1:] != [" "]:
            folded.extend(same)
            places.extend([place] * len(same))
    return "".join(folded), places


def _lower_first(text: str) -> str:
    lowered = text[:1].lower()
    return (lowered if len(lowered) == 1 else text[:1]) + text[1:]


def _upper_first(text: str) -> str:
    raised = text[:1].upper()
    return (raised if raised.lower() == text[:1] else text[:1]) + text[1:]
