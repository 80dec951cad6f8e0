"""Stack Exchange API 2.3: api.stackexchange.com/docs/advanced-search, /docs/wrapper and /docs/error-handling."""

from datetime import UTC, date, datetime

from fontes.tools import Filters
from fontes.tools.search.stack_exchange import StackExchange

KEY = "se-secret(key+7"
KEY_OPTIONAL = True
DATED = True
REFUSED = (
    400,
    {"error_id": 400, "error_message": "`key` doesn't match a known application", "error_name": "bad_parameter"},
)
SPENT = (
    400,
    {
        "error_id": 502, "error_name": "throttle_violation",
        "error_message": "too many requests from this IP, more requests available in 82216 seconds",
    },
)  # fmt: skip
FILTERED = [
    (
        Filters(since=date(2024, 1, 2), until=date(2024, 3, 4)),
        {"fromdate": "1704153600", "todate": "1709596799", "q": "tides", "site": "math", "filter": "withbody"},
    ),
    (Filters(language="de"), {"fromdate": None, "todate": None}),
]


def make(url, terms):
    return StackExchange(KEY, site="math", url=f"{url}/2.3/search/advanced", terms=terms)


def carried(asked):
    return asked.params["key"]


def answer(asked, entries):
    number, count = int(asked.params["page"]), int(asked.params["pagesize"])
    assert 1 <= count <= 100
    return {
        "items": [
            {
                "tags": ["tides"], "owner": {"account_id": 1, "display_name": "A"}, "is_answered": True, "score": 4,
                "last_activity_date": 1709600000, "question_id": 77, "content_license": "CC BY-SA 4.0",
                "link": each.url, "title": each.title, "body": f"<p>{each.snippet}</p>\n",
            } | ({"creation_date": _noon(each.published)} if each.published else {})
            for each in entries[(number - 1) * count : number * count]
        ],
        "has_more": len(entries) > number * count, "quota_max": 10000, "quota_remaining": 9987,
    }  # fmt: skip


def _noon(day):
    return int(datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC).timestamp())
