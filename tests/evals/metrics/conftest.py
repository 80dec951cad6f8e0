"""Small answers for metrics to score."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from fontes.evals.result import Result, Retrieved

MakeResult = Callable[..., Result]

PAGE = "The Orvay lighthouse was built in 1854 by James Calder. Its lamp burned whale oil until 1871."


def cited(start: int, end: int, *, source: str = "orvay", quote: str | None = None) -> dict[str, Any]:
    return {
        "source": source, "title": "Orvay", "page_hash": "page", "start": start, "end": end,
        "quote": PAGE[start:end] if quote is None else quote,
    }  # fmt: skip


@pytest.fixture
def answered() -> MakeResult:
    """`answered(("text", [(0, 5)], {"asserted": False}), …)`: sentences with the spans they cite; none: abstained."""

    def make(*sentences: tuple[Any, ...], usage: dict[str, Any] | None = None, **rest: Any) -> Result:
        made: list[dict[str, Any]] = []
        claims: list[dict[str, Any]] = []
        for text, spans, *more in sentences:
            extra = more[0] if more else {}
            citations: Sequence[Any] = [span if isinstance(span, dict) else cited(*span) for span in spans]
            made.append(
                {"text": text, "asserted": True, "relevance": None, "claims": [len(claims)], "withheld": ""} | extra
            )
            claims.append({"text": text, "score": extra.get("score", 0.9), "citations": citations})
        is_answered = any(each["asserted"] for each in made)
        answer = {
            "status": "answered" if is_answered else "abstained", "question": "When?", "sentences": made,
            "claims": claims, "contradictions": rest.pop("contradictions", []),
            "usage": usage or {"seconds": 1.5, "prompt_tokens": 100, "completion_tokens": 20, "money": 0.25},
        }  # fmt: skip
        return Result(cell="a", case="c", answer=answer, pages={"page": PAGE}, **rest)

    return make


@pytest.fixture
def retrieved() -> Callable[..., tuple[Retrieved, ...]]:
    """`retrieved("a", ("b", 5, 9), …)`: passages by source, or source and span."""

    def make(*places: str | tuple[str, int, int], selected: int = 99) -> tuple[Retrieved, ...]:
        spans = [(place, 0, 10) if isinstance(place, str) else place for place in places]
        return tuple(
            Retrieved(
                source=source, page_hash=f"hash of {source}", start=start, end=end, score=0.0, selected=n < selected
            )
            for n, (source, start, end) in enumerate(spans)
        )

    return make
