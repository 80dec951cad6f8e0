"""A call in a thread of its own: a loop that runs already cannot run another."""

import threading
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


def in_own_thread(call: Callable[[], _T]) -> _T:
    """What `call` returns, or raises, made in another thread while this one waits."""
    done: list[_T] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            done.append(call())
        except BaseException as error:  # noqa: BLE001 - raised again below, in the thread that asked
            errors.append(error)

    thread = threading.Thread(target=work, name="fontes-ask")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return done[0]
