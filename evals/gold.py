"""What of a result is right by a case's gold: sources, spans, answers."""

from collections.abc import Sequence

from ..crawler import text_hash
from .answer_json import asserted, citations_of, is_abstained, plain_text
from .case import Case, GoldSpan
from .metrics.normalised import holds
from .result import Json, Result

Span = tuple[str, int, int]


def is_answerable(case: Case) -> bool | None:
    """Whether the documents hold the answer, as the case says or its gold shows; None when neither does."""
    if case.unanswerable is not None:
        return not case.unanswerable
    return True if case.gold_answers or case.gold_spans or case.gold_sources else None


def gold_sources(case: Case) -> frozenset[str]:
    """The sources that hold the answer."""
    return frozenset(case.gold_sources) or frozenset(span.source for span in case.gold_spans)


def ranked_sources(case: Case, result: Result) -> tuple[str, ...]:
    """The sources of what was retrieved, each at the place of its best passage.

    Two sources may hold the same text, which is one page then: it counts as the gold one.
    """
    names = _gold_names(case)
    return tuple(dict.fromkeys(names.get(each.page_hash, each.source) for each in result.retrieved))


def gold_groups(case: Case, result: Result) -> tuple[tuple[Span, ...], ...]:
    """The sets of spans of which any is a full answer, as (source, start, end).

    A span in a file is placed by its quote in the page's text; where that text was not kept, it cannot be, and its
    group is left out.
    """
    groups: dict[int, list[Span | None]] = {}
    for span in case.gold_spans:
        groups.setdefault(span.group, []).append(_placed(span, result))
    return tuple(tuple(span for span in group if span) for group in groups.values() if all(group))


def found_spans(case: Case, result: Result, *, selected: bool = True) -> tuple[Span, ...]:
    """The stretches that were retrieved, best first; only those given to the writer unless `selected` is False."""
    names = _gold_names(case)
    return tuple(
        (names.get(each.page_hash, each.source), each.start, each.end)
        for each in result.retrieved
        if each.selected or not selected
    )


def cites_gold(case: Case, result: Result, sentences: Sequence[Json]) -> bool:
    """Whether one of the sentences cites a stretch that overlaps a gold span."""
    if result.answer is None:
        return False
    names = _gold_names(case)
    gold = [span for group in gold_groups(case, result) for span in group]
    cited: list[Span] = [
        (names.get(each["page_hash"]) or each["source"], each["start"], each["end"])
        for sentence in sentences
        for each in citations_of(result.answer, sentence)
    ]
    return any(overlaps(each, span) for each in cited for span in gold)


def is_right(case: Case, result: Result) -> bool | None:
    """Whether the assistant did right: abstained where there is no answer, or asserted one that is right.

    What is right is said by the judge where one was asked, else by the gold spans (an asserted sentence cites one),
    else by the gold answers (the text holds one). None without any of them, and without an answer.
    """
    answer = result.answer
    if answer is None or (answerable := is_answerable(case)) is None:
        return None
    if is_abstained(answer) or not answerable:
        return is_abstained(answer) and not answerable
    if result.judged.correct is not None:
        return result.judged.correct >= 0.5
    return said_right(case, result, asserted(answer), plain_text(answer))


def said_right(case: Case, result: Result, sentences: Sequence[Json], text: str) -> bool | None:
    """Whether sentences hold the answer by gold spans, else by gold answers; None where a case has neither."""
    if case.gold_spans:
        return cites_gold(case, result, sentences)
    return any(holds(text, gold) for gold in case.gold_answers) if case.gold_answers else None


def overlaps(one: Span, other: Span) -> bool:
    """Whether two stretches of the same source have a character in common."""
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def _placed(span: GoldSpan, result: Result) -> Span | None:
    if span.end:
        return span.source, span.start, span.end
    for each in result.retrieved:
        if each.source == span.source and each.page_hash in result.pages:
            start = result.pages[each.page_hash].find(span.quote)
            return (span.source, start, start + len(span.quote)) if start >= 0 else None
    # Nothing of the file was found: the place is not known, and nothing overlaps it.
    return span.source, -len(span.quote), 0


def _gold_names(case: Case) -> dict[str, str]:
    """Page hash → the gold source with that text."""
    gold = gold_sources(case)
    held = [document for document in case.documents if document.source in gold and document.text]
    return {text_hash(document.text): document.source for document in held}
