"""The themes can be read: contrast is a number."""

import pytest
from fontes.agent.tui.themes import CONTRAST, DARK, LIGHT, TERMINAL, suited_theme
from textual.color import Color
from textual.theme import Theme


def contrast(text: str, ground: str) -> float:
    """The ratio of luminances of WCAG 2.2, from 1 to 21."""
    light, dark = sorted((_luminance(Color.parse(text)), _luminance(Color.parse(ground))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize(
    ("theme", "least"), [(DARK, 4.5), (LIGHT, 4.5), (CONTRAST, 7)], ids=lambda each: str(each)[:20]
)
def test_all_text_stands_out_from_all_grounds(theme: Theme, least: float) -> None:
    texts = (theme.foreground, theme.accent, theme.success, theme.warning, theme.error, theme.variables["quiet"])
    for ground in (theme.background, theme.surface, theme.variables["chosen"]):
        for text in texts:
            assert contrast(str(text), str(ground)) >= least, (text, ground)


@pytest.mark.parametrize("system", [None, "standard"])
def test_a_terminal_of_few_colours_gets_its_own(system: str | None) -> None:
    assert suited_theme(system) == TERMINAL.name


def test_a_terminal_of_many_colours_gets_ours_unless_it_wants_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert suited_theme("truecolor") == suited_theme("256") == DARK.name
    monkeypatch.setenv("NO_COLOR", "1")
    assert suited_theme("truecolor") == TERMINAL.name
