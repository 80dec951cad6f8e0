"""Whether a scholarly work was retracted, withdrawn or put in doubt: by its own page, by Crossref and by OpenAlex.

Crossref: a notice names what it updates in `update-to`, an updated work its notices in `updated-by`; each has a `DOI`,
a `type` of www.crossref.org/documentation/crossmark/version-control-corrections-and-retractions and, in the REST API
since January 2025, a `source` (publisher or retraction-watch). OpenAlex: `is_retracted` of a work
(docs.openalex.org/api-entities/works/work-object). Both say nothing of a work that nobody registered as retracted.
"""

import re
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .errors import AgentError

NoticeKind = Literal["retraction", "withdrawal", "concern", "correction"]
Basis = Literal["title", "text", "meta", "crossref", "openalex"]


class UnknownShape(AgentError):
    """A catalogue's answer is not what it documents; the work's status stays unknown."""

    hint = "Look the work up on its publisher's page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """That a work is no longer to be relied on as it is: what kind of notice, where it was found and in which words.

    `date` is the notice's day (ISO), "" if it tells none; `doi` is that of the notice or of the work that it is about.
    """

    kind: NoticeKind
    basis: Basis
    quote: str
    date: str = ""
    doi: str = ""

    @property
    def is_grave(self) -> bool:
        """True unless it is a correction, after which the work still stands."""
        return self.kind != "correction"


Patterns = tuple[tuple[NoticeKind, re.Pattern[str]], ...]


def _compiled(patterns: tuple[tuple[NoticeKind, str], ...]) -> Patterns:
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in patterns)


_TITLE: Patterns = _compiled(
    (

        ("retraction", r"^\W*(?:retracted(?:\s+(?:article|paper|chapter|manuscript|review))?\s*[:\]\)–—-]"
                       r"|retraction\s*(?:notice|note)?\s*"
                       r"(?:to|of|for)?\s*[:–—-]|retraction\s+(?:notice|note|statement)\b|retraction\s+of\s*[:“\"‘'])"
                       r"|[\[(]retracted(?:\s+\w+)?[\])]\W*$|\(retracted article"),
        ("withdrawal", r"^\W*(?:withdrawn(?:\s+(?:article|paper))?\s*[:\]\)–—-]|withdrawal\s*(?:notice)?\s*[:–—-]"
                       r"|temporary removal\s*:)"
                       r"|[\[(]withdrawn[\])]\W*$"),
        ("concern", r"^\W*(?:(?:editorial\s+)?expression\s+of\s+concern\b)"),
        ("correction", r"^\W*(?:(?:author\s+)?correction\s*(?:to)?\s*:|corrigendum\b|erratum\b"
                       r"|publisher\s+correction\b)"),
    )
)  # fmt: skip
_TEXT: Patterns = _compiled(
    (

        ("retraction", r"\b(?:this|the)\s+(?:article|paper|publication|manuscript|study|work|chapter"
                       r"|preprint)\s+(?:has been|was|is(?: hereby)?"
                       r"|is being)\s+(?:formally\s+|now\s+)?retracted\b|\b(?:wish|have decided"
                       r"|decided) to retract (?:this|the|our)\b"
                       r"|\bretract(?:s|ed|ing)? (?:this|the|our) (?:article|paper|publication)\b"),
        ("withdrawal", r"\b(?:this|the)\s+(?:article|paper|publication|manuscript|preprint|work"
                       r"|submission)\s+(?:has been|was|is)\s+"
                       r"(?:formally\s+|now\s+|temporarily\s+)?(?:withdrawn"
                       r"|removed)\b(?:(?!\s+from\s+(?:the\s+)?(?:shelf|shelves|cart|list)))"
                       r"|\b(?:wish|have decided|decided) to withdraw (?:this|the|our) (?:article|paper|manuscript"
                       r"|preprint|publication)\b"),
        ("concern", r"\b(?:issu(?:es?|ed|ing)|publish(?:es|ed|ing)?|posted)\s+(?:an?\s+"
                    r"|this\s+)?(?:editorial\s+)?expression of concern\b"
                    r"|\bconcerns have been raised (?:about|regarding|over) the (?:integrity|validity|reliability"
                    r"|data)\b"),
    )
)  # fmt: skip
# A page that writes about retractions is not one that was retracted.
_HEAD = 2_500
_META_TITLES = ("citation_title", "dc.title", "og:title")
_META_STATES = ("article:retracted", "citation_retracted", "prism.publicationstatus", "retraction")


def notice_on_page(title: str, text: str, metas: tuple[tuple[str, str], ...] = ()) -> Notice | None:
    """The notice that a page gives of its own work: in its title, its meta elements, or the head of its text.

    `metas` are names and contents of meta elements. Text is read to 2,500 characters: what stands further down is
    rather about other works.
    """
    for kind, pattern in _TITLE:
        if pattern.search(title):
            return Notice(kind=kind, basis="title", quote=title)
    for name, content in metas:
        if notice := _of_meta(name.casefold(), content):
            return notice
    for kind, pattern in _TEXT:
        if match := pattern.search(text, 0, _HEAD):
            return Notice(kind=kind, basis="text", quote=_sentence(text, match))
    return None


def _of_meta(name: str, content: str) -> Notice | None:
    if name in _META_STATES and content.strip().casefold() in ("true", "yes", "1", "retracted"):
        return Notice(kind="retraction", basis="meta", quote=f"{name}: {content}")
    if name in _META_TITLES:
        for kind, pattern in _TITLE:
            if pattern.search(content):
                return Notice(kind=kind, basis="meta", quote=content)
    return None


def _sentence(text: str, match: re.Match[str]) -> str:
    start = max(text.rfind(". ", 0, match.start()), text.rfind("\n", 0, match.start())) + 1
    ends = [end for end in (text.find(". ", match.end()), text.find("\n", match.end())) if end >= 0]
    return text[start : min(ends, default=len(text) - 1) + 1].strip()[:400]


# Crossref's kinds of update that change how far a work can be relied on; new versions and addenda do not.
_UPDATES: dict[str, NoticeKind] = {
    "retraction": "retraction",
    "partial_retraction": "retraction",
    "withdrawal": "withdrawal",
    "removal": "withdrawal",
    "expression_of_concern": "concern",
    "correction": "correction",
    "corrigendum": "correction",
    "erratum": "correction",
}


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class _When(_Wire):
    parts: tuple[tuple[int | None, ...], ...] = Field(default=(), alias="date-parts")


class _Update(_Wire):
    doi: str = Field(default="", alias="DOI")
    type: str = ""
    label: str = ""
    source: str = ""
    updated: _When | None = None


class _Work(_Wire):
    doi: str = Field(alias="DOI")
    title: tuple[str, ...] = ()
    updated_by: tuple[_Update, ...] = Field(default=(), alias="updated-by")
    update_to: tuple[_Update, ...] = Field(default=(), alias="update-to")


class _Crossref(_Wire):
    message: _Work


class _OpenAlex(_Wire):
    id: str
    doi: str | None = None
    is_retracted: bool


def crossref_notices(body: bytes | str) -> tuple[Notice, ...]:
    """The notices about a work, from the answer to `https://api.crossref.org/works/DOI`, gravest first.

    The work may itself be a notice (`update-to`): it is then as little to be relied on as what it retracts.

    Raises:
        UnknownShape: no such answer.
    """
    try:
        work = _Crossref.model_validate_json(body).message
    except ValidationError as error:
        raise UnknownShape("Crossref", _first(error)) from error
    found = [_of_update(update) for update in (*work.updated_by, *work.update_to)]
    kinds = tuple(dict.fromkeys(_UPDATES.values()))
    distinct = dict.fromkeys(notice for notice in found if notice)
    return tuple(sorted(distinct, key=lambda notice: kinds.index(notice.kind)))


def openalex_notice(body: bytes | str) -> Notice | None:
    """The notice that a work is retracted, from the answer to `https://api.openalex.org/works/ID`; None if it is not.

    Raises:
        UnknownShape: no such answer, or one without `is_retracted`.
    """
    try:
        work = _OpenAlex.model_validate_json(body)
    except ValidationError as error:
        raise UnknownShape("OpenAlex", _first(error)) from error
    if not work.is_retracted:
        return None
    doi = (work.doi or "").removeprefix("https://doi.org/")
    return Notice(kind="retraction", basis="openalex", quote="is_retracted: true", doi=doi)


def _of_update(update: _Update) -> Notice | None:
    kind = _UPDATES.get(update.type.casefold().replace("-", "_").replace(" ", "_"))
    if kind is None:
        return None
    parts = update.updated.parts[0] if update.updated and update.updated.parts else ()
    day = "-".join(f"{part:02d}" for part in parts if part is not None)
    quote = f"{update.label or update.type} ({update.source})" if update.source else update.label or update.type
    return Notice(kind=kind, basis="crossref", quote=quote, date=day, doi=update.doi)


def _first(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, details['loc'])) or 'body'}: {details['msg']}"
