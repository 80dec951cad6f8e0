"""The options about the web that several commands share, and what a person may write for them."""

import re
from datetime import date, datetime

import typer

from ...crawler import BlockedURL, plain_host, split
from ..reading import is_address
from .fetch import web_address

SITE = typer.Option("--site", metavar="HOST", help="Search the web on this host alone. May be repeated.")
SINCE = typer.Option(
    "--since",
    metavar="DATE",
    help="From pages published since: 2024, 2024-05 or 2024-05-01. Those of no known date stay.",
)
AS_OF = typer.Option(
    "--as-of",
    metavar="DATE",
    help="Ask as on that day (2023-05-01): time words are counted from it, and pages published later are left out.",
)
PROVIDER = typer.Option(
    "--provider",
    metavar="NAME",
    help="Search the web with this provider instead of those of FONTES_SEARCH. May be repeated: the next ones step in"
    " for those that fail. `fontes search --providers` lists them.",
)

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def since_date(text: str) -> date:
    """The first day of what was written.

    Raises:
        BadParameter: it is no date.
    """
    found = _DATE.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError as error:
        why = f"{text!r} is no date; write it as 2024, 2024-05 or 2024-05-01"
        raise typer.BadParameter(why, param_hint="--since") from error


def as_of_date(text: str) -> date:
    """The day that was written, whole: a year has many.

    Raises:
        BadParameter: it is no date.
    """
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError as error:
        why = f"{text!r} is no day; write it as 2023-05-01"
        raise typer.BadParameter(why, param_hint="--as-of") from error


def site_host(text: str) -> str:
    """The host that was written, alone or as a part of an address.

    Raises:
        BadParameter: it is no host name.
    """
    try:
        host = plain_host(split(text)[1] if is_address(text) else text.strip().removeprefix("*.").rstrip("/"))
    except BlockedURL:
        host = ""
    if not host:
        raise typer.BadParameter(f"{text!r} is no host name, such as docs.example.org", param_hint="--site")
    return host


def page_address(text: str) -> str:
    """The address of a page; https:// may be left out.

    Raises:
        BadParameter: it is none.
    """
    address = web_address(text.strip())
    if not is_address(address):
        why = f"{text!r} is no address of the web; files and folders are named with --docs"
        raise typer.BadParameter(why, param_hint="--url")
    return address
