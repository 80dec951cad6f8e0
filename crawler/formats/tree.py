"""From a tree in trafilatura's terms (p, head, list, item, table, row, cell, quote, code, lb, div) to blocks."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..page import BlockKind
from .layout import Layout

_SPACE = re.compile(r"\s+")
_ROWS = frozenset({"row", "tr"})  # tr, th and td remain where a table stands in a paragraph
_CELLS = frozenset({"cell", "td", "th"})
_SECTIONS = frozenset({"thead", "tbody", "tfoot"})
_BLOCKS = frozenset({"p", "head", "list", "table", "quote", "div", "item", "pre"}) | _ROWS | _CELLS
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_TERMS = {
    **dict.fromkeys(("dir", "dl", "menu", "ol", "ul"), "list"),
    **dict.fromkeys(("dd", "dt", "li"), "item"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "head"),
    **dict.fromkeys(
        ("address", "article", "aside", "body", "center", "details", "fieldset", "figcaption", "figure", "footer",
         "form", "header", "hgroup", "legend", "main", "nav", "noscript", "search", "section", "summary"), "div",
    ),
    "blockquote": "quote",
    "br": "lb",
    "hr": "p",
    "pre": "code",
}  # fmt: skip
_MOST_SPANNED = 30
# A cell that holds this much in several blocks is a piece of page layout, not a value
_LAYOUT_CELL_CHARS = 300


def convert(root: Any, left_out: Iterable[Any] = ()) -> None:
    """Put an HTML element and all in it into trafilatura's terms, after taking these elements out.

    An element of any other name becomes a div where it holds a block: links around cards, custom elements.
    """
    from lxml.etree import Element, strip_elements

    for element in left_out:
        element.tag = "template"
    strip_elements(root, "template", with_tail=False)
    for element in reversed(list(root.iter(Element))):
        tag = element.tag
        if tag in _TERMS:
            element.set("rend", tag)
            element.tag = tag = _TERMS[tag]
        if tag in _BLOCKS and element is not root:
            above = element.getparent()
            if above.tag not in _BLOCKS and above.tag not in _TERMS and above.tag not in _SECTIONS:
                above.tag = "div"


def lay_out(container: Any, layout: Layout, kind: BlockKind = "paragraph") -> None:
    """Add the blocks of this element; loose text between its block elements is a paragraph each.

    Raises:
        RecursionError: its elements are nested hundreds deep.
    """
    for part in _parts(container):
        if isinstance(part, str):
            for paragraph in _PARAGRAPH_BREAK.split(part):
                layout.add("\n".join(_lines(paragraph)), kind)
        else:
            _add(part, layout, kind)


def _parts(container: Any) -> Iterator[Any]:
    """What an element holds, in order: block elements, and as strings the text between them."""
    loose = [_spaced(container.text)]
    for child in container:
        if _is_block(child):
            yield "".join(loose)
            loose = []
            yield child
        else:
            loose.append(_inline(child))
        loose.append(_spaced(child.tail))
    yield "".join(loose)


def _is_block(element: Any) -> bool:
    if element.tag == "code":
        return "\n" in "".join(element.itertext()).strip() or next(element.iter("lb"), None) is not None
    return element.tag in _BLOCKS


def _add(element: Any, layout: Layout, kind: BlockKind) -> None:
    match element.tag:
        case "head" if kind == "paragraph":
            layout.heading(_inline(element), _level(element))
        case "list":
            layout.add("\n".join(_list_lines(element)), "list")
        case "code":
            layout.add(_code(element), "code")
        case "quote" if _is_preformatted(element):
            layout.add(_code(element), "code")
        case "quote":
            lay_out(element, layout, "quote")
        case "table" if _is_page_layout(element):
            for row in _rows(element):
                lay_out(row, layout, kind)
        case "table":
            layout.add("\n".join(_table_lines(element)), "table")
        case _:
            lay_out(element, layout, kind)


def _level(head: Any) -> int:
    rend = head.get("rend") or ""
    return int(rend[1]) if len(rend) == 2 and rend[1] in "123456" else 2


def _is_preformatted(quote: Any) -> bool:
    """Whether this was a `<pre>`, a quote to trafilatura when it sees no code in it: its lines have several indents."""
    lines = [line for line in "".join(quote.itertext()).strip("\n").split("\n")[1:] if line.strip()]
    return len({len(line) - len(line.lstrip()) for line in lines}) > 1 and not any(map(_is_block, quote))


def _spaced(text: str | None) -> str:
    """The text with its white space as HTML shows it: line breaks come from `lb` alone."""
    return _SPACE.sub(" ", text) if text else ""


def _inline(element: Any) -> str:
    """The text within an element that stands in a line, with a line break for each `lb`."""
    if element.tag == "lb":
        return "\n"
    parts = [_spaced(element.text)]
    for child in element:
        inner = _inline(child)
        parts.append(f" {inner} " if child.tag in _BLOCKS else inner)
        parts.append(_spaced(child.tail))
    return "".join(parts)


def _code(element: Any) -> str:
    parts = [element.text or ""]
    for child in element:
        parts.append("\n" if child.tag == "lb" else _code(child))
        parts.append(child.tail or "")
    return "".join(parts).replace("\t", "    ")


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if line := " ".join(line.split()):
            yield line


def _flow(element: Any) -> Iterator[str]:
    """The lines of an item or cell: its text, and each block in it on lines of its own."""
    for part in _parts(element):
        if isinstance(part, str):
            yield from _lines(part)
        elif part.tag == "list":
            yield from _list_lines(part)
        elif part.tag == "table":
            yield from _table_lines(part)
        elif part.tag == "code":
            yield from _code(part).strip("\n").split("\n")
        else:
            yield from _flow(part)


def _list_lines(element: Any) -> Iterator[str]:
    """An item a line after `- `; what else an item holds, and the definition of a term, is indented below it."""
    yield from _lines(_spaced(element.text))
    for child in element:
        if child.tag == "list":
            yield from (f"  {line}" for line in _list_lines(child))
        else:
            mark = "  " if (child.get("rend") or "").startswith("dd") else "- "
            for index, line in enumerate(_flow(child) if _is_block(child) else _lines(_inline(child))):
                yield ("  " if index else mark) + line
        yield from _lines(_spaced(child.tail))


def _rows(table: Any) -> Iterator[Any]:
    """The rows of a table itself, not of tables within it."""
    for child in table:
        if child.tag in _ROWS:
            yield child
        elif child.tag in _SECTIONS:
            yield from _rows(child)


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row if cell.tag in _CELLS]


def _table_lines(table: Any) -> Iterator[str]:
    """A row a line, each value below its column's name: a cell stands empty where it is, and where another spans."""
    below: dict[int, int] = {}  # how many more rows a cell from above takes, by column
    for row in _rows(table):
        taken, below = below, {column: rows - 1 for column, rows in below.items() if rows > 1}
        values: list[str] = []
        for cell in _cells(row):
            while len(values) in taken:
                values.append("")
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            if height > 1:
                below.update(dict.fromkeys(range(len(values), len(values) + width), height - 1))
            values += [" ".join(_flow(cell)), *[""] * (width - 1)]
        if line := " | ".join(values).rstrip(" |"):
            yield line.lstrip()


def _span(cell: Any, name: str) -> int:
    written = cell.get(name) or ""
    return min(int(written[:4]), _MOST_SPANNED) if written.isascii() and written.isdigit() and int(written[:4]) else 1


def _is_page_layout(table: Any) -> bool:
    """Whether the table arranges a page: nothing beside anything, or cells of prose."""
    rows = [_cells(row) for row in _rows(table)]
    if all(len(cells) < 2 for cells in rows):
        return True
    return any(
        sum(map(_is_block, cell)) > 1 and len("".join(cell.itertext())) > _LAYOUT_CELL_CHARS
        for cells in rows
        for cell in cells
    )
