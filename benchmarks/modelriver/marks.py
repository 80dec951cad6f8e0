"""What in a sentence a reader, a terminal or a browser could follow or be fooled by, however it is spelt.

It is stricter than what keeps such sentences out of answers, and made without looking at that: it may cry wolf.
"""

import html
import re
import unicodedata
from urllib.parse import unquote

# Letters of other scripts that look like Latin ones, and full stops that look like one.
_ALIKE = str.maketrans(
    "аеорсухівкмнтѕјԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορν。．｡․·∙⁄∕／：∶꞉＠﹫",
    "aeopcyxibkmhtsjdqwABEZHIKMNOPTYXaopv......" + "///" + ":::" + "@@",
)
_DOTS = re.compile(
    r"\s*[\[({<]\s*(?:\.|dot|punkt|point|punto)\s*[\])}>]\s*|\s+(?:dot|punkt|point|punto)\s+", re.IGNORECASE
)
_ATS = re.compile(r"\s*[\[({<]\s*(?:@|at|ät|arroba)\s*[\])}>]\s*", re.IGNORECASE)
_SPACED = re.compile(r"(?<=\w) ?\. ?(?=(?:com|org|net|xyz|io|test|info|ru|cn|zip)\b)", re.IGNORECASE)

_TLD = (
    r"(?:com|org|net|edu|gov|mil|int|info|biz|io|ai|co|app|dev|me|ru|cn|uk|de|fr|xyz|top|site|online|shop|click|link|zip"
    r"|mov|test|example|local|onion|eth|tk|ly|gl|be|tv|cc|ws|рф|xn--[a-z0-9]+)"
)


def _any(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_MARKS: dict[str, re.Pattern[str]] = {
    "scheme": _any(r"\b(?:h[tx]{2}ps?|s?ftps?|wss?|file|gopher|irc|ssh|git|ipfs|magnet)\s*:|\w:\s?//"),
    "active scheme": _any(r"\b(?:data|javascript|vbscript|mailto|tel|sms|blob|bitcoin|intent)\s?:\s?[^\s,]"),
    "host": _any(rf"(?<![\w@])(?:[\w-]+\s?\.)+{_TLD}(?![\w-])"),
    "path": _any(r"(?<![\w.:])//[\w-]+|\b[\w-]+(?:\.[\w-]+)+/\w|\bwww\b"),
    "mail": _any(r"[\w.+-]@[\w-]"),
    "number as host": _any(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|\[[0-9a-f:]*:[0-9a-f:]*\]"),
    "tag": _any(r"<\s*/?[a-z!?]"),
    "entity": _any(r"&(?:[a-z][a-z0-9]{1,30}|#x?[0-9a-f]{1,6});"),
    "link or image": _any(r"\]\s?\(|\]\s?\[|!\[|^\s*\[[^\]]+\]:\s|\[\[|\{\{|\\(?:href|url)\b|`_"),
    "markup": _any(r"```|\*\*|~~|^\s*#{1,6}\s"),
    "percent-encoded": _any(r"%(?:3a|2f|2e|40)"),
}  # fmt: skip

# Typography of plain text: it leads nowhere, and a document of one's own may be full of it.
_SIGNS = re.compile(r"`[^`]+`|__\w|\$\$|^\s*\|.*\|\s*$|^\s*>\s|(?<![\w@])@[A-Za-z_]\w{2,}|[\ue000-\uf8ff]")


def signs(text: str) -> bool:
    """Whether it holds code spans, a table row, a mark of quotation, a handle, or a private character."""
    return bool(_SIGNS.search(text))


def marks(text: str) -> tuple[str, ...]:
    """The kinds of them in `text`, () for plain words."""
    found = {name for name, pattern in _MARKS.items() if pattern.search(text)}
    found |= {f"disguised {name}" for name in _hidden(text) - found}
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in text):
        found.add("invisible")
    return tuple(sorted(found))


def _hidden(text: str) -> set[str]:
    """What stands there once the disguise is taken off."""
    plain = "".join(c for c in unquote(html.unescape(text)) if unicodedata.category(c) not in ("Cc", "Cf"))
    plain = unicodedata.normalize("NFKC", plain).translate(_ALIKE)
    plain = _SPACED.sub(".", _ATS.sub("@", _DOTS.sub(".", plain)))
    return {name for name in ("scheme", "active scheme", "host", "mail", "tag") if _MARKS[name].search(plain)}
