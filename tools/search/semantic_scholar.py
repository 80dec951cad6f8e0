"""Semantic Scholar, papers of all fields: api.semanticscholar.org/api-docs/graph, `paper/search`."""

from pydantic import Field

from ..api import Api, Ask, Params, Part
from ..connection import Key
from ..filters import ANY, Filters
from ..found import Batch, Found
from ..hit import Hit
from ..terms import Terms
from ..wire import Body, Results, Text, When

URL = "https://api.semanticscholar.org/graph/v1/paper/search"
TERMS = Terms(min_interval_s=1.0)  # the rate of a new key; without one all share a pool, which is often full
_SETTING = "FONTES_SEMANTIC_SCHOLAR_KEY"
_MOST = 50
_FIELDS = "title,abstract,url,year,publicationDate,externalIds,openAccessPdf"


class _Pdf(Body):
    url: Text = ""


class _Ids(Body):
    arxiv: Text = Field(default="", alias="ArXiv")
    pmc: Text = Field(default="", alias="PubMedCentral")


class _Paper(Body):
    url: Text = ""
    title: Text = ""
    abstract: Text = ""
    publication_date: When = Field(default=None, alias="publicationDate")
    year: int | None = None
    ids: _Ids | None = Field(default=None, alias="externalIds")
    pdf: _Pdf | None = Field(default=None, alias="openAccessPdf")


class _Answer(Body):
    total: int
    following: int | None = Field(default=None, alias="next")
    data: Results[_Paper] = Field(default_factory=list)


class SemanticScholar:
    """A hit is where the paper can be read: arXiv, PubMed Central, an open PDF; else Semantic Scholar's own page."""

    name = "semantic_scholar"
    honours = frozenset({"since", "until"})

    def __init__(self, key: str = "", *, url: str = URL, terms: Terms = TERMS) -> None:
        where = Key(value=key, setting=_SETTING, header="x-api-key", required=False) if key else None
        self._api, self._url = Api(self.name, terms, key=where), url

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says."""

        async def page(ask: Ask, part: Part) -> Batch:
            wanted: Params = {
                "query": ask.text.replace("-", " "),  # its search finds nothing for a word with a hyphen
                "offset": part.start,
                "limit": part.count,
                "fields": _FIELDS,
                "publicationDateOrYear": _days(filters),
            }
            answer = await ask.get(self._url, wanted, _Answer)
            return Batch(found=tuple(map(_found, answer.data)), more=answer.following is not None)

        return await self._api.collect(query, page, limit=limit, per_page=_MOST)


def _days(filters: Filters) -> str:
    return f"{filters.since or ''}:{filters.until or ''}" if filters.since or filters.until else ""


def _found(paper: _Paper) -> Found:
    ids = paper.ids or _Ids()
    places = (
        ids.arxiv and f"https://arxiv.org/abs/{ids.arxiv}",
        ids.pmc and f"https://pmc.ncbi.nlm.nih.gov/articles/PMC{ids.pmc.removeprefix('PMC')}/",
        paper.pdf.url if paper.pdf else "",
        paper.url,
    )
    return Found(
        url=next(filter(None, places), ""),
        title=paper.title,
        snippet=paper.abstract,
        published=paper.publication_date or (f"{paper.year:04}" if paper.year else None),
    )
