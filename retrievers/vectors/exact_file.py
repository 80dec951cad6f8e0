"""The file behind exact search: vectors as they lie in memory, so that opening it is mapping it.

Little-endian: a header of 256 bytes, `count` rows of `dimensions` float32, padding to 8 bytes, `count` ids of int64.
The ids come last because `count` is known last: the rows pass through from the store in batches.
"""

import mmap
import os
import struct
import tempfile
import time
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from ..embedders import Vectors32
from ..errors import VectorsError
from .batch import batch
from .stamp import Stamp

_MAGIC = b"FontesVx"
_VERSION = 1
_FIELDS = struct.Struct("<8sIIQq128s")  # magic, version, dimensions, count, stamp's row, stamp's store
_CHECKSUM = struct.Struct("<I")
_HEADER_BYTES = 256
_ABANDONED_S = 3600.0  # a temporary file this old was left by a killed process: writing a million vectors takes seconds


def write_file(
    path: Path, batches: Iterable[tuple[Sequence[int] | NDArray[np.int64], Vectors32]], *, stamp: Stamp
) -> int:
    """Write the batches of (ids, vectors) to `path` and return how many vectors that were; blocks, so use a thread.

    The file appears whole or not at all, whoever else writes it; readers that have the old one mapped keep it.
    Memory holds one batch and 8 bytes a vector. No id may come twice: that is not checked.

    Raises:
        VectorsError: vectors of different lengths, or the disk refused.
        ValueError: the stamp's store id does not fit.
    """
    store = stamp.store.encode()
    if len(store) > 128 or b"\0" in store:
        raise ValueError(f"a store id has at most 128 bytes and no NUL, not {stamp.store!r}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(path)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp", delete=False) as file:
            try:
                dimensions, count = _write_body(path, file, batches)
                fields = _FIELDS.pack(_MAGIC, _VERSION, dimensions, count, stamp.row, store)
                file.seek(0)
                file.write(fields + _CHECKSUM.pack(zlib.crc32(fields)))
                file.flush()
                os.fsync(file.fileno())  # else a power cut may leave the name on a file of zeros
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise VectorsError(str(path), f"cannot be written ({error.strerror})") from error
    return count


def map_file(path: Path) -> tuple[Stamp, NDArray[np.int64], Vectors32]:
    """Map the file and return its stamp, its ids of shape (count,) and its rows of shape (count, dimensions).

    Both arrays are read-only and read from disk when touched; the mapping lives as long as they do.

    Raises:
        VectorsError: no such file, another format, or not as long as its header says.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < _HEADER_BYTES:
                raise VectorsError(str(path), "is cut off")
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise VectorsError(str(path), f"cannot be read ({error.strerror})") from error
    magic, version, dimensions, count, row, store = _FIELDS.unpack_from(mapped)
    (checksum,) = _CHECKSUM.unpack_from(mapped, _FIELDS.size)
    if magic != _MAGIC or checksum != zlib.crc32(mapped[: _FIELDS.size]):
        raise VectorsError(str(path), "is no vector file of ours, or damaged")
    if version != _VERSION:
        raise VectorsError(str(path), f"has format {version}, this program reads {_VERSION}")
    ids_start = _ids_start(dimensions, count)
    if size != ids_start + 8 * count:
        raise VectorsError(str(path), f"has {size} bytes, its header says {ids_start + 8 * count}")
    rows = np.frombuffer(mapped, "<f4", count=count * dimensions, offset=_HEADER_BYTES).reshape(count, dimensions)
    ids = np.frombuffer(mapped, "<i8", count=count, offset=ids_start)
    return Stamp(store=store.rstrip(b"\0").decode(), row=row), ids, rows


def _write_body(
    path: Path, file: IO[bytes], batches: Iterable[tuple[Sequence[int] | NDArray[np.int64], Vectors32]]
) -> tuple[int, int]:
    """Write all but the header; return dimensions (0 without vectors) and count."""
    dimensions = 0
    ids = [np.empty(0, np.int64)]
    file.seek(_HEADER_BYTES)
    for given, vectors in batches:
        if not len(given):
            continue
        found = batch(str(path), given, vectors)
        dimensions = dimensions or found.rows.shape[1]
        if found.rows.shape[1] != dimensions:
            raise VectorsError(str(path), f"vectors of {dimensions} and of {found.rows.shape[1]} dimensions")
        file.write(found.rows.astype("<f4", copy=False).data)
        ids.append(found.ids)
    count = sum(len(part) for part in ids)
    file.seek(_ids_start(dimensions, count))
    file.write(np.concatenate(ids).astype("<i8", copy=False).data)
    file.truncate(_ids_start(dimensions, count) + 8 * count)  # pads a file without vectors to a whole header
    return dimensions, count


def _ids_start(dimensions: int, count: int) -> int:
    return _HEADER_BYTES + -(-4 * dimensions * count // 8) * 8


def _remove_abandoned(path: Path) -> None:
    for old in path.parent.glob(f".{path.name}.*.tmp"):
        if time.time() - old.stat().st_mtime > _ABANDONED_S:
            old.unlink(missing_ok=True)
