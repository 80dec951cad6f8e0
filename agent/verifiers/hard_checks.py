"""What code alone can object to in a claim, before any model is asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from . import assertions
from .additions import additions, orders
from .assertions import Found
from .comparisons import turned_comparison
from .reading.facts import Fact, Line, Source, line, source_of
from .reading.reads import Read, focus_of, sentences_read
from .turned_round import exchanged, relinked, said_of_another

Kind = Literal[
    "number", "date", "name", "swap", "negation", "opposite", "denial", "modality", "quantifier", "comparison", "roles",
    "addition", "language"
]  # fmt: skip


# Of a claim of more words it is not asked what the source says in place of each fact: that takes time with the square
# of its length (5,000 words of numbers: a minute).
_LONG = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What speaks against a claim: `what` it says at `start` to `end`, and in `found` what the source says instead.

    | kind | the claim |
    |---|---|
    | number, date, name | says one that no cited text holds |
    | swap | says one where a cited text says another |
    | negation | adds a negation (`what`), or leaves one out (`found`) |
    | opposite | says the opposite of a word |
    | denial | is told by the source in order to deny it |
    | modality | tells as a fact what the source tells as alleged, planned, possible or under a condition |
    | quantifier | says all for some, always for often, only for nothing like it |
    | comparison | exchanges the sides of a comparison |
    | roles | exchanges who did it and to whom, what came first, or cause and effect |
    | addition | puts a phrase to the words of its source that no source has |
    | language | is in another language than its source (only the lexical verifier objects to that) |

    `start` and `end` are those of the whole claim where what is missing has no place in it.
    """

    kind: Kind
    what: str
    start: int
    end: int
    found: str = ""

    @property
    def reason(self) -> str:
        """The objection in a few words."""
        match self.kind:
            case "number" | "date" | "name":
                return f"the {self.kind} {self.what} is not in the source"
            case "addition":
                return f"the source does not say “{self.what}”"
            case "quantifier" if not self.found:
                return f"the source does not say “{self.what}”"
            case "swap" | "opposite" | "quantifier":
                return f"the source says “{self.found}”, not “{self.what}”"
            case "negation":
                return "the source does not negate it" if self.what else "the source negates it"
            case "denial":
                return "the source denies it"
            case "modality":
                return f"the source does not tell it as a fact (“{self.found}”)"
            case "comparison":
                return "the source compares the other way round"
            case "language":
                return "the source is in another language"
            case "roles":
                return f"the source has it the other way round (“{self.found}”)"


def objections(claim: str, evidence: Sequence[str]) -> tuple[Objection, ...]:
    """What speaks against `claim` in the texts it cites, in reading order; () if nothing does.

    A claim that has one is never supported. Nothing that the evidence says to its reader changes what is found.
    """
    texts = [sentences_read(text) for text in evidence]
    sources = [sentence for text in texts for sentence in text]
    if not sources:
        return ()
    return found_in(claim, Read(claim), evidence, texts)


def found_in(claim: str, said: Read, evidence: Sequence[str], texts: Sequence[Sequence[Read]]) -> tuple[Objection, ...]:
    """The same, for texts that have been read: `texts` has the sentences of each of `evidence`."""
    sources = [sentence for text in texts for sentence in text]
    focus = focus_of(said, sources)
    facts = _facts(line(claim), source_of(tuple(evidence), tuple(source.text for source in sources)))
    wording = _wording(claim, said, texts, sources, focus)
    return tuple(sorted((*facts, *wording), key=lambda each: (each.start, -each.end)))


def denied_in(claim: str, said: Read, texts: Sequence[Sequence[Read]]) -> tuple[Objection, ...]:
    """Only whether the texts tell the claim in order to deny it: all that can be said against what is verbatim."""
    found = assertions.denials(said, texts)
    return tuple(Objection(kind="denial", what="", start=0, end=len(claim), found=word) for _, word in found)


def _facts(said: Line, source: Source) -> Iterator[Objection]:
    for span in dict.fromkeys((date.start, date.end) for date in said.dates):
        readings = [date for date in said.dates if (date.start, date.end) == span]
        borne_out = [date for date in readings if not source.lacks_date(date)]
        if not borne_out:
            yield Objection(kind="date", what=readings[0].text, start=span[0], end=span[1])
        else:
            yield from _swapped(said, source, borne_out[0])
    for number in said.numbers:
        if source.lacks_number(number):
            yield Objection(kind="number", what=number.text, start=number.start, end=number.end)
        else:
            yield from _swapped(said, source, number)
    for number in said.ones:
        yield from _swapped(said, source, number)
    for name in said.names:
        if lacking := source.lacks_of_name(name):
            yield Objection(kind="name", what=" ".join(lacking), start=name.start, end=name.end)
        else:
            yield from _swapped(said, source, name)


def _swapped(said: Line, source: Source, fact: Fact) -> Iterator[Objection]:
    if len(said.words) <= _LONG and (otherwise := source.says_otherwise(said, fact)):
        yield Objection(kind="swap", what=fact.text, start=fact.start, end=fact.end, found=otherwise)


def _wording(
    claim: str, said: Read, texts: Sequence[Sequence[Read]], sources: Sequence[Read], focus: Sequence[Read]
) -> Iterator[Objection]:
    added, dropped = assertions.negations(said, sources, focus)
    turned = assertions.opposites(said, focus)
    if len(added) + len(dropped) == len(turned) == 1:
        added, dropped, turned = [], [], []  # "does not like" is "dislikes"
    every: tuple[tuple[Kind, list[Found]], ...] = (
        ("negation", [*added, *dropped]),
        ("swap", assertions.replaced(said, focus)),
        ("opposite", turned),
        ("denial", assertions.denials(said, texts)),
        ("modality", assertions.hedges(said, focus, sources)),
        ("quantifier", assertions.scopes(said, focus)),
        ("comparison", turned_comparison(said, focus)),
        ("roles", [*exchanged(said, focus), *relinked(said, focus), *said_of_another(said, focus)]),
        ("addition", [*additions(said, focus, sources), *orders(said, sources)]),
    )
    for kind, found in every:
        for what, instead in found:
            start = claim.casefold().find(what.casefold()) if what else -1
            span = (start, start + len(what)) if start >= 0 else (0, len(claim))
            yield Objection(kind=kind, what=what, start=span[0], end=span[1], found=instead)
