"""The language of a text by its commonest words: words cannot be held against those of another language."""

import re
from collections import Counter
from functools import lru_cache

from .words import word_set

# Each word in one language only, but for "in" and the like, which are left out.
_WORDS = {
    "en": word_set("the of and to was were is are that with for which from his her its by has have had not been who"),
    "de": word_set("der das und den dem des ein eine einen einem nicht mit auf für von im ist sind wurde wurden hat"
                   " haben sich auch bei nach zum zur aus dass wird"),
    "fr": word_set("le la les des du et une dans est sont pour qui que pas avec sur au aux par ses été cette leur"),
    "es": word_set("el los las del y una con para por su sus que se fue son más como según este esta años nunca al"),
    "it": word_set("il lo gli della dei delle di che è una per con sono nel nella alla dal anche stato"),
    "nl": word_set("het een van en niet met voor zijn werd is op aan ook door naar bij uit hij ze heeft dat"),
    "pt": word_set("os as do da dos das uma em não com para por que foi são mais pelo pela ao"),
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_LEAST, _SURELY = 2, 2.0


@lru_cache(maxsize=1_024)
def language_of(text: str) -> str:
    """The language code, "" where too few words tell it or two languages could be meant."""
    counts = Counter(_WORD.findall(text[:4_000].casefold()))
    hits = sorted(((sum(counts[word] for word in each), code) for code, each in _WORDS.items()), reverse=True)
    (best, code), (next_best, _) = hits[:2]
    return code if best >= _LEAST and best >= _SURELY * next_best else ""
