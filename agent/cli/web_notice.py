"""Who sees a question: said before the first web search of a data directory, and again for a new provider."""

import contextlib

from ..settings import Settings
from .door import say
from .provider_table import known_providers

_FILE = "web-notice"
_SEES_NOTHING = "recorded"  # it plays a file


def tell_who_sees(settings: Settings) -> None:
    """Say on stderr which providers will be shown the search words, once each."""
    if line := who_sees(settings):
        say(line)


def who_sees(settings: Settings) -> str:
    """Which providers will be shown the search words, "" when it was said of each of them; from now on it was."""
    path = settings.home / _FILE
    told: set[str] = set()
    with contextlib.suppress(OSError, UnicodeDecodeError):  # it is said again then
        told = set(path.read_text(encoding="utf-8").splitlines())
    askable = [provider.name for provider in known_providers(settings) if provider.turn and not provider.missing]
    new = [name for name in askable if name not in told and name != _SEES_NOTHING]
    if not new:
        return ""
    names = ", ".join(f"{name} ({settings.searxng_url})" if name == "searxng" else name for name in new)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(sorted(told | set(new))) + "\n", encoding="utf-8")
    return (
        f"the web is searched with {names}, which will see the words searched for. --no-web, or FONTES_WEB=0, keeps"
        " questions to your own files. This is said once"
    )
