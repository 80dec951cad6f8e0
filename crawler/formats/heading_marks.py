"""Signs beside headings that are for who links to them or edits them, and no words of the page: ¶, #, [edit]."""

from typing import Any

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "caption", "figcaption")
# Sphinx and MkDocs; rustdoc; Docusaurus; VuePress and VitePress; Jupyter; others
_LINK_CLASSES = frozenset({
    "headerlink", "anchor", "hash-link", "header-anchor", "anchor-link", "anchorjs-link", "heading-anchor", "permalink",
})  # fmt: skip
_MARK = "heading-mark"  # a name that no page has for its elements
_EDIT_CLASS = "mw-editsection"  # MediaWiki


def drop_heading_marks(tree: Any) -> None:
    """Take out of a page the signs that link from a heading to itself, and MediaWiki's links to edit a section."""
    from lxml.etree import strip_elements

    marks = [element for element in tree.iter("a", "span") if _is_mark(element)]
    for element in marks:
        element.tag = _MARK
    if marks:
        strip_elements(tree, _MARK, with_tail=False)


def _is_mark(element: Any) -> bool:
    classes = (element.get("class") or "").split()
    if element.tag == "span":
        return _EDIT_CLASS in classes
    if "#" not in (element.get("href") or "") or any(map(str.isalnum, "".join(element.itertext()))):
        return False
    return not _LINK_CLASSES.isdisjoint(classes) or next(element.iterancestors(*_HEADINGS), None) is not None
