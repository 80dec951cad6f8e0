"""What was learnt of served models, kept in a file for a day, so that a question does not wait for it."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from pydantic import TypeAdapter, ValidationError

from .chat import Capabilities
from .tokens import Tokenizer

VALID = timedelta(hours=24)
_MOST_BYTES = 1_000_000
_MOST_MODELS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """A model's capabilities, and two things that are nobody else's business.

    `tokenizer` is how the server counts tokens; `opens_reasoning`: its chat template ends within `<think>`.
    """

    capabilities: Capabilities
    tokenizer: Tokenizer = ""
    opens_reasoning: bool = False


_FILE = TypeAdapter(dict[str, Probed])


def _now() -> datetime:
    return datetime.now(UTC)


class KnownModels:
    """The file, by default `models.json` in the data directory; None keeps nothing.

    What is too old, from the future, broken or of another version is not there, and is written anew.
    """

    def __init__(self, path: Path | None, *, now: Callable[[], datetime] = _now) -> None:
        self._path, self._now = path, now

    def get(self, url: str, model: str) -> Probed | None:
        """What is known of a model at a base URL; it blocks on the file system."""
        found = self._read().get(f"{url} {model}")
        return found if found and self._is_fresh(found) else None

    def put(self, url: str, model: str, probed: Probed) -> None:
        """Keep it, as of its own `checked`; it blocks on the file system.

        A directory that cannot be written costs the next process another probe, and no more.
        """
        if self._path is None:
            return
        known = {key: each for key, each in self._read().items() if self._is_fresh(each)}
        known.pop(key := f"{url} {model}", None)
        known[key] = probed
        kept = dict(list(known.items())[-_MOST_MODELS:])
        text = json.dumps({key: asdict(each) for key, each in kept.items()}, indent=1)
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile("w", dir=self._path.parent, prefix=".models-", delete=False) as file:
                file.write(text)
            Path(file.name).replace(self._path)

    def _read(self) -> dict[str, Probed]:
        if self._path is None:
            return {}
        try:
            with self._path.open("rb") as file:
                return _FILE.validate_json(file.read(_MOST_BYTES))
        except (OSError, ValidationError):
            return {}

    def _is_fresh(self, probed: Probed) -> bool:
        try:
            age = self._now() - datetime.fromisoformat(probed.capabilities.checked)
        except (ValueError, TypeError):  # no date, or one without a time zone
            return False
        return timedelta(0) <= age <= VALID


def with_context(probed: Probed, limit: int) -> Probed:
    """The same with the context length that the server named when it refused a prompt."""
    note = f"its context is {limit:,} tokens, as it said when a prompt was too long"
    capabilities = probed.capabilities
    notes = capabilities.notes if note in capabilities.notes else (*capabilities.notes, note)
    return replace(probed, capabilities=replace(capabilities, context=limit, notes=notes))
