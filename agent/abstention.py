"""How a question ends, and why: one decision from the verdicts, the relevance and what was not found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..retrievers import Evidence
from .answerability import THRESHOLD
from .language import language_of
from .models.candidates import stems, unknown_designations, years
from .questions.question_words import question_words
from .state import Checked, Query, Status
from .verifiers.reading.names import names
from .verifiers.reading.terms import is_content, stem, words

_TITLE_CHARACTERS = 80
_MOST_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`status`, and for the reader what is missing, one short sentence a reason; () when all is answered.

    `confidence` is the probability that the answer is right where it is least sure (over the questions that are
    answered, of each its surest sentence); None when nothing is asserted.
    """

    status: Status
    reasons: tuple[str, ...] = ()
    confidence: float | None = None


def decide(
    query: Query,
    checked: Sequence[Checked],
    evidence: Sequence[Evidence],
    *,
    drafted: int,
    threshold: float = THRESHOLD,
) -> Decision:
    """Answered: every sub-question (the question itself when it has none) has an asserted sentence.

    Partial: some have, or some of the `drafted` sentences were not checked. Abstained: none has. An asserted sentence
    whose relevance is below `threshold` answers nothing. `evidence` is what the draft was written from, best first.
    """
    questions = query.sub_questions or (query.text,)
    surest = {number: _surest(number, checked, threshold) for number in range(len(questions))}
    carried = {number: likely for number, likely in surest.items() if likely is not None}
    reasons: list[str] = []
    for number in (number for number in range(len(questions)) if number not in carried):
        own = [each for each in checked if each.sentence.question == number]
        why = [*_withheld(own, threshold), *missing(questions[number], evidence)]
        reasons += [f"“{questions[number]}”: {reason}" for reason in why] if len(questions) > 1 else why
    unchecked = drafted - len(checked)
    if unchecked > 0:
        reasons.append(f"{unchecked} of {drafted} drafted sentences were not checked")
    complete = len(carried) == len(questions) and unchecked == 0  # below 0: the draft itself was cut short
    return Decision(
        status="answered" if complete else "partial" if carried else "abstained",
        reasons=tuple(dict.fromkeys(reasons)),
        confidence=min(carried.values()) if carried else None,
    )


def likely_right(checked: Checked) -> float:
    """The probability in [0, 1] that a sentence is supported and answers: its verdicts' least score by its relevance.

    They are taken as independent. A sentence without a relevance is taken to answer.
    """
    support = min((claim.verdict.score for claim in checked.claims), default=0.0)
    return support if checked.sentence.relevance is None else support * checked.sentence.relevance


def missing(question: str, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """What of the question no passage holds, and what the nearest passage is about instead."""
    if not evidence:
        return ("nothing was found to answer from",)
    held = stems(" ".join(_all_of(each) for each in evidence))
    unknown = [each.text for each in unknown_designations(question, evidence)]
    absent = _absent(question, held, " ".join(map(_all_of, evidence)), unknown)
    return tuple(absent) or (_nearest(question, evidence[0]),)


def _absent(question: str, held: frozenset[str], text: str, unknown: Sequence[str]) -> Iterator[str]:
    other_years = years(question) - years(text)
    if other_years and other_years == years(question):
        yield f"no passage is about {' or '.join(sorted(other_years))}"
    spelled = " ".join(unknown)
    unnamed = [name for name in _names(question) if name not in spelled and not stems(name) & held]
    told = {stem(word) for name in (*unnamed, *unknown, *other_years) for word in words(name)}
    for name in [*unknown, *unnamed][:_MOST_WORDS]:
        yield f"no passage names {name}"
    lacking = [word for word in _content(question) if stem(word) not in held | told]
    if lacking:
        yield f"no passage mentions {_listed(lacking)}"


def _nearest(question: str, evidence: Evidence) -> str:
    title = _titled(evidence)
    held = stems(_all_of(evidence))
    lacking = [word for word in _content(question) if stem(word) not in held]
    rest = f"does not mention {_listed(lacking)}" if lacking else "has no sentence that answers"
    return f"the nearest passage, about “{title}”, {rest}" if title else f"the nearest passage {rest}"


def _withheld(own: Sequence[Checked], threshold: float) -> Iterator[str]:
    """Why what was drafted is not shown: objections as they are, else how likely the best sentence answers."""
    scores = [each.sentence.relevance for each in own if each.sentence.relevance is not None]
    if scores and max(scores) < threshold:
        yield f"the likeliest sentence answers with a probability of {max(scores):.2f}, {threshold:.2f} is asked for"
    for each in own:
        is_relevant = each.sentence.relevance is None or each.sentence.relevance >= threshold
        if each.withheld and is_relevant:
            yield f"a sentence was withheld: {each.withheld}"


def _surest(number: int, checked: Sequence[Checked], threshold: float) -> float | None:
    """How likely the surest asserted sentence of a sub-question is right; None when it has none."""
    return max(
        (
            likely_right(each)
            for each in checked
            if each.sentence.question == number
            and each.asserted
            and (each.sentence.relevance is None or each.sentence.relevance >= threshold)
        ),
        default=None,
    )


def _all_of(evidence: Evidence) -> str:
    return f"{evidence.title} {evidence.passage.in_full} {evidence.published}"


def _titled(evidence: Evidence) -> str:
    title = " ".join((evidence.title or evidence.passage.context).split())
    return title if len(title) <= _TITLE_CHARACTERS else f"{title[: _TITLE_CHARACTERS - 1]}…"


def _content(question: str) -> list[str]:
    asking = question_words(question)
    return list(dict.fromkeys(word for word in words(question) if is_content(word) and word.lower() not in asking))


def _names(question: str) -> Iterator[str]:
    """The names of the question without the words that ask; none in German, whose nouns all look like names."""
    if language_of(question) == "de":
        return
    asking = question_words(question)
    for name in names(question):
        parts = name.text.split()
        while parts and parts[0].lower() in asking:
            parts.pop(0)
        if parts:
            yield " ".join(parts)


def _listed(lacking: Sequence[str]) -> str:
    return " or ".join(f"“{word}”" for word in lacking[:_MOST_WORDS])
