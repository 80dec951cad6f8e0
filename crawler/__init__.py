"""From a file or an address to a Page, or to the reason why there is none.

`find_files` turns what a person named into files, `Workers` reads them and takes pages apart in processes that can be
killed, `extract` does the same here and now. What fails is a value, `Skipped`, with a typed reason; only `extract`
raises (`ExtractionError`).
"""

from typing import TYPE_CHECKING

from .errors import CrawlError, ExtractionError
from .formats import extract
from .page import SKIP_REASONS, Block, BlockKind, Page, Sighting, Skipped, SkipReason, text_hash, utc_now
from .policy import ReadPolicy
from .text import clean

if TYPE_CHECKING:
    from .files import FoundFile, file_source, file_stamp, find_files, source_path
    from .workers import Workers

__all__ = [
    "SKIP_REASONS",
    "Block",
    "BlockKind",
    "CrawlError",
    "ExtractionError",
    "FoundFile",
    "Page",
    "ReadPolicy",
    "Sighting",
    "SkipReason",
    "Skipped",
    "Workers",
    "clean",
    "extract",
    "file_source",
    "file_stamp",
    "find_files",
    "source_path",
    "text_hash",
    "utc_now",
]

# asyncio costs as much to import as all the rest, and a worker process has no use for it
_HOMES = {
    "FoundFile": ".files",
    "Workers": ".workers",
    "file_source": ".files",
    "file_stamp": ".files",
    "find_files": ".files",
    "source_path": ".files",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name], __package__), name)
