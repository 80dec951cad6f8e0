"""What may be connected to: web servers on the public internet, and what the person exempted by name.

A URL is judged twice: by its letters before anything is asked (`check_url`, `Guard.check`), and by the addresses that
its name has at the moment of connecting (`Guard.addresses`). Between the two no other look-up happens: the connection
goes to the very addresses that were judged, so a name that answers differently the next time (DNS rebinding) gains
nothing by it.
"""

import asyncio
import inspect
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence

from .addresses import is_transition_form, why_not_public
from .errors import BlockedURL, FetchError
from .hostnames import is_dns_name, why_not_web_host
from .lookup import SystemResolver
from .overrides import Overrides
from .policy import CrawlPolicy
from .url import has_credentials, is_address, plain_host, split

Resolve = Callable[[str], Iterable[str] | Awaitable[Iterable[str]]]

_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


def check_url(url: str, *, resolve: Callable[[str], Sequence[str]] | None = None) -> None:
    """Pass a URL of the public web under the default policy; nothing else is exempt.

    `resolve` gives the addresses of a host name (asked for in lower case, ASCII, without a final dot). All of them must
    be public, and there must be one. Without it only the letters are judged.

    Raises:
        BlockedURL: no valid http(s) URL, with a user or password, an unusual port, a name or address that is not
            public, a look-alike name, or a name without addresses.
    """
    _DEFAULT.check(url)
    _, host, _ = split(url)
    if resolve is None or is_address(host):
        return
    name = host.removesuffix(".")
    try:
        addresses = tuple(resolve(name))
    except OSError as error:
        raise BlockedURL(url, f"{name} does not resolve: {error}") from error
    if not addresses:
        raise BlockedURL(url, f"{name} has no address")
    _expect_public(url, name, addresses)


class Guard:
    """The rules of a policy for what is connected to.

    `policy.allow_hosts` are exempt from the rules for ports, names and addresses. A host that is a key of
    `policy.resolve` is exempt from those for names and addresses, and with its port from the one for ports; under `*`
    a name keeps to the rules for names, though it will not be looked up. Scheme and credentials are judged always, and
    an address in a URL is exempt by `allow_hosts` alone.

    `resolve` (host to addresses, plain or awaited; a plain one is called on the event loop) stands in for the system's
    resolver.

    Raises:
        ValueError: an entry of `allow_hosts` or `resolve` cannot be read.
    """

    def __init__(self, policy: CrawlPolicy, *, resolve: Resolve | None = None) -> None:
        self._ports = policy.ports
        self._exempt = frozenset(map(_exempt_host, policy.allow_hosts))
        self._overrides = Overrides(policy.resolve)
        self._resolve: Resolve = resolve or SystemResolver()
        self._limit_s = policy.connect_s

    def check(self, url: str) -> None:
        """Pass a URL whose letters give no reason against it.

        Raises:
            BlockedURL: it is not asked, whatever its name resolves to.
        """
        _, host, port = split(url)
        if has_credentials(url):
            raise BlockedURL(url, "it names a user or a password, which make one address look like another")
        if why := self._why_not(host.removesuffix("."), port):
            raise BlockedURL(url, why)

    def is_exempt(self, url: str) -> bool:
        """Whether the person wrote down the URL's host, so that it may lead to where no other name may."""
        host = split(url)[1].removesuffix(".")
        return host in self._exempt or self._overrides.names(host)

    async def addresses(self, host: str, port: int) -> tuple[tuple[str, int], ...]:
        """The addresses and ports to connect to, in the order to try them: at least one, and each judged.

        One bad address refuses the host, however many good ones stand beside it. Names of the public web have no
        private addresses; an attacker's may have both, for the good one passes a check and then refuses connections, so
        that the client goes on to the other.

        Raises:
            BlockedURL: the host or one of its addresses is not public.
            FetchError: "network" when the name does not resolve, "timeout" when that takes longer than
                `policy.connect_s`.
        """
        name = plain_host(host)
        if not name:
            raise BlockedURL(host, "it is no host")
        if why := self._why_not(name, port):
            raise BlockedURL(host, why)
        if is_address(name):
            return ((name, port),)
        if override := self._overrides.find(name, port):
            return (override,)
        found = await self._look_up(name)
        if name not in self._exempt:
            _expect_public(host, name, found)
        return tuple((address, port) for address in found)

    def _why_not(self, host: str, port: int) -> str:
        if host in self._exempt or self._overrides.names_port(host, port):
            return ""
        if why := self._why_not_host(host):  # before the port: with another one it would not be asked either
            return why
        if port not in self._ports:
            return f"port {port} is not asked; allowed are {', '.join(map(str, sorted(self._ports)))}"
        return ""

    def _why_not_host(self, host: str) -> str:
        if is_address(host):
            if why := why_not_public(host):
                return f"{host} is not public: {why}"
            return f"{host} hides an IPv4 address" if is_transition_form(host) else ""
        return "" if self._overrides.names(host) else why_not_web_host(host)

    async def _look_up(self, name: str) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(self._limit_s):
                answer = self._resolve(name)
                found = tuple(dict.fromkeys(await answer if inspect.isawaitable(answer) else answer))
        except TimeoutError as error:
            raise FetchError(name, "timeout", f"{name} was not resolved within {self._limit_s:g} s") from error
        except socket.gaierror as error:
            missing = error.errno in _NO_SUCH_NAME
            detail = f"no such host: {name}" if missing else f"{name} could not be resolved: {error.strerror}"
            raise FetchError(name, "network", detail) from error
        except OSError as error:
            raise FetchError(name, "network", f"{name} could not be resolved: {error}") from error
        if not found:
            raise FetchError(name, "network", f"no such host: {name}")
        return found


def _expect_public(source: str, name: str, addresses: Iterable[str]) -> None:
    for address in addresses:
        if why := why_not_public(address):
            raise BlockedURL(source, f"{name} leads to {address}, which is not public: {why}")


def _exempt_host(text: str) -> str:
    host = plain_host(text.strip())
    if not host or not (is_address(host) or is_dns_name(host)):
        raise ValueError(
            f"allow_hosts: {text!r} is neither a host name nor an address, such as wiki.intranet or 10.0.0.5"
        )
    return host


_DEFAULT = Guard(CrawlPolicy())
