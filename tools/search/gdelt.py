"""GDELT, news of the world in 65 languages: blog.gdeltproject.org/gdelt-doc-2-0-api-debuts."""

import re
from datetime import UTC, date, datetime

from pydantic import Field, ValidationError

from ..api import Api, Ask, Params, Part
from ..errors import BadAnswer, LimitReached
from ..filters import ANY, Filters
from ..found import Batch, Found
from ..hit import Hit
from ..keywords import keywords
from ..plain import plain_text
from ..refusals import web_page
from ..terms import Terms
from ..wire import Body, Results, Text, When

URL = "https://api.gdeltproject.org/api/v2/doc/doc"
TERMS = Terms(min_interval_s=5.0, deadline_s=15.0)  # "one every 5 seconds", as it says to those who ask more often
_GAP_S = 5.0
_MOST, _MAX_QUERY, _SHORTEST = 50, 250, 3
_FIRST_DAY = date(2017, 1, 1)
_LANGUAGES = {
    "ar": "arabic", "bg": "bulgarian", "bn": "bengali", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "fa": "persian", "fi": "finnish", "fr": "french",
    "he": "hebrew", "hi": "hindi", "hr": "croatian", "hu": "hungarian", "id": "indonesian", "it": "italian",
    "ja": "japanese", "ko": "korean", "lt": "lithuanian", "lv": "latvian", "nl": "dutch", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sk": "slovak", "sl": "slovenian",
    "sr": "serbian", "sv": "swedish", "th": "thai", "tr": "turkish", "uk": "ukrainian", "ur": "urdu",
    "vi": "vietnamese", "zh": "chinese",
}  # fmt: skip
# It names countries by FIPS 10-4, which gives many codes of ISO 3166 to other countries.
_COUNTRIES = {
    "AR": "AR", "AT": "AU", "AU": "AS", "BD": "BG", "BE": "BE", "BR": "BR", "CA": "CA", "CH": "SZ", "CL": "CI",
    "CN": "CH", "CO": "CO", "CZ": "EZ", "DE": "GM", "DK": "DA", "EG": "EG", "ES": "SP", "FI": "FI", "FR": "FR",
    "GB": "UK", "GR": "GR", "HU": "HU", "ID": "ID", "IE": "EI", "IL": "IS", "IN": "IN", "IQ": "IZ", "IR": "IR",
    "IT": "IT", "JP": "JA", "KE": "KE", "KR": "KS", "MX": "MX", "MY": "MY", "NG": "NI", "NL": "NL", "NO": "NO",
    "NZ": "NZ", "PH": "RP", "PK": "PK", "PL": "PL", "PT": "PO", "RO": "RO", "RU": "RS", "SA": "SA", "SE": "SW",
    "SG": "SN", "TH": "TH", "TR": "TU", "UA": "UP", "US": "US", "VN": "VM", "ZA": "SF",
}  # fmt: skip
_ESCAPES = re.compile(r'(\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))|\\')
_CONTROLS = re.compile("[\x00-\x1f]")


class _Article(Body):
    url: str
    title: Text = ""
    seendate: When = None


class _Answer(Body):
    articles: Results[_Article] = Field(default_factory=list)


class Gdelt:
    """News articles that hold all words of the query, of the last three months where no days are given.

    It has no snippets and one page of results. The date is when GDELT saw the article, mostly within the hour.
    """

    name = "gdelt"
    honours = frozenset({"since", "until", "language", "country", "sites", "not_sites"})

    def __init__(self, *, url: str = URL, terms: Terms = TERMS) -> None:
        self._api, self._url = Api(self.name, terms, max_query=_MAX_QUERY), url

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says."""

        async def page(ask: Ask, part: Part) -> Batch:
            wanted: Params = {
                "query": _query(ask.text, filters),
                "mode": "artlist",
                "format": "json",
                "maxrecords": part.count,
                "sort": "hybridrel",
                **_days(filters),
            }
            answer = _read(ask, await ask.get_text(self._url, wanted))
            return Batch(
                found=tuple(Found(url=each.url, title=each.title, published=each.seendate) for each in answer.articles)
            )

        return await self._api.collect(query, page, limit=limit, per_page=_MOST)


def _query(text: str, filters: Filters) -> str:
    """A word of fewer than three letters is refused, and one with other signs must stand in quotes."""
    words = keywords(text)
    words = tuple(word for word in words if len(word) >= _SHORTEST or not word.isascii()) or words
    wanted = [word if word.isalnum() or word.startswith('"') else f'"{word}"' for word in words]
    sites = " OR ".join(f"domain:{site}" for site in filters.sites)
    wanted += [f"({sites})" if len(filters.sites) > 1 else sites]
    wanted += [f"-domainis:{site}" for site in filters.not_sites]
    if name := _LANGUAGES.get(filters.language):
        wanted.append(f"sourcelang:{name}")
    if code := _COUNTRIES.get(filters.country):
        wanted.append(f"sourcecountry:{code}")
    return " ".join(filter(None, wanted))


def _days(filters: Filters) -> Params:
    if not filters.since and not filters.until:
        return {}
    until = filters.until or datetime.now(UTC).date()
    return {
        "startdatetime": f"{filters.since or _FIRST_DAY:%Y%m%d}000000",
        "enddatetime": f"{until:%Y%m%d}235959",
    }


def _read(ask: Ask, text: str) -> _Answer:
    """The articles. What it cannot do it says in a line of text, as if all were well; its JSON may hold stray escapes.

    Raises:
        SearchError: it says that, or sent something else.
    """
    text = text.strip()
    if text.startswith("{"):
        mended = _ESCAPES.sub(lambda found: found[1] or "", _CONTROLS.sub(" ", text))
        try:
            return _Answer.model_validate_json(mended)
        except ValidationError:
            why = "its answer is not in the documented format; it may have changed"
            raise ask.error(BadAnswer, why) from None
    if text.startswith("<"):
        raise ask.error(*web_page(text))
    said = plain_text(text[:1_000])[:160]
    if "limit requests" in said.casefold():
        raise ask.error(LimitReached, f"too many questions ({said})", _GAP_S)
    raise ask.error(BadAnswer, f"it did not take the question ({said or 'an empty answer'})")
