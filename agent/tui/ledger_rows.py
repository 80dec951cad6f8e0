"""The ledger as rows: every address that was found, what became of it, and why in plain words."""

from dataclasses import dataclass
from typing import Literal, get_args

from textual.content import Content

from ...crawler import SkipReason
from ..answer import OWN_PLACES, Ledger
from ..cli.screen import shown
from ..state import Searched
from .plain_text import one_line

LedgerState = Literal["read", "skipped", "unused"]
STATES: tuple[LedgerState, ...] = get_args(LedgerState)
SIGNS: dict[LedgerState, tuple[str, str]] = {
    "read": ("✓", "$text-success"),
    "skipped": ("✗", "$text-warning"),
    "unused": ("·", "$quiet"),
}

WHY: dict[SkipReason, str] = {
    "robots": "the site asks programs not to read it here (robots.txt)",
    "opt_out": "the page asks not to be used by AI",
    "blocked_address": "the address points into a private network or is not allowed",
    "http_status": "the server refused it or does not have it",
    "timeout": "the server took too long",
    "too_large": "it is larger than the limit",
    "wrong_type": "it is of a kind that is not read",
    "empty": "there is no text in it",
    "login_wall": "it is behind a login",
    "consent_wall": "it is behind a consent dialog",
    "javascript": "its text is only there after scripts have run",
    "captcha": "it asks to prove that one is human",
    "soft_404": "it is an error page, though the server says otherwise",
    "duplicate": "it is a copy of a page that was read",
    "low_quality": "there is hardly any text written to be read in it",
    "budget": "the run had used up what it may spend",
    "cancelled": "the run was cancelled before",
    "network": "it could not be reached",
    "unreadable": "its contents are damaged, or encrypted",
}
"""What each reason means to a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One address of the ledger; `reason` and `detail` are "" for what was not skipped."""

    source: str
    state: LedgerState
    reason: SkipReason | Literal[""] = ""
    detail: str = ""

    @property
    def searched_text(self) -> str:
        """What typed words are looked for in: address, state, reason, detail and their plain words, in lower case."""
        return f"{self.source} {self.state} {self.reason} {self.detail} {self.why}".casefold()

    @property
    def why(self) -> str:
        """The state in plain words."""
        if self.reason:
            return WHY[self.reason]
        return "it was read for this question" if self.state == "read" else "it was found, and not asked for"


def entries(ledger: Ledger) -> tuple[Entry, ...]:
    """What was read, then what was skipped, then what was left alone, each in the ledger's order."""
    return (
        *(Entry(source=source, state="read") for source in ledger.read),
        *(Entry(source=s.source, state="skipped", reason=s.reason, detail=s.detail) for s in ledger.skipped),
        *(Entry(source=source, state="unused") for source in ledger.unused),
    )


def row(entry: Entry) -> Content:
    """An entry on one line: its sign, its reason if it was skipped, its address."""
    sign, style = SIGNS[entry.state]
    word = (entry.reason or entry.state).replace("_", " ")
    return Content.assemble(
        (f"{sign} ", f"bold {style}"),
        (f"{word:<15}  ", style),
        one_line(shown(entry.source)),
    )


def explained(entry: Entry) -> Content:
    """An entry in full: the whole address, and what became of it."""
    sign, style = SIGNS[entry.state]
    why = f"{entry.why[0].upper()}{entry.why[1:]}."
    detail = one_line(entry.detail)
    said = Content.assemble((f"{sign} {why}", style), (f" {detail}" if detail else "", ""))
    return Content("\n").join((Content.styled(one_line(shown(entry.source)), "bold"), said))


def searched_line(row: Searched) -> Content:
    """One search: where, for what, with how many hits, or why not."""
    place = OWN_PLACES.get(row.provider) or one_line(row.provider)
    failed = f"  ⚠ {one_line(row.error)}" if row.error else ""
    return Content.assemble(
        (place, "bold"),
        f"  {row.hits:,} found",
        (f"  “{one_line(row.query)}”", "$quiet"),
        (failed, "$text-warning"),
    )
