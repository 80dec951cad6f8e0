"""RIS, which EndNote, Mendeley, Zotero and RefWorks read: a line a value, `TY` to `ER`."""

from collections.abc import Sequence

from ..answer import Answer
from .references import Reference, references


def ris(answers: Sequence[Answer]) -> str:
    """One record a source, lines ended as the format wants them; "" without a source, for it has no comments."""
    return "".join(map(_record, references(answers)))


def _record(reference: Reference) -> str:
    published, accessed = _date(reference.published), _date(reference.accessed)
    lines = [
        ("TY", "JOUR" if reference.journal else "ELEC" if reference.url else "GEN"),
        *(("AU", _name(f"{name.family}, {name.given}" if name.family else name.text)) for name in reference.authors),
        ("TI", reference.title),
        ("T2", _name(reference.journal or reference.site or reference.host)),
        ("DO", reference.doi),
        ("PY", f"{reference.published[0]:04d}" if reference.published else ""),
        ("DA", published),
        ("UR", reference.url),
        ("L1", reference.path),
        ("Y2", accessed),
        ("N1", reference.notice),
        *(("N1", f"“{quote}”") for quote in reference.quotes),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value) + "ER  - \r\n\r\n"


def _date(parts: tuple[int, ...]) -> str:
    """As RIS writes dates: `YYYY/MM/DD/`, what is unknown left out between the strokes."""
    if not parts:
        return ""
    year, month, day = (*(f"{part:02d}" for part in parts), "", "")[:3]
    return f"{int(year):04d}/{month}/{day}/"


def _name(text: str) -> str:
    return text.replace("*", "")  # the format forbids it in names and in titles of periodicals
