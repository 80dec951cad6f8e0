"""The bytes of pages, read when they are asked for and kept while there is room."""

import gzip
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from .media import content_type, is_text
from .served import Served

_ROOM_BYTES = 64_000_000
_LARGEST_BYTES = 200_000_000
# Less is not worth the packing; more would hold up the other visitors (gzip packs 50 MB a second at level 1).
_PACKED_FROM, _PACKED_TO = 1_000, 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A page's bytes, the same in gzip (b"" where that is not worth it), its type, ETag and time of change.

    The tag is weak: packed and plain bytes share it (RFC 9110 §8.8.3.3). `modified` is 0 for what is not from a file.
    """

    body: bytes
    packed: bytes
    type: str
    etag: str
    modified: float
    stamp: tuple[int, int]


class Bodies:
    """What pages hold. A file that changed is read again."""

    def __init__(self, root: Path | None) -> None:
        self._root = root
        self._held: OrderedDict[tuple[Served, str], Held] = OrderedDict()
        self._bytes = 0

    def get(self, served: Served, path: str) -> Held:
        """The bytes for `served` at this path of its host.

        Raises:
            OSError: its file cannot be read any more, or now lies outside of the folder.
        """
        stamp = _stamp(served.body)
        held = self._held.get((served, path))
        if held is None or held.stamp != stamp:
            held = self._read(served, path, stamp)
            self._keep((served, path), held)
        else:
            self._held.move_to_end((served, path))
        return held

    def _read(self, served: Served, path: str, stamp: tuple[int, int]) -> Held:
        body = served.body if isinstance(served.body, bytes) else self._file(served.body)
        kind = served.type or content_type(path, body)
        worth = is_text(kind) and _PACKED_FROM <= len(body) <= _PACKED_TO
        digest = blake2b(body, digest_size=12).hexdigest()
        return Held(
            body=body,
            packed=gzip.compress(body, compresslevel=1, mtime=0) if worth else b"",
            type=kind,
            etag=f'W/"{digest}"',
            modified=stamp[0] / 1e9,
            stamp=stamp,
        )

    def _file(self, path: Path) -> bytes:
        real = path.resolve()
        if self._root is not None and not real.is_relative_to(self._root):
            raise PermissionError(f"{path} leads outside of the folder")
        if path.suffix != ".gz":
            return real.read_bytes()
        try:
            with gzip.open(real) as file:
                body = file.read(_LARGEST_BYTES + 1)
        except (EOFError, zlib.error) as error:
            raise OSError(f"{path} is not whole: {error}") from error
        if len(body) > _LARGEST_BYTES:
            raise OSError(f"{path} unpacks to more than {_LARGEST_BYTES:,} bytes")
        return body

    def _keep(self, key: tuple[Served, str], held: Held) -> None:
        if (old := self._held.pop(key, None)) is not None:
            self._bytes -= len(old.body) + len(old.packed)
        self._held[key] = held
        self._bytes += len(held.body) + len(held.packed)
        while self._bytes > _ROOM_BYTES and len(self._held) > 1:
            _, old = self._held.popitem(last=False)
            self._bytes -= len(old.body) + len(old.packed)


def _stamp(body: bytes | Path) -> tuple[int, int]:
    if isinstance(body, bytes):
        return 0, len(body)
    status = body.stat()
    return status.st_mtime_ns, status.st_size
