"""What keeps a question from the web: what was switched off stays off, and what needs it is refused then."""

from .deps import AtHand
from .errors import BadQuestion
from .state import Plan, State

_OFF_HERE = "--no-web (web=False) switches the web off for this question"
_RESTRICTED = "--docs, --url and --tag (sources, tags) restrict the question to what they name"
_OFF_BY_SETTING = "FONTES_WEB=0 switches the web off"


def kept_from_web(web: bool | None, *, is_restricted: bool, is_on: bool) -> str:
    """What keeps a question from the web, "" if nothing does.

    `web` was said of this very question, and True wins over the rest: that it `is_restricted` to named sources, and
    whether the web `is_on` by the settings.
    """
    if web is not None:
        return "" if web else _OFF_HERE
    if is_restricted:
        return _RESTRICTED
    return "" if is_on else _OFF_BY_SETTING


def web_wanted(web: bool | None, needs: str, *, is_restricted: bool, is_on: bool) -> bool | None:
    """`web` of a question, True where something that `needs` it was said, "" for nothing.

    Raises:
        BadQuestion: the web is switched off, so that it would be passed over in silence.
    """
    if not needs:
        return web
    if why := kept_from_web(web, is_restricted=is_restricted, is_on=is_on):
        way = f"Add --web (web=True) to search it all the same, or leave {needs} out"
        raise BadQuestion(needs, f"it needs the web, and {why}. {way}")
    return True


def needs_web(sites: tuple[str, ...], plan: Plan | None, *, web: bool | None) -> str:
    """What of these needs the web, "" if nothing. A plan is kept to, and goes there unless that is forbidden here."""
    if sites:
        return "--site (sites)"
    return "the plan" if web is False and plan is not None and "web" in plan.routes else ""


def unread_addresses(state: State, at_hand: AtHand) -> tuple[str, ...]:
    """The addresses that stand in the question and are not read, for the web is off."""
    if not _why(state, at_hand):
        return ()
    wanted = (*state.urls, *(state.plan.urls if state.plan else ()))
    return tuple(url for url in state.understood.urls if url not in wanted)


def unread_note(state: State, at_hand: AtHand) -> str:
    """What the reader is told of them, "" when there are none."""
    unread = unread_addresses(state, at_hand)
    if not unread:
        return ""
    were, them = ("was", "it") if len(unread) == 1 else ("were", "them")
    return f"{', '.join(unread)} {were} not read: {_why(state, at_hand)}; --web (web=True) reads {them}"


def _why(state: State, at_hand: AtHand) -> str:
    """An address given with the question does not restrict it: one in the question is then read beside it."""
    return kept_from_web(state.web, is_restricted=bool(state.sources or state.tags), is_on=at_hand.web)
