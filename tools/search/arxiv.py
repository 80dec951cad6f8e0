"""arXiv, preprints in physics, mathematics and computer science: info.arxiv.org/help/api/user-manual.html."""

from datetime import date

from lxml.etree import _Element

from ..api import Api, Ask, Params, Part
from ..errors import BadAnswer, LimitReached
from ..filters import ANY, Filters
from ..found import Batch, Found
from ..hit import Hit
from ..keywords import keywords
from ..terms import Terms
from ..xml import read_xml, text_of

URL = "https://export.arxiv.org/api/query"
TERMS = Terms(min_interval_s=3.0, deadline_s=15.0)  # info.arxiv.org/help/api/tou.html: one request every three seconds
_ATOM = "{http://www.w3.org/2005/Atom}"
_MOST = 50
_FIRST_DAY, _LAST_DAY = date(1991, 1, 1), date(2999, 12, 31)


class Arxiv:
    """Abstract pages, best match first: any of the words may be missing, as arXiv's AND finds nothing for a question.

    The days are those on which the first version was submitted.
    """

    name = "arxiv"
    honours = frozenset({"since", "until"})

    def __init__(self, *, url: str = URL, terms: Terms = TERMS) -> None:
        self._api, self._url = Api(self.name, terms, max_query=300), url

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says."""

        async def page(ask: Ask, part: Part) -> Batch:
            wanted: Params = {
                "search_query": _query(ask.text, filters),
                "start": part.start,
                "max_results": part.count,
                "sortBy": "relevance",
                "sortOrder": "descending",
            }
            text = await ask.get_text(self._url, wanted)
            if text[:200].casefold().startswith("rate exceeded"):
                raise ask.error(LimitReached, "too many questions (Rate exceeded); it will be asked again later")
            entries = read_xml(ask, text, f"{_ATOM}feed").findall(f"{_ATOM}entry")
            for entry in entries:
                if "/api/errors" in text_of(entry, f"{_ATOM}id"):
                    said = " ".join(text_of(entry, f"{_ATOM}summary").split())[:160]
                    raise ask.error(BadAnswer, f"it did not take the question ({said})")
            return Batch(found=tuple(map(_found, entries)), more=len(entries) >= part.count)

        return await self._api.collect(query, page, limit=limit, per_page=_MOST)


def _query(text: str, filters: Filters) -> str:
    words = " OR ".join(f"all:{word}" if word.isalnum() else f'all:"{word.strip(chr(34))}"' for word in keywords(text))
    if not filters.since and not filters.until:
        return words
    since, until = filters.since or _FIRST_DAY, filters.until or _LAST_DAY
    return f"({words}) AND submittedDate:[{since:%Y%m%d}0000 TO {until:%Y%m%d}2359]"


def _found(entry: _Element) -> Found:
    links = entry.findall(f"{_ATOM}link")
    pages = (link.get("href", "") for link in links if link.get("rel") == "alternate")
    url = next(pages, "") or text_of(entry, f"{_ATOM}id").strip()
    return Found(
        url=url.replace("http://arxiv.org/", "https://arxiv.org/", 1),
        title=text_of(entry, f"{_ATOM}title"),
        snippet=text_of(entry, f"{_ATOM}summary"),
        published=text_of(entry, f"{_ATOM}published"),
    )
