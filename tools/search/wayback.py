"""The Wayback Machine, pages as they were: archive.org/help/wayback_api.php, and the CDX server of the Archive."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import RootModel, StringConstraints

from ...crawler import BlockedURL, canonical
from ..api import Api, Ask, Params, Part
from ..errors import BadAnswer
from ..filters import ANY, Filters
from ..found import Batch, Found
from ..hit import Hit
from ..refusals import Refusal
from ..terms import Terms
from ..wire import Body

AVAILABLE = "https://archive.org/wayback/available"
CAPTURES = "https://web.archive.org/cdx/search/cdx"
SNAPSHOTS = "https://web.archive.org/web"
TERMS = Terms(min_interval_s=1.0, deadline_s=20.0)  # the CDX server takes its time
_Moment = Annotated[str, StringConstraints(pattern=r"^\d{14}$")]  # YYYYMMDDhhmmss
_MOST = 50


class _Snapshot(Body):
    available: bool
    status: str = "200"
    timestamp: _Moment


class _Snapshots(Body):
    closest: _Snapshot | None = None


class _Available(Body):
    archived_snapshots: _Snapshots


class _Captures(RootModel[list[tuple[str, str]]]):
    """Rows of moment and address; the first one holds the names of the columns."""


class Wayback:
    """Archived copies of a page, as the archived server sent them: no banner, no changed links (`id_`).

    No search by words: `archived` finds the copy of a page that is gone; as a provider it lists the copies of the
    address in the query, newest first, and finds nothing for a query without one.
    """

    name = "wayback"
    honours = frozenset({"since", "until"})

    def __init__(self, *, available: str = AVAILABLE, captures: str = CAPTURES, terms: Terms = TERMS) -> None:
        self._api = Api(self.name, terms, judge=_judge, max_query=2_000)
        self._available, self._captures, self._terms = available, captures, terms

    async def archived(self, url: str, *, near: date | None = None) -> Hit | None:
        """The copy closest to a day (today, if None is given); None when there is none.

        What `terms.check` refuses is not asked for: nobody else need know addresses of one's own network.

        Raises:
            SearchError: no usable answer.
        """
        if not (wanted := self._public(url)):
            return None
        day = near or datetime.now(UTC).date()

        async def page(ask: Ask, part: Part) -> Batch:
            params: Params = {"url": wanted, "timestamp": f"{day:%Y%m%d}"}
            closest = (await ask.get(self._available, params, _Available)).archived_snapshots.closest
            usable = closest and closest.available and closest.status == "200"
            return Batch(found=(_found(closest.timestamp, wanted),) if closest and usable else ())

        return next(iter(await self._api.collect(wanted, page, limit=1, per_page=1)), None)

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says, for the address in the query; the days are those of the copies."""
        address = next((word for word in query.split() if word.startswith(("http://", "https://"))), "")
        if not (wanted := self._public(address)):
            return ()

        async def page(ask: Ask, part: Part) -> Batch:
            params: Params = {
                "url": wanted,
                "output": "json",
                "fl": "timestamp,original",
                "filter": "statuscode:200",
                "collapse": "digest",
                "from": f"{filters.since:%Y%m%d}" if filters.since else None,
                "to": f"{filters.until:%Y%m%d}" if filters.until else None,
                "limit": -part.count,  # counted from the newest
            }
            rows = (await ask.get(self._captures, params, _Captures)).root[1:]
            return Batch(found=tuple(_found(moment, original) for moment, original in reversed(rows)))

        return await self._api.collect(wanted, page, limit=limit, per_page=_MOST)

    def _public(self, url: str) -> str:
        try:
            self._terms.check(url)
            return canonical(url)
        except BlockedURL:
            return ""


def _found(moment: str, original: str) -> Found:
    day = f"{moment[:4]}-{moment[4:6]}-{moment[6:8]}"
    return Found(url=f"{SNAPSHOTS}/{moment}id_/{original}", title=original, snippet=f"Archived on {day}.")


def _judge(status: int, text: str) -> Refusal | None:
    if "AccessControlException" in text:
        return BadAnswer, "its owner has had the page taken out of the archive"
    return None
