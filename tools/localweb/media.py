"""Which Content-Type a saved page is served with."""

from pathlib import PurePosixPath

# No charset for HTML: the saved bytes may be of any, and say which themselves or leave it to the reader, as on the web.
_TYPES = {
    ".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".txt": "text/plain",
    ".text": "text/plain", ".md": "text/markdown", ".markdown": "text/markdown", ".xml": "application/xml",
    ".rss": "application/rss+xml", ".atom": "application/atom+xml", ".json": "application/json",
    ".pdf": "application/pdf", ".css": "text/css", ".js": "text/javascript", ".csv": "text/csv",
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml",
    ".webp": "image/webp", ".ico": "image/x-icon",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip
_PLAIN = frozenset({"text/plain", "text/markdown", "text/css", "text/javascript", "text/csv"})
PAGE_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".txt", ".md", ".markdown", ".pdf", ""})
"""Endings of files that are pages of their own in a folder without host names."""


def content_type(path: str, body: bytes) -> str:
    """The type by the ending of the path, else by the first bytes."""
    kind = _TYPES.get(PurePosixPath(path.partition("?")[0]).suffix.lower()) or _sniffed(body)
    if kind in _PLAIN and _is_utf8(body):
        return f"{kind}; charset=utf-8"
    return kind


def is_text(kind: str) -> bool:
    """Whether bytes of this Content-Type become smaller by gzip."""
    return kind.startswith("text/") or "xml" in kind or "json" in kind


def _sniffed(body: bytes) -> str:
    head = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf-"):
        return "application/pdf"
    if head.startswith((b"<!doctype html", b"<html", b"<!--", b"<head", b"<body", b"<title")):
        return "text/html"
    if head.startswith(b"<?xml"):
        return "text/html" if b"<html" in head else "application/xml"
    return "application/octet-stream" if b"\x00" in head else "text/plain"


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
