"""Markdown with footnotes (CommonMark, and the footnotes that GitHub, Pandoc and Obsidian share)."""

import re
from collections.abc import Sequence

from ..answer import Answer
from .document import Opposed, Part, document
from .references import Reference, iso_date

_SPECIAL = re.compile(r"[\\`*_{}\[\]()<>#|~^$&=@!]")
_LIST_NUMBER = re.compile(r"^(\d{1,9})([.)])")
_LINK_START = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)


def markdown(answers: Sequence[Answer], *, title: str = "") -> str:
    """The answers as paragraphs with footnote marks, and a footnote for each source."""
    shown = document(answers, title=title)
    is_many = bool(title) or len(answers) != 1
    blocks = [f"# {escaped(shown.title)}"] if is_many else []
    for part in shown.parts:
        blocks += _blocks(part, "##" if is_many else "#")
    blocks += [f"[^{reference.number}]: {_footnote(reference)}" for reference in shown.references]
    return "\n\n".join(filter(None, blocks)) + "\n"


def escaped(text: str) -> str:
    """`text`, which is on one line, so that it is read as it stands: nothing in it is markup, a link or HTML."""
    text = _SPECIAL.sub(r"\\\g<0>", text)
    text = _LINK_START.sub(r"\\\g<0>", text)
    text = _LIST_NUMBER.sub(r"\1\\\2", text)
    return re.sub(r"^[-+:%]", r"\\\g<0>", text)


def _blocks(part: Part, level: str) -> list[str]:
    said = " ".join(escaped(line.text) + _marks(line.numbers) for line in part.lines)
    blocks = [f"{level} {escaped(part.question)}", said or f"**{escaped(part.outcome)}.**"]
    if part.is_answered and part.reasons:
        blocks.append("**Missing**\n\n" + _list(part.reasons))
    for is_change, heading in ((False, "Sources disagree"), (True, "Changed over time")):
        found = [each for each in part.opposed if each.is_change is is_change]
        if found:
            blocks.append(f"**{heading}**\n\n" + "\n\n".join(map(_sides, found)))
    if not part.is_answered:
        tried = [*part.reasons, *(f"searched {line}" for line in part.searched)]
        tried += [f"read {len(part.read)}, skipped {len(part.skipped)}"] if part.read or part.skipped else []
        blocks.append(_list(tried))
    blocks += [f"> {escaped(note)}" for note in part.notes]
    return blocks


def _list(lines: Sequence[str]) -> str:
    return "\n".join(f"- {escaped(line)}" for line in lines)


def _sides(opposed: Opposed) -> str:
    lines = []
    for side in opposed.sides:
        value = f"**{escaped(side.value)}**: " if side.value else ""
        mark = f"[^{side.number}]" if side.number else ""
        day = f" · {escaped(side.day)}" if side.day else ""
        lines.append(f"- {value}“{escaped(side.quote)}”{mark} ({escaped(side.where)}{day})")
    return "\n".join(lines)


def _marks(numbers: Sequence[int]) -> str:
    return "".join(f"[^{number}]" for number in numbers)


def _footnote(reference: Reference) -> str:
    parts = [
        escaped(", ".join(name.text for name in reference.authors)),
        f"*{escaped(reference.title)}*",
        escaped(reference.place),
        iso_date(reference.published),
        f"<{reference.url}>" if reference.url else escaped(reference.path),
        f"Accessed {iso_date(reference.accessed)}" if reference.accessed else "",
    ]
    notice = f" **⚠ {escaped(reference.notice)}**" if reference.notice else ""
    quotes = "".join(f" “{escaped(quote)}”" for quote in reference.quotes)
    return ". ".join(part.rstrip(".") for part in parts if part) + f".{notice}{quotes}"
