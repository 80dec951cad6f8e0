"""What markup keeps from its readers: text that nobody sees must not be found, asserted or cited.

Hidden text is how a page speaks to a machine behind its reader's back. What the markup itself hides is told here,
from an element's name and attributes; style sheets, colours and scripts are not followed. Honest text that waits for a
script to show it (tabs, "read more", fade-ins) goes too: it cannot be told from a trap.
"""

import functools
import html
import re
from collections.abc import Iterator, Mapping

UNSEEN_TAGS = frozenset({
    "script", "style", "template", "noembed", "noframes", "iframe", "datalist", "audio", "video", "canvas",
})  # fmt: skip
"""Elements whose text a browser does not show.

Not `noscript`: it is what a reader without scripts is shown, and whole forums (Discourse) are in theirs.
"""

_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.DOTALL)
_ZERO = r"[+-]?(?:0+\.?0*|\.0+)(?:e[+-]?\d+)?(?:%|[a-z]+)?"
_TINY = rf"(?:{_ZERO}|0*1(?:\.0*)?px|0*\.\d+p[xt])"
_FAR_OFF = r"-0*(?:999|[1-9]\d{3,})(?:\.\d*)?[a-z]+"
# property: the values that take an element out of sight
_HIDING = {
    "display": "none",
    "visibility": "hidden|collapse",
    "content-visibility": "hidden",
    "opacity": rf"{_ZERO}|0*\.0\d*",
    "color": r"transparent|(?:rgb|hsl)a\([^()]*,\s*0*\.?0*%?\s*\)",
    "font-size": _TINY,
    "font": rf"(?:.*\s)?{_TINY}(?:\s*/.*|\s.*)",
    **dict.fromkeys(("text-indent", "left", "right", "top", "bottom", "margin-left", "margin-top"), _FAR_OFF),
    "clip": r"rect\((?:\s*[01](?:px)?[\s,]*){4}\)",
    "clip-path": r"inset\(\s*(?:50|100)%.*\)|circle\(\s*0.*\)",
    "transform": r".*\bscale[xy]?\(\s*0*\.?0*\s*[,)].*",
}
_HIDING_VALUES = {name: re.compile(values, re.DOTALL) for name, values in _HIDING.items()}
_TINY_VALUE = re.compile(_TINY)
_SIZES = ("width", "height", "max-width", "max-height")


def is_hidden(tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Whether an element (names in lower case) is kept from a reader, with all that is in it.

    By its kind, as a dialog that is not open, or by `hidden`, an inline style, or `aria-hidden="true"` (what is drawn
    rather than read: icon fonts, second copies). That a child may be shown again is not asked.
    """
    if tag in UNSEEN_TAGS or "hidden" in attributes or (tag == "dialog" and "open" not in attributes):
        return True
    if (attributes.get("aria-hidden") or "").strip().lower() == "true":
        return True
    return _is_hiding(attributes.get("style") or "")


def _is_hiding(style: str) -> bool:
    """Whether an inline style takes its element out of sight; of two values for a property either may count."""
    plain = _CSS_ESCAPE.sub(_unescaped, _CSS_COMMENT.sub(" ", style.lower()))
    declared: dict[str, str] = {}
    for declaration in plain.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        value = value.removesuffix("important").rstrip(" !")
        if name in _HIDING_VALUES and _HIDING_VALUES[name].fullmatch(value):
            return True
        declared[name] = value
    return declared.get("overflow", "").startswith(("hidden", "clip")) and any(
        _TINY_VALUE.fullmatch(declared.get(size, "")) for size in _SIZES
    )


def _unescaped(escape: re.Match[str]) -> str:
    if not escape[1]:
        return escape[2]
    code = int(escape[1], 16)
    return chr(code).lower() if 0 < code < 0x110000 else " "


_MARK = re.compile(
    r"""<!--(?P<comment>)
    | <(?P<end>/?)(?P<name>[a-zA-Z][^\s/<>]*)(?P<rest>(?:"[^"]{0,2000}"|'[^']{0,2000}'|[^<>"']){0,500}+)>""",
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s/>="']+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s>"']+)))?"""
)
_VOID_TAGS = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
# What the next of its kind, or the end of what it stands in, closes too
_CLOSED_BY_OTHERS = frozenset({"p", "li", "dt", "dd", "tr", "td", "th", "option"})
# No tag within these counts but their own end
_RAW_ENDS = {
    name: re.compile(rf"</{name}(?=[\s/>])[^>]*>", re.IGNORECASE)
    for name in ("script", "style", "iframe", "noembed", "noframes")
} | {"<!--": re.compile("--!?>")}


# Of these libxml2 ends one that is open where a block begins (htmlStartClose); a browser does not: of
# `<b hidden><p>…</p></b>` libxml2 would show the paragraph. What a browser ends so too (p, dt, li) is not among them.
_ENDED_EARLY = r"address|big|dir|dl|font|h[1-6]|legend|menu|ol|pre|small|span|strike|tt|ul|[abisu]"
# All begin with the one literal, which the search then jumps to
_RAW_STARTS = r"(?P<raw>!--|(?:script|style|textarea|title)(?=[\s/>]))"
_HIDING_STARTS = re.compile(
    rf"""<(?:{_RAW_STARTS}|(?P<name>{_ENDED_EARLY})(?=[\s/])(?P<rest>(?:"[^"]*"|'[^']*'|[^<>"'])*+)>)""", re.IGNORECASE
)
# No tag before these is one
_ENDS_OF_RAW = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "textarea", "title")} | {
    "!--": re.compile("-->")
}
_MAY_HIDE = re.compile("hidden|style", re.IGNORECASE)


def without_early_ends(markup: str) -> str:
    """HTML without those hidden elements that lxml's parser would end before a browser does."""
    kept, kept_to = [], 0
    unended: set[str] = set()
    for tag in _tags(_HIDING_STARTS, markup, 0):
        name, rest = tag["name"].lower(), tag["rest"]
        if tag.start() < kept_to or name in unended or not _MAY_HIDE.search(rest):
            continue
        if not is_hidden(name, _attributes(rest)):
            continue
        end = _end_of(name, markup, tag.end())
        if end < 0:
            unended.add(name)
        else:
            kept.append(markup[kept_to : tag.start()])
            kept_to = end
    return "".join((*kept, markup[kept_to:])) if kept else markup


def _tags(pattern: re.Pattern[str], markup: str, at: int) -> Iterator[re.Match[str]]:
    """The tags that a pattern finds, but in comments and scripts, which it finds as `raw`."""
    while found := pattern.search(markup, at):
        at = found.end()
        if raw := found["raw"]:
            end = _ENDS_OF_RAW[raw.lower()].search(markup, at)
            at = end.end() if end else len(markup)
        else:
            yield found


def _end_of(name: str, markup: str, start: int) -> int:
    """Where the element that is open at `start` ends, -1 if it does not."""
    depth = 1
    for tag in _tags(_tags_named(name), markup, start):
        depth += -1 if tag["end"] or name == "a" else 1  # a link ends where the next begins
        if not depth:
            return tag.end() if tag["end"] else tag.start()
    return -1


@functools.cache
def _tags_named(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(?:{_RAW_STARTS}|(?P<end>/?){name}(?=[\s/>])[^>]*>?)", re.IGNORECASE)


class Curtain:
    """Follows the tags and comments in pieces of markup, one after another, and tells what between them is hidden."""

    def __init__(self) -> None:
        self._tag = ""  # the hidden element that is open
        self._depth = 0  # how many of its kind are open, itself included; 0 if none is hidden

    @property
    def is_down(self) -> bool:
        """Whether text at this point is hidden."""
        return self._depth > 0

    def shown(self, markup: str) -> str:
        """The markup without what is hidden."""
        kept, at = [], 0
        while True:
            ends = _RAW_ENDS.get(self._tag, _MARK) if self._depth else _MARK
            mark = ends.search(markup, at)
            stop = mark.start() if mark else len(markup)
            if not self._depth:
                kept.append(markup[at:stop])
            if mark is None:
                return "".join(kept)
            at = mark.end()
            if ends is not _MARK:
                self._depth = 0
            elif self._pass(mark):
                kept.append(mark[0])

    def end_paragraph(self, *, was_down: bool) -> None:
        """What was opened within a paragraph ends with it."""
        if not was_down:
            self._depth = 0

    def end_block(self) -> None:
        """A block of markup has ended: only an element that must be closed by name goes on."""
        if self._tag in _CLOSED_BY_OTHERS:
            self._depth = 0

    def _pass(self, mark: re.Match[str]) -> bool:
        """Take note of a tag or a comment's beginning; whether it is no part of what is hidden."""
        name = "<!--" if mark["comment"] is not None else mark["name"].lower()
        if self._depth:
            if name == self._tag:
                self._depth += -1 if mark["end"] else 1
            return False
        if name == "<!--" or (
            not mark["end"] and name not in _VOID_TAGS and is_hidden(name, _attributes(mark["rest"]))
        ):
            self._tag, self._depth = name, 1
        return not self._depth


def _attributes(rest: str) -> dict[str, str | None]:
    """The attributes of a tag; of two alike the first counts."""
    return {
        found["name"].lower(): html.unescape(found["double"] or found["single"] or found["bare"] or "")
        for found in reversed(list(_ATTRIBUTE.finditer(rest)))
    }
