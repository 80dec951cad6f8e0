"""Markdown: the prose a reader sees, without the marks."""

import datetime as dt
import functools
import html
import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from ..errors import ExtractionError
from ..page import BlockKind, Page
from .dateline import day_of_document
from .dates import iso_day
from .hidden import Curtain
from .language import declared_language, language_of
from .layout import Layout, iso_date, join_wrapped

EXTRACTOR = "markdown/3"

_FRONT_MATTER = re.compile(
    r"\ufeff?(---|\+\+\+)[^\S\n]*\n(.{0,65536}?)^(?:\1|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_DRAWING = re.compile(r"<svg\b.*?(?:</svg\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_BREAKING_TAG = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6]|/summary|/dt|/dd)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,60}\]")
_FOOTNOTE_LABEL = re.compile(r":[^\S\n]*")
# A line of front matter that is no YAML or TOML as a whole; values that go on elsewhere, or mean something, are left
_FIELD = re.compile(r"""["']?(?P<key>[A-Za-z_][\w.-]*)["']?\s*[:=](?:\s+(?P<value>.*))?$""")
_PLAIN_VALUE = re.compile(r"""(?P<quote>["'])(?P<quoted>.*)(?P=quote)|[^\s\[{&*!|>%@`"'].*""")


def read_markdown(text: str, *, body: bytes, source: str) -> Page:
    """The page that a Markdown text is (CommonMark with tables and strikethrough; YAML or TOML front matter).

    Emphasis, link targets, images (their description stays), footnote marks, HTML tags and what they hide from
    readers are left out; hard-wrapped lines are joined. Headings, paragraphs, lists (an item a line, nested ones
    indented), tables (`a | b` rows), quotes and code are one block each. Title, date, author and language come from
    the front matter, else the title is the first heading and the date that of `day_of_document`.

    Raises:
        ExtractionError: "empty", if there is no text but front matter.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    about, text = _front_matter(text)
    dated = _scalar(about, "date", "published", "publishdate", "pubdate", "created")
    layout = Layout()
    try:
        tokens = _parser().parse(text)
        _drop_hidden(tokens)
        _read(SyntaxTreeNode(tokens), layout)
    except RecursionError as error:
        raise ExtractionError(source, "unreadable", "its lists and quotes are nested too deeply") from error
    return layout.page(
        extractor=EXTRACTOR,
        body=body,
        source=source,
        title=_scalar(about, "title"),
        published=iso_date(dated) or iso_day(dated) or day_of_document(text),
        author=_scalar(about, "author", "authors"),
        language=declared_language(_scalar(about, "lang", "language")) or language_of(layout.text),
    )


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.block.ruler.at("reference", _link_target, {"alt": []})
    parser.inline.ruler.before("link", "footnote_mark", _pass_footnote_mark)
    return parser


def _link_target(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """`[name]: address`, but not `[^1]: note`, or the marks of that note would be links named "^1"."""
    at = state.bMarks[start_line] + state.tShift[start_line]
    return not state.src.startswith("[^", at) and reference(state, start_line, end_line, silent)


def _pass_footnote_mark(state: StateInline, silent: bool) -> bool:
    """Leave out `[^1]`, a space before it that would stand alone, and the colon where it labels a note."""
    mark = _FOOTNOTE_MARK.match(state.src, state.pos, state.posMax)
    if not mark:
        return False
    is_first = state.pos == 0 or state.src[state.pos - 1] == "\n"
    label = _FOOTNOTE_LABEL.match(state.src, mark.end(), state.posMax) if is_first else None
    if not silent:
        if label and state.pos:
            state.push("hardbreak", "br", 0)
        if state.src[mark.end() : mark.end() + 1] in {"", *" \n.,;:!?)"}:
            state.pending = state.pending.rstrip(" ")
    state.pos = (label or mark).end()
    return True


def _drop_hidden(tokens: list[Token]) -> None:
    """Empty the tokens that HTML among them hides from a reader; opening and closing ones stay, so that they match."""
    curtain = Curtain()
    for token in tokens:
        if token.type == "html_block":
            token.content = curtain.shown(token.content)
            curtain.end_block()
        elif token.children is not None:
            was_down = curtain.is_down
            for child in token.children:
                if child.type == "html_inline":
                    child.content = curtain.shown(child.content)
                elif curtain.is_down:
                    child.content = ""
            curtain.end_paragraph(was_down=was_down)
        elif curtain.is_down:
            token.content = ""


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    """What stands before the text between `---` (YAML) or `+++` (TOML), keys in lower case, and the rest.

    A faulty block is read line by line, if half of its lines are `key: value`. One that is no mapping is no front
    matter: a text may start with a rule.
    """
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, text
    import yaml

    try:
        about = yaml.load(found[2], _yaml_loader()) if found[1] == "---" else tomllib.loads(found[2])  # noqa: S506
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError):
        about = _fields(found[2])
    if not isinstance(about, dict) or (not about and found[2].strip()):
        return {}, text
    return {str(key).lower(): value for key, value in about.items()}, text[found.end() :]


def _fields(block: str) -> dict[str, str]:
    """The simple values of a faulty block, {} if less than half of its unindented lines are fields."""
    lines = [line for line in block.split("\n") if line.strip() and not line[0].isspace() and line[0] not in "#-]})"]
    fields = [found for line in lines if (found := _FIELD.match(line.rstrip()))]
    if len(fields) * 2 < len(lines):
        return {}
    values = {}
    for field in fields:
        value = _PLAIN_VALUE.fullmatch(field["value"] or "")
        values[field["key"]] = (value["quoted"] or value[0]) if value else ""
    return values


@functools.cache
def _yaml_loader() -> Any:
    """A loader to which an impossible date (2024-13-45) is a text."""
    import yaml

    loader: Any = type("Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})

    def timestamp(reader: Any, node: Any) -> Any:
        try:
            return reader.construct_yaml_timestamp(node)
        except ValueError:
            return reader.construct_scalar(node)

    loader.add_constructor("tag:yaml.org,2002:timestamp", timestamp)
    return loader


def _scalar(about: dict[str, Any], *keys: str) -> str:
    """The first of these that is there, as text; of a list the first entry, of anything else ""."""
    for key in keys:
        value = about.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dt.date):
            return value.isoformat()
        if isinstance(value, str | int | float) and str(value).strip():
            return str(value)
    return ""


def _read(node: SyntaxTreeNode, layout: Layout) -> None:
    for child in node.children:
        if child.type == "heading":
            layout.heading(_inline(child), int(child.tag[1]))
        elif text := "\n".join(_lines(child)):
            layout.add(text, _kind(child))


def _kind(node: SyntaxTreeNode) -> BlockKind:
    match node.type:
        case "bullet_list" | "ordered_list":
            return "list"
        case "fence" | "code_block":
            return "code"
        case "blockquote":
            return "quote"
        case "table":
            return "table"
        case _:
            return "paragraph"


def _lines(node: SyntaxTreeNode) -> Iterator[str]:
    """The lines of text of a block."""
    match node.type:
        case "paragraph" | "heading":
            if text := _inline(node):
                yield from text.split("\n")
        case "bullet_list" | "ordered_list":
            for number, item in enumerate(node.children, int(node.attrs.get("start", 1))):
                mark = "- " if node.type == "bullet_list" else f"{number}. "
                for index, line in enumerate(_all_lines(item.children)):
                    yield (" " * len(mark) if index else mark) + line
        case "fence" | "code_block":
            yield from node.content.replace("\t", "    ").rstrip("\n").split("\n")
        case "html_block":
            yield from _without_tags(node.content)
        case "table":
            for section in node.children:
                for row in section.children:
                    cells = [_inline(cell).replace("\n", " ") for cell in row.children]
                    if any(cells):
                        yield " | ".join(cells)
        case "hr":
            return
        case _:
            yield from _all_lines(node.children)


def _all_lines(nodes: Sequence[SyntaxTreeNode]) -> Iterator[str]:
    for node in nodes:
        yield from _lines(node)


def _inline(node: SyntaxTreeNode) -> str:
    """The text of a paragraph, heading or cell as a reader sees it; `\\n` only where the author broke the line."""
    inline = [child.token for child in node.children if child.type == "inline"]
    tokens = [token for parent in inline if parent for token in parent.children or []]
    broken = "".join(_token_text(tokens)).split("\n")
    lines = [join_wrapped(line.split("\r")) for line in broken]
    return "\n".join(lines).strip()


def _token_text(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        match token.type:
            case "softbreak":
                yield "\r"  # where the file's line ends; clean text has no other
            case "hardbreak":
                yield "\n"
            case "html_inline":
                yield "\n" if _BREAKING_TAG.fullmatch(token.content) else ""
            case _:
                yield token.content  # text, code, an image's description; nothing for the marks


def _without_tags(content: str) -> Iterator[str]:
    text = _BREAKING_TAG.sub("\n", _DRAWING.sub(" ", content))
    for line in html.unescape(_TAG.sub("", text)).split("\n"):
        if line := " ".join(line.split()):
            yield line
