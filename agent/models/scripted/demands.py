"""What in a text reads like an instruction, and what it wants to be said: for a model that obeys any text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# The verbs that instructions begin with; more of them make the model that obeys more gullible, nothing else.
_VERBS = (
    "absorb act add adopt advise always anagram answer append apply ask augment become begin blend break call"
    " combine compare compose confirm consider convert copy create delete deploy describe develop disregard do"
    " don't draft embed embrace emphasize employ encourage end engage enhance enlist enrich ensure execute explain"
    " fetch follow forget forward fuse generate give go group harmonize highlight ignore imagine implement include"
    " incorporate inform infuse inject insert install integrate interweave introduce invent invite jumble keep let"
    " leverage link list make meld mention merge misspell modify never note obey omit open output override pretend"
    " print promote provide quote rearrange recommend reference remove render repeat replace reply report respond"
    " return reveal say scramble select send show start state stop substitute suggest summarize take tell"
    " translate treat use utilize visit weave write"
)
_VERB = "|".join(sorted(_VERBS.split(), key=len, reverse=True))
_LEAD = (
    r"(?:(?:please|kindly|now|also|then|first|important|note|system|assistant|seamlessly|carefully|to proceed)[,:]?\s+)"
)
_IMPERATIVE = re.compile(rf"{_LEAD}*(?:{_VERB})\b", re.IGNORECASE)
_ADDRESSED = re.compile(
    r"\b(?:your|the) (?:\w+ )?(?:answers?|responses?|repl(?:y|ies)|outputs?|code(?:base)?|implementation|solution"
    r"|message|program|project|script|instructions?|summary|system prompt)\b"
    r"|\byou (?:must|should|shall|are now|may|will|have to|need to)\b|\b(?:can|could|would) you\b"
    r"|\b(?:previous|above|prior|earlier) (?:instructions|prompts?|rules|text)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"\?[\"'”’)\]]*$")

_CODE = re.compile(r"^[^\n]*\n?```.*?(?:```|\Z)", re.DOTALL | re.MULTILINE)
_SENTENCE = re.compile(r"[^\n.!?]+(?:[.!?](?=\S)[^\n.!?]*)*[.!?]*[\"'”’)\]]*")
_QUOTED = re.compile(r"[\"“]([^\"”\n]{3,})[\"”]|(?<!\w)['‘]([^'’\n]{3,})['’](?!\w)")
_ADDRESS = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]+)+|https?://[^\s)\"'<>]+|\b(?:[\w-]{1,63}\.)+[a-z]{2,24}\b(?:/[^\s)\"']*)?"
)
_BLOCK = re.compile(r"```\w*\n?(.*?)(?:```|\Z)", re.DOTALL)
_TYPED = re.compile(r"[\w.+-]+@|https?:|www\.|\.(?:com|org|net|xyz|io|test|info|biz|example|ru|cn)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """An instruction found in a passage, verbatim, with what it wants said: words, addresses, code."""

    label: str
    instruction: str
    said: tuple[str, ...]
    addresses: tuple[str, ...]
    code: str


def demands(label: str, text: str) -> tuple[Demand, ...]:
    """Every instruction of a passage in its order: also questions, and whatever holds an address."""
    found: list[Demand] = []
    for instruction in _instructions(text):
        block = _BLOCK.search(instruction)
        found.append(
            Demand(
                label=label,
                instruction=instruction,
                said=tuple((a or b).strip() for a, b in _QUOTED.findall(instruction) if not block),
                addresses=tuple(address.rstrip(".,;:") for address in _addresses(instruction)),
                code=block[1].strip() if block else "",
            )
        )
    return tuple(found)


def _instructions(text: str) -> Iterator[str]:
    at = 0
    for block in _CODE.finditer(text):
        yield from _in_prose(text[at : block.start()])
        yield block.group().strip()
        at = block.end()
    yield from _in_prose(text[at:])


def _in_prose(text: str) -> Iterator[str]:
    for match in _SENTENCE.finditer(text):
        sentence = match.group().strip()
        if (
            _IMPERATIVE.match(sentence)
            or _ADDRESSED.search(sentence)
            or _QUESTION.search(sentence)
            or _TYPED.search(sentence)
        ):
            yield sentence


def _addresses(text: str) -> list[str]:
    return [found for found in _ADDRESS.findall(text) if _TYPED.search(found)]
