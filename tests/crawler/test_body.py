"""Decompression: bounded, patient with what servers really send, and the same however the bytes arrive."""

import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable, Sequence
from itertools import pairwise
from typing import Any

import brotli
import pytest
from fontes.crawler import Page, Skipped
from fontes.crawler.errors import FetchError, Unreachable
from fontes.crawler.http.body import decoded
from hypothesis import given
from hypothesis import strategies as st

TEXT = b"It was lit for the first time on a calm evening in May. " * 50


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip, shouted": (" X-GZIP", gzip.compress),
    "gzip of three members": (
        "gzip",
        lambda data: gzip.compress(data[:9]) + gzip.compress(b"") + gzip.compress(data[9:]),
    ),
    "gzip and padding": ("gzip", lambda data: gzip.compress(data) + bytes(40)),
    "gzip and a letter that begins a member": ("gzip", lambda data: gzip.compress(data) + b"\x1f"),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare_deflate),
    "br": ("br", brotli.compress),
    "identity": ("identity", bytes),
    "none": ("", bytes),
    "a charset": ("utf-8", bytes),
}


async def unpacked(parts: Sequence[bytes], encoding: str, **limits: Any) -> bytes:
    async def arriving() -> AsyncIterator[bytes]:
        for part in parts:
            yield part

    limits = {"max_bytes": 1_000_000, **limits}
    return b"".join(
        [piece async for piece in decoded(arriving(), url="http://a.example/", encoding=encoding, **limits)]
    )


async def ending(parts: Sequence[bytes], encoding: str, **limits: Any) -> bytes | tuple[str, str]:
    """What becomes of the body: its bytes, or the error's reason and kind."""
    try:
        return await unpacked(parts, encoding, **limits)
    except FetchError as error:
        return error.reason, type(error).__name__


@pytest.mark.parametrize("name", PACKERS)
async def test_a_body_is_read_whole_or_byte_by_byte(name: str) -> None:
    encoding, pack = PACKERS[name]
    packed = pack(TEXT)
    assert await unpacked([packed], encoding) == TEXT
    assert await unpacked([packed[n : n + 1] for n in range(len(packed))], encoding) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", ""])
async def test_an_empty_body_is_empty_whatever_its_encoding(encoding: str) -> None:
    assert await unpacked([], encoding) == b""
    assert await unpacked([b"", b""], encoding) == b""


@pytest.mark.parametrize("name", ["gzip", "deflate", "bare deflate", "br", "gzip of three members"])
async def test_a_compressed_body_cut_short_breaks_off_and_may_be_asked_for_again(name: str) -> None:
    encoding, pack = PACKERS[name]
    with pytest.raises(Unreachable, match="breaks off after"):
        await unpacked([pack(TEXT)[:-9]], encoding)


@pytest.mark.parametrize(
    ("body", "encoding", "words"),
    [
        (TEXT, "gzip", "no valid gzip"),
        (TEXT, "deflate", "no valid deflate"),
        (TEXT, "br", "no valid br"),
        (gzip.compress(TEXT), "br", "no valid br"),
        (gzip.compress(TEXT)[:-6] + b"123456", "gzip", "no valid gzip"),
        (gzip.compress(TEXT), "zstd", "zstd, which was not asked for"),
        (gzip.compress(TEXT), "gzip, br", "gzip, br, which was not asked for"),
    ],
)
async def test_what_is_not_what_it_says_is_unreadable(body: bytes, encoding: str, words: str) -> None:
    with pytest.raises(FetchError, match=words) as caught:
        await unpacked([body], encoding)
    assert caught.value.reason == "unreadable"


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("step", [1, 1000, 10_000])
async def test_a_cut_body_is_exactly_as_long_as_allowed(name: str, step: int) -> None:
    encoding, pack = PACKERS[name]
    packed = pack(TEXT)
    parts = [packed[n : n + step] for n in range(0, len(packed), step)]
    assert await unpacked(parts, encoding, max_bytes=1234, cut=True) == TEXT[:1234]
    assert await unpacked(parts, encoding, max_bytes=len(TEXT)) == TEXT
    assert await ending(parts, encoding, max_bytes=len(TEXT) - 1) == ("too_large", "FetchError")


encodings = st.sampled_from(["gzip", "deflate", "br", ""])
packed_bodies = st.one_of(
    st.binary(max_size=60),
    st.builds(lambda name, data: PACKERS[name][1](data), st.sampled_from(sorted(PACKERS)), st.binary(max_size=80)),
    st.builds(lambda data, more: gzip.compress(data) + more, st.binary(max_size=40), st.binary(max_size=20)),
    st.builds(lambda data, end: zlib.compress(data)[:end], st.binary(max_size=40), st.integers(0, 60)),
)


@given(packed_bodies, encodings, st.lists(st.integers(0, 120), max_size=8), st.integers(1, 200), st.booleans())
async def test_how_the_bytes_arrive_changes_nothing(
    body: bytes, encoding: str, cuts: list[int], most: int, cut: bool
) -> None:
    edges = [0, *sorted(min(n, len(body)) for n in cuts), len(body)]
    parts = [body[start:end] for start, end in pairwise(edges)]
    whole = await ending([body], encoding, max_bytes=most, cut=cut)
    pieces = await ending(parts, encoding, max_bytes=most, cut=cut)
    if isinstance(whole, bytes):
        assert pieces == whole
    elif not cut:  # else what is broken may lie behind the cut, and not be met
        assert not isinstance(pieces, bytes)


def bomb(encoding: str, size: int) -> bytes:
    pack = {"gzip": zlib.compressobj(9, wbits=31), "deflate": zlib.compressobj(9)}.get(encoding)
    if pack is None:
        packer = brotli.Compressor(quality=5)
        return b"".join([packer.process(bytes(1 << 20)) for _ in range(size >> 20)]) + packer.finish()
    return b"".join([pack.compress(bytes(1 << 20)) for _ in range(size >> 20)]) + pack.flush()


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
async def test_a_bomb_costs_no_more_memory_than_a_body_may_have(site: Any, encoding: str) -> None:
    body = bomb(encoding, 400 << 20)
    assert len(body) < 1_000_000
    site.put("/bomb", site.reply(body, headers=(("Content-Encoding", encoding),)))
    async with site.crawler(max_bytes=4_000_000) as crawler:
        tracemalloc.start()
        outcome = await crawler.fetch("http://one.example/bomb")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert isinstance(outcome, Skipped)
    assert (outcome.reason, outcome.detail) == ("too_large", "it is larger than 4,000,000 bytes")
    assert peak < 16_000_000


@pytest.mark.parametrize("name", ["gzip", "deflate", "bare deflate", "br", "gzip of three members"])
async def test_pages_are_read_in_every_encoding_that_is_asked_for(site: Any, name: str) -> None:
    encoding, pack = PACKERS[name]
    site.put("/a", site.reply(pack(site.article()), headers=(("Content-Encoding", encoding),)))
    async with site.crawler() as crawler:
        page = await crawler.fetch("http://one.example/a")
    assert isinstance(page, Page)
    assert "calm evening in May" in page.text
    assert page.sightings[0].size == len(site.article())


async def test_a_body_cut_short_is_asked_for_again(site: Any) -> None:
    headers = (("Content-Encoding", "gzip"),)
    packed = gzip.compress(site.article())
    site.put("/a", [site.reply(packed[:-20], headers=headers), site.reply(packed, headers=headers)])
    async with site.crawler() as crawler:
        page = await crawler.fetch("http://one.example/a")
    assert isinstance(page, Page)
    assert len(site.asked("/a")) == 2
