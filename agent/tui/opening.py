"""Hand an address to the person's browser: http and https alone, by a process that no shell stands between."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from ..errors import AgentError

_LONGEST = 8_000
_WAIT_S = 3.0
# What RFC 3986 lets stand in an address, and the percent sign of what is encoded already.
_STANDS = "!#$%&'()*+,-./:;=?@[]_~"


class NotOpened(AgentError):
    """An address did not reach a browser; `what` is the address."""

    hint = "Copy the address and open it where your browser is"


def web_address(source: str) -> str | None:
    """The address as a browser may be given it, all of it ASCII; None unless it is http or https with a plain host."""
    if len(source) > _LONGEST or any(ord(c) <= 0x20 or 0x7F <= ord(c) <= 0xA0 or c in '"<>\\^`{|}' for c in source):
        return None
    try:
        parts = urlsplit(source)
        host = parts.hostname
    except ValueError:
        return None
    # A name before the host ("https://bank.example@other.example") is there to mislead.
    if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc or not host.isascii():
        return None
    return quote(source, safe=_STANDS)


def opener(platform: str = sys.platform, environ: Mapping[str, str] = os.environ) -> str | None:
    """The program that gives an address to the desktop's browser; None where there is no desktop (a plain SSH)."""
    if platform == "darwin":
        return shutil.which("open", path=environ.get("PATH"))
    if not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
        return None  # xdg-open would start a browser in this very terminal, on top of the chat
    return shutil.which("xdg-open", path=environ.get("PATH"))


async def open_address(source: str, *, program: str | None = None) -> None:
    """Open a page in the browser; `program` replaces the desktop's own opener.

    Raises:
        NotOpened: it is no address of the web, there is no browser here, or its opener failed.
    """
    address = web_address(source)
    if address is None:
        raise NotOpened(source, "it is not an http or https address")
    found = program or opener()
    if found is None:
        raise NotOpened(address, "no desktop browser can be reached from this terminal")
    code = await asyncio.to_thread(_run, found, address)
    if code:
        raise NotOpened(address, f"{found} ended with exit code {code}")


# Openers that are the browser itself run as long as it does. asyncio's own processes are killed when nobody refers to
# them any more; these are only asked, at the next opening, whether they have ended.
_STAYING: list["subprocess.Popen[bytes]"] = []


def _run(program: str, address: str) -> int:
    """The exit code; 0 for a program that is still running when the wait is over."""
    _STAYING[:] = [each for each in _STAYING if each.poll() is None]
    null = subprocess.DEVNULL  # what a browser prints would be printed over the chat
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell, and an address that `web_address` has let through
            [program, address], stdin=null, stdout=null, stderr=null, start_new_session=True
        )
    except OSError as error:
        raise NotOpened(address, f"{program} cannot be started: {error.strerror}") from error
    try:
        return process.wait(_WAIT_S)
    except subprocess.TimeoutExpired:
        _STAYING.append(process)
        return 0
