"""What the pool and its workers say to each other: a length-prefixed header in JSON, then raw bytes.

A request's header names the work, and its bytes are a page's body or a file's path. A reply's bytes are the page's
text, and its header the rest of the page, or why there is none. JSON, because what comes back from a worker that has
read a hostile page must not be able to run (pickle could).
"""

import json
import struct
from dataclasses import asdict
from typing import Any

from .extraction import Extraction
from .page import Block, Page, Quality, Sighting, Skipped

PREFIX = struct.Struct(">II")  # bytes of the header, bytes after it
MAX_HEADER_BYTES = 64_000_000  # about a million blocks


def pack(header: dict[str, Any], body: bytes = b"") -> bytes:
    """One message."""
    head = json.dumps(header).encode("ascii")
    return b"".join((PREFIX.pack(len(head), len(body)), head, body))


def extraction_message(taken: Extraction) -> tuple[dict[str, Any], bytes]:
    """What taking a body apart yielded, as a message's header and bytes."""
    header: dict[str, Any] = {"links": taken.links, "metas": taken.metas}
    if isinstance(taken.outcome, Skipped):
        return header | {"skipped": asdict(taken.outcome)}, b""
    page = taken.outcome
    header["page"] = {
        "hash": page.hash,
        "title": page.title,
        "language": page.language,
        "extractor": page.extractor,
        "blocks": [[b.start, b.end, b.kind, b.heading_path, b.page_number] for b in page.blocks],
        "sightings": [asdict(sighting) for sighting in page.sightings],
        "quality": asdict(page.quality) if page.quality else None,
    }
    return header, page.text.encode("utf-8")


def read_reply(header: dict[str, Any], body: bytes) -> Extraction:
    """What a worker's reply holds."""
    outcome = Skipped(**header["skipped"]) if "skipped" in header else _page(header["page"], body)
    return Extraction(
        outcome=outcome,
        links=tuple(header["links"]),
        metas=tuple((name, content) for name, content in header["metas"]),
    )


def _page(page: dict[str, Any], body: bytes) -> Page:
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
        sightings=tuple(_sighting(sighting) for sighting in page["sightings"]),
        quality=Quality(**page["quality"]) if page["quality"] else None,
    )


def _sighting(values: dict[str, Any]) -> Sighting:
    facts = tuple((name, value) for name, value in values["facts"])
    return Sighting(**values | {"twins": tuple(values["twins"]), "signals": tuple(values["signals"]), "facts": facts})
