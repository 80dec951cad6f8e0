"""Where an answer leads on to, and whether an answer may hold a text, told from its head alone."""

import httpx

from ..errors import FetchError
from ..url import parse
from .fetch import Fetched

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TEXT_TYPES = frozenset({
    "", "application/xhtml+xml", "application/pdf", "application/octet-stream", "binary/octet-stream",
    "application/x-unknown", "unknown/unknown", "application/x-pdf",
})  # fmt: skip


def redirect_target(fetched: Fetched) -> str:
    """The absolute URL that a redirect leads to (RFC 9110 §15.4), "" for what is none.

    Raises:
        BlockedURL: its Location is no valid URL.
    """
    location = fetched.headers.get("location", "").strip()
    return parse(location, fetched.url) if fetched.status in _REDIRECTS and location else ""


def may_hold_text(url: str, headers: httpx.Headers) -> None:
    """Pass what is text, a PDF, or untold; what it really is, the bytes will say.

    Raises:
        FetchError: "wrong_type", so that a film is not loaded to find out that it is one.
    """
    essence = headers.get("content-type", "").partition(";")[0].strip().lower()
    if essence not in _TEXT_TYPES and not essence.startswith("text/"):
        raise FetchError(url, "wrong_type", f"{essence} is not read; HTML, PDF, Markdown and plain text are")
