"""What registers of scholarly works say about works that an answer cites: retracted, withdrawn, put in doubt."""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote

from ..tools import SearchError
from .retractions import Notice, UnknownShape, crossref_notices, openalex_notice

# Suffixes may hold nearly any sign; what closes a sentence, a bracket or a query is none of them in practice.
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>?#|{}\\^\[\]`]*[^\s\"<>?#|{}\\^\[\]`.,;:!')]", re.IGNORECASE)
# A preprint's or publisher's path that goes on behind the DOI
_BEHIND = re.compile(r"(?:v\d+)?(?:\.(?:full|abstract|short|long|pdf)|/(?:full|abstract|pdf|epdf|html|meta))*$")
_HEAD = 2_500
_MOST = 5
_SECONDS = 3.0


class Register(Protocol):
    """Where works are registered; `tools.search.crossref.Crossref` and `tools.search.openalex.OpenAlex` are two."""

    name: str

    async def work(self, doi: str) -> str | None:
        """What is registered of a DOI, as JSON; None when nothing is.

        Raises:
            SearchError: no usable answer.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """The gravest notice of each DOI that has one, and what could not be asked, for the reader."""

    notices: Mapping[str, Notice]
    notes: tuple[str, ...] = ()


def doi_of(source: str, text: str = "") -> str:
    """The DOI of the work at an address: of the address, else the first at the head of its text; "" without one."""
    for where in (unquote(source), text[:_HEAD]):
        if match := _DOI.search(where):
            return _BEHIND.sub("", match.group()).lower()
    return ""


async def registered(dois: Iterable[str], registers: Sequence[Register], *, seconds: float = _SECONDS) -> Registered:
    """Ask each register about at most five works, side by side, for at most so many seconds.

    A register that does not answer, or in another shape, is named in the notes: the state of the work is then unknown.
    """
    wanted = tuple(dict.fromkeys(filter(None, dois)))[:_MOST]
    if not wanted:
        return Registered(notices={})
    asked = [(doi, register) for doi in wanted for register in registers]
    told = await asyncio.gather(*(_asked(doi, register, seconds) for doi, register in asked))
    notices: dict[str, Notice] = {}
    for (doi, _), answer in zip(asked, told, strict=True):
        if isinstance(answer, Notice) and (doi not in notices or not notices[doi].is_grave):
            notices[doi] = answer
    return Registered(notices=notices, notes=tuple(dict.fromkeys(each for each in told if isinstance(each, str))))


async def _asked(doi: str, register: Register, seconds: float) -> Notice | str | None:
    """The notice, None without one, or why there is no telling."""
    unknown = f"whether cited works were retracted could not be asked of {register.name}"
    try:
        async with asyncio.timeout(seconds):
            body = await register.work(doi)
        return _READERS[register.name](body) if body is not None else None
    except TimeoutError:
        return f"{unknown}: no answer within {seconds:g} s"
    except SearchError as error:
        return f"{unknown}: {error.why}"
    except UnknownShape as error:
        return f"{unknown}: its answer is not in the documented format ({error.why})"


def _gravest(body: str) -> Notice | None:
    return next(iter(crossref_notices(body)), None)


_READERS: dict[str, Callable[[str], Notice | None]] = {"crossref": _gravest, "openalex": openalex_notice}
