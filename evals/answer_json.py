"""Reading an answer's JSON (docs/reference/answer.schema.json), of this version, another, or another system."""

import re
from collections.abc import Sequence

from .result import Json

_MARK = re.compile(r"\s?\[\d{1,3}\]")


def is_abstained(answer: Json) -> bool:
    """Whether nothing is asserted."""
    return bool(answer["status"] == "abstained")


def asserted(answer: Json) -> list[Json]:
    """The sentences that are shown as fact, in reading order."""
    return [sentence for sentence in answer.get("sentences", ()) if sentence["asserted"]]


def plain_text(answer: Json) -> str:
    """What is asserted, without marks; "" when nothing is."""
    sentences = asserted(answer)
    return " ".join(each["text"] for each in sentences) if sentences else _MARK.sub("", answer.get("text", ""))


def claims_of(answer: Json, sentence: Json) -> list[Json]:
    """The claims of one sentence."""
    claims: Sequence[Json] = answer.get("claims", ())
    return [claims[number] for number in sentence.get("claims", ())]


def citations_of(answer: Json, sentence: Json) -> list[Json]:
    """What one sentence cites, each place once, in order."""
    places = {
        (each["source"], each["page_hash"], each["start"], each["end"]): each
        for claim in claims_of(answer, sentence)
        for each in claim["citations"]
    }
    return list(places.values())


def confidence(answer: Json, sentence: Json) -> float | None:
    """How sure the assistant is that a sentence is supported and answers, in [0, 1]; None when it does not say."""
    scores = [claim["score"] for claim in claims_of(answer, sentence) if claim.get("score") is not None]
    if sentence.get("relevance") is not None:
        scores.append(sentence["relevance"])
    return min(scores) if scores else None
