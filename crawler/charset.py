"""From bytes to text: which encoding, and is it text at all.

Order: byte order mark; strict UTF-8 (text in another encoding that is valid UTF-8 by accident does not occur, pages
labelled `iso-8859-1` that hold UTF-8 do); UTF-8 with a few lines in another encoding, or a few broken places; what the
server or the page declares; what the bytes look like.
"""

import codecs
import re

from .charset_labels import CODECS, encoding_name
from .errors import ExtractionError
from .signature import binary_kind, unmarked_utf16

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 32_768
# What charset_normalizer may guess: without it, it offers EBCDIC and code pages nobody has used in decades.
_GUESSABLE = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874", "iso8859_2", "iso8859_5",
    "iso8859_7", "koi8_r", "koi8_u", "cp866", "mac_roman", "cp932", "euc_jp", "gb18030", "big5", "cp949",
)  # fmt: skip
# What charset_normalizer may mean by Western text, which it often takes for cp1250: "è" and "č" are the same byte
_LATIN = frozenset({"cp1250", "cp1252", "cp1257", "iso8859_2", "mac_roman"})
# A sign where a word has a letter: the mark of a wrong single-byte encoding. Between letters any sign but apostrophes
# and dashes; after a letter those that do not end words (as ², ®, ° and closing quotes do).
_SIGN_IN_WORD = re.compile(r"(?<=[^\W\d_])(?:[\x80-\xbf×÷ˇ˘˙˛˝‚„†‡‰‹›€](?=[^\W\d_])|[\x80-\x9f¡-¦¨¬¯±´-¶¸¹¼-¿×÷ˇ˘˙˛˝])")
_RARE_IN_THE_WEST = re.compile("[šžŠŽðþÐÞýÝ]")


def decode(body: bytes, *, declared: str = "", html: bool = False) -> str:
    """Read the bytes as text, without their byte order mark; control characters are still in it.

    `declared` is the label that came with them (the `charset` of a Content-Type), "" if none; with `html`, what the
    page itself declares counts too.

    Raises:
        ExtractionError: "wrong_type" for bytes that are not text (an image, an archive, a program), naming the kind;
            "unreadable" for text in an encoding that could not be told.
    """
    if kind := binary_kind(body):
        raise ExtractionError("", "wrong_type", f"this is {kind}, not text")
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return _mostly(body[len(bom) :], encoding)
    if encoding := unmarked_utf16(body[:8192]):
        return _mostly(body, encoding)
    name = encoding_name(declared) or (prescan(body) if html else "")
    # pure ASCII is not proof of UTF-8: ISO-2022-JP is ASCII with escape sequences
    if name != "iso-2022-jp" or not body.isascii():
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
        if text := _mended_utf8(body):
            return text
    if name and _is_believable(text := body.decode(CODECS[name], errors="replace")):
        return text
    if _is_believable(body.decode("utf-8", errors="replace")):
        return "".join(map(_mended_line, body.splitlines(keepends=True)))
    return _mostly(body, _guess(body))


def html_encoding(body: bytes, *, declared: str = "") -> str:
    """The encoding a browser would start with: byte order mark, declared, prescan, else windows-1252.

    WHATWG HTML, "determining the character encoding", without the parts that need a user or a parent document.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom) and not encoding.startswith("utf-32"):
            return encoding.replace("utf-16-", "utf-16")
    return encoding_name(declared) or prescan(body) or "windows-1252"


# Halves of UTF-16 surrogate pairs, each written as if it were a character (CESU-8; Java and old databases do)
_SURROGATES = re.compile(rb"(\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf])|\xed[\xa0-\xbf][\x80-\xbf]")
_ENOUGH_VALID = 2


def _mended_utf8(body: bytes) -> str:
    """UTF-8 in which some lines are not, "" unless it holds twice as many characters beyond ASCII as broken places.

    Bytes in a single-byte encoding are almost never UTF-8 by accident, and in East Asian ones a tenth of them are. A
    line that has no valid character beyond ASCII is in windows-1252 (logs and mail of several programs); in the others
    a broken place is U+FFFD, and so is a character that the end of the file cuts off.
    """
    body = _SURROGATES.sub(_joined_surrogates, body)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    valid, broken = _counts(body)
    if valid < _ENOUGH_VALID * broken:
        return ""
    return "".join(map(_mended_line, body.splitlines(keepends=True)))


def _joined_surrogates(found: re.Match[bytes]) -> bytes:
    if not found[1]:
        return b"\xef\xbf\xbd"
    halves = found[1].decode("utf-8", errors="surrogatepass")
    return halves.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le").encode()


def _counts(body: bytes) -> tuple[int, int]:
    """How many characters beyond ASCII are valid UTF-8, and how many places are broken."""
    text = body.decode("utf-8", errors="replace")
    broken = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    return len(text) - len(text.encode("ascii", errors="ignore")) - broken, broken


def _mended_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        # A Western letter at the end is a small one mostly, which as UTF-8 would begin a character of three bytes
        is_cut_off = error.end == len(line) and (error.end - error.start > 1 or line[-1] < 0xE0)
    if is_cut_off or _counts(line)[0]:
        return line.decode("utf-8", errors="replace")
    return line.decode("cp1252", errors="replace")


def _mostly(body: bytes, encoding: str) -> str:
    text = body.decode(encoding, errors="replace")
    if not _is_believable(text):
        raise ExtractionError("", "unreadable", f"the text is damaged: it looks like {encoding}, but does not decode")
    return text


def _is_believable(text: str) -> bool:
    """Broken places are at most a tenth of what is not ASCII, or a single one (a file cut in mid-character)."""
    broken = text.count("\ufffd")
    return broken <= 1 or broken * 10 <= len(text) - len(text.encode("ascii", errors="ignore"))


def _guess(body: bytes) -> str:
    from charset_normalizer import from_bytes

    sample = body if len(body) <= 2 * _SAMPLE else body[:_SAMPLE] + body[-_SAMPLE:]
    best = from_bytes(sample, cp_isolation=list(_GUESSABLE)).best()
    if best is None:
        raise ExtractionError("", "unreadable", "the text's encoding cannot be told; save it as UTF-8")
    if best.encoding not in _LATIN:
        return best.encoding
    # Czech and Polish in cp1250 have "š", "ž" or "ś" at once, and in these places
    central = "cp1250" if re.search(rb"[\x80-\x9f]", sample) else "iso8859_2"
    western = sample.decode("cp1252", errors="replace")
    oddities = _oddities(western) + len(_RARE_IN_THE_WEST.findall(western))
    return central if oddities > _oddities(sample.decode(central, errors="replace")) else "cp1252"


def _oddities(text: str) -> int:
    return 2 * len(_SIGN_IN_WORD.findall(text)) + text.count("\ufffd")


# The prescan (WHATWG HTML, "prescan a byte stream to determine its encoding"). Browsers stop it after 1,024 bytes and
# change their mind later when the parser meets a <meta>; reading further from the start comes to the same.
_PRESCAN_BYTES = 65_536
_COMMENT_OR_TAG = re.compile(
    rb"<!--(?=(?P<comment>))|<(?P<meta>meta[\t\n\f\r /])|</?(?P<tag>[a-z])|<[!/?]", re.IGNORECASE
)
_ATTRIBUTE = re.compile(
    rb"""[\t\n\f\r /]*(?:(?P<end>>)|(?P<name>[^\t\n\f\r />][^\t\n\f\r /=>]*)
    (?:[\t\n\f\r ]*=[\t\n\f\r ]*
    (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^"'\t\n\f\r >][^\t\n\f\r >]*)))?)""",
    re.VERBOSE,
)
_TAG_NAME_END = re.compile(rb"[\t\n\f\r >]")
_CHARSET_IN_CONTENT = re.compile(
    rb"""charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^"'\t\n\f\r ;][^\t\n\f\r ;]*))""", re.IGNORECASE
)


def prescan(body: bytes) -> str:
    """The name of the encoding that an HTML page declares in a `<meta>`, "" if it declares none."""
    head, at = body[:_PRESCAN_BYTES], 0
    while found := _COMMENT_OR_TAG.search(head, at):
        if found["meta"] or found["tag"]:
            name_end = _TAG_NAME_END.search(head, found.start() + 1)
            attributes, at = _attributes(head, name_end.start()) if name_end else ({}, -1)
            if found["meta"] and at >= 0 and (encoding := _declared_in(attributes)):
                return encoding
        elif found["comment"] is not None:
            at = head.find(b"-->", found.end() - 2) + 1  # it may share its dashes with "<!--"
        else:
            at = head.find(b">", found.end()) + 1
        if at <= 0:  # the bytes end within a tag or comment
            return ""
    return ""


def _attributes(head: bytes, at: int) -> tuple[dict[bytes, bytes], int]:
    """The attributes of a tag, the first of each name, and the place after the tag (-1 if the bytes end within it)."""
    attributes: dict[bytes, bytes] = {}
    while found := _ATTRIBUTE.match(head, at):
        at = found.end()
        if found["end"]:
            return attributes, at
        value = found["double"] or found["single"] or found["bare"] or b""
        attributes.setdefault(found["name"].lower(), value)
    return attributes, -1


def _declared_in(meta: dict[bytes, bytes]) -> str:
    label = meta.get(b"charset", b"")
    if not label and meta.get(b"http-equiv", b"").lower() == b"content-type":
        found = _CHARSET_IN_CONTENT.search(meta.get(b"content", b""))
        label = next(filter(None, found.groups()), b"") if found else b""
    encoding = encoding_name(label.decode("latin-1"))
    return "utf-8" if encoding.startswith("utf-16") else encoding
