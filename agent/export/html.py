"""HTML: one file with nothing to load, for a screen, a phone and paper, light and dark."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from ..answer import Answer
from .document import document
from .references import iso_date


def html(answers: Sequence[Answer], *, title: str = "") -> str:
    """The answers as one page. It holds no script; every text is escaped by the template engine."""
    shown = document(answers, title=title)
    languages = {part.language for part in shown.parts if part.language}
    return _template().render(
        shown=shown,
        is_many=bool(title) or len(answers) != 1,
        language=languages.pop() if len(languages) == 1 else "",
        iso=iso_date,
    )


@cache
def _template() -> Template:
    source = files("fontes.agent.export").joinpath("page.html.jinja").read_text(encoding="utf-8")
    return Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    ).from_string(source)
