"""Answers as they are compared: Rajpurkar et al. 2016 (SQuAD), without case, punctuation and English articles."""

import re
import string
from functools import lru_cache

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


@lru_cache(maxsize=4096)
def normalised(text: str) -> str:
    """Lower case, no ASCII punctuation, no articles, single spaces."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def holds(text: str, gold: str) -> bool:
    """Whether the words of `gold`, if it has any, stand in `text`, in order and beside each other."""
    return bool(normalised(gold)) and f" {normalised(gold)} " in f" {normalised(text)} "
