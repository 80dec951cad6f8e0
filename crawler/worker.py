"""A process that reads files and pages for `Workers`: `python -m fontes.crawler.worker`.

It takes requests on stdin and answers on stdout (see `messages`), one at a time, and ends when stdin does. Whatever a
file or page does to it (hang, crash, eat memory), it can be killed without harm.
"""

import os
import resource
import signal
import sys
from dataclasses import replace
from typing import Any, BinaryIO

from .errors import ExtractionError
from .extraction import Extraction
from .files import file_source, file_stamp, too_large, why_unreadable
from .formats import extract, take_apart
from .messages import PREFIX, extraction_message, pack
from .page import Page, Skipped

_MEMORY_BYTES = 2 << 30
_ITEMS = 5000  # then a fresh process: lxml and its caches only grow
_RESIDENT_BYTES = 600 << 20
_BLOCKS = 500_000
_CHUNK_BYTES = 1 << 20
_MAC = sys.platform == "darwin"


def main() -> None:
    """Answer requests until stdin ends, or until this process has done enough."""
    requests, replies = _own_streams()
    _limit()
    replies.write(pack({"ready": True}))
    replies.flush()
    for count in range(1, _ITEMS + 1):
        prefix = requests.read(PREFIX.size)
        if len(prefix) < PREFIX.size:
            return
        header_size, body_size = PREFIX.unpack(prefix)
        header, body = _header(requests.read(header_size)), requests.read(body_size)
        # The pool kills a worker at the deadline; if the pool itself was killed, the kernel does it (no handler is
        # set, so it works within C code too).
        signal.setitimer(signal.ITIMER_REAL, float(header["deadline_s"]) + 5)
        reply, text = _answer(header, body)
        is_last = count == _ITEMS or _resident_bytes() > _RESIDENT_BYTES
        message = pack(reply | {"last": is_last}, text)
        signal.setitimer(signal.ITIMER_REAL, 0)
        replies.write(message)
        replies.flush()
        if is_last:
            return


def _own_streams() -> tuple[BinaryIO, BinaryIO]:
    """stdin and stdout for messages alone: a library that prints writes to nowhere.

    stderr stays until here, so that a worker that cannot start can say why.
    """
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    return requests, replies


def _limit() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends this process
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if not _MAC:  # macOS does not keep to it, and refuses values below what is mapped already
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        limit = _MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(_MEMORY_BYTES, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _header(data: bytes) -> dict[str, Any]:
    import json

    header: dict[str, Any] = json.loads(data)
    return header


def _answer(request: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """The reply to one request: a page with what was beside it, or why there is none."""
    source = str(request["source"])
    try:
        if request["work"] == "read":
            taken = Extraction(outcome=_read(os.fsdecode(body), int(request["max_bytes"])))
        else:
            content_type = str(request["content_type"])
            taken = take_apart(body, url=source, content_type=content_type, status=int(request["status"]))
    except ExtractionError as error:
        taken = Extraction(outcome=Skipped(source=source, reason=error.reason, detail=error.detail))
    except MemoryError:
        detail = "taking it apart needs too much memory"
        taken = Extraction(outcome=Skipped(source=source, reason="unreadable", detail=detail))
    if isinstance(taken.outcome, Page) and len(taken.outcome.blocks) > _BLOCKS:
        detail = f"it is in {len(taken.outcome.blocks):,} pieces; the limit is {_BLOCKS:,}"
        taken = Extraction(outcome=Skipped(source=source, reason="too_large", detail=detail))
    return extraction_message(taken)


def _read(path: str, max_bytes: int) -> Page | Skipped:
    """Read a file, never more of it than the limit, whatever its size was said to be."""
    source = file_source(path)
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 (PurePath refuses nothing, and is slower)
            size, modified_ns = file_stamp(path)
            if size > max_bytes:
                return too_large(source, size, max_bytes)
            body = _bytes_of(file, max_bytes)
    except (OSError, ValueError) as error:
        return Skipped(source=source, reason="unreadable", detail=why_unreadable(error))
    if body is None:
        return too_large(source, max_bytes + 1, max_bytes)
    page = extract(body, url=source)
    return replace(page, sightings=tuple(replace(s, modified_ns=modified_ns) for s in page.sightings))


def _bytes_of(file: Any, max_bytes: int) -> bytes | None:
    """All the bytes of a file, None if there are more than the limit (a pipe or device has no size to ask for)."""
    chunks, total = [], 0
    while chunk := file.read(min(_CHUNK_BYTES, max_bytes + 1 - total)):
        chunks.append(chunk)
        total += len(chunk)
        if total > max_bytes:
            return None
    return b"".join(chunks)


def _resident_bytes() -> int:
    """What this process holds now; on macOS its peak.

    Not Linux's ru_maxrss: across fork and exec it starts at what the parent held, so that below a parent with models
    loaded every process would look too fat after one item.
    """
    if _MAC:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - pathlib is not loaded here
        return int(file.read().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    main()
