"""Keys and commands of the chat, for its help."""

from .commands import COMMANDS
from .help_screen import Section

SECTIONS: tuple[Section, ...] = (
    (
        "Asking",
        (
            ("Enter", "send; Shift+Enter, Alt+Enter or Ctrl+J begin a new line"),
            ("Esc", "stop the answer; what was verified until then stays, with its citations"),
            ("↑", "in an empty input: change the last question and ask again"),
            ("Tab", "go to the answers, and back"),
            ("Ctrl+O  Ctrl+N", "conversations; a new one"),
            ("Ctrl+S", "which sources questions may use"),
            ("Ctrl+P", "command palette"),
            ("Ctrl+Q", "quit; Ctrl+C twice does so, too"),
        ),
    ),
    (
        "Reading",
        (
            ("↑ ↓  j k", "choose a sentence"),
            ("Enter →", "its evidence; again: its keys"),
            ("← Esc", "put the evidence away"),
            ("n  p", "next, previous citation"),
            ("o  s", "its page in the browser; the page as it is stored"),
            ("y  Y  c", "copy the sentence, the answer, the citation"),
            ("e", "change the question and ask again"),
            ("r", "go on with an answer that was stopped"),
            ("w", "show what is withheld: sentences that are not borne out"),
            ("l", "ledger: every address found, read or not, and why"),
        ),
    ),
    ("Commands", tuple((f"/{each.name} {each.takes}".rstrip(), each.says) for each in COMMANDS)),
)
