"""Wikipedia, or any other MediaWiki: www.mediawiki.org/wiki/API:Search and API:Info."""

from pydantic import Field

from ..api import Api, Ask, Params, Part
from ..errors import BadAnswer, LimitReached, SearchError, ServiceDown
from ..filters import ANY, Filters
from ..found import Batch, Found
from ..hit import Hit
from ..terms import Terms
from ..wire import Body, Results, Text

WIKIPEDIA = "https://{language}.wikipedia.org/w/api.php"
TERMS = Terms(min_interval_s=0.1)
_LANGUAGES = {"no": "nb"}  # the Bokmål Wikipedia has kept no.wikipedia.org; nb leads there by a redirect
_MOST = 50
_ERRORS: dict[str, type[SearchError]] = {
    "ratelimited": LimitReached,
    "maxlag": ServiceDown,
    "readonly": ServiceDown,
    "search-error": ServiceDown,
}


class _Matched(Body):
    pageid: int
    snippet: Text = ""


class _Page(Body):
    pageid: int
    index: int
    title: Text = ""
    canonicalurl: str


class _Query(Body):
    search: Results[_Matched] = Field(default_factory=list)
    pages: Results[_Page] = Field(default_factory=list)


class _Error(Body):
    code: Text = ""
    info: Text = ""


class _Answer(Body):
    batchcomplete: bool = False
    query: _Query | None = None
    error: _Error | None = None
    following: dict[str, object] | None = Field(default=None, alias="continue")


class MediaWiki:
    """A wiki's own search. Where `url` (of its api.php) has a `{language}`, the wiki of that language is asked.

    The search itself gives no addresses, so the same search runs as a generator of pages beside it.
    """

    honours = frozenset({"language"})

    def __init__(
        self, *, url: str = WIKIPEDIA, language: str = "en", name: str = "wikipedia", terms: Terms = TERMS
    ) -> None:
        self.name = name
        self._api, self._url, self._language = Api(name, terms, max_query=300), url, language

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says; without a language in `filters` the one of the provider counts."""
        url = self._url.replace("{language}", filters.language or self._language)

        async def page(ask: Ask, part: Part) -> Batch:
            wanted: Params = {
                "action": "query",
                "format": "json",
                "formatversion": 2,
                "list": "search",
                "srsearch": ask.text,
                "srlimit": part.count,
                "sroffset": part.start,
                "srprop": "snippet",
                "generator": "search",
                "gsrsearch": ask.text,
                "gsrlimit": part.count,
                "gsroffset": part.start,
                "prop": "info",
                "inprop": "url",
            }
            answer = await ask.get(url, wanted, _Answer)
            if answer.error:
                kind = _ERRORS.get(answer.error.code, BadAnswer)
                raise ask.error(kind, f"it answered with an error ({answer.error.code}: {answer.error.info[:200]})")
            if answer.query is None and not answer.batchcomplete:
                raise ask.error(BadAnswer, "its answer holds neither results nor an error; is its URL that of api.php?")
            return Batch(found=_found(answer.query), more=answer.following is not None)

        return await self._api.collect(query, page, limit=limit, per_page=_MOST)


def _found(query: _Query | None) -> tuple[Found, ...]:
    """Pages in the order of the search (`index`), which the generator does not keep, with what matched in them."""
    if query is None:
        return ()
    snippets = {each.pageid: each.snippet for each in query.search}
    return tuple(
        Found(url=each.canonicalurl, title=each.title, snippet=snippets.get(each.pageid, ""))
        for each in sorted(query.pages, key=lambda page: page.index)
    )
