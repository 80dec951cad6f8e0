"""The language of a question, from its script and its commonest words.

Statistical detectors need a sentence or two; a question of five words has its "what" or "wie".
"""

import re
import unicodedata

_SCRIPTS = (
    ("HIRAGANA", "ja"), ("KATAKANA", "ja"), ("HANGUL", "ko"), ("CJK", "zh"), ("THAI", "th"), ("HEBREW", "he"),
    ("GREEK", "el"), ("DEVANAGARI", "hi"), ("BENGALI", "bn"), ("TAMIL", "ta"), ("GEORGIAN", "ka"),
    ("ARMENIAN", "hy"),
)  # fmt: skip
_WORDS = {
    "en": "the of and is are was were what who when where why how which does did do in to for on with has have that",
    "de": "der die das und ist sind war was wer wann wo warum wie welche welcher hat haben nicht ein eine im den von",
    "fr": "le la les des est sont était que qui quand où pourquoi comment quel quelle quels quelles dans pour"
    " une du au aux pas et avec sur cette combien il elle hui",
    "es": "el la los las es son era qué quién cuándo dónde por cómo cuál en para una del con y no se",
    "it": "il la gli è sono era che chi quando dove perché come quale quali quanto nel negli nella per una"
    " della con e non di ci",
    "pt": "o a os as é são era que quem quando onde porque como qual no para uma do da com e não",
    "nl": "de het een is zijn was wat wie wanneer waar waarom hoe welke van voor met niet en in op",
    "sv": "den det en ett är var vad vem när varför hur vilken för med inte och som på av",
    "pl": "jest są był co kto kiedy gdzie dlaczego jak który w na nie i z do się że",
}
_SETS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str:
    """ISO 639-1 code of the language, or "" when its words do not tell."""
    names = [unicodedata.name(char, "") for char in text if char.isalpha()]
    for prefix, language in _SCRIPTS:
        if sum(name.startswith(prefix) for name in names) > len(names) / 4:
            return language
    words = [word.lower() for word in _WORD.findall(text)]
    hits = {language: sum(word in known for word in words) for language, known in _SETS.items()}
    best = max(hits.values())
    leaders = [language for language, count in hits.items() if count == best]
    return leaders[0] if best and len(leaders) == 1 else ""
