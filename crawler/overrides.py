"""Where the person wants names to lead instead of where a resolver says: `host=address:port`."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address

from .hostnames import is_dns_name
from .url import is_address, plain_host

_PORTS = range(1, 65536)


class Overrides:
    """The overrides of a policy, read once.

    A key is a host, `*` for all other names, or either with `:port`; a value is an IP address, with a port where it is
    not the URL's (`127.0.0.1:8000`, `[::1]:8000`, `127.0.0.1`, `::1`). The most exact key counts. Addresses are no
    keys: what a URL spells out is where it leads.

    Raises:
        ValueError: a key or value cannot be read; the message has both.
    """

    def __init__(self, rules: Mapping[str, str]) -> None:
        self._rules: dict[tuple[str, int], tuple[str, int]] = {}
        for key, value in rules.items():
            try:
                self._rules[_key(key.strip())] = _target(value.strip())
            except ValueError as error:
                raise ValueError(
                    f"resolve: {key}={value}: {error}; it is written host=address:port, such as "
                    "intranet.example=10.0.0.5:8080 or *=[::1]:8000"
                ) from error

    def find(self, host: str, port: int) -> tuple[str, int] | None:
        """The address and port to connect to instead; None if the name is left to the resolver."""
        for key in self._keys(host, port):
            if key in self._rules:
                address, number = self._rules[key]
                return address, number or port
        return None

    def names(self, host: str) -> bool:
        """Whether the person wrote this host down (`*` is not that), with any port."""
        return any(name == host for name, _ in self._rules)

    def names_port(self, host: str, port: int) -> bool:
        """Whether the person wrote this host down with this port."""
        return (host, port) in self._rules

    def _keys(self, host: str, port: int) -> Iterator[tuple[str, int]]:
        yield host, port
        yield host, 0
        yield "*", port
        yield "*", 0


def _key(text: str) -> tuple[str, int]:
    """The host in its normal form, and the port (0: any)."""
    name, colon, port = text.rpartition(":") if text.count(":") == 1 else (text, "", "")
    number = _port(port) if colon else 0
    if name == "*":
        return name, number
    host = plain_host(name)
    if is_address(host):
        raise ValueError(f"{name!r} is an address, and leads nowhere else (to exempt it from the guard: allow_hosts)")
    if not is_dns_name(host):
        raise ValueError(f"{name!r} is no host name")
    return host, number


def _target(text: str) -> tuple[str, int]:
    """The IP address and the port (0: the URL's)."""
    if text.startswith("["):
        address, bracket, rest = text[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise ValueError(f"{text!r} is no address")
        port = rest[1:] if rest else None
    elif text.count(":") == 1:
        address, _, port = text.partition(":")
    else:
        address, port = text, None
    try:
        ip = ip_address(address)
    except ValueError:
        raise ValueError(f"{address!r} is no IP address") from None
    return str(ip), _port(port) if port is not None else 0


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) in _PORTS):
        raise ValueError(f"{text!r} is no port")
    return int(text)
