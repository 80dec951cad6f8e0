"""What the two lines below the input say: how things stand, and what the keys do where the focus is."""

from typing import TYPE_CHECKING

from .first_run import writer_words
from .status_line import Hint
from .turn_text import short_site

if TYPE_CHECKING:
    from .app import FontesChat
    from .session import Session

WRITING: tuple[Hint, ...] = (
    ("Enter", "send"),
    ("Tab", "answers"),
    ("/", "commands"),
    ("^O", "conversations"),
    ("^P", "palette"),
    ("F1", "help"),
    ("^Q", "quit"),
)
RUNNING: tuple[Hint, ...] = (("Esc", "stop, keep what is verified"), *WRITING)
READING: tuple[Hint, ...] = (
    ("↑↓", "choose"),
    ("Enter", "evidence"),
    ("y", "copy"),
    ("e", "edit and ask again"),
    ("l", "ledger"),
    ("Tab", "write"),
    ("F1", "help"),
)
EVIDENCE: tuple[Hint, ...] = (
    ("n p", "citation"),
    ("o", "browser"),
    ("s", "stored page"),
    ("y", "copy"),
    ("↑↓", "scroll"),
    ("← Esc", "back"),
)
STOPPED: tuple[Hint, ...] = (("r", "go on"), *READING)


def status(session: "Session") -> tuple[tuple[str, ...], str]:
    """What the next question is asked from, and who writes the answer."""
    at_hand, scope = session.at_hand, session.scope
    words = scope.words()
    if len(scope.docs) == 1:
        words = words.replace("1 source named", f"{short_site(scope.docs[0])} alone")
    if scope.web is None and not at_hand.web:
        words = words.replace("web if needed", "web off")
    if at_hand.pages and "your index" in words:
        words = words.replace("your index", f"your index ({at_hand.pages:,})")
    since = f"since {session.since.isoformat()}" if session.since else ""
    sites = f"on {', '.join(session.sites)}" if session.sites else ""
    waiting = f"{session.asking.waiting} waiting" if session.asking.waiting else ""
    opening = "" if session.service.is_open else "opening …"
    return (words, since, sites, waiting, opening), writer_words(at_hand) if session.service.is_open else ""


def hints(app: "FontesChat") -> tuple[Hint, ...]:
    """The keys that do something where the focus is."""
    focused = app.focused  # what has the focus does not know it yet when it is told that it has
    if focused is not None and app.evidence.pane in (focused, *focused.ancestors):
        return EVIDENCE
    if focused is app.talk:
        turn = app.talk.chosen_turn
        return STOPPED if turn is not None and turn.may_go_on else READING
    return RUNNING if app.session.asking.is_busy else WRITING
