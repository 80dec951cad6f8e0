"""How a page says that its work is cited: the meta elements that reference managers and Google Scholar read."""

import re
from itertools import islice

from .declared import Declared
from .layout import one_line

_METAS = {
    "citation.doi": ("citation_doi", "bepress_citation_doi", "prism.doi", "dc.identifier.doi"),
    "citation.journal": ("citation_journal_title", "bepress_citation_journal_title", "prism.publicationname"),
}
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_VALUE_CHARS = 200


def cited_as(page: Declared) -> tuple[tuple[str, str], ...]:
    """The work's DOI and journal, as facts by name: `("citation.doi", "10.1000/182")`; what is no DOI is left out."""
    found = []
    for name, metas in _METAS.items():
        for content in islice(page.meta(metas), 10):
            value = _doi(content) if name == "citation.doi" else one_line(content)[:_VALUE_CHARS]
            if value:
                found.append((name, value))
                break
    return tuple(found)


def _doi(content: str) -> str:
    match = _DOI.search(content[:_VALUE_CHARS])
    return match.group().lower() if match else ""
