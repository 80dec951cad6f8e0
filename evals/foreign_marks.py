"""The marks in another system's answer, and which of its citations each stands for.

Known are `[1]`, `[1, 3]`, `[1-3]`, `[^1]`, `【1】` and `【1†source】`, `<sup>1</sup>`, `[1](https://…)`; a name that
the citations give themselves, such as `(Smith 2020)` or `[doc-a]`; addresses, alone or as links; and raised figures (¹)
in an answer without brackets, behind a word or a full stop and where a citation has that number, since m² is none.
"""

import re
from collections.abc import Iterator, Sequence

from .case import ForeignCitation

_NUMBERS = r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*"
_NUMBERED = (
    rf"\[\^?(?P<plain>{_NUMBERS})\](?:\([^()\s]*\))?|【(?P<lens>\d{{1,3}})(?:[:†][^】]*)?】"
    rf"|<sup>\s*\[?(?P<sup>{_NUMBERS})\]?\s*</sup>"
)
_LINK = (
    r"(?P<within>\()?\[(?P<label>[^\[\]\n]{0,200})\]\((?P<link>https?://[^\s()<>]+)\)(?(within)\))"
    r"|(?P<opens>[(<])?(?P<bare>https?://[^\s()<>\[\]【】]*[^\s()<>\[\]【】.,;:!?'\"”’])(?(opens)[)>])"
)
_RAISED = r"(?:(?<=[^\W\d_]{3})|(?<=[.,;:!?\"”’)]))(?P<raised>[¹²³⁰⁴-⁹]+(?:[˒‚,⁻⁼–-][¹²³⁰⁴-⁹]+)*)"
_FIGURES = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_BRACKETS = re.compile(_NUMBERED)
_SOURCE_LINE = re.compile(r"^\s*\[\^?(?P<mark>\d{1,3})\]:?[^\n]{0,200}?(?P<url>https?://[^\s<>()]+)", re.MULTILINE)
_ADDRESS = re.compile(r"https?://[^\s()<>\[\]【】]*[^\s()<>\[\]【】.,;:!?'\"”’]")
_EMPHASIS = re.compile(r"[*_`]")  # goes from the text, addresses included
_NO_WORDS = re.compile(r"(?:\S+\.\S+|source|link|ref|\W*)", re.IGNORECASE)
_WIDEST = 20  # [1-200] is a range of years or pages


class Marks:
    """The marks that stand for `citations`."""

    def __init__(self, citations: Sequence[ForeignCitation] = ()) -> None:
        self._known = {each.mark for each in citations}
        self._by_address = {_key(each.source): each.mark for each in reversed(citations) if each.source}
        names = [each.mark for each in citations if not each.mark.isdecimal() and not is_address(each.mark)]
        self._by_name = {_plain(name): name for name in names if any(map(str.isalnum, name))}
        self._name = "|".join(_pattern(name) for name in sorted(self._by_name, key=len, reverse=True))

    def taken_out(self, text: str) -> tuple[str, list[tuple[int, tuple[str, ...]]]]:
        """The text without marks, and each group of marks with the place where it stood."""
        kept: list[str] = []
        places: list[tuple[int, tuple[str, ...]]] = []
        at = length = 0
        for match in self._marks(text).finditer(text):
            names, instead = self._read(match)
            if not names:
                continue
            before = text[at : match.start()]
            kept += [before, instead]
            length += len(before) + len(instead)
            places.append((length, names))
            at = match.end()
        return "".join([*kept, text[at:]]), places

    def _marks(self, text: str) -> re.Pattern[str]:
        ways = [_NUMBERED, _LINK]
        if self._name:
            ways.insert(0, rf"[\[(【](?P<named>(?:{self._name})(?:\s?[,;]\s?(?:{self._name}))*)[\])】]")
        if not _BRACKETS.search(text):
            ways.append(_RAISED)
        return re.compile(rf"[ \t]?(?:{'|'.join(ways)})", re.IGNORECASE)

    def _read(self, match: re.Match[str]) -> tuple[tuple[str, ...], str]:
        """The marks of one place, and the words that stay there; no marks where it is none."""
        found = match.groupdict()
        if numbers := found["plain"] or found["lens"] or found["sup"]:
            return tuple(_numbers(numbers)), ""
        if named := found.get("named"):
            names = re.finditer(self._name, named, re.IGNORECASE)
            return tuple(self._by_name[_plain(name.group())] for name in names), ""
        if address := found["link"] or found["bare"]:
            label = found["label"] or ""
            has_words = bool(label) and not found["within"] and not _NO_WORDS.fullmatch(label)
            lead = match.group()[:1] if match.group()[:1] in " \t" else ""
            return (self._by_address.get(_key(address), address),), f"{lead}{label}" if has_words else ""
        return tuple(self._raised(found["raised"])), ""

    def _raised(self, figures: str) -> Iterator[str]:
        for part in re.split(r"[^\d]+", figures.translate(_FIGURES)):
            together = [part] if part in self._known else list(part)
            yield from (number for number in together if number in self._known)


def is_address(mark: str) -> bool:
    """Whether a mark is the address of a page."""
    return mark.startswith(("http://", "https://"))


def own_citations(text: str, given: Sequence[ForeignCitation]) -> tuple[ForeignCitation, ...]:
    """What an answer cites by addresses in its own text, not among `given`: lines (`[1]: https://…`), then links."""
    marks, known = {each.mark for each in given}, {_key(each.source) for each in given if each.source}
    found: dict[str, ForeignCitation] = {}
    for line in _SOURCE_LINE.finditer(text):
        if line["mark"] not in marks:
            known.add(_key(line["url"]))
            found.setdefault(line["mark"], ForeignCitation(mark=line["mark"], source=line["url"]))
    for address in _ADDRESS.findall(text):
        if _key(address) not in known:
            known.add(_key(address))
            found[address] = ForeignCitation(mark=address, source=address)
    return tuple(found.values())


def _numbers(group: str) -> Iterator[str]:
    for part in re.split(r"\s?[,;]\s?", group):
        first, _, last = re.sub(r"\s?[–-]\s?", "-", part).partition("-")
        if last and 0 <= int(last) - int(first) < _WIDEST:
            yield from map(str, range(int(first), int(last) + 1))
        else:
            yield from (str(int(each)) for each in (first, last) if each)


def _pattern(name: str) -> str:
    return r",?\s+".join(map(re.escape, name.split()))


def _plain(name: str) -> str:
    return " ".join(word.rstrip(",") for word in name.casefold().split())


def _key(address: str) -> str:
    """Equal for spellings of one address that differ in what seldom matters."""
    bare = _EMPHASIS.sub("", address).partition("#")[0].rstrip("/.,;:!?'\"”’").casefold()
    return re.sub(r"^https?://(?:www\.)?", "", bare)
