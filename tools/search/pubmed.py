"""PubMed, medicine and the life sciences: www.ncbi.nlm.nih.gov/books/NBK25499 (E-utilities, ESearch and EFetch).

EFetch and not ESummary names the articles: only it gives abstracts.
"""

from lxml.etree import _Element
from pydantic import Field

from ..api import Api, Ask, Params, Part
from ..connection import Key
from ..errors import BadAnswer, KeyRefused
from ..filters import ANY, Filters
from ..found import Batch, Found
from ..hit import Hit
from ..keywords import keywords
from ..refusals import Refusal
from ..terms import Terms
from ..wire import Body, Text
from ..xml import read_xml, text_of

URL = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
TERMS = Terms(min_interval_s=0.34)  # three requests a second without a key, ten with one; a search takes two
_SETTING = "FONTES_PUBMED_KEY"
_MOST = 50
_PAGE = "https://pubmed.ncbi.nlm.nih.gov/{}/"
_LANGUAGES = {
    "ar": "ara", "cs": "cze", "da": "dan", "de": "ger", "el": "gre", "en": "eng", "es": "spa", "fi": "fin", "fr": "fre",
    "he": "heb", "hu": "hun", "it": "ita", "ja": "jpn", "ko": "kor", "nl": "dut", "no": "nor", "pl": "pol", "pt": "por",
    "ro": "rum", "ru": "rus", "sv": "swe", "tr": "tur", "uk": "ukr", "zh": "chi",
}  # fmt: skip


class _Result(Body):
    count: int = 0
    idlist: list[str] = Field(default_factory=list)
    error: Text = Field(default="", alias="ERROR")


class _Answer(Body):
    esearchresult: _Result


class PubMed:
    """Articles with their abstracts; a hit is the article's page at PubMed. `email` tells NCBI whom to write to."""

    name = "pubmed"
    honours = frozenset({"since", "until", "language"})

    def __init__(self, key: str = "", *, email: str = "", url: str = URL, terms: Terms = TERMS) -> None:
        where = Key(value=key, setting=_SETTING, param="api_key", required=False) if key else None
        self._api, self._url = Api(self.name, terms, key=where, judge=_judge), url.rstrip("/")
        self._named: Params = {"db": "pubmed", "tool": "fontes", "email": email}

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says; one more request for each page of results brings what they say."""

        async def page(ask: Ask, part: Part) -> Batch:
            wanted: Params = {
                **self._named,
                "term": _term(ask.text, filters),
                "retmode": "json",
                "retstart": part.start,
                "retmax": part.count,
                "sort": "relevance",
                **_days(filters),
            }
            result = (await ask.get(f"{self._url}/esearch.fcgi", wanted, _Answer)).esearchresult
            if result.error:
                raise ask.error(BadAnswer, f"it did not take the question ({result.error[:160]})")
            ids = [pmid for pmid in result.idlist if pmid.isdecimal() and pmid.isascii()]
            found = await self._articles(ask, ids) if ids else ()
            return Batch(found=found, more=result.count > part.start + part.count)

        return await self._api.collect(query, page, limit=limit, per_page=_MOST)

    async def _articles(self, ask: Ask, ids: list[str]) -> tuple[Found, ...]:
        """What stands under these numbers, in their order, which EFetch does not promise to keep."""
        wanted: Params = {**self._named, "id": ",".join(ids), "retmode": "xml"}
        text = await ask.get_text(f"{self._url}/efetch.fcgi", wanted)
        articles = {text_of(article, ".//PMID"): article for article in read_xml(ask, text, "PubmedArticleSet")}
        return tuple(_found(pmid, articles[pmid]) for pmid in ids if pmid in articles)


def _term(text: str, filters: Filters) -> str:
    words = " ".join(keywords(text))
    code = _LANGUAGES.get(filters.language)
    return f"({words}) AND {code}[la]" if code else words


def _days(filters: Filters) -> Params:
    """NCBI takes the two days only together."""
    if not filters.since and not filters.until:
        return {}
    since = f"{filters.since:%Y/%m/%d}" if filters.since else "1000/01/01"
    until = f"{filters.until:%Y/%m/%d}" if filters.until else "3000/12/31"
    return {"datetype": "pdat", "mindate": since, "maxdate": until}


def _found(pmid: str, article: _Element) -> Found:
    parts = (
        f"{part.get('Label', '').capitalize()}: {''.join(part.itertext())}"
        if part.get("Label")
        else "".join(part.itertext())
        for part in article.iterfind(".//Abstract/AbstractText")
    )
    return Found(
        url=_PAGE.format(pmid),
        title=text_of(article, ".//ArticleTitle") or text_of(article, ".//BookTitle"),
        snippet=" ".join(parts),
        published=_published(article),
    )


def _published(article: _Element) -> str:
    """The day on which it came out: online, else in print, where months are names or numbers, or a season."""
    for path in (".//ArticleDate", ".//PubDate"):
        if (day := article.find(path)) is not None:
            if day.find("Year") is None:
                return text_of(day, "MedlineDate").strip()[:4]
            parts = [text_of(day, name).strip() for name in ("Year", "Month", "Day")]
            if parts[1].isdecimal():
                return "-".join(part.zfill(2) for part in parts if part)
            return " ".join(filter(None, parts)) if parts[1] else parts[0]
    return ""


def _judge(status: int, text: str) -> Refusal | None:
    if status == 400 and "api key invalid" in text.casefold():
        return KeyRefused, f"it does not know the key (HTTP 400); check {_SETTING}"
    return None
