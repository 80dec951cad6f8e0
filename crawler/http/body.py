"""A body's bytes, decompressed as they come and never more of them than asked for."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Protocol

import brotli

from ..errors import FetchError, Unreachable

ACCEPT_ENCODING = "gzip, deflate, br"
_STEP_BYTES = 1 << 18  # decompressed at once, between two looks at the event loop
_UNREADABLE = frozenset({"zstd", "compress", "x-compress", "dcb", "dcz"})
_GZIP_MAGIC = b"\x1f\x8b"


class _Decoder(Protocol):
    """Takes compressed bytes, gives decompressed ones in pieces of bounded size."""

    def feed(self, data: bytes) -> Iterator[bytes]: ...

    def is_whole(self) -> bool:
        """Whether the compressed stream came to its end."""
        ...


async def decoded(
    parts: AsyncIterator[bytes], *, url: str, encoding: str, max_bytes: int, cut: bool = False
) -> AsyncIterator[bytes]:
    """The body in pieces, at most `max_bytes` of it: what comes then is left (`cut`), or "too_large".

    Raises:
        FetchError: "too_large"; "unreadable", when it is not what `encoding` (Content-Encoding) says, or that was not
            asked for.
        Unreachable: it breaks off.
    """
    decoder = _decoder(encoding, url)
    total = 0
    async for part in parts:
        try:
            for piece in decoder.feed(part):
                total += len(piece)
                if total > max_bytes:
                    if not cut:
                        raise FetchError(url, "too_large", f"it is larger than {max_bytes:,} bytes")
                    yield piece[: max_bytes - total]
                    return
                yield piece
                if len(piece) >= _STEP_BYTES:
                    await asyncio.sleep(0)
        except (zlib.error, brotli.error) as error:
            raise FetchError(url, "unreadable", f"it is no valid {encoding} ({error})") from error
    if not decoder.is_whole():
        raise Unreachable(url, f"the {encoding} body breaks off after {total:,} bytes")


def _decoder(encoding: str, url: str) -> _Decoder:
    match encoding.strip().lower():
        case "gzip" | "x-gzip":
            return _Gzip()
        case "deflate":
            return _Deflate()
        case "br":
            return _Brotli()
        case named if named in _UNREADABLE or "," in named:
            raise FetchError(url, "unreadable", f"its Content-Encoding is {named}, which was not asked for")
        case _:  # none, identity, and what is no encoding at all, such as utf-8
            return _Identity()


class _Identity:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def is_whole(self) -> bool:
        return True


class _Gzip:
    """RFC 1952, with any number of members; what stands after them and is none is none of ours."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._held = b""  # one byte after a member, which may begin the next
        self._has_begun = self._is_over = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self._is_over:
            if self._inner.eof:
                data = self._held + data
                self._held = b""
                if data == _GZIP_MAGIC[:1]:
                    self._held = data
                    return
                if not data.startswith(_GZIP_MAGIC):
                    self._is_over = True
                    return
                self._inner = zlib.decompressobj(zlib.MAX_WBITS | 16)
            piece = self._inner.decompress(data, _STEP_BYTES)
            self._has_begun = True
            if piece:
                yield piece
            data = self._inner.unconsumed_tail or self._inner.unused_data

    def is_whole(self) -> bool:
        return self._inner.eof or not self._has_begun


class _Deflate:
    """zlib's form (RFC 1950), and, as many send it, the bare one (RFC 1951), told apart by the first two bytes."""

    def __init__(self) -> None:
        self._head = b""
        self._inner: zlib._Decompress | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inner is None:
            self._head += data
            if len(self._head) < 2:
                return
            is_zlib = self._head[0] & 0x0F == 8 and int.from_bytes(self._head[:2], "big") % 31 == 0
            self._inner = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
            data = self._head
        while data:
            if piece := self._inner.decompress(data, _STEP_BYTES):
                yield piece
            data = self._inner.unconsumed_tail

    def is_whole(self) -> bool:
        return self._inner.eof if self._inner is not None else not self._head


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()
        self._has_begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._has_begun = self._has_begun or bool(data)
        piece = self._inner.process(data, output_buffer_limit=_STEP_BYTES)
        while piece or not self._inner.can_accept_more_data():
            yield piece
            piece = self._inner.process(b"", output_buffer_limit=_STEP_BYTES)

    def is_whole(self) -> bool:
        return self._inner.is_finished() or not self._has_begun
