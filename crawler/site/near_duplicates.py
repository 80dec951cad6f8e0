"""Texts that are nearly the same as one seen before: print versions, mirrors, pages that differ in a date."""

import hashlib
import re
import struct
from collections import OrderedDict
from operator import eq

from rensa import RMinHash  # type: ignore[import-untyped]  # pyright: ignore[reportAttributeAccessIssue]

# MinHash (Broder, 1997) over runs of five words; candidates by banding (Leskovec et al., Mining of Massive Datasets,
# §3.4): 12 bands of 10 values find a pair of similarity .9 with probability .994, of .5 with .01.
_PERMUTATIONS = 128
_BANDS, _ROWS = 12, 10
# Texts kept a band: else a page would be compared with all the thousands that share a frame with it
_CANDIDATES = 16
_SHINGLE = 5
_SEED = 1
# A shorter text is a handful of shingles: one word more or less decides. Compared as a whole, by its words.
_SHORT = 50
# Words; and each letter of the scripts that are written without spaces (kana, Han, Thai, Lao, Khmer, Myanmar)
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+")
_DIGEST = struct.Struct(f"<{_PERMUTATIONS}H")
_LOW_BITS = 0xFFFF


class NearDuplicates:
    """Remembers texts by their signatures and finds the nearly identical ones, in time that does not grow.

    `threshold` is the least share of five-word runs that two texts have in common of all that either has (Jaccard), as
    estimated from 128 hashes: the standard error at .9 is .027. Case, punctuation and spaces do not count. Texts of
    less than 50 words are found only if all their words are the same. At most `capacity` texts are remembered (about
    2 KB each); then the oldest is forgotten. The same texts in the same order give the same answers in any process.
    """

    def __init__(self, threshold: float = 0.9, *, capacity: int = 20_000) -> None:
        if not 0 < threshold <= 1 or capacity < 1:
            raise ValueError(f"threshold lies in (0, 1] and capacity is positive: {threshold}, {capacity}")
        self._least_equal = threshold * _PERMUTATIONS
        self.capacity = capacity
        self._texts: OrderedDict[int, tuple[bytes, str]] = OrderedDict()  # number → signature and name
        # A band's values → numbers. A single one is no tuple: garbage collection walks through containers, and with
        # hundreds of thousands of them stops the event loop for a tenth of a second.
        self._bands: dict[bytes, int | tuple[int, ...]] = {}
        self._next = 0

    def __len__(self) -> int:
        return len(self._texts)

    def seen(self, text: str, name: str) -> str | None:
        """The name of an earlier text that is nearly the same; if there is none, None, and this one is remembered."""
        signature = self.signature(text)
        earlier = self.find(signature)
        if earlier is None:
            self.remember(signature, name)
        return earlier

    @staticmethod
    def signature(text: str) -> bytes:
        """What is remembered of a text: 256 bytes (16 bits of each hash), or 16 of a short one."""
        words = _WORD.findall(text.casefold())
        if len(words) < _SHORT:
            return hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        runs = zip(*(words[at:] for at in range(_SHINGLE)), strict=False)
        hashes = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
        hashes.update(list(map(" ".join, runs)))
        return _DIGEST.pack(*(value & _LOW_BITS for value in hashes.digest()))

    def find(self, signature: bytes) -> str | None:
        """The name of the most similar text remembered, of equals the earliest; None if none is similar enough."""
        numbers = sorted({number for band in _bands(signature) for number in self._with_band(band)})
        best, name = 0, None
        for number in numbers:
            other, other_name = self._texts[number]
            if (equal := _equal_values(signature, other)) > best:
                best, name = equal, other_name
        return name if best >= self._least_equal else None

    def remember(self, signature: bytes, name: str) -> None:
        """Keep the signature under this name, without asking whether it is known."""
        if len(self._texts) >= self.capacity:
            self._forget_oldest()
        self._texts[self._next] = (signature, name)
        for band in _bands(signature):
            if len(numbers := self._with_band(band)) < _CANDIDATES:
                self._bands[band] = (*numbers, self._next) if numbers else self._next
        self._next += 1

    def _forget_oldest(self) -> None:
        number, (signature, _) = self._texts.popitem(last=False)
        for band in _bands(signature):
            if left := tuple(other for other in self._with_band(band) if other != number):
                self._bands[band] = left
            else:
                self._bands.pop(band, None)

    def _with_band(self, band: bytes) -> tuple[int, ...]:
        numbers = self._bands.get(band, ())
        return (numbers,) if isinstance(numbers, int) else numbers


def _bands(signature: bytes) -> list[bytes]:
    """Keys that two similar signatures most likely share one of."""
    if len(signature) != _DIGEST.size:
        return [signature]
    width = 2 * _ROWS
    return [
        hashlib.blake2b(signature[at * width : (at + 1) * width], digest_size=8, salt=bytes([at])).digest()
        for at in range(_BANDS)
    ]


def _equal_values(one: bytes, other: bytes) -> int:
    """How many of the hashes agree, of `_PERMUTATIONS`."""
    if len(one) != len(other):
        return 0
    if len(one) != _DIGEST.size:
        return _PERMUTATIONS * (one == other)
    return sum(map(eq, _DIGEST.unpack(one), _DIGEST.unpack(other)))
