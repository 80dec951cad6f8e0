"""Whether a pronoun points out of its question: to an earlier one, and not to a word beside it, nor to nothing."""

import re
from collections.abc import Sequence

from .subjects import has_pronoun, names_in

# "What time is it", "is it true that", "why is it important to vote", "how long does it take to reach Mars", "does it
# hurt when": nothing is meant by this "it". In "how long did it take to build?" it is what was built.
_BE = r"\b(?:is|was|isn['’]t|wasn['’]t|will|would|can|could) it (?:not |be |ever )*"
_EMPTY_IT = re.compile(
    r"\bwhat (?:time|day|date|year|month) (?:is|was) it\b"
    rf"|{_BE}(?:raining|snowing|cold|hot|warm|dark|windy|sunny) (?:in|on|at|there|outside|today|now)\b"
    rf"|{_BE}(?:true|said|known|possible|likely|clear|certain|believed|a fact) that\b"
    rf"|{_BE}(?:important|necessary|legal|illegal|customary|polite|wrong|allowed) (?:for \w+ )?to \w+"
    rf"|{_BE}\w+ (?:for \w+ )?to \w+ (?!(?:in|at|on|by|from|today|now|it|its|them)\b)\w+"
    r"|\b(?:does|did|will|would|do) it (?:take|cost|help|pay|make sense)(?: \w+){0,3}"
    r" to \w+ (?!(?:in|at|on|by|it|its|them)\b)\w+"
    r"|\b(?:does|did|will|would) it (?:hurt|matter|rain|snow|help|mean|happen)(?: that| if| when| in\b|\W*$)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?P<owning>its|their|his|her(?= [a-z]))\b"
    r"|\b(?P<this>this|that one)\b(?!['’]s)"
    r"|\b(?P<plain>it|they|them|he|she|him|her)\b(?!['’]s)",
    re.IGNORECASE,
)
_AFTER_THIS = re.compile(
    r"\s*(?:$|[?.,;!]|(?:is|was|are|were|be|been|do|does|did|work|works|worked|mean|means|happen|happens|happened|cost|costs"
    r"|have|has|had|can|could|will|would|in|on|at|by|for|from|to|with|of|and|or|again|then|now|before|after|still)\b)",
    re.IGNORECASE,
)
_NOUN_PHRASE = re.compile(r"\b(?:the|an?|each|every|some|any|most|many|all) [\w-]+", re.IGNORECASE)
_PLURAL = re.compile(r"\b[a-z]{3,}s\b")
_CLAUSE = re.compile(
    r"[,;:]\s|\b(?:and|but|if|when|because|while|after|before|since|und|et|y|e|en|als|wenn)\b", re.IGNORECASE
)
_PERSONAL = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.IGNORECASE)
_PERSON = re.compile(r"(?<!\bthe )\b[^\W\d_a-z][\w’'-]+(?: (?:van|von|de|der|del|di))*(?: [^\W\d_a-z][\w’'.-]*)+")
_ASKS_WHO = re.compile(r"^\W*(?:and |so |but )?(?:who|whose|whom)\b", re.IGNORECASE)


def points_back(text: str, language: str) -> bool:
    """Whether the first pronoun of `text` can only be understood from what was said before it.

    In its own question it may stand for what an earlier clause names ("… Ada Lovelace and when was she born?"), or own
    what belongs to a word before it ("NASA … its budget").
    """
    if not has_pronoun(text, language):
        return False
    if language not in ("en", ""):
        return not _named_in_an_earlier_clause(text, len(text))
    bare = _EMPTY_IT.sub(lambda found: " " * len(found[0]), text)
    for found in _PRONOUN.finditer(bare):
        if found["this"]:
            if _AFTER_THIS.match(bare, found.end()):
                return True
        elif found["owning"]:
            return not _is_named(bare[: found.start()], owner=found[0])
        else:
            return not _named_in_an_earlier_clause(bare, found.start())
    return False


def person_in(latest_first: Sequence[tuple[str, str]]) -> str:
    """The person whom "he" or "her" means: the one an answer to "who …?" names, else one that is named otherwise."""
    for question, answer in latest_first:
        texts = (answer, question) if _ASKS_WHO.match(question) else (question, answer)
        known = question.casefold()
        for text in texts:
            for found in _PERSON.finditer(text):
                if text is question or found[0].casefold() not in known:
                    names = names_in(found[0])
                    if names and " " in names[-1]:
                        return names[-1]
    return ""


def is_personal(text: str, language: str) -> bool:
    """Whether its pronoun can only mean a person."""
    return language in ("en", "") and bool(_PERSONAL.search(text))


def _is_named(before: str, *, owner: str) -> bool:
    is_plural = owner.casefold() == "their" and bool(_PLURAL.search(before))
    return bool(names_in(before) or _NOUN_PHRASE.search(before)) or is_plural


def _named_in_an_earlier_clause(text: str, end: int) -> bool:
    """In its own clause a pronoun cannot mean what that clause names: in "What did Norway say of it?" it is another."""
    clauses = list(_CLAUSE.finditer(text, 0, end))
    return any(
        bool(names_in(text[: clause.start()]) or _NOUN_PHRASE.search(text, 0, clause.start())) for clause in clauses
    )
