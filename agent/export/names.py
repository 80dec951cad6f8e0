"""Who wrote a source: persons with a family name, and bodies, which have none."""

import re
from dataclasses import dataclass

from .bodies import is_body

_MOST = 20
_PARTICLES = frozenset(
    [
        "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "el", "al", "bin", "ibn",
        "ter", "ten", "zu", "zur", "af", "av",
    ]
)  # fmt: skip
_PERSON_WORD = re.compile(r"(?:[^\W\d_]+(?:[’'-][^\W\d_]+)*\.?)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A person (`family`, `given`), or `literal`: a body, or a name that cannot be told apart safely."""

    literal: str = ""
    family: str = ""
    given: str = ""

    @property
    def text(self) -> str:
        """As it is read."""
        return self.literal or f"{self.given} {self.family}"


def names(authors: str) -> tuple[Name, ...]:
    """The names in what a page says of its authors, joined by `; `; at most twenty."""
    found = (" ".join(part.split()) for part in authors.split(";"))
    return tuple(_name(part) for part in dict.fromkeys(found) if part)[:_MOST]


def _name(text: str) -> Name:
    """Two to four words with capitals, particles aside, are a person; a comma turns them round."""
    before, comma, after = (part.strip() for part in text.partition(","))
    if comma and after and "," not in after and _is_person(f"{after} {before}"):
        return Name(family=before, given=after)
    words = text.split()
    if comma or not _is_person(text):
        return Name(literal=text)
    at = next((place for place, word in enumerate(words) if place and word.lower() in _PARTICLES), len(words) - 1)
    return Name(family=" ".join(words[at:]), given=" ".join(words[:at]))


def _is_person(text: str) -> bool:
    words = text.split()
    if not 2 <= len(words) <= 5 or is_body(text):
        return False
    named = [word for word in words if word.lower() not in _PARTICLES]
    return (
        2 <= len(named) <= 4
        and words[-1] in named
        and words[0] in named
        and all(_PERSON_WORD.fullmatch(word) and word[0].isupper() for word in named)
        and any(not word.isupper() for word in named)
    )
