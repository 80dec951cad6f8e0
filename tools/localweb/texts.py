"""What the pages say, read once at the start for the search endpoint, and kept for the next start."""

import asyncio
import html
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from time import monotonic

import zstandard

from ..._version import __version__
from ...crawler import Page, Workers, clean
from .bodies import Bodies, Held
from .pages import Pages
from .served import Key, url_of

_MOST_CHARS = 200_000
# Reading again what took less is quicker than a person notices.
_KEPT_FROM_S = 1.0
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_UNSEEN = re.compile(r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_WAITING = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A page as the search knows it. `published` is an ISO date, `language` an ISO 639-1 code, both "" if unknown."""

    url: str
    title: str
    text: str
    published: str = ""
    language: str = ""


async def page_texts(
    pages: Pages, bodies: Bodies, *, kept: Path | None, progress: Callable[[int, int], None] | None
) -> tuple[PageText, ...]:
    """The texts of all pages, in their order; pages that are no text to read are left out.

    `kept` is a file in which they are kept while no page changes; `progress` is told how many of how many are read.
    """
    held = {}
    for key in pages.readable():
        try:
            held[key] = bodies.get(pages.served[key], key[1])
        except OSError:  # unreadable for visitors too, who are told so
            continue
    stamp = _stamp_of(held)
    if kept is not None and (texts := _load(kept, stamp)) is not None:
        return texts
    started = monotonic()
    texts = await _read(held, progress)
    if kept is not None and monotonic() - started >= _KEPT_FROM_S:
        _save(kept, stamp, texts)
    return texts


async def _read(held: dict[Key, Held], progress: Callable[[int, int], None] | None) -> tuple[PageText, ...]:
    done = 0
    gate = asyncio.Semaphore(_WAITING)

    async def one(workers: Workers, key: Key, page: Held) -> PageText | None:
        nonlocal done
        async with gate:
            text = await _text_of(workers, key, page)
        done += 1
        if progress is not None:
            progress(done, len(held))
        return text

    async with Workers() as workers, asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(workers, key, page)) for key, page in held.items()]
    return tuple(text for task in tasks if (text := task.result()) is not None)


async def _text_of(workers: Workers, key: Key, held: Held) -> PageText | None:
    url = url_of(key)
    page = await workers.extract(held.body, url=url, content_type=held.type)
    if isinstance(page, Page):
        published = next((seen.published for seen in page.sightings), "")
        return PageText(
            url=url, title=page.title, text=page.text[:_MOST_CHARS], published=published, language=page.language
        )
    if "html" not in held.type:
        return None
    # Search engines list walls and thin pages too, by whatever words are on them.
    source = held.body[: 4 * _MOST_CHARS].decode("utf-8", errors="replace")
    title = _TITLE.search(source)
    text = _plain(_UNSEEN.sub(" ", source))
    return PageText(url=url, title=_plain(title[1]) if title else "", text=text[:_MOST_CHARS]) if text else None


def _plain(source: str) -> str:
    return " ".join(clean(html.unescape(_TAG.sub(" ", source))).split())


def _stamp_of(held: dict[Key, Held]) -> str:
    digest = blake2b(__version__.encode(), digest_size=16)
    for key, page in held.items():
        digest.update(f"\n{url_of(key)}\t{page.type}\t{page.etag}".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _load(path: Path, stamp: str) -> tuple[PageText, ...] | None:
    """The texts kept in a file; None if there is none, it is damaged, or they are of other pages."""
    try:
        lines = zstandard.decompress(path.read_bytes()).decode().split("\n")
        return tuple(PageText(**json.loads(line)) for line in lines[1:]) if lines[0] == stamp else None
    except (OSError, zstandard.ZstdError, ValueError, TypeError):
        return None


def _save(path: Path, stamp: str, texts: Sequence[PageText]) -> None:
    lines = [stamp, *(json.dumps(asdict(text)) for text in texts)]
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(zstandard.compress("\n".join(lines).encode()))
    part.replace(path)
