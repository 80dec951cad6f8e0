"""Pages that are no content though the server says 200: walls, challenges, empty shells, "not found" pages."""

import functools
import re
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from ..page import SkipReason
from .aside import is_unseen, seen_text, short_words_of, words_of
from .challenges import CHALLENGES
from .soft_failure_words import (
    CONSENT_ADDRESSES,
    CONSENT_KINDS,
    CONSENT_TITLES,
    HUMAN_WORDS,
    LOGIN_PATHS,
    LOGIN_TITLES,
    LOGIN_WORDS,
    NOT_FOUND_TITLES,
    NOT_FOUND_WORDS,
    SCRIPT_ROOTS,
    SCRIPT_WORDS,
    any_of,
)  # fmt: skip

Found = tuple[SkipReason, str] | None

# The most characters of main text that each kind of page has. A page with more says something of its own: an article
# about captchas is no captcha. Consent walls list purposes and partners; teasers stand above walls to log in.
_CHALLENGE_CHARS = 1_200
_NOT_FOUND_CHARS = 1_500
_LOGIN_CHARS = 900
_CONSENT_CHARS = 3_500
_SHELL_CHARS = 250
LONGEST_FAILURE_CHARS = max(_CHALLENGE_CHARS, _NOT_FOUND_CHARS, _LOGIN_CHARS, _CONSENT_CHARS)
_WHOLE_PAGE_CHARS = 600  # a page with less text in all is nothing but its message
_MESSAGE_CHARS = 300  # where a message stands that is the page's own
_NEXT_TO_NOTHING_CHARS = 80
_NOTHING_CHARS = 20
_INLINE_CHARS = 600
_MARKS_CHARS = 60_000
_SEPARATOR = re.compile(r"\s+[|–—•·»«:-]+\s+|\s*[|»]\s*")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Face:
    """What a page shows first, in lower case: the parts of its title and its headings, its main text, all its text."""

    titles: tuple[str, ...]
    title: str
    text: str
    shown: str
    is_short: bool  # all its text is in `shown`


def soft_failure(tree: Any, text: str, *, url: str, status: int = 200) -> Found:
    """The reason why this page is no content, with what a person should know; None if it may be content.

    `tree` is the page (lxml HTML, its scripts still in it), `text` the main text found in it, which may be "", `url`
    its address and `status` the HTTP status. Signs are the words and the markup of known products and of common sites,
    in eleven languages and more; a long main text outweighs all of them. Takes no time where the main text has over
    3,500 characters, else 1 to 2 ms of CPU.
    """
    if len(text) > LONGEST_FAILURE_CHARS:
        return None
    face = _face(tree, text)
    return (
        _challenge(tree, face, status)
        or _shell(tree, face)
        or _consent(face, url)
        or _login(tree, face, url)
        or _not_found(face)
    )


def _face(tree: Any, text: str) -> _Face:
    title = next((words_of(each)[:_MESSAGE_CHARS] for each in tree.iter("title")), "")
    lines = (short_words_of(each, 120) for each in tree.iter("h1", "h2") if not is_unseen(each))
    headings = islice(filter(None, lines), 3)
    parts = [_plain(part) for each in (title, *headings) for part in (each, *_SEPARATOR.split(each))]
    shown, is_short = _shown(tree)
    return _Face(
        titles=tuple(dict.fromkeys(filter(None, parts))),
        title=_plain(title),
        text=_plain(text),
        shown=shown,
        is_short=is_short,
    )


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text.lower().replace("’", "'").replace("\u00a0", " ")).strip()


def _shown(tree: Any) -> tuple[str, bool]:
    """The beginning of all the text that a reader with scripts sees, and whether it is all."""
    pieces: list[str] = []
    chars = 0
    for piece, _ in seen_text(tree):
        line = " ".join(piece.split())
        if line:
            pieces.append(line)
            chars += len(line) + 1
        if chars > LONGEST_FAILURE_CHARS:
            return _plain(" ".join(pieces)), False
    return _plain(" ".join(pieces)), True


# challenges


def _challenge(tree: Any, face: _Face, status: int) -> Found:
    limit = LONGEST_FAILURE_CHARS if status in {403, 429, 503} else _CHALLENGE_CHARS
    if len(face.text) > limit or not (face.is_short and len(face.shown) <= 2 * limit):
        return None
    marks = _marks(tree)
    said = f"{face.title} {face.shown}".strip()
    for name, markup, words, needs_both in _challenges():
        in_markup = markup is not None and markup.search(marks) is not None
        in_words = words is not None and words.search(said) is not None
        if (in_markup and in_words) if needs_both else (in_markup or in_words):
            return "captcha", f"{name} stands in front of it and asks for a browser or a human"
    if len(face.shown) <= _WHOLE_PAGE_CHARS and (found := _HUMAN.search(said[: 2 * _MESSAGE_CHARS])):
        return "captcha", f'the site asks for a human or refuses: "{found[0]}"'
    return None


@functools.cache
def _challenges() -> tuple[tuple[str, re.Pattern[str] | None, re.Pattern[str] | None, bool], ...]:
    return tuple(
        (
            each.name,
            re.compile(each.markup) if each.markup else None,
            re.compile(each.words, re.DOTALL) if each.words else None,
            each.needs_both,
        )
        for each in CHALLENGES
    )


def _marks(tree: Any) -> str:
    """Addresses and names of what the page runs and asks: scripts, frames, forms, and elements with an id."""
    pieces: list[str] = []
    chars = 0
    for element in tree.iter("script", "iframe", "form", "input", "div", "main", "section", "link", "meta", "button"):
        for name in ("src", "action", "id", "class", "href", "name"):
            if value := element.get(name):
                pieces.append(value[:_INLINE_CHARS])
                chars += len(pieces[-1])
        if element.tag == "script" and element.text:
            pieces.append(element.text[:_INLINE_CHARS])
            chars += len(pieces[-1])
        if chars > _MARKS_CHARS:
            break
    return "\n".join(pieces).lower()


# shells


def _shell(tree: Any, face: _Face) -> Found:
    if len(face.text) > _SHELL_CHARS or len(face.shown) > 4 * _SHELL_CHARS or not face.is_short:
        return None
    noscript = _plain(" ".join(words_of(each) for each in tree.iter("noscript")))
    scripts = sum(map(_builds_pages, tree.iter("script")))
    in_sight = _SCRIPT.search(face.shown)
    asks = _SCRIPT.search(noscript) or in_sight
    # forums serve their threads in a noscript element
    if (not scripts and not asks) or len(noscript) > 2 * _SHELL_CHARS:
        return None
    root = _empty_root(tree)
    if root and (asks or len(face.shown) <= _SHELL_CHARS):
        return "javascript", f"it is a shell for JavaScript: its element {root} is empty"
    if asks and len(face.shown) <= (_SHELL_CHARS if in_sight else _NEXT_TO_NOTHING_CHARS):
        return "javascript", f'it shows nothing without JavaScript: "{asks[0]}"'
    if scripts and len(face.shown) <= _NOTHING_CHARS and len(face.text) <= _NEXT_TO_NOTHING_CHARS:
        return "javascript", "it consists of scripts and shows no text without them"
    return None


def _builds_pages(script: Any) -> bool:
    """Whether a script may fill a page: it is run, and is loaded from somewhere or has some length."""
    is_run = script.get("type", "").lower() in _RUN_TYPES
    return is_run and (script.get("src") is not None or len(script.text or "") >= _BUILDER_CHARS)


_RUN_TYPES = frozenset({"", "text/javascript", "application/javascript", "module"})
_BUILDER_CHARS = 30


def _empty_root(tree: Any) -> str:
    """The name of an element that an application is to fill and has not, "" if there is none."""
    candidates = (each for each in tree.iter(*_ROOT_TAGS, "div", "main", "section", "body") if _is_root(each))
    for element in islice(candidates, _MOST_ROOTS):
        name = element.get("id") or ""
        if len(_shown(element)[0]) <= _NEXT_TO_NOTHING_CHARS:
            return f"#{name}" if name else f"<{element.tag}>"
    return ""


def _is_root(element: Any) -> bool:
    name = (element.get("id") or "").lower()
    return name in SCRIPT_ROOTS or element.tag in _ROOT_TAGS or element.get("ng-app") is not None


_ROOT_TAGS = ("app-root", "my-app", "ion-app")
_MOST_ROOTS = 5


# consent, login, not found


def _consent(face: _Face, url: str) -> Found:
    if len(face.text) > _CONSENT_CHARS or not face.is_short:
        return None
    said = face.text if len(face.text) > _MESSAGE_CHARS else face.shown
    kinds = sum(1 for pattern in _CONSENT_KINDS if pattern.search(said))
    title = _title_like(face, _CONSENT_TITLE)
    if title and (kinds >= 2 or "age" in title or "18" in title):
        return "consent_wall", f'it asks for consent first: "{title}"'
    if _CONSENT_ADDRESS.search(url.lower()) and kinds >= 2:
        return "consent_wall", "it asks for consent first: its address is that of a consent page"
    if kinds >= 4 and _consent_share(said) >= 0.6:
        return "consent_wall", "it asks for consent first: it speaks of cookies and consent only"
    return None


def _consent_share(text: str) -> float:
    """The share of the text in sentences that speak of consent."""
    sentences = re.split(r"(?<=[.!?。])\s*", text)
    about = sum(len(each) for each in sentences if any(pattern.search(each) for pattern in _CONSENT_KINDS))
    return about / max(1, sum(map(len, sentences)))


def _login(tree: Any, face: _Face, url: str) -> Found:
    if len(face.text) > _LOGIN_CHARS:
        return None
    is_alone = face.is_short and len(face.shown) <= 2 * _LOGIN_CHARS
    said = face.text[:_MESSAGE_CHARS] or face.shown[:_MESSAGE_CHARS]
    if len(face.text) <= _WHOLE_PAGE_CHARS and (found := _LOGIN.search(said)):
        return "login_wall", f'it asks to log in: "{found[0]}"'
    has_form = any((each.get("type") or "").lower() in {"password", "email"} for each in tree.iter("input"))
    title = _title_like(face, _LOGIN_TITLE)
    if title and is_alone and (has_form or len(face.shown) <= _WHOLE_PAGE_CHARS):
        return "login_wall", f'it asks to log in: "{title}"'
    if has_form and is_alone and _LOGIN_PATH.search(_path(url)):
        return "login_wall", "it asks to log in: its address is that of a login page"
    if is_alone and (found := _LOGIN.search(face.shown)) and (has_form or len(face.shown) <= _WHOLE_PAGE_CHARS):
        return "login_wall", f'it asks to log in: "{found[0]}"'
    return None


def _not_found(face: _Face) -> Found:
    if len(face.text) > _NOT_FOUND_CHARS:
        return None
    for part in face.titles:
        if len(part) > 100 or not (found := _NOT_FOUND.search(part) or _NOT_FOUND_TITLE.fullmatch(part)):
            continue
        # more words beside it, and a text below: an article about such pages, or a question about one
        if 2 * len(found[0]) >= len(part) or len(face.text) <= _WHOLE_PAGE_CHARS:
            return "soft_404", f'it says that there is no such page: "{found[0]}"'
    said = face.text or face.shown
    if len(said) <= _WHOLE_PAGE_CHARS and (found := _NOT_FOUND.search(said[:_MESSAGE_CHARS])):
        return "soft_404", f'it says that there is no such page: "{found[0]}"'
    return None


def _title_like(face: _Face, pattern: re.Pattern[str]) -> str:
    return next((part for part in face.titles if pattern.fullmatch(part.rstrip(".!?… "))), "")


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.lower()
    except ValueError:
        return ""


_HUMAN = any_of(HUMAN_WORDS)
_SCRIPT = any_of(SCRIPT_WORDS)
_CONSENT_TITLE = any_of(CONSENT_TITLES)
_CONSENT_KINDS = tuple(map(any_of, CONSENT_KINDS))
_CONSENT_ADDRESS = re.compile(CONSENT_ADDRESSES)
_LOGIN = any_of(LOGIN_WORDS)
_LOGIN_TITLE = any_of(LOGIN_TITLES)
_LOGIN_PATH = re.compile(LOGIN_PATHS)
_NOT_FOUND = any_of(NOT_FOUND_WORDS)
_NOT_FOUND_TITLE = any_of(NOT_FOUND_TITLES)
