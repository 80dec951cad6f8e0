"""CSL-JSON, which Zotero, Pandoc and every citeproc read."""

import json
from collections.abc import Sequence

from ..answer import Answer
from .names import Name
from .references import Reference, references


def csl_json(answers: Sequence[Answer]) -> str:
    """A list with one item a source; `[]` without any."""
    return json.dumps([_item(reference) for reference in references(answers)], ensure_ascii=False, indent=2) + "\n"


def _item(reference: Reference) -> dict[str, object]:
    item: dict[str, object] = {
        "id": f"source-{reference.number}",
        "type": "article-journal" if reference.journal else "webpage" if reference.url else "document",
        "title": reference.title,
        "author": [_name(name) for name in reference.authors],
        "container-title": reference.journal or reference.site or reference.host,
        "DOI": reference.doi,
        "issued": _date(reference.published),
        "accessed": _date(reference.accessed),
        "URL": reference.url,
        "archive_location": reference.path,
        "note": " ".join(filter(None, [reference.notice, *(f"“{quote}”" for quote in reference.quotes)])),
    }
    return {name: value for name, value in item.items() if value}


def _name(name: Name) -> dict[str, str]:
    return {"literal": name.literal} if name.literal else {"family": name.family, "given": name.given}


def _date(parts: tuple[int, ...]) -> dict[str, list[list[int]]]:
    return {"date-parts": [list(parts)]} if parts else {}
