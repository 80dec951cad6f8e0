"""Recognise what is not text by its first bytes."""

import re

# (pattern at the start, what a person calls it); the first match wins
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (rb"%PDF-", "a PDF document"),
    (rb"PK\x03\x04.{26,80}?(?:word/|_rels/|xl/|ppt/|\[Content_Types)", "an Office document"),
    (rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis", "an OpenDocument file"),
    (rb"PK\x03\x04.{26}mimetypeapplication/epub", "an EPUB book"),
    (rb"PK(?:\x03\x04|\x05\x06|\x07\x08)", "a ZIP archive"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (rb"\{\\rtf", "an RTF document"),
    (rb"\x89PNG\r\n\x1a\n", "a PNG image"),
    (rb"\xff\xd8\xff", "a JPEG image"),
    (rb"GIF8[79]a", "a GIF image"),
    (rb"RIFF.{4}WEBP", "a WebP image"),
    (rb"(?:II\*\x00|MM\x00\*)", "a TIFF image"),
    (rb"\x00\x00[\x01\x02]\x00", "an icon"),
    (rb"RIFF.{4}(?:WAVE|AVI )", "audio or video"),
    (rb"(?:OggS|fLaC|ID3[\x02-\x04]|\xff[\xfb\xf3\xf2][\x10-\xee])", "audio or video"),
    (rb"\x00.{3}ftyp", "audio, video or an image"),
    (rb"\x1aE\xdf\xa3", "a Matroska or WebM video"),
    (rb"\x1f\x8b\x08", "a gzip archive"),
    (rb"BZh[1-9]1AY", "a bzip2 archive"),
    (rb"\xfd7zXZ\x00", "an xz archive"),
    (rb"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (rb"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (rb"Rar!\x1a\x07", "a RAR archive"),
    (rb"\x7fELF", "an ELF program"),
    (rb"MZ.{0,200}\x00", "a Windows program"),
    (rb"(?:\xcf\xfa\xed\xfe|\xce\xfa\xed\xfe|\xca\xfe\xba\xbe)", "a compiled program"),
    (rb"\x00asm", "a WebAssembly module"),
    (rb"SQLite format 3\x00", "an SQLite database"),
    (rb"(?:wOFF|wOF2|\x00\x01\x00\x00\x00|OTTO\x00)", "a font"),
    (rb"(?:ARROW1|PAR1|\x89HDF\r\n)", "a data file"),
)
_SIGNATURE = re.compile(b"|".join(b"(%b)" % pattern for pattern, _ in _SIGNATURES), re.DOTALL)
_UNICODE_BOMS = (b"\xff\xfe", b"\xfe\xff")
_LOOK_AT = 8192
# Bytes that no text in use gives a meaning to: C0 without tab, line ends, SO, SI and ESC (ISO-2022), DOS's SUB, and
# what a terminal's log holds besides ESC (BEL ends a window's title, BS moves back)
_MEANINGLESS = bytes({*range(0x20), 0x7F} - {0x07, 0x08, *range(0x09, 0x10), 0x1A, 0x1B})


def binary_kind(body: bytes) -> str:
    """What this is if it is not text (`"a PNG image"`, `"binary data"`), "" if it may be text.

    Known signatures first; then, in the first 8 KB, more than one byte in a hundred that no text holds (UTF-16 and
    UTF-32 with a byte order mark, or with NUL in every other place, are text).
    """
    if found := _SIGNATURE.match(body):
        return _SIGNATURES[(found.lastindex or 1) - 1][1]
    head = body[:_LOOK_AT]
    if head.startswith(_UNICODE_BOMS) or unmarked_utf16(head):
        return ""
    meaningless = len(head) - len(head.translate(None, _MEANINGLESS))
    return "binary data" if meaningless * 100 > len(head) else ""


def unmarked_utf16(head: bytes) -> str:
    """`"utf-16-le"` or `"utf-16-be"` if these bytes look like it without a byte order mark, else "".

    So they do when NUL stands in at least seven of ten places of one parity, and in hardly any of the other.
    """
    pairs = len(head) // 2
    if pairs < 2:
        return ""
    even, odd = head[0 : 2 * pairs : 2].count(0) / pairs, head[1 : 2 * pairs : 2].count(0) / pairs
    if odd > 0.7 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 and odd < 0.05 else ""
