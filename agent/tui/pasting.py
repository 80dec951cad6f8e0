"""Large pastes: kept as a file of the conversation, which the next questions are answered from."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import AgentError
from ..kept_beside import pasted_folder

if TYPE_CHECKING:
    from .app import FontesChat


class Pasting:
    """Keeps what was pasted and is too long to be a question."""

    def __init__(self, app: "FontesChat") -> None:
        self._app = app

    async def keep(self, text: str) -> None:
        """Write it into a file and restrict the next questions to it; what cannot be written is said."""
        session = self._app.session
        try:
            assistant = await session.service.assistant()
            folder = pasted_folder(assistant.settings.home, session.conversation)
            path = await asyncio.to_thread(_written, folder, text)
        except OSError as error:
            self._app.tell(f"the paste cannot be kept: {error.strerror}", is_warning=True)
            return
        except AgentError as error:
            self._app.tell(f"the paste cannot be kept: {error}", is_warning=True)
            return
        session.scope = session.scope.with_doc(str(path))
        self._app.tell(
            f"{len(text):,} characters pasted: kept as {path.name}, and the next questions are answered from it."
            " /docs - ends that",
            seconds=10,
        )
        self._app.refresh_status()


def _written(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
    for number in range(1, 1_000):
        path = folder / f"pasted-{stamp}{f'-{number}' if number > 1 else ''}.txt"
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        return path
    raise FileExistsError(17, "a thousand pastes in one second", str(folder))
