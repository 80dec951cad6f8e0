"""The pictures of the chat in `docs/chat/`, made again: `python docs/chat/screenshots.py [FOLDER]`.

Asks over `examples/lighthouses`, without a model and, for the picture of a stream, with the scripted one. The pictures
are SVG as Textual exports it, without its remote fonts.
"""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fontes.agent.models.scripted import ScriptedServer
from fontes.agent.tui.app import FontesChat
from fontes.agent.tui.service import Service
from textual.pilot import Pilot

ROOT = Path(__file__).resolve().parents[2]
LIGHTHOUSES = ROOT / "examples" / "lighthouses"
DISPUTED = "In which year was Stennick Head Light automated?"
FOLLOWING = "And why was it built?"
MANY = "Why was Stennick Head Light built, when was the Bell Rock lighthouse first lit, and how does a sun valve work?"
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


class Camera:
    """Takes pictures of a chat."""

    def __init__(self, app: FontesChat, pilot: Pilot[None], folder: Path) -> None:
        self.app, self.pilot, self._folder = app, pilot, folder

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(120):
            while not holds():
                await self.pilot.pause(0.05)

    async def ask(self, question: str, *, waits: bool = True) -> None:
        self.app.write_area.write(question)
        await self.pilot.press("enter")
        if waits:
            await self.until(lambda: self.app.turns and not self.app.session.asking.is_busy)
            await self.pilot.pause(0.3)

    async def take(self, name: str) -> None:
        self.app.clear_notifications()
        await self.pilot.pause(0.5)
        svg = self.app.export_screenshot(title="fontes chat", simplify=True)
        svg = re.sub(r"terminal-\d+", f"t-{name}", _FONTS.sub("", svg))
        (self._folder / f"{name}.svg").write_text(svg)


@asynccontextmanager
async def chatting(folder: Path, home: Path, size: tuple[int, int], **more: object) -> AsyncIterator[Camera]:
    theme = str(more.pop("theme", "fontes"))
    docs = more.pop("docs", (str(LIGHTHOUSES),))
    app = FontesChat(Service(home=home, web=False, **more), theme=theme, docs=docs)  # type: ignore[arg-type]
    async with app.run_test(size=size) as pilot:
        camera = Camera(app, pilot, folder)
        await camera.until(lambda: app.session.drafts is not None)
        await pilot.pause(1)
        yield camera
    await app.session.close()


async def answers(folder: Path, home: Path) -> None:
    async with chatting(folder, home, (120, 34)) as camera:
        await camera.ask(DISPUTED)
        await camera.ask(FOLLOWING)
        await camera.take("answer")
        await camera.pilot.press("tab", "enter")
        await camera.take("evidence")
        await camera.pilot.press("escape", "k", "enter", "enter", "end")
        await camera.take("contradiction")
        await camera.pilot.press("escape", "l")
        await camera.take("ledger")
    async with chatting(folder, home, (80, 24), theme="fontes-contrast") as camera:
        await camera.ask(DISPUTED)
        await camera.pilot.press("tab")
        await camera.take("narrow")
    async with chatting(folder, home, (80, 24), theme="fontes-light") as camera:
        camera.app.write_area.write("/")
        await camera.take("commands")


async def stream(folder: Path, home: Path) -> None:
    async with (
        ScriptedServer(tokens_per_s=12) as server,
        chatting(folder, home, (120, 34), model_url=server.url, router="rules") as camera,
    ):
        await camera.ask(MANY, waits=False)
        await camera.until(
            lambda: (
                camera.app.turns
                and [each.label for each in camera.app.turns[0].sentences()][-2:] == ["supported", None]
            )
        )
        await camera.take("streaming")
        await camera.pilot.press("escape")
        await camera.until(lambda: not camera.app.session.asking.is_busy)


async def main(folder: Path) -> None:
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as home:
        async with chatting(folder, Path(home) / "empty", (120, 34), docs=()) as camera:
            await camera.take("welcome")
        await answers(folder, Path(home) / "answers")
        await stream(folder, Path(home) / "stream")
    for path in sorted(folder.glob("*.svg")):
        print(f"{path.name}  {path.stat().st_size / 1000:.0f} kB")  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent))
