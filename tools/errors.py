"""What can go wrong when something outside is asked.

SearchError          a search provider gave no usable answer
├── LimitReached     too many questions for now; `retry_after_s` says how long to wait, where the service says it
├── QuotaSpent       what the account or the day holds is used up; asking again soon changes nothing
├── KeyMissing       the service wants a key, and none is set
├── KeyRefused       the service refuses the key
├── BadAnswer        it answered, but not in the shape it documents: a web page, a captcha, another format
├── ServiceDown      no answer: network, time, or a failure on its side
└── NotRecorded      a recorded provider was asked what it does not hold
"""


class SearchError(Exception):
    """Which provider failed, on which query, why, and what the person can do. It never holds a key."""

    def __init__(self, provider: str, query: str, why: str) -> None:
        super().__init__(provider, query, why)
        self.provider, self.query, self.why = provider, query, why

    def __str__(self) -> str:
        return f"{self.provider} could not search for {self.query[:80]!r}: {self.why}"


class LimitReached(SearchError):
    """The service wants fewer questions (HTTP 429). `retry_after_s` is in seconds, None where it was not said."""

    def __init__(self, provider: str, query: str, why: str, retry_after_s: float | None = None) -> None:
        super().__init__(provider, query, why)
        self.args = (provider, query, why, retry_after_s)
        self.retry_after_s = retry_after_s


class QuotaSpent(SearchError):
    """The plan's or the day's searches are used up, on the service's side or by the budget set here."""


class KeyMissing(SearchError):
    """No key is set for a service that answers nobody without one; nothing was asked."""


class KeyRefused(SearchError):
    """The service does not take the key (HTTP 401 or 403)."""


class BadAnswer(SearchError):
    """Something came back that is no answer of this service: other JSON, a web page, a captcha, too many bytes."""


class ServiceDown(SearchError):
    """Nothing usable came back: no connection, no answer in time, or a failure on the service's side (HTTP 5xx)."""


class NotRecorded(SearchError):
    """The recording does not hold this query: record it first, a guess would not be a replay."""
