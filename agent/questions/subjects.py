"""What a sentence is about, and the pronouns of another that point to it."""

import re

from ..verifiers.reading.words import word_set

_NAME = r"[^\W\d_a-zß-öø-ÿ][\w’'&.-]*[\w]"
_NAMES = re.compile(
    rf"{_NAME}(?:\s+(?:of|the|de|del|della|van|von|der|and the|for|&|\d+|{_NAME})(?=\s+{_NAME}|\s*\d|\W"
    rf"|$))*(?:\s+{_NAME}|\s+\d+)*"
)
_ASKING = re.compile(
    r"^\W*(?:(?:who|whom|whose|what|when|where|why|how|which|is|are|was|were|do|does|did|can|could|should"
    r"|will|has|have|had|tell|explain"
    r"|describe|compare|list|name|give|please|the|a|an|in|on|at|of|and|so|summari[sz]e|find"
    r"|wer|wen|was|wann|wo|warum|wie|welche[rsnm]?|ist|sind|hat|qui|que|quand|où|pourquoi|comment"
    r"|quel(?:le)?s?|est-ce|est"
    r"|quién|qué|cuándo|dónde|cómo|cuál(?:es)?|chi|cosa|dove|perché|come|quale|quem|quando|onde|como|qual"
    r"|wie|wat|wanneer|waar|hoe|welke)\b\s*)+",
    re.IGNORECASE,
)
_PHRASE = re.compile(
    r"\b(the|a|an|der|die|das|le|la|les|l['’]|el|los|las|il|lo|o|de|het) ((?:[\w’'-]+ ){0,3}?[\w’'-]+)"
    r"(?=$|[?.,;!]| (?:in|on|at|by|for|from|to|with|of|and|when|is|was|were|are|work|open)\b)",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"\b(?:its|their|his|her(?= [a-z])(?! (?:and|or|in|at|by)\b))\b", re.IGNORECASE)
_SUBJECT = {
    "en": re.compile(
        r"\b(?:it|they|them|he|she|him|this|that one|her)\b(?!['’]s)"
        r"(?! (?:is|was) (?:true|said|known|possible|likely|raining|that)\b)", re.IGNORECASE),
    "de": re.compile(r"\b(?:es|er|sie|ihn|ihm|ihnen|dieser|diese|dieses)\b", re.IGNORECASE),
    "fr": re.compile(r"-(?:t-)?(?:il|elle|ils|elles)\b|\b(?:il|elle|ils|elles|celui-ci|celle-ci)\b", re.IGNORECASE),
    "es": re.compile(r"\b(?:él|ella|ellos|ellas|ello)\b", re.IGNORECASE),
    "it": re.compile(r"\b(?:lui|lei|loro|esso|essa)\b", re.IGNORECASE),
    "pt": re.compile(r"\b(?:ele|ela|eles|elas)\b", re.IGNORECASE),
    "nl": re.compile(r"\b(?:het|hij|zij|ze|hem|haar)\b(?=\s*(?:$|[?.,!]|\w+d\b|\w+en\b|op\b|in\b))", re.IGNORECASE),
}  # fmt: skip
_FIRST_WORDS = re.compile(r"^(?:I|My|Our|We|You|English|German)$")


_PLACED = r"(?=\s+(?:in|at|on|by|from|during|for|with|to|since|after|before|when|that|who|which)\b|\s*[?.!,;]|\s*$)"
_ARTICLES = word_set("the a an der die das le la les el los las il lo de het")
_WORDS = r"[\w’'&.-]+(?:\s+[\w’'&.-]+){0,5}?"
_FRAMES = (
    re.compile(
        rf"^\W*(?:explain|describe|tell me|show me|find out|say)\s+(?:what|who|how|why|when|where)\s+"
        rf"(?P<subject>{_WORDS})\s+\w+\W*$",
        re.IGNORECASE,
    ),
    re.compile(rf"^\W*(?:who|what|wer|was|qui|quién|chi|quem|wie|wat)\s+(?:is|are|was|were|ist|sind|war|waren|est|sont"
        rf"|était|es|son|fue|è|sono|é|são|foi|zijn)\s+(?P<subject>{_WORDS}){_PLACED}", re.IGNORECASE),
    re.compile(rf"^\W*who\s+(?!(?:did|does|do|has|have|had|can|will|would)\b)\w+\s+(?P<subject>{_WORDS}){_PLACED}",
        re.IGNORECASE),
    re.compile(rf"^\W*(?:(?:when|where|why|how)(?:\s+(?:many|much|long|old|far)(?:\s+\w+){{0,3}}?)?|(?:in "
        rf"|at )?(?:what|which)(?:\s+\w+)?)\s+(?:is|are|was|were|does|do|did|has"
        rf"|have)\s+(?P<subject>{_WORDS})\s+(?:\w+)(?=\s+(?:in|at|on|by|from|during|for|with|to|its)\b"
        rf"|\s*[?.!,;]|\s*$)", re.IGNORECASE),
)  # fmt: skip


def subject_of(text: str) -> str:
    """What `text` is about: "the CEO of Apple" in "Who is the CEO of Apple?"; "" when that cannot be told.

    From the frame of the question when it has a known one, else its first name, else its last noun phrase.
    """
    for frame in _FRAMES:
        found = frame.match(text)
        if found and found["subject"].lower() not in _ARTICLES and not has_pronoun(found["subject"], "en"):
            return _name_at_start(found["subject"]) if frame is _FRAMES[-1] else found["subject"]
    names = names_in(text)
    if names:
        return re.sub(r"['’]s$", "", names[0])
    phrases = list(_PHRASE.finditer(text))
    return phrases[-1][0] if phrases else ""


def names_in(text: str) -> tuple[str, ...]:
    """The capitalised names of `text`, in order; the words that open a question are none."""
    asked = _ASKING.match(text)
    found = (m[0].strip(" .,?!'’") for m in _NAMES.finditer(text, asked.end() if asked else 0))
    return tuple(name for name in found if not _FIRST_WORDS.match(name))


def _name_at_start(words: str) -> str:
    """Of "President Biden get" only the name; other words as they are."""
    name = re.match(rf"(?:the\s+)?{_NAME}(?:\s+{_NAME})*", words)
    return name[0] if name else words


def has_pronoun(text: str, language: str) -> bool:
    """Whether a pronoun in `text` points to something outside of it."""
    pattern = _SUBJECT.get(language or "en")
    return bool(pattern and pattern.search(text)) or (language in ("en", "") and bool(_POSSESSIVE.search(text)))


def resolved(text: str, subject: str, language: str) -> str:
    """`text` with the pronouns that point to `subject` replaced by it: "its roof" becomes "Nordsee's roof"."""
    if not subject:
        return text
    if language in ("en", ""):
        mark = "’" if subject.endswith("s") else "’s"
        text = _POSSESSIVE.sub(lambda _found: f"{subject}{mark}", text)
    pattern = _SUBJECT.get(language or "en")
    if pattern is None:
        return text
    return pattern.sub(lambda found: f" {subject}" if found[0].startswith("-") else subject, text)
