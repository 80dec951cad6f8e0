"""The plain text of a title or snippet: no markup, no entities, nothing that a terminal obeys."""

import re
from html import unescape

from ..crawler import clean

_DROPPED = frozenset({"script", "style", "noscript", "template", "iframe", "object", "svg", "math"})
# Elements of the HTML standard. What else stands in angle brackets is text: `vector<int>`, `<stdio.h>`, `a < b`.
_STANDARD = """a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body
    br button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em
    embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i img
    input ins kbd label legend li link main map mark marquee menu meta meter nav nobr ol optgroup option output p param
    picture plaintext pre progress q rp rt ruby s samp search section select slot small source span strike strong sub
    summary sup table tbody td textarea tfoot th thead time title tr track tt u ul var video wbr xmp"""
_ELEMENTS = _DROPPED.union(_STANDARD.split())
_BLOCKS = frozenset({"address", "article", "blockquote", "br", "dd", "div", "dt", "h1", "h2", "h3", "h4", "h5", "h6",
                     "hr", "li", "p", "pre", "section", "td", "th", "tr"})  # fmt: skip
_DECLARATIONS = re.compile(r"<!--.{0,500}?-->|<[!?][^<>]*+>|<(?=[!?])", re.DOTALL)  # comments and the like
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*+)([^<>]*+)>")
_TITLE, _SNIPPET = 300, 1_000
_READ = 5_000  # characters that are looked at; taking out markup is slow
_PASSES = 4


def one_line(query: str, most: int) -> str:
    """A query as it may be sent: one line without controls, of at most `most` characters, cut between words."""
    text = " ".join(clean(query).split())
    if len(text) <= most:
        return text
    return text[: most + 1].rpartition(" ")[0] or text[:most]


def title_text(text: str) -> str:
    """One line of at most 300 characters."""
    return _short(plain_text(text[:_READ]), _TITLE)


def snippet_text(text: str) -> str:
    """One line of at most 1,000 characters."""
    return _short(plain_text(text[:_READ]), _SNIPPET)


def plain_text(text: str) -> str:
    """One line without tags, scripts, entities, controls and invisible characters.

    Services disagree on whether their text is HTML, and some encode it twice, so tags are taken out until none is left
    (four times at most; then the angle brackets go). What reads as a tag but is no element of HTML stays as text.
    """
    for _ in range(_PASSES):
        if (stripped := clean(unescape(_without_tags(text)))) == text:
            break
        text = stripped
    else:
        text = text.replace("<", " ").replace(">", " ")
    return " ".join(text.split())


def _without_tags(text: str) -> str:
    """The text between the tags; that of dropped elements goes too, unless they are never closed.

    Not `html.parser`: it fails on `<![0`, and takes two seconds for 20,000 characters of `<a <a <a`.
    """
    text = _DECLARATIONS.sub(" ", text)
    parts: list[str] = []
    end, dropping, kept = 0, "", 0
    for tag in _TAG.finditer(text):
        parts.append(text[end : tag.start()])
        end = tag.end()
        closing, name, rest = tag[1], tag[2].casefold(), tag[3].strip(" /")
        if dropping:
            if closing and name == dropping:
                del parts[kept:]
                dropping = ""
        elif name in _DROPPED and not closing:
            dropping, kept = name, len(parts)
        elif name in _BLOCKS:
            parts.append(" ")
        elif name not in _ELEMENTS and not closing and not rest:
            parts.append(tag[0])
    return "".join([*parts, text[end:]])


def _short(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"
