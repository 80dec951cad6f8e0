"""What a service's refusal means, from its status and what it says."""

import json
import re
from collections.abc import Callable
from typing import Any

from .errors import BadAnswer, KeyRefused, LimitReached, QuotaSpent, SearchError, ServiceDown
from .plain import plain_text

Refusal = tuple[type[SearchError], str]
"""The type of the error, and why, with what the person can do."""
Judge = Callable[[int, str], Refusal | None]
"""A service's own reading of a status and the body's text; None where the general one is right."""

_CAPTCHA = re.compile(
    r"captcha|are you (?:a )?(?:human|robot)|unusual traffic|anomaly|verify (?:that )?you are|just a moment"
    r"|challenge-platform|automated (?:queries|requests)",
    re.IGNORECASE,
)
_SAID = 200
_MESSAGES = ("message", "detail", "error", "description", "title", "info", "reason")


def refusal(status: int, text: str, *, setting: str) -> Refusal:
    """What a status of 3xx to 5xx means in general; `setting` names the key's variable, "" for a keyless service."""
    said = _said(text)
    match status:
        case 401 | 403 if setting:
            return KeyRefused, f"it refuses the key (HTTP {status}{said}); check {setting}"
        case 401 | 403:
            return LimitReached, f"it turns us away (HTTP {status}{said}); wait, or use another provider"
        case 402:
            return (
                QuotaSpent,
                f"the plan's searches are used up (HTTP 402{said}); raise it, or use another provider",
            )
        case 429:
            return LimitReached, f"too many questions (HTTP 429{said}); it will be asked again later"
        case 404 | 410:
            return BadAnswer, f"there is nothing at its address (HTTP {status}); check the URL that is configured"
        case 408:
            return ServiceDown, f"it gave up waiting (HTTP {status})"
        case _ if status >= 500:
            return ServiceDown, f"it failed on its side (HTTP {status}{said}); try again later"
        case _:
            return BadAnswer, f"it did not take the question (HTTP {status}{said})"


def web_page(text: str) -> Refusal:
    """What it means that a web page came where JSON belongs."""
    if looks_like_captcha(text):
        return BadAnswer, "it shows a captcha instead of an answer; wait, or use another provider"
    return BadAnswer, "it sent a web page instead of JSON; check the URL that is configured"


def looks_like_captcha(text: str) -> bool:
    """Whether a page asks its reader to prove that they are human."""
    return _CAPTCHA.search(text[:100_000]) is not None


def _said(text: str) -> str:
    """The service's own words, short and plain, after a colon; "" for a web page."""
    if text.lstrip().startswith("<"):
        return ""
    try:
        words = _message(json.loads(text))
    except (ValueError, RecursionError):
        words = text
    words = plain_text(words[:2_000])[:_SAID]
    return f": {words}" if words else ""


def _message(body: Any) -> str:
    """The first text under a name that services use for it, at most three levels down."""
    level = [body]
    for _ in range(3):
        fields = [each for each in level if isinstance(each, dict)]
        for name in _MESSAGES:
            for each in fields:
                if isinstance(found := each.get(name), str) and found.strip():
                    return found
        level = [value for each in fields for value in each.values()]
    return body if isinstance(body, str) else ""
