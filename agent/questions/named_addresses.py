"""The web addresses and the sites that a question names."""

import re
from dataclasses import dataclass

# Host names without a scheme are told from file names and abbreviations by their last part.
_TLDS = (
    "com|org|net|edu|gov|mil|int|io|ai|dev|app|info|news|blog|wiki|tech|science|co|eu|uk|us|de|fr|es|it|pt|nl|be|ch|at|ie|se|no|dk"
    "|fi|is|pl|cz|gr|ru|ua|jp|cn|kr|in|au|nz|ca|br|mx|ar|cl|za|tr|il|example|rs|me|tv|fm|xyz|online|site|tw|hk|sg"
)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = rf"(?:{_LABEL}\.)+(?:{_TLDS})"
_URL = re.compile(r"<?\bhttps?://(?:(?!,https?://)[^\s<>\"“”«»])+>?", re.IGNORECASE)
_BARE_URL = re.compile(rf"(?<![\w@./-]){_HOST}(?::\d{{2,5}})?/[^\s<>\"“”«»]*", re.IGNORECASE)
_BARE_HOST = re.compile(rf"(?<![\w@./-])(?:www\.)?{_HOST}(?![\w@/-]|\.\w)", re.IGNORECASE)
_SITE_OPERATOR = re.compile(rf"(?<!\w)site:\s?(?:https?://)?(?:www\.)?({_HOST})/?", re.IGNORECASE)
_ON = (
    r"on|from|at|via|search (?:on|only)|using|according to|as reported by"
    # What somebody does with a site is no order to search it: only at the start of what is asked for is it one.
    r"|(?:(?<=^)|(?<=[,;:.!?] )|(?<=please )|(?<=and )|(?<=then ))(?:search|use|check|consult|browse)"
    r"|published (?:by|on)|only|auf|von|bei|laut|sur|selon|d['’]après|en|según|su|da"
    r"|secondo|no|na|em|segundo|op|van|volgens|на|согласно"
)
_ON_SITE = re.compile(
    rf"(?<!\w)(?:{_ON})\s+(?:the\s+)?(?:(?:web)?site\s+)?(?:www\.)?({_HOST})(?![\w@/-]|\.\w)(?:\s+only)?,?",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    rf"\b(?:summari[sz]e|summary of|what (?:is|does)|read|open|explain|fasse|résume[rz]?|resume|riassumi"
    rf"|vat)\b[^?]{{0,40}}?"
    rf"(?<![\w@./-])((?:www\.)?{_HOST})(?![\w@/-]|\.\w)",
    re.IGNORECASE,
)
_SAID = re.compile(r"\s*(?:say|says|write|writes|state|states|offer|mention|claim|about\b)", re.IGNORECASE)
# What is left of "what does host.tld/page say about late fees" without the address, before what it is about.
_SAYS_NOTHING = re.compile(
    r"\bwhat\s+(?:do|does|did)\s+(?:say|write|state|claim|mention|report)\s+(?:about|on|of|regarding)\s+", re.IGNORECASE
)
_WIKIPEDIA = re.compile(r"\b(?:according to|laut|selon|según|secondo|segundo|volgens)\s+wikipedia,?", re.IGNORECASE)
_TRAILING = ".,;:!?'’*_"
_CLOSING = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What was named: `urls` to read, `sites` (host names) to search in, and the `text` without them."""

    text: str
    urls: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()


def named_addresses(text: str) -> Named:
    """Take addresses and sites out of `text`; a text of nothing else is left as it is.

    "https://…" and "host.tld/path" are addresses; "on host.tld" and "site:host.tld" restrict a search.
    """
    urls: list[str] = []
    sites: list[str] = []

    def take_url(found: re.Match[str]) -> str:
        url, rest = _without_trailing(found[0].strip("<>"))
        urls.append(url if "://" in url else f"https://{url}")
        return f" {rest} "

    def take_site(found: re.Match[str]) -> str:
        sites.append(found[1].lower())
        return " "

    left = _SITE_OPERATOR.sub(take_site, text)
    left = _BARE_URL.sub(take_url, _URL.sub(take_url, left))
    left = _ON_SITE.sub(take_site, left)
    if _WIKIPEDIA.search(left):
        sites.append("wikipedia.org")
        left = _WIKIPEDIA.sub(" ", left)
    asked = _ABOUT.search(left)
    if asked and (_SAID.match(left, asked.end()) or not left[asked.end() :].strip(" .?!")):
        urls.append(f"https://{asked[1]}/")
        left = left[: asked.start(1)] + left[asked.end(1) :]
    elif bare := _BARE_HOST.fullmatch(left.strip(" ?.!")):
        urls.append(f"https://{bare[0]}/")
        left = ""
    left = _SAYS_NOTHING.sub("", _tidy(left))
    return Named(
        text=left if any(char.isalnum() for char in left) else text,
        urls=tuple(dict.fromkeys(urls)),
        sites=tuple(dict.fromkeys(sites)),
    )


def _without_trailing(url: str) -> tuple[str, str]:
    """An address and the punctuation of the sentence behind it; brackets belong to it when they are paired."""
    end = len(url)
    while end:
        last = url[end - 1]
        if last in _TRAILING or (last in _CLOSING and url[:end].count(_CLOSING[last]) < url[:end].count(last)):
            end -= 1
        else:
            break
    return url[:end], url[end:]


def _tidy(text: str) -> str:
    text = re.sub(r"\(\s*\)|\[\s*\]", " ", text)
    text = re.sub(r"\s+([,.;:?!…])", r"\1", " ".join(text.split()))
    return text.strip(" ,;:")
