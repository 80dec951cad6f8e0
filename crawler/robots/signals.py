"""What a page's headers and metas ask of robots and of AI, and which of it forbids an answer made from the page.

A signal is a string, `name: value`, such as `robots: noindex`, `content-usage: train-ai=n` or `tdm-reservation: 1`.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Google, "Robots meta tag, data-nosnippet, and X-Robots-Tag specifications": a colon after any other name is a bot's
_WITH_VALUE = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
_WORDS = frozenset({
    "all", "follow", "index", "indexifembedded", "noai", "noarchive", "nocache", "nofollow", "noimageai",
    "noimageindex", "noindex", "noodp", "none", "nositelinkssearchbox", "nosnippet", "notranslate", "noydir",
})  # fmt: skip
_EVERYONE = frozenset({"", "*", "robots"})
_PREFERENCE = re.compile(r"([a-z*][a-z0-9_.*-]*)=([a-z]+)")
_NO = frozenset({"n", "no"})
# draft-ietf-aipref-vocab, all versions so far: use as input to a model that answers (`ai-use` is today's name), and
# the wider categories that once held it, which count where none of the narrow ones is allowed. `ai-input` is the name
# in draft-romm-aipref-contentsignals. Training is none of what Fontes does.
_AI_INPUT = frozenset({"ai-use", "ai-input", "ai-output", "inference", "infer-user", "infer-system"})
_WIDER = frozenset({"all", "bots", "tdm"})


def header_signals(headers: Iterable[tuple[str, str]], agent: str) -> tuple[str, ...]:
    """What the headers of an answer ask of `agent` (a product token), in their order; repeated names are fine.

    `X-Robots-Tag`, where it addresses everyone or this agent; `Content-Usage` (draft-ietf-aipref-attach, §2);
    `Content-Signal`; `TDM-Reservation` and `TDM-Policy` (TDMRep, §5.1).
    """
    signals: list[str] = []
    for header, value in headers:
        name = header.strip().lower()
        if name == "x-robots-tag":
            signals += _robots_rules(value, _token(agent))
        elif name in ("content-usage", "content-signal"):
            signals += preferences(name, value)
        else:
            signals += _tdm(name, value)
    return tuple(dict.fromkeys(signals))


def meta_signals(metas: Iterable[tuple[str, str]], agent: str) -> tuple[str, ...]:
    """What a page's `<meta name content>` pairs ask of `agent`: those named `robots` or as the agent, and TDMRep's."""
    signals: list[str] = []
    for meta, content in metas:
        name = meta.strip().lower()
        if name == "robots" or (name and name == _token(agent)):
            signals += (f"robots: {rule}" for _, rule in _rules(content))
        else:
            signals += _tdm(name, content)
    return tuple(dict.fromkeys(signals))


def preferences(name: str, value: str) -> tuple[str, ...]:
    """The preferences of a `Content-Usage` or `Content-Signal` statement, as signals; of one key the last.

    A dictionary of RFC 9651, read with more patience than there (white space, capital letters, a broken member beside
    good ones): a wish is not lost for its spelling. Parameters are dropped.
    """
    stated: dict[str, str] = {}
    for member in value.lower().split(","):
        if found := _PREFERENCE.fullmatch("".join(member.partition(";")[0].split())):
            stated[found[1]] = found[2]
    return tuple(f"{name}: {key}={preference}" for key, preference in stated.items())


def forbidden_by(signals: Iterable[str], obey: frozenset[str], *, now: datetime) -> str:
    """The first of the signals that forbids to make an answer of the page, "" if none does.

    `obey` is `CrawlPolicy.obey`; `now` has a time zone. The most restrictive signal counts (as Google documents it for
    robots rules, and the drafts for preferences), but of TDM reservations the last: give those of `tdmrep.json` before
    the headers' and these before the metas' (TDMRep, §5.4).
    """
    given = tuple(signals)
    reservations = [signal for signal in given if signal.startswith("tdm-reservation:")]
    allowed = {key for key, value in _stated(given, "content-usage") if value not in _NO}
    for signal in given:
        name, _, value = signal.partition(": ")
        match name:
            case "robots":
                kind = _robots_kind(value, now)
            case "content-signal" | "content-usage":
                kind = "ai-input" if _forbids_input(name, value, allowed) else ""
            case "tdm-reservation":
                kind = "tdm" if value == "1" and signal == reservations[-1] else ""
            case _:
                kind = ""
        if kind in obey:
            return signal
    return ""


def nofollow(signals: Iterable[str]) -> bool:
    """Whether the page asks that none of its links be followed."""
    return not {"robots: nofollow", "robots: none"}.isdisjoint(signals)


def _token(agent: str) -> str:
    return agent.partition("/")[0].strip().lower()


def _tdm(name: str, value: str) -> Iterator[str]:
    value = value.strip()
    # a reservation other than 0 and 1 counts as none (TDMRep, §4.1)
    if value and (name == "tdm-policy" or (name == "tdm-reservation" and value in ("0", "1"))):
        yield f"{name}: {value}"


def _robots_rules(value: str, token: str) -> Iterator[str]:
    for bot, rule in _rules(value):
        if bot in _EVERYONE or bot == token:
            yield f"robots: {rule}"


def _rules(value: str) -> Iterator[tuple[str, str]]:
    """Each rule of a list, with the bot it is for ("" for everyone): a name before a colon counts up to the next."""
    bot = ""
    parts = iter(value.replace(";", ",").split(","))
    waiting: str | None = next(parts, None)
    while waiting is not None:
        part, waiting = waiting.strip(), next(parts, None)
        name, colon, rest = (piece.strip() for piece in part.partition(":"))
        while colon and name.lower() not in _WITH_VALUE:
            bot, part = name.lower(), rest
            name, colon, rest = (piece.strip() for piece in part.partition(":"))
        if not colon:
            words = part.lower().split()
            yield from ((bot, word) for word in (words if _WORDS.issuperset(words) else [" ".join(words)]) if word)
            continue
        if name.lower() == "unavailable_after":
            # dates hold commas: "Friday, 25-Jun-2010 15:00:00 PST", "June 25, 2010"; no rule begins with a digit
            while waiting is not None and waiting.strip()[:1].isdigit():
                rest, waiting = f"{rest}, {waiting.strip()}", next(parts, None)
            yield bot, f"unavailable_after: {rest}"
        else:
            yield bot, f"{name}:{''.join(rest.split())}".lower()


def _robots_kind(rule: str, now: datetime) -> str:
    """Which opt-out a robots rule is, "" if none."""
    if rule in ("noindex", "none"):
        return "noindex"
    if rule in ("nosnippet", "max-snippet:0"):
        return "nosnippet"
    if rule == "noai":
        return "noai"
    name, _, date = rule.partition(": ")
    if name == "unavailable_after" and (end := _time(date)) is not None and end <= now:
        return "noindex"
    return ""


def _time(text: str) -> datetime | None:
    """A date as RFC 822, RFC 850 and ISO 8601 write it, in UTC if it names no zone; None if it is none of these."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            time = read(text.strip())
        except (ValueError, OverflowError):
            continue
        return time if time.tzinfo else time.replace(tzinfo=UTC)
    return None


def _stated(signals: Iterable[str], name: str) -> Iterator[tuple[str, str]]:
    for signal in signals:
        if signal.startswith(f"{name}: "):
            key, _, value = signal[len(name) + 2 :].partition("=")
            yield key, value


def _forbids_input(name: str, preference: str, allowed: set[str]) -> bool:
    key, _, value = preference.partition("=")
    if value not in _NO:
        return False
    if name == "content-signal":
        return key == "ai-input"
    return key in _AI_INPUT or (key in _WIDER and allowed.isdisjoint(_AI_INPUT))
