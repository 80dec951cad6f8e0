"""What the pool and its workers say to each other: a length-prefixed header in JSON, then raw bytes.

A request's header names the work, and its bytes are a page's body or a file's path. A reply's bytes are the page's
text, and its header the rest of the page, or why there is none. JSON, because what comes back from a worker that has
read a hostile page must not be able to run (pickle could).
"""

import json
import struct
from dataclasses import asdict
from typing import Any

from .page import Block, Page, Sighting, Skipped

PREFIX = struct.Struct(">II")  # bytes of the header, bytes after it
MAX_HEADER_BYTES = 64_000_000  # about a million blocks


def pack(header: dict[str, Any], body: bytes = b"") -> bytes:
    """One message."""
    head = json.dumps(header).encode("ascii")
    return b"".join((PREFIX.pack(len(head), len(body)), head, body))


def page_message(page: Page) -> tuple[dict[str, Any], bytes]:
    """A page as a message's header and bytes."""
    header = {
        "hash": page.hash,
        "title": page.title,
        "language": page.language,
        "extractor": page.extractor,
        "blocks": [[b.start, b.end, b.kind, b.heading_path, b.page_number] for b in page.blocks],
        "sightings": [asdict(sighting) for sighting in page.sightings],
    }
    return header, page.text.encode("utf-8")


def read_reply(header: dict[str, Any], body: bytes) -> Page | Skipped:
    """The page, or the reason why there is none, that a worker's reply holds."""
    if "skipped" in header:
        return Skipped(**header["skipped"])
    page = header["page"]
    return Page(
        text=body.decode("utf-8"),
        hash=page["hash"],
        title=page["title"],
        language=page["language"],
        extractor=page["extractor"],
        blocks=tuple(
            Block(start=start, end=end, kind=kind, heading_path=tuple(path), page_number=number)
            for start, end, kind, path, number in page["blocks"]
        ),
        sightings=tuple(Sighting(**sighting) for sighting in page["sightings"]),
    )
