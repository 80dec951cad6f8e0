"""An answer for reading: sentences with marks, then what they stand on, then what was skipped and why."""

from collections.abc import Iterable
from pathlib import Path

from rich.text import Text

from ...crawler import clean
from ..answer import OWN_PLACES, Answer, found_of, shown_text
from ..source_signals import SourceSignals
from ..state import Checked, Citation
from .screen import counted, dim, out, print_indented, shown, skipped_lines

_MOST_NOT_READ = 8
_MOST_OF_ONE_REASON = 4
_UNSAID = ("file", "other")


def sentence_line(checked: Checked, marks: str) -> Text:
    """One asserted sentence and its marks, and what the check found: how many say it, and as of when."""
    return Text.assemble(clean(shown_text(checked)), " ", (marks, "bold cyan"), "  ", (_found_of(checked), "dim"))


def _found_of(checked: Checked) -> str:
    return "✓ " + " · ".join(f"{'⚠ ' if is_doubt else ''}{clean(text)}" for is_doubt, text in found_of(checked))


def print_foot(answer: Answer) -> None:
    """All that stands below the sentences."""
    if not answer.asserted:
        _print_abstention(answer)
    elif answer.reasons:
        out().print()
        _print_reasons(answer)
    if answer.sources:
        out().print()
        out().print(Text("Sources", style="bold"))
        for number, citations in enumerate(answer.sources, start=1):
            _print_source(number, citations, answer.signals(citations[0]))
    _print_contradictions(answer)
    _print_withheld(answer)
    _print_not_read(answer)
    if answer.notes:
        out().print()
    for note in answer.notes:
        out().print(dim(f"note: {clean(note)}"))


def _print_contradictions(answer: Answer) -> None:
    """Both sides, with their quotes and dates."""
    for is_change, heading in ((False, "Sources disagree"), (True, "Changed over time")):
        found = [each for each in answer.contradictions if each.is_change is is_change]
        if found:
            out().print()
            out().print(Text(heading, style="bold"))
        for nth, each in enumerate(found):
            if nth:
                out().print()  # which two sides belong together
            for side in (each.older, each.newer):
                when = f" · {side.as_of}" if side.as_of else ""
                value = (f"{clean(side.value)}: ", "bold") if each.kind != "polarity" else ""
                print_indented(Text.assemble(value, f"“{clean(side.quote)}”"), 2)
                print_indented(dim(f"{shown(side.source)}{when}"), 4)


def _print_withheld(answer: Answer) -> None:
    """What a model wrote and the sources did not bear out; without an asserted sentence the abstention shows it."""
    withheld = [checked for checked in answer.sentences if not checked.asserted]
    written = [checked for checked in withheld if checked.sentence.relevance is None]
    if not written or not answer.asserted:
        return
    out().print()
    out().print(Text("Written, but not asserted", style="bold"))
    for checked in written:
        print_indented(Text(f"“{clean(checked.sentence.text)}”"), 2)
        print_indented(dim(clean(checked.withheld)), 4)


def is_without_web(answer: Answer) -> bool:
    """Whether the question went to the web alone, and no provider answered."""
    searched = answer.ledger.searched
    return not answer.asserted and bool(searched) and all(row.error for row in searched)


def no_answer(answer: Answer) -> str:
    """Why there is no sentence, in one."""
    if is_without_web(answer):
        return "no search provider answers, and there is no other place to ask"
    return "the sources do not answer this question"


def _print_not_read(answer: Answer) -> None:
    skipped, unused = answer.ledger.skipped, len(answer.ledger.unused)
    if not skipped and not unused:
        return
    out().print()
    out().print(Text("Not read", style="bold"))
    lines = skipped_lines(skipped, most=_MOST_OF_ONE_REASON)
    for line in lines[:_MOST_NOT_READ]:
        print_indented(line, 2)
    if (more := len(lines) - _MOST_NOT_READ) > 0:
        print_indented(dim(f"and {more} more, listed with --json"), 2)
    if unused:
        print_indented(dim(f"{counted(unused, 'more page')} found, and not asked for"), 2)


def _print_source(number: int, citations: tuple[Citation, ...], seen: SourceSignals | None) -> None:
    first = citations[0]
    date = f" · {first.published[:10]}" if first.published else ""
    if seen and seen.kind.kind not in _UNSAID:
        date += f" · {seen.kind.kind}"
    out().print(
        Text.assemble(
            (f"[{number}] ", "bold cyan"), (clean(first.title) or Path(shown(first.source)).name, "bold"), date
        )
    )
    print_indented(dim(shown(first.source)), 4)
    if seen and seen.notice:
        print_indented(Text(f"⚠ {seen.notice.kind}: “{clean(seen.notice.quote)}”", style="bold red"), 4)
    for citation in citations:
        print_indented(Text.assemble("“", clean(citation.quote), "”", (_place(citation), "dim")), 4)


def _place(citation: Citation) -> str:
    page = f"page {citation.page_number}, " if citation.page_number else ""
    return f"  {page}characters {citation.start:,}–{citation.end:,}"


def _print_abstention(answer: Answer) -> None:
    if answer.cut_short:
        out().print(Text("The run ended before anything was verified.", style="bold"))
        return
    sentence = no_answer(answer)
    out().print(Text(f"{sentence[0].upper()}{sentence[1:]}.", style="bold"))
    _print_reasons(answer)
    _print_searched(answer)
    if is_without_web(answer):
        out().print(dim("`fontes doctor --web` asks every provider, `fontes add FOLDER_OR_URL` fills your own index"))
    withheld = [checked for checked in answer.sentences if not checked.asserted]
    if withheld:
        out().print()
        out().print(Text("Nearest, but not asserted", style="bold"))
        for checked in withheld[:2]:
            print_indented(Text(f"“{clean(checked.sentence.text)}”"), 2)
            print_indented(dim(f"{_where(checked)}: {clean(checked.withheld)}"), 2)


def _print_reasons(answer: Answer) -> None:
    for reason in answer.reasons:
        out().print(dim(clean(reason)))


def _print_searched(answer: Answer) -> None:
    """Where it was looked, in one line for each place; why a provider failed is among the notes."""
    hits: dict[str, int] = {}
    for row in answer.ledger.searched:
        if not row.error:
            hits[row.provider] = hits.get(row.provider, 0) + row.hits
    for place, count in hits.items():
        if name := OWN_PLACES.get(place):
            out().print(dim(f"searched {name}: {count or 'no'} passages found"))
        else:
            out().print(dim(f"searched the web with {clean(place)}: {count or 'no'} hits"))
        if not count and place == "index":
            out().print(dim("`fontes sources` lists what it holds, `fontes add FOLDER_OR_URL` takes more into it"))
    if answer.usage.pages and not hits.keys() <= OWN_PLACES.keys():
        out().print(dim(f"{counted(answer.usage.pages, 'page')} read"))


def _where(checked: Checked) -> str:
    citations: Iterable[Citation] = (citation for claim in checked.claims for citation in claim.citations)
    return next((shown(citation.source) for citation in citations), "no source")
