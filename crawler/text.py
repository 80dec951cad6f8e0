"""Text as it is stored: what may remain in it, and what is taken out at extraction."""

import re
import unicodedata

# Every function that ends a line or a page in Unicode (UAX 14), so that no two lines are glued together.
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# DESIGN §3: C0 and C1 controls, bidi and zero-width controls. Besides these, what is invisible by definition and can
# hide text from a reader or a search: soft hyphens, deprecated format and annotation controls, invisible operators,
# variation selectors 17-256 and tag characters (both smuggle whole sentences), noncharacters, lone surrogates.
# ZWNJ and ZWJ go too: a Persian word or an emoji sequence loses its joining, never a letter. The selectors 1-16 stay:
# they pick between a symbol and its emoji, and between Mongolian letter shapes.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e0fff]"
)
# What a terminal obeys and does not show (ECMA-48, xterm): CSI (colours, movements; one cut off at the end of its
# line too), OSC and other strings up to their end (titles, links), choices of a character set, and single functions.
# The 8-bit forms only where they are whole beyond doubt: in a text that was decoded wrongly they are letters.
_ESCAPES = re.compile(
    r"""\x1b\[[0-?]*[ -/]*[@-~]?
    | (?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x08\x0a-\x1f\x7f-\x9f]*+(?:\x07|\x1b\\|\x9c)
    | \x1b[()*+\-./][0-9A-Za-z@] | \x1b\#[3-8] | \x1b[78=>c\\]
    | \x9b[0-9;?]++[A-Za-z]""",
    re.VERBOSE,
)
_ESCAPE_STARTS = ("\x1b", "\x9b", "\x9d", "\x90", "\x98", "\x9e", "\x9f")
_ASCII_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def clean(text: str) -> str:
    """Give the text the form in which it is stored, hashed, searched and quoted; idempotent.

    Line ends become `\\n`, tabs one space; a terminal's escape sequences, controls and invisible characters go; and the
    rest is in Unicode's composed form (NFC): a decomposed `é` (file names and PDFs from macOS) is two tokens to a
    search engine, and the same sentence would be two pages. It draws the same glyphs.
    """
    if any(start in text for start in _ESCAPE_STARTS):
        text = _ESCAPES.sub("", text)
    text = _LINE_ENDS.sub("\n", text.replace("\t", " "))
    if text.isascii():
        return _ASCII_UNWANTED.sub("", text)
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text))
