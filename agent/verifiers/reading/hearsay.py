"""What a sentence only passes on: somebody's claim, fear or rumour that its writer does not stand behind."""

import re

from .words import word_set

HEARSAY = word_set("claim claims claimed claiming fear fears feared rumor rumors rumour rumours gossip legend")
_HEARSAY = re.compile(rf"\b({'|'.join(sorted(HEARSAY))})(?:\s[\w’'-]+){{0,4}}?\sthat\b", re.IGNORECASE)


def hearsay(text: str) -> tuple[str, int] | None:
    """The word that tells the first of it, in lower case, and where what is passed on begins; None where there is none.

    "A blog had claimed last week that …", "Rumour has it that …"; not "said that": that is how news are told.
    """
    found = _HEARSAY.search(text)
    return (found[1].lower(), found.end()) if found else None
