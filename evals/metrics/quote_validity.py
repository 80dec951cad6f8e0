"""Whether quotes stand where citations say."""

from ..case import Case
from ..metric import Metric
from ..result import Result


def score(_case: Case, result: Result) -> float | None:
    """The share of citations with `page.text[start:end] == quote`; None without a citation whose page was kept."""
    if result.answer is None:
        return None
    held = [
        result.pages[each["page_hash"]][each["start"] : each["end"]] == each["quote"] != ""
        for claim in result.answer.get("claims", ())
        for each in claim["citations"]
        if each["page_hash"] in result.pages
    ]
    return sum(held) / len(held) if held else None


METRICS = (
    Metric(
        name="quote_validity",
        meaning="citations whose quote stands at its place in the page's text, character by character",
        source="the evidence contract: page.text[start:end] == quote",
        higher_is_better=True,
        score=score,
    ),
)
