"""Text that hangs from a sign: the first line stands behind it, the others are indented as far."""

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

_LEAST_COLUMNS = 8


class Hanging(Visual):
    """`body` wrapped beside a margin of `indent` cells that holds `sign` on the first line and `bar` on the others."""

    def __init__(self, body: Content, *, sign: Content, bar: Content, indent: int) -> None:
        self.body = body
        self._sign, self._bar, self._indent = sign, bar, indent

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """The lines, each with its margin."""
        lines = self.body.render_strips(self._room(width), height, style, options)
        if not self._indent:
            return lines
        margin = RenderOptions(options.get_style, options.rules)
        first, other = (
            part.pad_right(self._indent - part.cell_length).render_strips(self._indent, 1, style, margin)[0]
            for part in (self._sign, self._bar)
        )
        return [Strip.join((other if number else first, line)) for number, line in enumerate(lines)]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """The body's own width, and the margin."""
        return self._indent + self.body.get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """The lines of the body beside its margin."""
        return self.body.get_height(rules, self._room(width))

    def _room(self, width: int) -> int:
        return max(width - self._indent, min(_LEAST_COLUMNS, width), 1)
