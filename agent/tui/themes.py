"""The chat's own themes: dark, light, high contrast, and one of the terminal's own sixteen colours.

One accent; green, amber and red belong to verdicts alone. Text keeps a contrast of 4.5:1 and more on its ground (7:1
in `fontes-contrast`), which a test holds.
"""

import os

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="fontes",
    primary="#6cb6d9",
    secondary="#8aa4b8",
    accent="#6cb6d9",
    success="#85c99a",
    warning="#e0b36a",
    error="#ec8f8f",
    foreground="#dde2ea",
    background="#14171d",
    surface="#1a1e26",
    panel="#222731",
    boost="#262c38",
    variables={
        "quiet": "#98a1b0",
        "chosen": "#232a36",
        "rule": "#333b49",
        "scrollbar": "#333b49",
        "scrollbar-hover": "#4a5568",
        "scrollbar-active": "#6cb6d9",
        "scrollbar-background": "#14171d",
        "scrollbar-background-hover": "#14171d",
        "scrollbar-background-active": "#14171d",
        "input-selection-background": "#6cb6d9 35%",
    },
)

LIGHT = Theme(
    name="fontes-light",
    primary="#0b6288",
    secondary="#4a6272",
    accent="#0b6288",
    success="#1c6b39",
    warning="#7d5200",
    error="#a82828",
    foreground="#1f242c",
    background="#fbfaf8",
    surface="#f3f1ed",
    panel="#e9e6e0",
    boost="#e3e8ec",
    dark=False,
    variables={
        "quiet": "#5b6470",
        "chosen": "#e6ebef",
        "rule": "#cfcac1",
        "scrollbar": "#cfcac1",
        "scrollbar-hover": "#a9a396",
        "scrollbar-active": "#0b6288",
        "scrollbar-background": "#fbfaf8",
        "scrollbar-background-hover": "#fbfaf8",
        "scrollbar-background-active": "#fbfaf8",
        "input-selection-background": "#0b6288 25%",
    },
)

CONTRAST = Theme(
    name="fontes-contrast",
    primary="#ffe14d",
    secondary="#ffffff",
    accent="#ffe14d",
    success="#7dff9b",
    warning="#ffc24d",
    error="#ff9c9c",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    boost="#2e2e2e",
    variables={
        "quiet": "#d2d2d2",
        "chosen": "#262626",
        "rule": "#9a9a9a",
        "scrollbar": "#9a9a9a",
        "scrollbar-hover": "#ffffff",
        "scrollbar-active": "#ffe14d",
        "scrollbar-background": "#000000",
        "scrollbar-background-hover": "#000000",
        "scrollbar-background-active": "#000000",
    },
)

_ANSI = BUILTIN_THEMES["ansi-dark"]
TERMINAL = Theme(
    name="terminal",
    ansi=True,
    primary="ansi_cyan",
    secondary="ansi_default",
    accent="ansi_cyan",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables=_ANSI.variables
    | {
        # Half-bright text is invisible on some of the sixteen colours: what is quiet is told apart by its place.
        "quiet": "ansi_default",
        "text-muted": "ansi_default",
        "text-disabled": "ansi_default",
        "foreground-muted": "ansi_default",
        "chosen": "ansi_default",
        "rule": "ansi_default",
        "border": "ansi_cyan",
        "border-blurred": "ansi_default",
        "scrollbar": "ansi_bright_black",
        "scrollbar-hover": "ansi_bright_black",
        "scrollbar-active": "ansi_cyan",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_cyan",
        "input-cursor-background": "ansi_default",
        "input-cursor-foreground": "ansi_default",
        "input-cursor-text-style": "reverse",
        "input-selection-background": "ansi_cyan",
        "input-selection-foreground": "ansi_black",
    },
)

THEMES = (DARK, LIGHT, CONTRAST, TERMINAL)

DEFAULTS = {"quiet": "#8d95a1", "chosen": "#7f7f7f 20%", "rule": "#7f7f7f 60%"}
"""Our own variables, for the themes that come with the toolkit."""


def theme_names() -> list[str]:
    """Every theme that the chat can be drawn with, its own and Textual's."""
    return sorted({*BUILTIN_THEMES, *(theme.name for theme in THEMES)})


def suited_theme(color_system: str | None) -> str:
    """The theme for a terminal: its own colours where it has sixteen, or wants none.

    `color_system` is rich's word: "truecolor", "256", "standard" or None.
    """
    if os.environ.get("NO_COLOR") or color_system in (None, "standard"):
        return TERMINAL.name
    return DARK.name
