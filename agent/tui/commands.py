"""The slash commands: their names, what they take, and what may stand behind them."""

import difflib
import os
import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import AgentError

EXPORTS = ("text", "md", "json", "html", "bibtex", "ris", "csl")
_MOST_PATHS = 50
_TAGS_BEHIND = re.compile(r"(?:(?:^|\s+)#\S+)+\s*$")


class UnknownCommand(AgentError):
    """What was written behind the slash is no command."""

    hint = "/help lists them; a question that begins with / is asked with // before it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command. `takes` is what stands behind it ("" for nothing), `words` are the values it may take.

    `runs_bare`: it does something without anything behind it.
    """

    name: str
    says: str
    takes: str = ""
    words: tuple[str, ...] = ()
    runs_bare: bool = True
    takes_paths: bool = False


COMMANDS = (
    Command(name="web", takes="on|off|auto", words=("on", "off", "auto"), says="whether questions may search the web"),
    Command(name="docs", takes="PATH… or -", says="answer from these files, folders or pages alone; - ends that",
            takes_paths=True),
    Command(name="tag", takes="NAME… or -", says="answer from sources with any of these tags alone; - ends that"),
    Command(name="since", takes="DATE or -", says="only pages published since: 2024, 2024-05 or 2024-05-01"),
    Command(name="site", takes="HOST… or -", says="search the web on these hosts alone"),
    Command(name="sources", says="what is in your index, and which sources questions may use"),
    Command(name="add", takes="PATH_OR_URL… [#TAG…]", says="take files, folders, pages or sitemaps into your index",
            runs_bare=False, takes_paths=True),
    Command(name="model", takes="URL [NAME] or -", says="let the model served there write; - quotes without a model"),
    Command(name="verify", takes="default|judge|nli", words=("default", "judge", "nli"), says="who checks them"),
    Command(name="export", takes="FORMAT [FILE]", words=EXPORTS, says="write the conversation to a file"),
    Command(name="copy", takes="answer|sentence|citation", words=("answer", "sentence", "citation"),
            says="copy to the clipboard"),
    Command(name="ledger", says="every address found: read, skipped and why, unused"),
    Command(name="edit", says="change the question and ask it again"),
    Command(name="resume", says="go on with an answer that was stopped"),
    Command(name="new", says="begin another conversation"),
    Command(name="open", says="list, search, rename and delete conversations"),
    Command(name="rename", takes="TITLE", says="give this conversation a title", runs_bare=False),
    Command(name="doctor", says="what is configured, what answers, what is missing"),
    Command(name="theme", takes="NAME", says="colours: fontes, fontes-light, fontes-contrast, terminal, …"),
    Command(name="help", says="keys and commands"),
    Command(name="quit", says="leave; everything is kept"),
)  # fmt: skip

_BY_NAME = {command.name: command for command in COMMANDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A text that may stand in the input instead, and what it would do."""

    text: str
    shown: str
    says: str = ""


def is_command(text: str) -> bool:
    """Whether an input is meant as a command: a slash and a word on one line, not a path that exists."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    if not first.startswith("/") or first.startswith("//"):
        return False
    return "/" not in first[1:] and not (len(first) > 1 and first[1:] not in _BY_NAME and os.path.lexists(first))


def parsed(text: str) -> tuple[Command, str]:
    """The command and what stands behind it.

    Raises:
        UnknownCommand: there is none of that name, or it lacks what it takes.
    """
    name, _, rest = text.strip().removeprefix("/").partition(" ")
    command = _BY_NAME.get(name.casefold())
    if command is None:
        near = difflib.get_close_matches(name, list(_BY_NAME), n=1)
        raise UnknownCommand(
            f"/{name}", f"there is no such command; /{near[0]}?" if near else "there is no such command"
        )
    if not command.runs_bare and not rest.strip():
        raise UnknownCommand(f"/{command.name}", f"it takes {command.takes}")
    return command, rest.strip()


def is_whole(text: str) -> bool:
    """Whether a command can be run as it is written: its name is one, and it has what it takes, or needs nothing."""
    name, _, rest = text.strip().removeprefix("/").partition(" ")
    command = _BY_NAME.get(name)
    if command is None:
        return False
    if not rest.strip():
        return command.runs_bare and not text.endswith(" ")
    return not command.words or rest.split()[0] in command.words


def arguments(rest: str) -> tuple[str, ...]:
    """What stands behind a command, apart: quoted as in a shell, `\\ ` for a space in a name."""
    try:
        return tuple(shlex.split(rest))
    except ValueError:  # an apostrophe that opens nothing
        return tuple(rest.split())


def with_tags(rest: str) -> tuple[str, tuple[str, ...]]:
    """What stands behind a command without the `#tags` at its end, and these tags."""
    found = _TAGS_BEHIND.search(rest)
    if found is None or os.path.lexists(rest):
        return rest, ()
    return rest[: found.start()], tuple(word.removeprefix("#") for word in found[0].split())


def completions(
    text: str, themes: Callable[[], Sequence[str]], tags: Callable[[], Sequence[str]] = tuple
) -> tuple[Completion, ...]:
    """What the input may become, best first; () when it is no command or is complete."""
    if not text.startswith("/") or "\n" in text or text.startswith("//"):
        return ()
    name, has_space, rest = text[1:].partition(" ")
    if not has_space:
        found = [each for each in COMMANDS if each.name.startswith(name)]
        found += [each for each in COMMANDS if name and name in each.name and each not in found]
        return tuple(
            Completion(text=f"/{each.name} " if each.takes else f"/{each.name}", shown=_shown(each), says=each.says)
            for each in found
        )
    command = _BY_NAME.get(name)
    before, _, rest = rest.rpartition(" ") if name == "tag" else ("", "", rest)
    if command is None or " " in rest:
        return ()
    if name == "tag":
        taken, name = before.split(), f"{name} {before}".rstrip()
        words: tuple[str, ...] = tuple(each for each in tags() if each not in taken)
    else:
        words = tuple(themes()) if command.name == "theme" else command.words
    behind = " " if command.name == "export" else ""
    return tuple(
        Completion(text=f"/{name} {word}{behind}", shown=word)
        for word in words
        if word.startswith(rest) and word != rest
    )


def path_completions(text: str) -> tuple[Completion, ...]:
    """What the path at the end of `/add` or `/docs` may become."""
    name, has_space, rest = text[1:].partition(" ")
    command = _BY_NAME.get(name)
    if not has_space or command is None or not command.takes_paths:
        return ()
    before, typed = _last_word(rest)
    try:
        path = Path(typed).expanduser()
    except RuntimeError:  # ~nobody
        return ()
    folder, begin = (path, "") if typed.endswith("/") or not typed else (path.parent, path.name)
    try:
        with os.scandir(folder) as entries:
            found = sorted(
                (entry.name + "/" * entry.is_dir() for entry in entries if entry.name.startswith(begin)),
                key=lambda each: (each.startswith("."), each.casefold()),
            )
    except OSError:
        return ()
    stem = typed[: len(typed) - len(begin)] if begin else typed
    return tuple(
        Completion(
            text=f"/{name} {before}{shlex.quote(stem + each) if ' ' in stem + each else stem + each}", shown=each
        )
        for each in found[:_MOST_PATHS]
        if begin.startswith(".") or not each.startswith(".")
    )


def _last_word(rest: str) -> tuple[str, str]:
    """What stands before the last word, and the word without its quotes."""
    try:
        words = shlex.split(rest)
    except ValueError:
        words = rest.replace("'", " ").replace('"', " ").split()
    if not words or rest.endswith(" "):
        return rest, ""
    raw = words[-1]
    before = rest[: rest.rfind(raw)] if raw in rest else ""
    return before.rstrip("'\""), raw


def _shown(command: Command) -> str:
    return f"/{command.name} {command.takes}".rstrip()
