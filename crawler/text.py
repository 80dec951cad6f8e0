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
_ASCII_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def clean(text: str) -> str:
    """Give the text the form in which it is stored, hashed, searched and quoted; idempotent.

    Line ends become `\\n`, tabs one space, controls and invisible characters go, and the rest is in Unicode's
    composed form (NFC): a decomposed `é` (file names and PDFs from macOS) is two tokens to a search engine, and the
    same sentence would be two pages. It draws the same glyphs.
    """
    text = _LINE_ENDS.sub("\n", text.replace("\t", " "))
    if text.isascii():
        return _ASCII_UNWANTED.sub("", text)
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text))
