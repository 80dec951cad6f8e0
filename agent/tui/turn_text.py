"""What stands below the sentences of an answer: why it is not whole, its sources, who disagrees, what it cost."""

from pathlib import Path

from textual.content import Content

from ..answer import Answer
from ..cli.answer_text import is_without_web, no_answer
from ..cli.screen import counted
from ..reading import is_address
from ..state import Checked, Citation, Contradiction
from .evidence_text import site
from .plain_text import one_line
from .turn import ShownTurn

_QUIET = "$quiet"
_MOST_SOURCES = 6
_MOST_NEAREST = 2


def foot(turn: ShownTurn) -> Content:
    """Everything below the sentences; empty while there is nothing to say."""
    match turn.state:
        case "queued":
            return Content.styled("waits for its turn", _QUIET)
        case "failed":
            return _failed(turn)
        case "elsewhere":
            return Content.styled("◌ being answered in another window · its answer will stand here", _QUIET)
        case "stopped":
            return Content.styled("◌ stopped before its end · r goes on from there · e asks again", "$text-warning")
        case "running":
            return _lines([Content.styled(f"note: {one_line(notice)}", _QUIET) for notice in turn.notices])
        case "ended":
            return _ended(turn, turn.answer) if turn.answer else Content()


def _failed(turn: ShownTurn) -> Content:
    return Content.assemble(
        ("✗ ", "bold $text-error"),
        one_line(turn.error),
        (f"\n{'r goes on from there · ' * turn.may_go_on}e edits the question and asks again", _QUIET),
    )


def _ended(turn: ShownTurn, answer: Answer) -> Content:
    parts = _abstained(answer) if not answer.asserted else _missing(answer)
    parts += [_source(number, group) for number, group in enumerate(answer.sources[:_MOST_SOURCES], start=1)]
    if (more := len(answer.sources) - _MOST_SOURCES) > 0:
        parts.append(Content.styled(f"and {counted(more, 'more source')}, one key away: Enter", _QUIET))
    parts += [_disagreement(each) for each in answer.contradictions]
    parts.append(Content.styled(" · ".join(_figures(turn, answer)), _QUIET))
    notes = dict.fromkeys((*answer.notes, *turn.notices))
    parts += [Content.styled(f"note: {one_line(note)}", _QUIET) for note in notes if note != answer.cut_short]
    return _lines(parts)


def _abstained(answer: Answer) -> list[Content]:
    if answer.cut_short:
        return [Content.styled(f"◌ {one_line(answer.cut_short)}: nothing was verified", "$text-warning")]
    why = no_answer(answer)
    parts = [Content.assemble(("○ ", "bold $text-warning"), (f"{why[0].upper()}{why[1:]}.", "bold"))]
    parts += [Content.styled(f"  {one_line(reason)}", _QUIET) for reason in answer.reasons]
    if is_without_web(answer):
        parts.append(Content.styled("  /doctor asks every provider, /add fills your own index", _QUIET))
    nearest = [each for each in answer.sentences if not each.asserted][:_MOST_NEAREST]
    parts += [_near(checked) for checked in nearest]
    return parts


def _near(checked: Checked) -> Content:
    why = one_line(checked.withheld)
    return Content.assemble(("  nearest: ", _QUIET), f"“{one_line(checked.sentence.text)}”", (f"  {why}", _QUIET))


def _missing(answer: Answer) -> list[Content]:
    said = [answer.cut_short] if answer.cut_short else []
    said += answer.reasons
    return [Content.styled(f"◐ {one_line(reason)}", "$text-warning") for reason in said]


def _source(number: int, group: tuple[Citation, ...]) -> Content:
    first = group[0]
    place = short_site(first.source)
    title = one_line(first.title) or place
    published = f" · {one_line(first.published[:10])}" if first.published else ""
    where = f" · {place}" if place != title else ""
    return Content.assemble((f"[{number}] ", "bold $text-accent"), title, (f"{published}{where}", _QUIET))


def short_site(source: str) -> str:
    """The host of an address, or a file's own name."""
    return site(source) if is_address(source) else one_line(Path(source).name)


def _disagreement(found: Contradiction) -> Content:
    sign, said = ("→", "changed over time") if found.is_change else ("≠", "sources disagree")
    style = _QUIET if found.is_change else "$text-warning"
    sides = " / ".join(
        f"{one_line(side.value)} ({short_site(side.source)}{f', {one_line(side.as_of)}' if side.as_of else ''})"
        for side in (found.older, found.newer)
    )
    return Content.styled(f"{sign} {said}: {sides}", style)


def _figures(turn: ShownTurn, answer: Answer) -> list[str]:
    ledger = answer.ledger
    said = [f"{answer.usage.seconds:.1f} s"]
    read = len(ledger.read)
    counts = ((read, "read"), (len(ledger.skipped), "skipped"), (len(ledger.unused), "unused"))
    said += [f"{count:,} {name}" for count, name in counts if count]
    tokens = answer.usage.prompt_tokens + answer.usage.completion_tokens
    if tokens:
        said.append(f"{tokens:,} tokens")
    if withheld := len(turn.withheld()):
        said.append(f"w {'hides' if turn.with_withheld else 'shows'} {withheld:,} withheld")
    return said


def _lines(parts: list[Content]) -> Content:
    return Content("\n").join(part for part in parts if part.plain)
