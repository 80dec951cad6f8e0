"""What a body is: the type its label says, corrected where the bytes say otherwise.

After WHATWG MIME Sniffing, with three liberties that a reader of pages needs and a browser must not take: a PDF is one
whatever its label, HTML labelled as PDF is HTML, and `application/octet-stream` is taken for no label at all.
"""

import re

from ..errors import ExtractionError
from ..signature import binary_kind

PDF = "application/pdf"
XHTML = "application/xhtml+xml"

NO_TYPES = frozenset({
    "", "unknown/unknown", "application/unknown", "application/x-unknown", "*/*", "application/octet-stream",
    "binary/octet-stream", "application/force-download", "application/download", "application/x-download",
})  # fmt: skip
"""What a server says that knows nothing."""

_PDF_TYPES = frozenset({PDF, "application/x-pdf", "text/pdf", "application/acrobat"})
_HTML_TYPES = frozenset({"text/html", XHTML})
_LOOK_AT = 2048
# Readers of PDF look for its header in the first kilobyte, as ISO 32000 annex H says of Acrobat; here without markup
# or words before it, so that no text about PDF is one
_PDF = re.compile(rb"[^<\w]{0,1000}%PDF-\d")
# §7.1, the rows for HTML; comments and processing instructions may stand before
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*|<\?[^>]*>\s*)*"
    rb"<(?:(?:!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|main|article|"
    rb"section|span|ul|meta|link|nav|header)(?=[\s>/])|!--)",
    re.DOTALL | re.IGNORECASE,
)
_XML = re.compile(rb"\s*<\?xml\s", re.IGNORECASE)
_ROOT = re.compile(
    rb"\s*(?:<!--.*?-->\s*|<\?.*?\?>\s*|<!doctype[^>\[]*(?:\[.*?\]\s*)?>\s*)*<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)",
    re.DOTALL | re.IGNORECASE,
)
_ROOTS = {
    b"rss": "application/rss+xml", b"rdf": "application/rss+xml", b"feed": "application/atom+xml", b"html": XHTML,
    b"svg": "image/svg+xml", b"urlset": "application/xml", b"sitemapindex": "application/xml",
}  # fmt: skip
_MISLABELLED = frozenset({b"rss", b"rdf", b"feed", b"urlset", b"sitemapindex"})
_BOMS = (b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe")


def sniff(body: bytes, content_type: str) -> str:
    """The essence of the body's type, such as `text/html`; `content_type` is the header's value, "" for none.

    Labels of text and of XML stand (`text/plain` is text though it looks like HTML, §7.2), but feeds and sitemaps are
    XML whatever markup they are labelled as (§7.3). XML is told by its root element: `application/xhtml+xml`,
    `application/rss+xml`, `application/atom+xml`, `image/svg+xml`, else `application/xml`. Other labels are believed.

    Raises:
        ExtractionError: "wrong_type", for a body that is no text in spite of its label, or has no label; says what
            it is.
    """
    essence = content_type.partition(";")[0].strip().lower()
    head = body[:_LOOK_AT]
    if _PDF.match(head):
        return PDF
    if essence in _PDF_TYPES:
        return "text/html" if _HTML.match(_plain(head)) else PDF
    is_unlabelled = essence in NO_TYPES or "/" not in essence
    is_xml = essence in {"text/xml", "application/xml"} or essence.endswith("+xml")
    if not is_unlabelled and not is_xml and not essence.startswith("text/"):
        return essence
    if kind := binary_kind(body):
        raise ExtractionError("", "wrong_type", f"this is {kind}" + ("" if is_unlabelled else f" labelled {essence}"))
    head = _plain(head)
    if is_xml or (is_unlabelled and _XML.match(head)):
        return _of_root(head, essence)
    if essence in _HTML_TYPES:
        root = _ROOT.match(head)
        return _of_root(head, essence) if root and root[1].lower() in _MISLABELLED else essence
    if is_unlabelled:
        return "text/html" if _HTML.match(head) else "text/plain"
    return essence


def _of_root(head: bytes, essence: str) -> str:
    """The type of XML by its root; what declares itself XHTML but is anything else is HTML to a lenient parser."""
    root = _ROOT.match(head)
    found = _ROOTS.get(root[1].lower(), "") if root else ""
    return found or (XHTML if essence == XHTML else "application/xml")


def _plain(head: bytes) -> bytes:
    """The beginning without its byte order mark; of UTF-16 only what is ASCII, to be compared with markup."""
    for bom in _BOMS:
        if head.startswith(bom):
            head = head[len(bom) :]
            return head if len(bom) == 3 else head.replace(b"\x00", b"")
    return head.replace(b"\x00", b"")
