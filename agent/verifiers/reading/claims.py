"""A drafted sentence as the claims that it makes, each of which can be checked by itself."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ....retrievers import sentence_spans
from .clauses import Clause, clauses, subject_of
from .terms import is_content, words

_PRONOUN = re.compile(r"(?P<who>He|She|It|They|His|Her|Its|Their)\b(?=\s+[^\W_])", re.IGNORECASE)
_POSSESSIVE = frozenset(["his", "her", "its", "their"])
_PLURAL = frozenset(["they", "their"])
_KIND = re.compile(
    r"The (?:company|firm|corporation|organi[sz]ation|agency|university|school|museum|bank|town|city|village|country"
    r"|state|island|river|mountain|lake|bridge|castle|church|film|movie|book|novel|album|song|series|show|game|band|team|club"
    r"|author|writer|singer|actor|actress|artist|politician|player|ship|aircraft|species|website|newspaper)(?=\s+"
    r"(?:is|was|has|had|were|are|have|[a-z]+ed|began|became|won|made|grew|rose|fell|sold|built)\b)"
)
_EXPLETIVE = re.compile(
    r"It (?:is|was|has been|had been|seems|appears)\s(?:[a-z]+\s)?(?:that|to|possible|important|likely|clear|known"
    r"|not)\b",
    re.IGNORECASE,
)
_TITLE_END = re.compile(r"\s+[-–—|:·]\s.*$|\s*\(.*\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimText:
    """One claim: `text` as it stands alone, and the stretch of the sentence (`start` to `end`) that it was made of.

    `resolved` is False if it begins with a pronoun, or a word like "the company", whose meaning is not certain; `text`
    then keeps it. Stretches of one sentence may overlap (a clause inside of another) and hold all its content words.
    """

    text: str
    start: int
    end: int
    resolved: bool = True


def claims_of(sentence: str, *, before: Sequence[str] = (), title: str = "") -> tuple[ClaimText, ...]:
    """Split a sentence into claims, in order; () if it holds no word.

    `before` are the sentences before it in the answer, `title` what the page or answer is about. Cut are coordinated
    clauses, relative clauses and appositions of a name, and what a semicolon parts. A sentence is left whole where it
    tells who says so or under which condition, and nothing inside quotation marks or brackets is cut.
    """
    if not words(sentence):
        return ()
    about = _subject_before(before, title)
    found: list[ClaimText] = []
    for start, end in sentence_spans(sentence, ""):  # a model may put two where one was asked for
        for clause in clauses(sentence[start:end]):
            claim = _claim(sentence[start:end], clause, about)
            found.append(replace(claim, start=start + claim.start, end=start + claim.end))
            about = _named_subject(claim.text) or about
    return tuple(found)


def _claim(sentence: str, clause: Clause, about: str) -> ClaimText:
    start, end = clause.start, clause.end
    kept, at = "", start
    for cut_start, cut_end in clause.without:
        kept, at = kept + sentence[at:cut_start], cut_end
    text = (kept + sentence[at:end]).strip()
    start += len(sentence[start:end]) - len(sentence[start:end].lstrip())
    end = start + len(sentence[start:end].rstrip())
    if clause.subject:
        text = f"{clause.subject} {text}"
    text, is_resolved = _resolved(text, about)
    if text != sentence.strip():
        text = text[:1].upper() + text[1:].rstrip(",; ")
        text += "" if text.endswith((".", "!", "?", ".”", '."')) else "."
    return ClaimText(text=text, start=start, end=end, resolved=is_resolved)


def _resolved(text: str, about: str) -> tuple[str, bool]:
    """The claim with its first word replaced by what it stands for, and whether it is certain."""
    if (kind := _KIND.match(text)) is not None:
        return (about + text[kind.end() :], True) if about else (text, False)
    found = _PRONOUN.match(text)
    if found is None or _EXPLETIVE.match(text):
        return text, True
    who = found["who"].lower()
    is_many = " and " in about
    if not about or (who in _PLURAL) != is_many:
        return text, False
    if who in _POSSESSIVE:
        return f"{about}{'’' if about.endswith('s') else '’s'}{text[found.end() :]}", True
    return about + text[found.end() :], True


def _subject_before(before: Sequence[str], title: str) -> str:
    """Who the sentences before speak of: the named subject of the last one, past those that say he, she, it or they.

    What the title names where none of them names anybody; "" where the last one begins otherwise.
    """
    for sentence in reversed(before):
        if name := _named_subject(sentence):
            return name
        if not _PRONOUN.match(sentence) and not _KIND.match(sentence):
            return ""
    named = _TITLE_END.sub("", title.strip())
    return named if named and len(named.split()) <= 6 and named[0].isupper() else ""


def _named_subject(sentence: str) -> str:
    """The subject of a sentence if it is a name: capitalised throughout, small words aside."""
    subject = subject_of(sentence.strip())
    parts = subject.split()
    if not parts or _PRONOUN.match(subject + " x") or not parts[-1][0].isupper():
        return ""
    is_name = all(word[0].isupper() or word[0].isdigit() or not is_content(word) for word in parts)
    has_content = any(is_content(word) and word[0].isupper() for word in parts)
    return subject if is_name and has_content and "’s " not in subject and "'s " not in subject else ""
