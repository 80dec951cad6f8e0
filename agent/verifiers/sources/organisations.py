"""Who stands behind a page: its registrable domain, its organisation, and the news agency that it credits."""

import re
from functools import lru_cache

from ....crawler import BlockedURL, plain_host, split

# Agencies whose reports others print as they come: how they sign, and their own domains. Press-release wires
# (PR Newswire, Business Wire) are none: two releases of one wire have two authors.
_AGENCIES = {
    "Associated Press": r"(?:the )?associated press|ap(?: news)?",
    "Reuters": r"(?:thomson )?reuters",
    "AFP": r"afp|agence france[- ]presse",
    "dpa": r"dpa(?:-afx)?|deutsche presse-agentur",
    "PA Media": r"pa(?: media)?|press association",
    "UPI": r"upi|united press international",
    "ANSA": r"ansa",
    "EFE": r"efe|agencia efe",
    "Xinhua": r"xinhua(?: news agency)?",
    "TASS": r"(?:itar-)?tass",
    "Kyodo": r"kyodo(?: news)?",
    "PTI": r"pti|press trust of india",
    "ANI": r"ani",
    "IANS": r"ians",
    "AAP": r"aap|australian associated press",
    "Canadian Press": r"(?:the )?canadian press|cp",
    "Bloomberg": r"bloomberg(?: news)?",
    "apa": r"apa|austria presse agentur",
    "sda": r"(?:keystone-)?sda",
    "Interfax": r"interfax",
    "Yonhap": r"yonhap(?: news agency)?",
    "Anadolu": r"anadolu(?: agency)?|aa",
}
_DOMAINS = {
    "apnews.com": "Associated Press", "ap.org": "Associated Press", "reuters.com": "Reuters", "afp.com": "AFP",
    "dpa.com": "dpa", "upi.com": "UPI", "ansa.it": "ANSA", "efe.com": "EFE", "xinhuanet.com": "Xinhua",
    "tass.com": "TASS",
    "kyodonews.net": "Kyodo", "ptinews.com": "PTI", "aap.com.au": "AAP", "thecanadianpress.com": "Canadian Press",
    "bloomberg.com": "Bloomberg", "interfax.com": "Interfax", "yna.co.kr": "Yonhap", "aa.com.tr": "Anadolu",
}  # fmt: skip
_ANY = "|".join(f"(?P<a{number}>{pattern})" for number, pattern in enumerate(_AGENCIES.values()))
# "LONDON (Reuters) -", "(AP) —", "Berlin (dpa)"; "By The Associated Press" as a line
_DATELINE = re.compile(rf"\((?:{_ANY})\)(?=\s*[-–—:.]|\s+[A-Z\"“])", re.IGNORECASE)
_BYLINE = re.compile(rf"(?:^|\n)\s*(?:by\s+|source:\s*|von\s+)(?:{_ANY})\s*(?=\n|$|[|·•–—-]\s)", re.IGNORECASE)
_SIGNED = re.compile(rf"(?:^|[;,/|(]|\bby\b|\band\b)\s*(?:{_ANY})\s*(?=$|[;,/|)])", re.IGNORECASE)
_NAMES = tuple(_AGENCIES)
_REUTERS_END = re.compile(r"\(?(?:additional )?reporting by [^()]{3,200}?;?\s*editing by\b", re.IGNORECASE)
_HEAD, _TAIL = 500, 600
_FILLER = re.compile(r"\b(?:the|online|website|official|site|homepage|com|org|net|inc|ltd|llc|gmbh)\b|[^\w\s]|_")


@lru_cache(maxsize=4096)
def registrable_domain(url: str) -> str:
    """The domain that somebody registered (`bbc.co.uk` of `news.bbc.co.uk`); the host itself where no rule knows one.

    By the Public Suffix List in the package `tld`, its private part included (two sites of `github.io` are two); it is
    a file of the package, nothing is asked of the network. "" for what is no web address.
    """
    host = host_of(url)
    if not host:
        return ""
    from tld import get_tld  # with its list 60 ms, which a question without web pages does not need

    found = get_tld(f"http://{host}/", as_object=True, fail_silently=True, search_private=True)
    return host if found is None or isinstance(found, str) else str(found.fld)


def organisation(url: str, site: str) -> str:
    """A key for who runs the page: the site's name without filler, else the registered label (`bbc`, whatever the TLD).

    "" for a file without a name.
    """
    name = " ".join(_FILLER.sub(" ", site.casefold()).split())
    return name or registrable_domain(url).partition(".")[0]


def agency(url: str, author: str, text: str) -> str:
    """The news agency that the page names as its author, in its byline, dateline or last line; "" if it names none.

    A page that only quotes one ("told Reuters") does not come from it.
    """
    if own := _DOMAINS.get(registrable_domain(url), ""):
        return own
    head = text[:_HEAD]
    for pattern, where in ((_SIGNED, author), (_DATELINE, head), (_BYLINE, head)):
        if match := pattern.search(where):
            return _NAMES[int((match.lastgroup or "a0")[1:])]
    return "Reuters" if _REUTERS_END.search(text[-_TAIL:]) else ""


def host_of(url: str) -> str:
    """The host of a web address in its normal form; "" for a file path and what is no address."""
    if not url.lower().startswith(("http://", "https://")):
        return ""
    try:
        return plain_host(split(url)[1])
    except BlockedURL:
        return ""
