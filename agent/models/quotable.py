"""What of a passage can stand in an answer: whole sentences without addresses, markup or menus."""

import html
import re
import unicodedata
from urllib.parse import unquote

from ...retrievers.sentences import sentence_spans
from ..verifiers.reading.clauses import is_finite
from ..verifiers.reading.terms import words

# Bare host names are addresses too ("visit evil.com"). In capitals only under domains that are no words and no
# products: ASP.NET is none.
_DOMAINS = (
    r"(?:(?:com|org|net|edu|gov|info|biz|io|ai|co|app|dev|me|xyz|top|site|online|shop|click|link|zip|mov|onion|eth"
    r"|ae|au|bg|br|ca|cc|ch|cl|cn|cz|de|dk|ee|eu|fi|fr|gl|gr|hk|hr|hu|ie|il|jp|kr|kz|lt|lu|lv|ly|mx|nl|nz|pl|pt|ro|rs|ru"
    r"|se|sg|sk|su|tk|tr|tv|tw|ua|uk|vn|ws|za|рф|xn--[a-z0-9]+"
    r"|ar|ba|bd|bz|cf|ci|cm|cu|cy|dz|es|fm|ga|ge|gg|gq|iq|ir|ke|kg|kh|ky|lb|li|lk|mk|ml|mn|mt|mu|ng|np|om|pe|pk|pw|qa"
    r"|sa|sn|sy|tn|tz|uy|uz|vc|ve|vg|zw"
    r"|agency|bayern|berlin|blog|bond|buzz|cfd|club|cyou|digital|gmbh|guru|hamburg|icu|koeln|lol|london|ltd|mobi"
    r"|monster|museum|ninja|nyc|paris|quest|rocks|sbs|solutions|swiss|tech|tokyo|travel|vip|website|wien|wiki|wtf"
    r"|example|invalid|test(?!\())"
    r"|(?:C(?:OM|om)|O(?:RG|rg)|E(?:DU|du)|G(?:OV|ov)|XYZ|RU|CN))"
)
_SPOKEN = r"(?:com|org|net|de|fr|uk|ru|cn|io|info|xyz)"
# Each way begins with the sign that makes it one, and looks back from there: time is linear.
_ADDRESS = re.compile(
    r"(?i:(?<=[a-z0-9+.-])://|\b(?:https?|ftp|file|wss?)\s?:\s?[/\\]|\bwww(?:\.| \w)|\blocalhost:\d|\bhxxps?\b"
    r"|\b(?:mailto|javascript|vbscript|data|magnet|bitcoin):\S|\b(?:tel|sms):\+?\d"
    r"|(?<=[\w.+-])@[\w-]+\.\w|(?<=[\w.+-]{2})@[a-z][a-z-]{2})"
    rf"|(?<=[\w-])\.(?:{_DOMAINS}\b(?!\.\w)|[a-z]{{2,24}}/\w)"
    r"|(?:^|[\s(<\"'={:])//[\w-]|(?:^|[\s(<\"'={:])\\\\[\w-]+\\\w"
    r"|(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\w)"
    r"|(?i:\[(?=[0-9a-f:]*::|(?:[0-9a-f]*:){4})[0-9a-f:]{2,40}\])"
    rf"|(?i:(?<=\w)\s?[\[({{<](?:\.|dot|punkt|point)[\])}}>]\s?\w|(?<=\w) \.{_SPOKEN}\b"
    rf"|(?<=[\w-])(?<!\bthe)(?<!\ba) (?:dot|punkt) {_SPOKEN}\b(?! (?:boom|bubble|bust|crash|era|compan|start|stock)))"
)
_MARKUP = re.compile(
    r"(?i:</?[a-z!][^<>]*>|<\s?/?\s?(?:script|iframe|img|svg|a)\s[^<>]*>|\]\(|!\[|\]: ?/|\[\[|\{\{|\{%|\*\*|```|~~"
    r"|(?:^|[.!?:]\s)#{1,6}\s|&(?:[a-z]{2,8};|#x?[0-9a-f])|\\(?:href|url)\b"
    # The fence of a prompt in any bracket, a chat template's marks, and a reply in the form that was asked for.
    r"|[<‹⟨〈❮]\s?(?:[/!]|(?:passage|question)\b)|<[|｜]\w|\[/?(?:INST|SYS)\]|[{\[]\s?[\"'{]\s?[\"']?(?:sentences|text|labels)[\"']\s?:)"
)

# How the same looks that is written otherwise: full stops and letters of other scripts, the bracket of `fence`.
_ALIKE = str.maketrans("。．｡․·асеорху‹", ".....aceopxy<")

# Without one of these there is none of all that: most sentences are done with after one look.
_SIGN = re.compile(
    r"[@/<&#*~%`\\:\[\]{‹⟨〈❮。｡․·\uff00-\uffef]|\.\w| \.|\((?:\.|dot|punkt|point)|\b(?:www|hxxps?|dot|punkt)\b",
    re.IGNORECASE,
)

_BULLET = re.compile(r"(?:[-*+•‣◦▪·–—]|\(?\d{1,3}[.)]|[QA]:)\s+")
_ENDS = re.compile(r"[.!…。！।۔։]['\"”’»)\]」』）]*$")
_ASKS = re.compile(r"[?？؟]['\"”’»)\]」』）]*$")
_SEPARATORS = re.compile(r"\s[|·•»›>/]\s|\t|[|]")
_LABEL = re.compile(
    r"(?!(?:The|An?|This|It|He|She|They|We|I|You)\b)[^\W\d_a-zß-öø-ÿ][\w’'-]*(?: [\w’'-]+){0,3}: [^\W_]"
)
_CAPTION = re.compile(
    r"(?:(?:Fig(?:ure|\.)|Table|Photo(?:graph)?|Picture|Map|Abb(?:ildung|\.)|Tab(?:elle|\.)) ?\d*(?:\.\d+)?\s?[.:–—]\s"
    r"|(?:By|Photo(?:graph)? by|Written by|Posted by|Text:|Foto:|Bild:|Von) [^\W\d_a-zß-öø-ÿ])"
)
_MOST_OF_A_HEADING = 14  # words
_LABELLED = re.compile(r"\w[^:]{0,60}:\s+\S")

# Longer "sentences" are tables and menus whose lines were joined, or lists without stops.
_MOST_CHARACTERS = 700


def holds_address(text: str) -> bool:
    """True for a text with a URL, an e-mail address or markup: never asserted (addresses stand in the source list)."""
    if not _SIGN.search(text):
        return False
    seen = _as_seen(text)
    return any(_ADDRESS.search(each) or _MARKUP.search(each) for each in dict.fromkeys((text, seen)))


def _as_seen(text: str) -> str:
    """The text as a reader or a browser takes it: references and escapes resolved, disguises off."""
    if "%" in text:
        text = unquote(text)
    if "&" in text:
        text = html.unescape(text)
    return text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_ALIKE)


def is_question(text: str) -> bool:
    """True for a sentence that asks: a FAQ's question is the best match of all and answers nothing."""
    return bool(_ASKS.search(text))


def is_statement(text: str) -> bool:
    """True for a written sentence that states something: no question, announcement ("The answer is:") or table row."""
    is_row = len(_SEPARATORS.findall(text)) > 1
    return (
        bool(words(text))
        and len(text) <= _MOST_CHARACTERS
        and not (is_row or is_question(text) or text.rstrip().endswith((":", "：")))
    )


def is_label(text: str) -> bool:
    """True for a label with its value: "Upload limit: 50 MB", "Present: Mayor Greta Sohl; councillors Adler, Bohm."."""
    return bool(_LABEL.match(text))


def is_heading(text: str, start: int, end: int) -> bool:
    """True for a line that is a paragraph of its own without stating anything: a title, a byline, a caption.

    It is a stretch of `text`, a passage, that has no end mark and no label, in few words; a list item is none. Or it
    begins as captions and bylines do ("Figure 2:", "By …") and holds no verb.
    """
    line = text[start:end]
    if _CAPTION.match(line) and not any(map(is_finite, words(line))):
        return True
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    is_alone = before in ("", "\n\n") and after in ("", "\n\n") and bool(before or after)
    return is_alone and len(words(line)) <= _MOST_OF_A_HEADING and not (_ENDS.search(line) or _LABELLED.match(line))


def is_prose(text: str) -> bool:
    """True for a whole sentence, False for what looks like a heading, a menu or a table row.

    A sentence has at least four words and an end mark, or six words of which half are not capitalised, or a label with
    a value ("Upload limit: 50 MB").
    """
    found = words(text)
    if len(text) > _MOST_CHARACTERS or len(found) < 3 or len(_SEPARATORS.findall(text)) > 1:
        return False
    if _ENDS.search(text):
        return len(found) > 3
    plain = sum(not word[0].isupper() for word in found)
    return (len(found) > 5 and plain * 2 >= len(found)) or bool(_LABELLED.match(text))


def quotable_spans(text: str, language: str) -> tuple[tuple[int, int], ...]:
    """The sentences of a passage as (start, end), list marks left out, without those that hold an address."""
    spans: list[tuple[int, int]] = []
    for start, end in sentence_spans(text, language):
        if bullet := _BULLET.match(text, start, end):
            start = bullet.end()
        sentence = text[start:end]
        if sentence and not holds_address(sentence):
            spans.append((start, end))
    return tuple(spans)
