"""An answer for reading: sentences with marks, then what they stand on, then what was skipped and why."""

from collections.abc import Iterable
from pathlib import Path

from rich.text import Text

from ...crawler import clean
from ..answer import Answer, shown_text
from ..state import Checked, Citation
from .screen import dim, out, print_indented, shown, skipped_lines


def sentence_line(checked: Checked, marks: str) -> Text:
    """One asserted sentence and its marks."""
    return Text.assemble(clean(shown_text(checked)), " ", (marks, "bold cyan"))


def print_foot(answer: Answer) -> None:
    """All that stands below the sentences."""
    if not answer.asserted:
        _print_abstention(answer)
    if answer.sources:
        out().print()
        out().print(Text("Sources", style="bold"))
        for number, citations in enumerate(answer.sources, start=1):
            _print_source(number, citations)
    if answer.ledger.skipped:
        out().print()
        out().print(Text("Not read", style="bold"))
        for line in skipped_lines(answer.ledger.skipped):
            print_indented(line, 2)
    if answer.notes:
        out().print()
    for note in answer.notes:
        out().print(dim(f"note: {clean(note)}"))


def _print_source(number: int, citations: tuple[Citation, ...]) -> None:
    first = citations[0]
    date = f" · {first.published[:10]}" if first.published else ""
    out().print(
        Text.assemble(
            (f"[{number}] ", "bold cyan"), (clean(first.title) or Path(shown(first.source)).name, "bold"), date
        )
    )
    print_indented(dim(shown(first.source)), 4)
    for citation in citations:
        print_indented(Text.assemble("“", clean(citation.quote), "”", (_place(citation), "dim")), 4)


def _place(citation: Citation) -> str:
    page = f"page {citation.page_number}, " if citation.page_number else ""
    return f"  {page}characters {citation.start:,}–{citation.end:,}"


def _print_abstention(answer: Answer) -> None:
    if answer.cut_short:
        out().print(Text("The run ended before anything was verified.", style="bold"))
        return
    out().print(Text("The sources do not answer this question.", style="bold"))
    for searched in answer.ledger.searched:
        place = "your index" if searched.provider == "index" else "the sources named"
        out().print(dim(f"searched {place}: {searched.hits or 'no'} passages found"))
        if not searched.hits and searched.provider == "index":
            out().print(dim("`fontes sources` lists what it holds, `fontes add FOLDER` takes more into it"))
    withheld = [checked for checked in answer.sentences if not checked.asserted]
    if withheld:
        out().print()
        out().print(Text("Nearest, but not asserted", style="bold"))
        for checked in withheld[:2]:
            print_indented(Text(f"“{clean(checked.sentence.text)}”"), 2)
            print_indented(dim(f"{_where(checked)}: {clean(checked.withheld)}"), 2)


def _where(checked: Checked) -> str:
    citations: Iterable[Citation] = (citation for claim in checked.claims for citation in claim.citations)
    return next((shown(citation.source) for citation in citations), "no source")
