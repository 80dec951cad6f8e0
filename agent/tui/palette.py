"""The command palette: every slash command, and the themes."""

from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from .commands import COMMANDS, Command

if TYPE_CHECKING:
    from .app import FontesChat


class ChatCommands(Provider):
    """Runs a command, or writes its beginning into the input where it needs more."""

    @property
    def _chat(self) -> "FontesChat":
        from .app import FontesChat

        assert isinstance(self.app, FontesChat)
        return self.app

    async def discover(self) -> Hits:
        """All of them, in their order."""
        for command in COMMANDS:
            title = _titled(command)
            begins = partial(self._chat.begin_command, command)
            yield DiscoveryHit(Content(title), begins, text=title, help=command.says)

    async def search(self, query: str) -> Hits:
        """Those whose name or purpose matches."""
        matcher = self.matcher(query)
        for command in COMMANDS:
            title = f"{_titled(command)} · {command.says}"
            if (score := matcher.match(title)) > 0:
                yield Hit(score, matcher.highlight(title), partial(self._chat.begin_command, command))
        for theme in sorted(self._chat.available_themes):
            title = f"/theme {theme}"
            if (score := matcher.match(title)) > 0:
                yield Hit(score, matcher.highlight(title), partial(self._chat.does.run, title))


def _titled(command: Command) -> str:
    return f"/{command.name} {command.takes}".rstrip()
