"""Markdown: the prose a reader sees, without the marks."""

import datetime as dt
import functools
import html
import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from ..errors import ExtractionError
from ..page import BlockKind, Page
from .language import declared_language, language_of
from .layout import Layout, join_wrapped

EXTRACTOR = "markdown/1"

_FRONT_MATTER = re.compile(
    r"\ufeff?(---|\+\+\+)[^\S\n]*\n(.{0,65536}?)^(?:\1|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_HIDDEN_HTML = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|svg)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_BREAKING_TAG = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6]|/summary|/dt|/dd)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,60}\](?::[^\S\n]*)?")


def read_markdown(text: str, *, body: bytes, source: str) -> Page:
    """The page that a Markdown text is (CommonMark with tables and strikethrough; YAML or TOML front matter).

    Emphasis, link targets, images (their description stays), footnote marks and HTML tags are left out; hard-wrapped
    lines are joined. Headings, paragraphs, lists (an item a line, nested ones indented), tables (`a | b` rows),
    quotes and code are one block each. Title, date, author and language come from the front matter, else the title
    is the first heading.

    Raises:
        ExtractionError: "empty", if there is no text but front matter.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    about, text = _front_matter(text)
    layout = Layout()
    try:
        _read(SyntaxTreeNode(_parser().parse(text)), layout)
    except RecursionError as error:
        raise ExtractionError(source, "unreadable", "its lists and quotes are nested too deeply") from error
    return layout.page(
        extractor=EXTRACTOR,
        body=body,
        source=source,
        title=_scalar(about, "title"),
        published=_scalar(about, "date", "published", "publishdate", "pubdate", "created"),
        author=_scalar(about, "author", "authors"),
        language=declared_language(_scalar(about, "lang", "language")) or language_of(layout.text),
    )


@functools.cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    """What stands before the text between `---` (YAML) or `+++` (TOML), keys in lower case, and the rest.

    A block that is not a mapping is no front matter: a text may start with a rule.
    """
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, text
    import yaml

    try:
        about = yaml.load(found[2], _yaml_loader()) if found[1] == "---" else tomllib.loads(found[2])  # noqa: S506
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError):
        return {}, text
    if not isinstance(about, dict):
        return {}, text
    return {str(key).lower(): value for key, value in about.items()}, text[found.end() :]


@functools.cache
def _yaml_loader() -> Any:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
            yield from _inline(node).split("\n")
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
                    yield " | ".join(_inline(cell).replace("\n", " ") for cell in row.children)
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
            case "text":
                yield _FOOTNOTE_MARK.sub("", token.content)
            case "softbreak":
                yield "\r"  # where the file's line ends; clean text has no other
            case "hardbreak":
                yield "\n"
            case "html_inline":
                yield "\n" if _BREAKING_TAG.fullmatch(token.content) else ""
            case _:
                yield token.content  # code, an image's description; nothing for the marks


def _without_tags(content: str) -> Iterator[str]:
    text = _BREAKING_TAG.sub("\n", _HIDDEN_HTML.sub(" ", content))
    for line in html.unescape(_TAG.sub("", text)).split("\n"):
        if line := " ".join(line.split()):
            yield line
