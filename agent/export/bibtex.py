"""BibTeX: an entry for each source, which BibTeX, biber, JabRef and Zotero read."""

import re
from collections.abc import Sequence
from itertools import count

from anyascii import anyascii

from ..answer import Answer
from .names import Name
from .references import Reference, iso_date, references

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# A brace counts for BibTeX even behind a backslash, so that none but ours may stand in a value.
_WRITTEN = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%", "@": r"{@}",
}  # fmt: skip
_SPECIAL = re.compile("|".join(map(re.escape, _WRITTEN)))
_ADDRESS = str.maketrans(
    {"{": "%7B", "}": "%7D", "\\": "%5C", "^": "%5E", "`": "%60", "|": "%7C", '"': "%22", "<": "%3C", ">": "%3E"}
)
_KEY_WORD = re.compile(r"[a-z0-9]+")
_KEY_CHARACTERS = 20
_NOT_TOLD = frozenset(["the", "a", "an", "der", "die", "das", "le", "la", "les", "el", "of", "in", "on"])


def bibtex(answers: Sequence[Answer]) -> str:
    """One entry a source, `@article` where a journal is declared, else `@misc`; without any, a line that says so."""
    taken: set[str] = set()
    entries = [_entry(reference, taken) for reference in references(answers)]
    return "\n".join(entries) if entries else "% no source is cited: nothing was answered\n"


def escaped(text: str) -> str:
    """`text` as TeX sets it to the letter."""
    return _SPECIAL.sub(lambda found: _WRITTEN[found[0]], text)


def _entry(reference: Reference, taken: set[str]) -> str:
    key = _key(reference, taken)
    published = reference.published
    fields = {
        "author": " and ".join(map(_name, reference.authors)),
        "title": f"{{{escaped(reference.title)}}}",  # its capitals are meant
        "journal": escaped(reference.journal),
        "howpublished": "" if reference.journal else escaped(reference.site or reference.host),
        "year": f"{published[0]:04d}" if published else "",
        "month": _MONTHS[published[1] - 1] if published[1:] else "",
        "day": str(published[2]) if published[2:] else "",
        "doi": escaped(reference.doi),
        "url": reference.url.translate(_ADDRESS),
        "urldate": iso_date(reference.accessed),
        "file": escaped(reference.path),
        "note": escaped(reference.notice),
        "annote": " ".join(f"“{escaped(quote)}”" for quote in reference.quotes),
    }
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}," for name, value in fields.items() if value]
    return "\n".join([f"@{'article' if reference.journal else 'misc'}{{{key},", *lines, "}", ""])


def _name(name: Name) -> str:
    if name.literal:
        return f"{{{escaped(name.literal)}}}"
    return f"{escaped(name.family)}, {escaped(name.given)}"


def _key(reference: Reference, taken: set[str]) -> str:
    """A key of ASCII letters and digits: who, when, and the first word that says something; each once."""
    first = reference.authors[0] if reference.authors else None
    who = (first.family or first.literal) if first else reference.site or reference.host
    words = (word for word in _KEY_WORD.findall(anyascii(reference.title).lower()) if word not in _NOT_TOLD)
    year = f"{reference.published[0]:04d}" if reference.published else ""
    stem = "".join(_KEY_WORD.findall(anyascii(who).lower()))[:_KEY_CHARACTERS] or "source"
    stem += year + next(words, "")[:_KEY_CHARACTERS]
    key = next(key for number in count(1) if (key := stem if number == 1 else f"{stem}x{number}") not in taken)
    taken.add(key)
    return key
