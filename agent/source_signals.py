"""What can be seen of a source's worth, each point by itself: there is no score, secret or other.

Every value is a fact about the page that its reader can check. Nothing here decides what is true.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ..crawler import Sighting
from .retractions import Notice, notice_on_page
from .site_kinds import Kind, site_kind
from .verifiers.reading.words import any_phrase
from .verifiers.sources.shared_text import runs

_REFERENCE_MARK = re.compile(r"\[(\d{1,3})\]")
_HEADINGS = """
    references, bibliography, works cited, sources, literature, notes, literatur, einzelnachweise, références,
    referencias, bibliografía
"""
_REFERENCE_LIST = re.compile(rf"(?:^|\n)\s*(?:\d+\.?\s*)?(?:{any_phrase(_HEADINGS)})\s*:?\s*\n", re.IGNORECASE)
_ENTRY = re.compile(r"\n\s*(?:\[?\d{1,3}[\].)]|[•*-])?\s*\S.{20,}")
_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"')\]]+|\bdoi:\s?10\.\S+|\b10\.\d{4,9}/\S+", re.IGNORECASE)
_MOST_REFERENCES = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSignals:
    """What is seen of one source.

    `kind` with what told it. `published` is an ISO date or "", `age_days` counts from it to the day asked, None
    without a date (and 0 for a date to come). `references` is the number of works or addresses that the text points
    to: marks such as [12], the entries of its list of references, or its addresses, whichever is most. `copied_share`
    in [0, 1] is the share of its runs of five words that stand in the other sources of the question; None if there
    were none. `doi` and `journal` are how the page says that its work is cited, "" where it does not.
    """

    source: str
    kind: Kind
    is_https: bool
    author: str
    published: str
    age_days: int | None
    references: int
    copied_share: float | None
    notice: Notice | None
    doi: str = ""
    journal: str = ""

    @property
    def has_author(self) -> bool:
        """Whether the page names who wrote it."""
        return bool(self.author)

    def lines(self) -> tuple[str, ...]:
        """The signals for a reader, one a line, the gravest first."""
        said = [f"{self.notice.kind}: “{self.notice.quote}”"] if self.notice else []
        said.append(f"{self.kind.kind} ({self.kind.told_by})")
        said.append(f"by {self.author}" if self.author else "names no author")
        age = "" if self.age_days is None else f", {self.age_days} days ago"
        said.append(f"published {self.published}{age}" if self.published else "gives no date")
        said.append(f"points to {self.references} works or addresses" if self.references else "points to no other work")
        if self.copied_share is not None:
            said.append(f"{round(100 * self.copied_share)} % of its words stand in the other sources too")
        if not self.is_https and self.kind.kind != "file":
            said.append("was read without encryption (http)")
        return tuple(said)


def source_signals(
    sighting: Sighting,
    text: str,
    *,
    today: date,
    others: Sequence[str] = (),
    metas: tuple[tuple[str, str], ...] = (),
) -> SourceSignals:
    """Look at a page as it was seen; `others` are the texts of the other sources of the question.

    `metas` are meta elements by name, for retraction notices that stand nowhere else.
    """
    declared = tuple(dict.fromkeys(name.partition(".")[0] for name, _ in sighting.facts))
    kind = site_kind(sighting.source, declared)
    is_scholarly = kind.kind in ("scholarly", "university", "government", "file")
    notice = notice_on_page(sighting.title, text if is_scholarly else "", metas)
    published, said = sighting.published[:10], dict(sighting.facts)
    return SourceSignals(
        source=sighting.source,
        kind=kind,
        is_https=sighting.source.lower().startswith("https://"),
        author=sighting.author,
        published=published,
        age_days=_age_days(published, today),
        references=_references(text),
        copied_share=_copied_share(text, others),
        notice=notice,
        doi=said.get("citation.doi", ""),
        journal=said.get("citation.journal", ""),
    )


def _age_days(published: str, today: date) -> int | None:
    try:
        return max(0, (today - date.fromisoformat(published)).days)
    except ValueError:
        return None


def _references(text: str) -> int:
    marks = len(set(_REFERENCE_MARK.findall(text)))
    lists = list(_REFERENCE_LIST.finditer(text))
    entries = len(_ENTRY.findall(text[lists[-1].end() - 1 :])) if lists else 0
    addresses = len(set(_ADDRESS.findall(text)))
    return min(max(marks, entries, addresses), _MOST_REFERENCES)


def _copied_share(text: str, others: Sequence[str]) -> float | None:
    own = runs(text)
    if not others or not own:
        return None
    elsewhere = frozenset[str]().union(*map(runs, others))
    return len(own & elsewhere) / len(own)
