"""The questions in a question, where each can stand alone."""

import re
from itertools import pairwise

from ..verifiers.reading.words import FINITE_VERBS
from .calendar_dates import any_of
from .subjects import has_pronoun, resolved, subject_of

_MOST = 4
_LEAST_WORDS = 3
_TOO_FEW_WORDS = 4
_NAMED = re.compile(r"(?<=\s)[A-Z]|\b(?:the|a|an|my|our)\s(?!same\b|other\b)\w")
_POINTS_BACK = re.compile(r"\b(?:these|those)\b(?!\s+\w+s\b)|\bthe (?:former|latter|other one)\b", re.IGNORECASE)
_ASKS_WHO = re.compile(r"\W*who\b(?! (?:is|was|are|were)\b)", re.IGNORECASE)
_ASKS_WHAT = re.compile(
    r"\W*(?:what|which)\s+(?!(?:is|are|was|were|do|does|did|has|have)\b)(?:[\w’'-]+\s+){1,5}?(?:do|does"
    r"|did|has|have|had)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:he|she|him|his|her|they)\b", re.IGNORECASE)

_AUX = {
    "en": r"is|are|was|were|do|does|did|has|have|had|can|could|will|would|should",
    "de": r"ist|sind|war|waren|hat|haben|wird|werden|wurde|wurden|kann|können|soll|\w+t|\w+te|\w+en",
    "fr": r"est|sont|était|étaient|a|ont|peut|\w+-(?:t-)?(?:il|elle|on)|est-ce",
    "es": r"es|son|fue|fueron|era|ha|han|está|están|puede|\w+ó|\w+a|\w+e",
    "it": r"è|sono|fu|furono|era|ha|hanno|può|si|\w+ò|\w+a|\w+e",
    "pt": r"é|são|foi|foram|era|tem|pode|se|\w+ou|\w+eu|\w+a",
    "nl": r"is|zijn|was|waren|heeft|hebben|wordt|werd|kan|\w+t|\w+de|\w+te",
}
_ASK = {
    "en": r"when|where|why|how|what|which|who|whom|whose|in (?:what|which)|at what|by whom|for what|to what",
    "de": r"wann|wo|warum|wie|was|welche[rsnm]?|wer|wen|weshalb|woher",
    "fr": r"quand|où|pourquoi|comment|combien|que|qu['’]|qui|quel(?:le)?s?|en quelle année",
    "es": r"cuándo|dónde|por qué|cómo|cuánto|cuál(?:es)?|qué|quién(?:es)?|en qué año",
    "it": r"quando|dove|perché|come|quanto|quale|quali|cosa|che|chi",
    "pt": r"quando|onde|por que|como|quanto|qual|quais|o que|quem|em que ano",
    "nl": r"wanneer|waar|waarom|hoe|hoeveel|wat|welke?|wie",
}
_AND = {"en": "and|but", "de": "und", "fr": "et", "es": "y|e", "it": "e|ed", "pt": "e", "nl": "en"}
_JOINTS = {
    language: re.compile(
        rf"(?:\s*[,;]\s*(?:(?:{_AND[language]})\s+)?|\s+(?:{_AND[language]})\s+)(?:(?:also|then|finally|auch"
        rf"|aussi|también|anche|também|ook)\s+)?"
        rf"(?=¿?\s*(?:{ask})\b)",
        re.IGNORECASE,
    )
    for language, ask in _ASK.items()
}
_OPENS = {language: re.compile(rf"^\W*(?:{ask})\b", re.IGNORECASE) for language, ask in _ASK.items()}
# A clause is a question of its own when its verb comes early: "when did it close", not "when it closed".
_CLAUSE = {
    language: re.compile(rf"^\W*(?:{ask})\s+(?:[\w’'-]+\s+){{0,3}}?(?:{_AUX[language]})\b", re.IGNORECASE)
    for language, ask in _ASK.items()
} | {
    "en": re.compile(
        rf"^\W*(?:(?:when|where|why)\s+(?:{_AUX['en']})\b|how\s+(?:{_AUX['en']}|many|much|long|old|far|big"
        rf"|large|tall|high|often|deep|fast"
        rf"|heavy|wide|expensive)\b|(?:which|what|whose|whom|in (?:what|which)|at what|by whom|for what"
        rf"|to what)\s+(?:[\w’'-]+\s+){{0,4}}?(?:{_AUX['en']})\b"
        rf"|who\s+(?:{any_of(sorted(FINITE_VERBS))})\s+\w"
        rf"|(?:who|what|which)\s+(?!(?:it|they|he|she|the|this|you|we|i|a|an)\b)[\w’'-]+(?:ed|s|ew|ote|ade|ook"
        rf"|an|ang|ld|on|elt|aught)\b)",
        re.IGNORECASE,
    )
}
_ORDER = re.compile(
    r"^\W*(?P<order>(?:please\s+|can you\s+|could you\s+)?(?:explain|describe|tell me|find out|show me|say"
    r"|list))\s+(?=(?:who|what|when|where|why|how|which)\b)",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"(?:,\s*|\s+)and\s+(?=(?:is|are|was|were|do|does|did|has|have|can|will|could|should) (?:it|he|she"
    r"|they|the|its|there|this|[A-Z])\b)"
)
_YES_NO_OPENS = re.compile(r"^\W*(?:is|are|was|were|do|does|did|has|have|can|will|could|should)\b", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[?？])\s*(?=\S)|\s*;\s+(?=\w)")
_NUMBERED = re.compile(r"(?:^|\s+)(?:\(?\d\)|\d\.(?=\s)|[-•]\s)\s*")


def sub_questions(text: str, language: str) -> tuple[str, ...]:
    """Two to four questions that stand alone, or () when `text` is one question.

    Pronouns are replaced by what the first question is about; where that cannot be told ("Who invented it and where
    was he born?") the text stays whole. Names and pairs ("Romeo and Juliet") are never divided.
    """
    language = language or "en"
    parts = [part.strip() for part in _pieces(text, language) if any(char.isalnum() for char in part)]
    if not 2 <= len(parts) <= _MOST or language in ("ja", "zh"):
        return tuple(parts) if 2 <= len(parts) <= _MOST else ()
    whole: list[str] = []
    for part in parts:
        standing = _standing(part, whole, language)
        if not standing:
            return ()
        whole.append(standing)
    return tuple(dict.fromkeys(whole)) if len(set(whole)) > 1 else ()


def _pieces(text: str, language: str) -> list[str]:
    numbered = [part for part in _NUMBERED.split(text) if part.strip()]
    if len(numbered) > 1 and sum(part.rstrip().endswith("?") for part in numbered) > 1:
        return [part for part in numbered if part.rstrip().endswith("?")]
    sentences = [part for part in _SENTENCES.split(text) if any(char.isalnum() for char in part)]
    if len(sentences) > 1:
        asking = [part for part in sentences if part.rstrip(" \"'”").endswith(("?", "？"))]
        if len(asking) > 1:
            return [piece for part in asking for piece in _clauses(part, language)]
        if len(asking) == 1 and len(sentences) == 2 and _OPENS.get(language, _OPENS["en"]).match(sentences[1]):
            return sentences
        return [text]
    return _clauses(text, language)


def _clauses(text: str, language: str) -> list[str]:
    joint, opens = _JOINTS.get(language), _OPENS.get(language)
    if joint is None or opens is None:
        return [text]
    order = _ORDER.match(text)
    body = text[order.end() :] if order else text
    if not opens.match(body):
        pieces = _YES_NO.split(body) if language == "en" and _YES_NO_OPENS.match(body) and not order else [body]
        return pieces if len(pieces) > 1 and all(len(p.split()) >= _LEAST_WORDS for p in pieces) else [text]
    pieces = joint.split(body)
    if order:
        return [f"{order['order'].strip()} {piece}" for piece in pieces] if _are_long(pieces) else [text]
    if language == "en":
        pieces = [half for piece in pieces for half in _YES_NO.split(piece)]
    rest_ask = all(_CLAUSE[language].match(piece) or _YES_NO_OPENS.match(piece) for piece in pieces[1:])
    if any(_is_relative(later, earlier) for earlier, later in pairwise(pieces)):
        return [text]
    return pieces if len(pieces) > 1 and rest_ask and _are_long(pieces) else [text]


def _is_relative(piece: str, earlier: str) -> bool:
    """Whether `piece` goes on with a clause inside of the earlier one: "the man who built Anna and who drove Clara"."""
    opening, *_ = piece.split()
    return opening.lower() in map(str.lower, earlier.split()[1:])


def _are_long(pieces: list[str]) -> bool:
    return all(len(piece.split()) >= _LEAST_WORDS for piece in pieces)


def _standing(part: str, earlier: list[str], language: str) -> str:
    """`part` as a question that needs no other, "" when it cannot be made one."""
    part = part.strip(" ,;")
    if earlier and _POINTS_BACK.search(part):
        return ""
    if earlier and has_pronoun(part, language):
        first = earlier[0]
        if _ASKS_WHO.match(first) and _PERSON.search(part):
            return ""  # the pronoun means whoever the answer to the first question is
        if _ASKS_WHAT.match(first) and not _PERSON.search(part):
            return ""  # "Which law did Hale sign and what does it say?": the law, not Hale
        subject = subject_of(first)
        if not subject:
            return ""
        part = resolved(part, subject, language)
    elif earlier and language in ("es", "it", "pt") and not subject_of(part):
        return ""  # these languages leave the subject out
    elif earlier and len(part.split()) <= _TOO_FEW_WORDS and not _NAMED.search(part):
        return ""  # "and what services are provided": by whom stands in the first question
    start = next((i for i, char in enumerate(part) if char.isalnum()), 0)
    part = part[:start] + part[start].upper() + part[start + 1 :]
    part = part.rstrip(" .")
    if language == "es" and not part.startswith("¿"):
        part = f"¿{part}"
    return part if part.endswith(("?", "？")) or _ORDER.match(part) else f"{part}?"
