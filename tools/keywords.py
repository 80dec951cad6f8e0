"""The words of a question that are worth looking for: many services find only what has all words that are asked for."""

import re

_PARTS = re.compile(r'"[^"]+"|[^\s"]+')
_SYNTAX = str.maketrans(dict.fromkeys("()[]{}<>|\\*~^:/=&!?,;¿¡。、？！，；：（）「」", " "))
_EDGES = ".'’‘“”«»„…-–—_`´"
_LISTED = """
    a about after all also an and any are as at be been before being between but by can could did do does during
    explain find for from give had has have how i if in into is it its me my of on or our please should show so some
    tell than that the their them then there these they this those to us was we were what when where whether which
    while who whom whose why will with would you your"""
_ASKING = frozenset(_LISTED.split())


def keywords(query: str) -> tuple[str, ...]:
    """The words in their order, without English words of asking and signs that have a meaning to search engines.

    What stands in double quotes is one word, and keeps them. A query of asking words alone is given in full.
    """
    words: list[str] = []
    for part in _PARTS.findall(query):
        if part.startswith('"') and len(part) > 1:
            words += [f'"{phrase}"' for phrase in (" ".join(part.translate(_SYNTAX).strip('"').split()),) if phrase]
        else:
            words += filter(None, (word.strip(_EDGES) for word in part.translate(_SYNTAX).split()))
    return tuple(word for word in words if word.casefold() not in _ASKING) or tuple(words)
