"""Plain text: what fits into a mail or a note."""

from collections.abc import Sequence

from ..answer import Answer
from ..state import Citation
from .document import Document, Opposed, Part, document
from .references import Reference, iso_date, reference_of


def plain_text(answers: Sequence[Answer], *, title: str = "") -> str:
    """The answers as lines of text, the sources at the end."""
    shown = document(answers, title=title)
    blocks = [_heading(shown)] if title or len(answers) != 1 else []
    for part in shown.parts:
        blocks += _blocks(part)
    if shown.references:
        blocks.append("\n".join(["Sources", *map(_source, shown.references)]))
    return "\n\n".join(filter(None, blocks)) + "\n"


def citation_line(citation: Citation) -> str:
    """One citation as a line: the quote, who wrote it, title, site, when, where."""
    reference = reference_of(citation)
    quoted = f"“{reference.quotes[0]}” " if reference.quotes and reference.quotes[0] else ""
    place = f", page {citation.page_number}" if citation.page_number else ""
    return f"{quoted}— {described(reference)}{place}"


def described(reference: Reference) -> str:
    """A source in one line, as a reader would cite it."""
    accessed = f" (accessed {iso_date(reference.accessed)})" if reference.accessed else ""
    parts = [
        ", ".join(name.text for name in reference.authors),
        reference.title,
        reference.place,
        iso_date(reference.published),
        f"{reference.where}{accessed}",
    ]
    return ". ".join(part.rstrip(".") for part in parts if part)


def _heading(shown: Document) -> str:
    return f"{shown.title}\n{'=' * min(len(shown.title), 78)}"


def _blocks(part: Part) -> list[str]:
    said = " ".join(f"{line.text} {_marks(line.numbers)}" for line in part.lines)
    blocks = [part.question, said or f"{part.outcome}."]
    if part.is_answered and part.reasons:
        blocks.append("\n".join(["Missing", *(f"  {reason}" for reason in part.reasons)]))
    for is_change, heading in ((False, "Sources disagree"), (True, "Changed over time")):
        found = [each for each in part.opposed if each.is_change is is_change]
        if found:
            blocks.append("\n".join([heading, *(side for each in found for side in _sides(each))]))
    if not part.is_answered:
        tried = [*part.reasons, *(f"searched {line}" for line in part.searched)]
        tried += [f"read {len(part.read)}, skipped {len(part.skipped)}"] if part.read or part.skipped else []
        blocks.append("\n".join(f"  {line}" for line in tried))
    blocks.append("\n".join(f"Note: {note}" for note in part.notes))
    return blocks


def _sides(opposed: Opposed) -> list[str]:
    lines = []
    for side in opposed.sides:
        value = f"{side.value}: " if side.value else ""
        day = f" · {side.day}" if side.day else ""
        lines.append(f"  {value}“{side.quote}” ({side.where}{day})")
    return lines


def _marks(numbers: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _source(reference: Reference) -> str:
    notice = f"\n    ⚠ {reference.notice}" if reference.notice else ""
    quotes = "".join(f"\n    “{quote}”" for quote in reference.quotes)
    return f"[{reference.number}] {described(reference)}{notice}{quotes}"
