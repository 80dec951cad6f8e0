"""Answers in XML: read without entities of their own, other files, or elements deeper than a feed has."""

from lxml.etree import LxmlError, XMLParser, _Element, fromstring

from .api import Ask
from .errors import BadAnswer
from .refusals import looks_like_captcha, web_page


def read_xml(ask: Ask, text: str, root: str) -> _Element:
    """The element at the root of an answer, which must be of this name (`{namespace}name`).

    No entity is expanded but the five of XML and character references, and no DTD is loaded.

    Raises:
        BadAnswer: it is no XML, or another document: a web page, a captcha.
    """
    parser = XMLParser(
        encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True
    )
    try:
        element = fromstring(text.strip().encode("utf-8", "replace"), parser)
    except (LxmlError, SyntaxError, ValueError) as error:
        if "<html" in text[:2_000].casefold() or looks_like_captcha(text):
            raise ask.error(*web_page(text)) from None
        said = str(error).partition("(")[0].strip()[:120]
        raise ask.error(
            BadAnswer, f"its answer is not in the documented format ({said}); it may have changed"
        ) from None
    if element.tag != root:
        if "html" in str(element.tag).casefold():
            raise ask.error(*web_page(text))
        raise ask.error(BadAnswer, f"its answer is another document (<{str(element.tag)[:60]}>); it may have changed")
    return element


def text_of(parent: _Element, path: str) -> str:
    """All text within the first element at the path, markup left out; "" where there is none."""
    found = parent.find(path)
    return "" if found is None else "".join(found.itertext())
