"""Answers for other programs and for paper: one file a format, all pure, all escaped."""

from collections.abc import Sequence

from ..answer import Answer
from ..errors import BadQuestion
from ..state import Citation

FORMATS = ("text", "md", "json", "html", "bibtex", "ris", "csl")
"""What `exported` can write."""


def exported(answers: Sequence[Answer], format: str, *, title: str = "") -> str:
    """One answer, or those of a conversation in order, in a format of `FORMATS`.

    Raises:
        BadQuestion: there is no such format.
    """
    match format:
        case "text":
            from .plain_text import plain_text

            return plain_text(answers, title=title)
        case "md":
            from .markdown import markdown

            return markdown(answers, title=title)
        case "json":
            from .wire_json import wire_json

            return wire_json(answers, title=title)
        case "html":
            from .html import html

            return html(answers, title=title)
        case "bibtex":
            from .bibtex import bibtex

            return bibtex(answers)
        case "ris":
            from .ris import ris

            return ris(answers)
        case "csl":
            from .csl_json import csl_json

            return csl_json(answers)
        case _:
            raise BadQuestion(f"format {format!r}", f"it is one of {', '.join(FORMATS)}")


def citation_text(citation: Citation) -> str:
    """One citation as a line, for copying: quote, who, title, site, dates, where."""
    from .plain_text import citation_line

    return citation_line(citation)
