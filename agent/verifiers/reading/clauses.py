"""Where a sentence may be cut into clauses that each state something, by rules for English.

A wrong cut is worse than none: where the words leave a doubt there is no cut.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .terms import is_content
from .words import FINITE_VERBS

# Who says it, or under which condition: what follows must not be told without it.
_QUALIFIED = re.compile(
    r"\b(?:if|unless|whether|according to|alleged(?:ly)?|reported(?:ly)?|supposed(?:ly)?|purported(?:ly)?"
    r"|claim(?:s|ed|ing)?|sa(?:ys?|id|ying)|stat(?:es?|ed|ing)|argu(?:es?|ed)|believ(?:es?|ed)|thinks?|thought|suggest(?:s|ed)?|told|tells"
    r"|den(?:y|ies|ied)|accus(?:es?|ed)|warn(?:s|ed)?|estimat(?:es?|ed)|predict(?:s|ed)?|rumou?red|would|could|might|may"
    r"|neither|not only|either|expected to|plan(?:s|ned)? to|so that|because|although|though|unlike|instead of)\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|‘[^’]*’(?!\w)|``.*?''|\([^()]*\)|\[[^\[\]]*\]")
_WORD = re.compile(r"[^\W_][\w’'.-]*[^\W_]|[^\W_]")
_SUBJECTS = re.compile(r"(?:he|she|it|they|the|its|his|her|their|a|an|this|these|both|another)\b", re.IGNORECASE)
_AND_CLAUSE = re.compile(r",\s+(?:and|but|while|whereas)\s+(?=\S)")
_AND_VERB = re.compile(
    r",?\s+and\s+(?P<told>)(?:(?:then|later|also|subsequently|eventually)\s+)?(?P<verb>[^\W\d_]+)\s+(?P<next>\S+)"
)
_OPENS_OBJECT = re.compile(
    r"(?:the|a|an|its|his|her|their|to|in|on|at|for|from|by|with|as|into|of|over|under|about|until|more|less"
    r"|[A-Z0-9$€£].*)\b"
)
_SUBORDINATE = re.compile(r"\b(?:as|that|when|while|who|which|where|how|until|since|than)\b")
_RELATIVE = re.compile(r",\s+(?P<who>who|which)\s+(?=\S)")
_APPOSITION = re.compile(r",\s+(?P<what>(?:an?|the)\s[^,;]{3,90}),\s+(?P<verb>[^\W\d_]+)")


# Characters in which a clause must show its subject and verb: looking on to the end takes quadratic time.
_AHEAD = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A stretch of the sentence that states something: `start` to `end`, and the subject to put before it ("": none).

    `without` are stretches inside of it that are clauses of their own.
    """

    start: int
    end: int
    subject: str = ""
    without: tuple[tuple[int, int], ...] = ()


def clauses(sentence: str) -> tuple[Clause, ...]:
    """The clauses of a sentence in order; the sentence as a whole where it should not be cut."""
    whole = (Clause(start=0, end=len(sentence)),)
    open_text = _CLOSED.sub(lambda match: "\x00" * len(match.group()), sentence)
    if _QUALIFIED.search(open_text):
        return whole
    parts = list(_parts(open_text))
    found = [clause for start, end in parts for clause in _relatives(sentence, open_text, start, end)]
    return tuple(found) or whole


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """The stretches between semicolons and before a coordinated clause with a subject of its own."""
    start = 0
    for match in re.finditer(rf";\s+|{_AND_CLAUSE.pattern}", text):
        left = text[start : match.start()]
        last = left.rpartition(",")[2].split() if match.group()[0] == "," and "," in left else []
        is_item = bool(last) and len(last) < 4 and not any(map(is_finite, last))  # "riffs, grooves, and"
        if not is_item and _is_clause(left) and _is_clause_with_subject(text[match.end() : match.end() + _AHEAD]):
            yield start, match.start()
            start = match.end()
    yield start, len(text)


def _is_clause(text: str) -> bool:
    """A finite verb after a subject, and something after it."""
    words = [match.group() for match in _WORD.finditer(text)]
    places = [n for n, word in enumerate(words) if is_finite(word)]
    return bool(places) and places[0] > 0 and len(words) > places[0] + 1 and sum(map(is_content, words)) > 1


def _is_clause_with_subject(text: str) -> bool:
    """A subject of up to six words and its verb, without a comma between: not the next item of a list."""
    words = list(_WORD.finditer(text))
    if not words or not (_SUBJECTS.match(text) or words[0].group()[0].isupper()):
        return False
    for number, word in enumerate(words[1:7], start=1):
        if "," in text[: word.start()] or word.group().lower() in ("and", "or", "who", "which", "that"):
            return False
        if is_finite(word.group()) and words[number - 1].group().lower() in ("to", "be", "been", "being"):
            return False
        if is_finite(word.group()) and not is_finite(words[number - 1].group()):
            return _is_clause(re.split(r"[;]", text)[0])
    return False


def is_finite(word: str) -> bool:
    """Whether a word can be a finite verb: a closed list, and what ends in -ed."""
    folded = word.lower()
    return folded in FINITE_VERBS or (folded.endswith("ed") and len(folded) > 4 and word[0].islower())


def subject_of(text: str) -> str:
    """What stands before the first finite verb, "" where that is no short subject: an adverbial, a relative clause."""
    for match in _WORD.finditer(text):
        if is_finite(match.group()):
            before = text[: match.start()].strip()
            words = before.split()
            while len(words) > 1 and (words[-1].lower() in _BETWEEN or words[-1].endswith("ly")):
                before = before[: before.rindex(words.pop())].rstrip()
            is_plain = 0 < len(words) <= 8 and not re.search(r"[,;:()\x00]|\b(?:who|which|that|and|or)\b", before)
            is_opening = bool(words) and (words[0].lower() in _ADVERBIALS or bool(_PRONOUNS & set(words[1:])))
            return before if is_plain and not is_opening else ""
    return ""


_ADVERBIALS = frozenset(
    [
        "in",
        "on",
        "at",
        "after",
        "before",
        "during",
        "since",
        "by",
        "from",
        "when",
        "while",
        "as",
        "with",
        "for",
        "under",
        "until",
        "despite",
        "throughout",
        "following",
        "there",
        "here",
        "today",
        "later",
        "then",
        "however",
        "also",
        "although",
    ]
)


_BETWEEN = frozenset(
    ["also", "then", "often", "later", "still", "now", "never", "always", "first", "soon", "once", "again", "ever"]
)
_PRONOUNS = frozenset(["he", "she", "it", "they", "we", "i", "you"])
_BE = frozenset(["is", "was", "are", "were", "has", "had", "have"])
_ACTIVE = frozenset(
    [
        "died",
        "lived",
        "returned",
        "joined",
        "retired",
        "worked",
        "studied",
        "graduated",
        "attended",
        "married",
        "emigrated",
        "served",
    ]
)


def _relatives(sentence: str, text: str, start: int, end: int) -> Iterator[Clause]:
    """A part without its relative clause or apposition, and that clause with its antecedent as the subject."""
    part = text[start:end]
    if (found := _RELATIVE.search(part)) and (antecedent := _antecedent(sentence[start:end], part[: found.start()])):
        close = part.find(",", found.end())
        inner_end = close if close >= 0 else len(part.rstrip(" .!?"))
        inner = part[found.end() : inner_end]
        first = _WORD.match(inner)
        rest = part[close + 1 :].strip() if close >= 0 else ""
        is_main = not rest or ((verb := _WORD.match(rest)) is not None and is_finite(verb.group()))
        main = part[: found.start()] + " " + rest
        if (
            first
            and is_finite(first.group())
            and is_main
            and _is_clause(main)
            and len(inner.split()) > 2
            and not _RELATIVE.search(inner)
        ):
            cut = (start + found.start(), start + (close + 1 if close >= 0 else inner_end))
            yield Clause(start=start, end=end, without=(cut,))
            yield Clause(start=start + found.end(), end=start + inner_end, subject=antecedent)
            return
    if (found := _APPOSITION.search(part)) and is_finite(found["verb"]):
        name = _antecedent(sentence[start:end], part[: found.start()])
        if name == part[: found.start()].strip() and not re.search(r"\x00| (?:and|or) ", found["what"]):
            cut = (start + found.start(), start + found.start("verb") - 1)
            yield Clause(start=start, end=end, without=(cut,))
            yield Clause(start=start + found.start("what"), end=start + found.end("what"), subject=f"{name} is")
            return
    yield from _verbs(text, start, end)


def _antecedent(sentence: str, before: str) -> str:
    """The name that `before` ends with, "" if it ends with anything else or with one of several names."""
    found = re.search(r"(?:[A-Z][\w’'.-]*)(?:\s(?:of|the|de|van|von|der|del|la)(?=\s[A-Z])|\s[A-Z][\w’'.-]*)*$", before)
    if not found or re.search(r"\b(?:and|or|&|,)\s*$", before[: found.start()]):
        return ""
    name = sentence[found.start() : found.end()]
    return name if name.split()[0].lower() not in ("the", "in", "a", "an") or " " in name else ""


def _verbs(text: str, start: int, end: int) -> Iterator[Clause]:
    """ "X did A and did B": the second verb with the subject of the first, if each has an object of its own.

    Not "X was sold in May and moved to Rome", which may be "was moved".
    """
    part = text[start:end]
    subject = subject_of(part)
    begins, ends = [0], [len(part)]
    for match in _AND_VERB.finditer(part) if subject else ():
        before = part[begins[-1] : match.start()]
        words = [word.group() for word in _WORD.finditer(before[len(subject) if len(begins) == 1 else 0 :])]
        place = next((n for n, word in enumerate(words) if is_finite(word)), len(words))
        has_object = not is_finite(words[-1]) and len(words) > place + 1 if words else False
        is_open = "," in before[len(subject) :] or _SUBORDINATE.search(" ".join(words[1:])) is not None
        is_new = is_finite(match["verb"]) and _OPENS_OBJECT.match(match["next"]) is not None
        if has_object and not is_open and is_new and not _is_passive(words[place:], match["verb"]):
            ends[-1:] = [match.start(), len(part)]
            begins.append(match.start("told"))
    for number, (begin, stop) in enumerate(zip(begins, ends, strict=True)):
        yield Clause(start=start + begin, end=start + stop, subject=subject if number else "")


def _is_passive(words: list[str], verb: str) -> bool:
    """Whether "was sold … and moved" leaves open who moved whom; "was born … and died" does not."""
    after = next((word for word in words[1:] if not word.endswith("ly") and word not in _BETWEEN), "")
    is_participle = after.endswith(("ed", "en", "wn", "lt", "ght", "born", "old", "ade", "et", "ut"))
    return words[0] in _BE and is_participle and verb.endswith("ed") and verb not in _ACTIVE
