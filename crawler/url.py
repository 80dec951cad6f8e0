"""URLs as browsers read them (WHATWG URL Standard), and the few forms of one that a crawler asks for.

The parser is Ada, by its own Python binding `ada-url`. The other binding, `can_ada` 3.0, is faster (0.4 against 1.6 µs
a URL) but carries an older Ada, which reads five of 298 cases of web-platform-tests otherwise than the standard does,
`ada-url` 4.0 none; both have wheels for all that we support. RFC 3986 parsers (urllib, httpx) are no substitute: what
they take for the host of `http://a\\@b/` is not what a browser connects to, and a guard must agree with the connection.

All but `parse` and `without_fragment` are for http and https, and raise BlockedURL for any other scheme.
"""

import re

from ada_url import join_url, normalize_url

from .errors import BlockedURL
from .tracking import is_tracking, site_rules

_PORTS = {"http": 80, "https": 443}
# A WHATWG href: what could be mistaken for a delimiter is percent-encoded in each part before it.
_HREF = re.compile(r"(https?)://(?:([^/?#@]*)@)?(\[[^\]]*\]|[^/?#:@]*)(?::(\d+))?([^?#]*)(?:\?([^#]*))?")
_IPV4 = re.compile(r"\d+\.\d+\.\d+\.\d+", re.ASCII)
# What canonical percent-encoding changes: any escape, a stray percent sign, and the signs that RFC 3986 §2 has no place
# for and WHATWG leaves as they are (in queries most of them, in paths the bar).
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}|[%\\^`{|}]")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")  # RFC 3986 §2.3


def parse(url: str, base: str = "") -> str:
    """The URL in its normal form (`href`), relative to `base` where one is given.

    Lone surrogates count as U+FFFD, as in a browser, also where the URL is named in an error.

    Raises:
        BlockedURL: it is no valid URL, or is relative and has no base.
    """
    try:
        return join_url(base, url) if base else normalize_url(url)
    except ValueError:
        pass
    scalar, scalar_base = _scalar(url), _scalar(base)
    if (scalar, scalar_base) != (url, base):
        return parse(scalar, scalar_base)
    raise BlockedURL(url, f"no valid URL, also not relative to {base!r}" if base else "no valid URL with a scheme")


def canonical(url: str) -> str:
    """The same page's URL in one spelling: the key of de-duplication.

    The WHATWG form (scheme and host in lower case, IDNA, no default port, no dot segments) without fragment, user and
    password, the root's dot after the host, tracking parameters (`tracking.py`) and an empty query; percent-encoding
    in upper-case hex, and none of unreserved characters (RFC 3986 §6.2.2). The other parameters keep their order, as
    some servers read them in order. http and https, `www.`, mobile and AMP versions are told apart: only the pages can
    say that they are twins.

    Raises:
        BlockedURL: no valid URL, or not http(s).
    """
    scheme, _, host, port, path, query = _parts(url)
    # an empty label before the dot makes it a name that cannot be asked; without its dot it might become an address
    if host.endswith(".") and not host.endswith("..") and len(host) > 1:
        host = host[:-1]
    if _ENCODED.search(path):
        path = _ENCODED.sub(_encoding, path)
    if query:
        query = _without_tracking(_ENCODED.sub(_encoding, query), host)
    authority = f"{host}:{port}" if port else host
    return f"{scheme}://{authority}{path}?{query}" if query else f"{scheme}://{authority}{path}"


def origin(url: str) -> str:
    """Scheme, host and port (`https://example.com:8443`), without the scheme's default port (RFC 6454 §6.2)."""
    scheme, _, host, port, _, _ = _parts(url)
    return f"{scheme}://{host}:{port}" if port else f"{scheme}://{host}"


def robots_url(url: str) -> str:
    """Where the rules for this URL are: one robots.txt for each scheme, host and port (RFC 9309 §2.3)."""
    return origin(url) + "/robots.txt"


def host_key(url: str) -> str:
    """What is asked one request at a time: the host, with `:port` unless it is the scheme's default.

    http and https of a name share a key, and so do `example.com` and `example.com.`.
    """
    _, _, host, port, _, _ = _parts(url)
    host = host.removesuffix(".")
    return f"{host}:{port}" if port else host


def without_fragment(url: str) -> str:
    """The URL as it is requested: its normal form up to the `#`."""
    return parse(url).partition("#")[0]


def path_of(url: str) -> str:
    """Path and query in their normal form, which rules of robots.txt are matched against (RFC 9309 §2.2.2)."""
    _, _, _, _, path, query = _parts(url)
    return path if query is None else f"{path}?{query}"


def split(url: str) -> tuple[str, str, int]:
    """Scheme, host and port; the host in its normal form, IPv6 without brackets, the port never left out."""
    scheme, _, host, port, _, _ = _parts(url)
    return scheme, host.strip("[]"), int(port) if port else _PORTS[scheme]


def has_credentials(url: str) -> bool:
    """Whether the URL names a user or a password; `http://@host/` and `http://:@host/` name neither."""
    return bool(_parts(url)[1])


def plain_host(text: str) -> str:
    """A host written alone (name or address, IPv6 with or without brackets) in its normal form without a final dot.

    "" for what is none, or is more than a host.
    """
    written = f"[{text}]" if text.count(":") > 1 and not text.startswith("[") else text
    if ":" in written.rpartition("]")[2]:
        return ""
    try:
        href, (_, host, _) = parse(f"http://{written}/"), split(f"http://{written}/")
    except BlockedURL:
        return ""
    whole = f"http://[{host}]/" if ":" in host else f"http://{host}/"
    return host.removesuffix(".") if href == whole else ""  # no user, no path


def is_address(host: str) -> bool:
    """Whether a host in its normal form is an IP address; all other spellings of one have become it in parsing."""
    return ":" in host or _IPV4.fullmatch(host) is not None


def _parts(url: str) -> tuple[str, str | None, str, str | None, str, str | None]:
    """Scheme, credentials, host with brackets, port, path and query of a web address; None for what is not there."""
    href = parse(url)
    match = _HREF.match(href)
    if match is None:
        scheme = href.partition(":")[0]
        raise BlockedURL(url, f"{scheme}: only http and https are fetched")
    scheme, credentials, host, port, path, query = match.groups()
    return scheme, credentials, host, port, path, query


def _encoding(match: re.Match[str]) -> str:
    found = match[0]
    if len(found) == 1:
        return f"%{ord(found):02X}"
    byte = int(found[1:], 16)
    return chr(byte) if byte in _UNRESERVED else found.upper()


def _without_tracking(query: str, host: str) -> str:
    on_site = site_rules(host)
    return "&".join([pair for pair in query.split("&") if pair and not is_tracking(pair.partition("=")[0], on_site)])


def _scalar(text: str) -> str:
    """The text with lone surrogates as U+FFFD and pairs of them as the character they mean (WebIDL, USVString)."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
