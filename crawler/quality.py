"""How much a page's text looks like something written to be read, from cheap signs."""

import math
import re
from collections import Counter
from typing import Any

from .formats.aside import WORDLESS_TAGS
from .page import Quality

# Replaced one after the other and split: half the time of an expression for words
_MARKS = (".", ",", ";", ":", "!", "?", '"', "“", "”", "(", ")", "|", "•", "–", "—", "…", "=", "*", "- ")
# Written without spaces: a word is two characters of these, roughly
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_THAI = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_ANY_UNSPACED = re.compile(f"{_UNSPACED.pattern}|{_THAI.pattern}")
# Counted one by one, this takes a tenth of the time of an expression for all
_ENDS = (". ", ".\n", "! ", "? ", "?\n", '." ', ".” ", ".“ ", ".) ", ".[")
_OTHER_ENDS = ("।", "؟ ", "。", "！", "？")
_SHUT_TAGS = ("head", "noscript", "svg", "select", "template")  # of the tags without words, those that hold elements
_READ_CHARS = 20_000
_TRIPLE_WORDS = 30  # fewer cannot repeat themselves by triples in a telling way
_ENOUGH_WORDS = 120


# Frequent in running text of the commonest languages; a list of keywords has none of them
_FUNCTION_WORDS = {
    "en": "the of and to in a is that for it as was with on be at by this are or an from",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als",
    "fr": "de la le et les des en un une du que est pour qui dans a par sur plus pas au",
    "es": "de la que el en y a los se del las un por con una su para es al lo como",
    "it": "di e il la che in un a per è una del con non da le si dei i al nel",
    "pt": "de a o que e do da em um para é com uma os no se na por mais as dos",
    "nl": "de van een het en in is dat op te zijn met voor niet aan er om ook als die",
    "pl": "w i na z się do nie że to jest o jak za od po co dla przez są oraz",
    "ru": "и в не на что с как по это из а к но для от за у о его он",
    "sv": "och i att en som det är av på för med den till inte om ett har de var sig",
    "da": "og i at en det er af på for med den til ikke de som der et har var sig",
    "cs": "a v na se je že s z o do to i k ve pro za by ale jako si",
}
_FUNCTIONS = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
_ANY_FUNCTION = frozenset().union(*_FUNCTIONS.values())
# Running text has .30 to .50 of such words
_RUNNING_SHARE = 0.2
_WORDS_A_SENTENCE = 30

# What is sold by spam, a kind a line: the first words of each are looked for before the expression is tried
_SPAM_KINDS = (
    (
        "online now pills pill generic prescription",
        r"\b(?:buy|order|cheap|discount)\b.{0,25}\b(?:online|now|pills?|generic|without prescription)\b",
    ),
    (
        "viagra cialis levitra xanax tramadol kamagra phentermine",
        r"\b(?:viagra|cialis|levitra|xanax|tramadol|kamagra|phentermine)\b",
    ),
    (
        "casino casinos slot slots betting poker gacor togel judi jackpot",
        r"\b(?:casinos?|slots?|betting|poker|gacor|togel|judi|jackpot)\b",
    ),
    ("loan loans credit", r"\b(?:payday|instant|quick)\s+loans?\b|\bbad credit\b"),
    ("backlink backlinks seo building posts post", r"\b(?:backlinks?|link building|seo services|guest posts?)\b"),
    ("earn make", r"\b(?:earn|make)\s+(?:\$\s?\d+|money)\b.{0,25}\b(?:day|home|online|hour|week)\b"),
    ("escort escorts girls xxx porn", r"\b(?:escorts?|call girls?|xxx|porn)\b"),
    ("replica knockoff", r"\b(?:replica|knockoff)\s+(?:watches|handbags|rolex|bags|shoes)\b"),
    ("essay paper homework", r"\b(?:essay|paper|homework)\s+(?:writing|help)\s+services?\b"),
    (
        "click limited act free risk money best guarantee",
        r"\b(?:click here|limited time offer|act now|100% free|risk[- ]free|money[- ]back guarantee|best price)\b",
    ),
    ("crack keygen serial mod download", r"\b(?:free download|crack|keygen|serial key|mod apk)\b"),
)
_SPAM = tuple((frozenset(words.split()), re.compile(pattern)) for words, pattern in _SPAM_KINDS)
_SPAM_DENSITY = 0.02  # of its words; at this the text is full of them
_LOUD = ("!!", "$$", "★", "☆", "✅", "🔥", "💯", "➤", "►", "👉")


def quality(text: str, *, words_visible: int, words_linked: int, language: str) -> Quality:
    """Judge the main text of a page.

    `words_visible` and `words_linked` count the words of the whole page and those of them in links (`visible_words`);
    `language` is the text's ISO 639-1 code or "". Of a long text the first 20,000 characters are judged. About 0.4 ms
    for 6 KB.

    The score is a product of doubts, each in [0, 1]: is there enough to say something, is it running text rather than
    names and keywords, is it more than links, does it repeat itself, does it speak like spam.
    """
    sample = text[:_READ_CHARS]
    lowered = sample.lower()
    found = _words(lowered)
    unspaced = _unspaced_words(sample)
    counted = len(found) + unspaced
    if not counted:
        return Quality(words=0, boilerplate=float(words_visible > 0), linked=0.0, repeated=0.0, spam=0.0, score=0.0)
    words = counted if len(text) <= _READ_CHARS else round(counted * len(text) / _READ_CHARS)
    # no more of the text's words than these can have stood outside of links; texts of noscript elements are not counted
    unlinked = max(0, words_visible - words_linked)
    linked = max(0.0, 1 - unlinked / words) if words_visible >= words else 0.0
    repeated, spam = _repeated(sample, found), _spam(lowered, found)
    doubts = (
        min(1.0, (words / _ENOUGH_WORDS) ** 0.5),
        _running(sample, found, unspaced, language),
        1 - 0.9 * max(0.0, linked - 0.3) / 0.7,
        1 - min(1.0, 1.5 * max(0.0, repeated - 0.25)),
        1 - spam,
    )
    return Quality(
        words=words,
        boilerplate=round(max(0.0, 1 - words / words_visible) if words_visible else 0.0, 3),
        linked=round(linked, 3),
        repeated=round(repeated, 3),
        spam=round(spam, 3),
        score=round(float(math.prod(doubts)), 3),
    )


def visible_words(tree: Any) -> tuple[int, int]:
    """How many words a page (lxml HTML) shows, and how many of them are in links; about 0.8 ms for a real page."""
    unseen: set[Any] = set()
    for outer in tree.iter(*_SHUT_TAGS):
        if outer not in unseen:
            unseen.update(outer.iterdescendants())
    pieces = []
    for element in tree.iter():
        if element in unseen:
            continue
        if element.text and element.tag not in WORDLESS_TAGS and isinstance(element.tag, str):
            pieces.append(element.text)
        if element.tail:
            pieces.append(element.tail)
    linked = [" ".join(link.itertext()) for link in tree.iter("a") if link not in unseen]
    return _count(" ".join(pieces)), _count(" ".join(linked))


def _count(text: str) -> int:
    return len(text.split()) + _unspaced_words(text)


def _unspaced_words(text: str) -> int:
    """Words in scripts without spaces beyond the runs that white space parts: two characters, or five, are one."""
    if text.isascii() or not _ANY_UNSPACED.search(text):
        return 0
    return len(_UNSPACED.findall(text)) // 2 + len(_THAI.findall(text)) // 5


def _words(text: str) -> list[str]:
    for mark in _MARKS:
        text = text.replace(mark, " ")
    return text.split()


def _running(text: str, words: list[str], unspaced: int, language: str) -> float:
    """How much this is running text: it has the small words of its language, and sentences end."""
    ends = sum(map(f"{text}\n".count, _ENDS if language in _FUNCTIONS else _ENDS + _OTHER_ENDS))
    total = len(words) + unspaced
    sentences = min(1.0, ends * _WORDS_A_SENTENCE / total)
    if unspaced * 2 > total or (language and language not in _FUNCTIONS):
        return sentences
    functions = _FUNCTIONS.get(language, _ANY_FUNCTION)
    share = sum(map(functions.__contains__, words)) / len(words)
    return 0.6 * min(1.0, share / _RUNNING_SHARE) + 0.4 * sentences


def _repeated(text: str, words: list[str]) -> float:
    """The share of the lines that stand before, or of the word triples if that is larger."""
    lines = [line for line in text.split("\n") if line and not line.isspace()]
    again = sum(map(len, lines)) - sum(map(len, set(lines)))
    by_lines = again / max(1, sum(map(len, lines)))
    if len(words) < _TRIPLE_WORDS:
        return by_lines
    triples = list(zip(words, words[1:], words[2:], strict=False))
    return max(by_lines, 1 - len(set(triples)) / len(triples))


def _spam(text: str, words: list[str]) -> float:
    """The weight of signs of spam: what it sells and how, shouting, and one word all over."""
    if not words:
        return 0.0
    counts = Counter(words)
    hits = [len(pattern.findall(text)) for triggers, pattern in _SPAM if not counts.keys().isdisjoint(triggers)]
    kinds = sum(1 for count in hits if count)
    sold = min(1.0, sum(hits) / len(words) / _SPAM_DENSITY) * math.pow(min(1.0, kinds / 3), 1.5)
    loud = min(1.0, sum(map(text.count, _LOUD)) / len(words) / _SPAM_DENSITY)
    topics = ((count, word) for word, count in counts.items() if len(word) > 3 and word not in _ANY_FUNCTION)
    most = max(topics, default=(0, ""))[0] if len(words) >= _TRIPLE_WORDS else 0
    stuffed = min(1.0, max(0.0, most / len(words) - 0.06) / 0.08)
    return 1 - (1 - sold) * (1 - 0.5 * loud) * (1 - 0.7 * stuffed)
