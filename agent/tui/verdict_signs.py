"""The sign and the colour of a verdict, the same wherever one is shown; the sign alone tells them apart."""

from ..state import Checked, Label

SIGNS: dict[Label, tuple[str, str]] = {
    "supported": ("✓", "$text-success"),
    "partial": ("~", "$text-warning"),
    "unsupported": ("✗", "$text-error"),
    "contradicted": ("≠", "$text-error"),
}
"""By verdict: one character of one cell, and a colour of the theme."""

_GRAVEST_FIRST: tuple[Label, ...] = ("contradicted", "unsupported", "partial", "supported")


def worst(checked: Checked) -> Label:
    """The gravest verdict among the claims of a sentence; "unsupported" when it has none."""
    labels = {claim.verdict.label for claim in checked.claims}
    for label in _GRAVEST_FIRST:
        if label in labels:
            return label
    return "unsupported"
