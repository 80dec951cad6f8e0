"""The address of a model server as it is shown, and what a request to it proves itself with."""

from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from ...crawler import clean
from .errors import ServerRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A base URL as people may see it, and apart from it the value of the header that carries the key.

    `secrets` are the texts that must not be shown, should a server repeat them: the key, or the password and the form
    in which it is sent.
    """

    url: str
    authorization: str = field(default="", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


def address(url: str, key: str) -> Address:
    """The address that is meant by a base URL, with the user and password that it may hold, and a key.

    Raises:
        ServerRefused: it is none of http or https, or the key holds signs that no key has.
    """
    key = key.strip()
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise ServerRefused("the key", "it holds signs that no key has (spaces, line ends, letters beyond ASCII)")
    parts = _parts(url)
    host = parts.netloc.rpartition("@")[2]
    shown = f"{parts.scheme}://{host}{parts.path.rstrip('/') or '/v1'}"
    if key:
        return Address(url=shown, authorization=f"Bearer {key}", secrets=(key,))
    if parts.username is None:
        return Address(url=shown)
    password = unquote(parts.password or "")
    sent = b64encode(f"{unquote(parts.username)}:{password}".encode()).decode()
    return Address(url=shown, authorization=f"Basic {sent}", secrets=tuple(filter(None, (password, sent))))


def _parts(url: str) -> SplitResult:
    wrong = ServerRefused("the address of a model server", "it has the form http://HOST:PORT/v1")
    url = url.strip()
    if url != clean(url) or len(url.split()) != 1:
        raise wrong
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            raise wrong
    except ValueError:
        raise wrong from None
    return parts
