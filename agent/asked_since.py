"""`since` of a question: pages that are known to be older are no evidence for it."""

import re

_ISO_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?![\d-])")
_NAMED = 3


def is_earlier(published: str, since: str) -> bool:
    """True if a page of that date (ISO; a year or month alone is all of it) is known to be older than `since`.

    False where either is unknown ("").
    """
    found = _ISO_DAY.match(published) if since else None
    return found is not None and found[0] < since[: len(found[0])]


def too_old_note(sources: dict[str, str], since: str) -> str:
    """What the reader is told of sources (with their dates) that were left out for being older, "" of none."""
    if not sources:
        return ""
    named = [f"{source} ({published[:10]})" for source, published in list(sources.items())[:_NAMED]]
    more = f" and {len(sources) - _NAMED} more" if len(sources) > _NAMED else ""
    count = f"{len(sources)} source{'s' if len(sources) > 1 else ''}"
    return f"{count} left out, published before {since}: {', '.join(named)}{more}"
