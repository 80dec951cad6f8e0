"""A plug from elsewhere, named as `package.module:Class`."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from .errors import SettingError


def plug_named(named: str, *, origin: str, setting: str, known: Sequence[str], method: str) -> Any:
    """An object of the class that `named` points to, made without arguments.

    `origin` is the setting's name, value and where it came from; `known` are the names of our own plugs, `method` is
    what a plug for this setting must have.

    Raises:
        SettingError: there is no such class, or it is no such plug.
    """
    module, _, name = named.partition(":")
    if not name:
        raise SettingError(origin, f"not known; one of {', '.join(known)}, or package.module:Class")
    try:
        make = getattr(import_module(module), name)
    except (ImportError, AttributeError, TypeError, ValueError) as error:  # the last two for ".a:B" and ":B"
        raise SettingError(origin, f"cannot be imported: {error}") from error
    try:
        plug = make()
    except TypeError as error:
        raise SettingError(origin, f"cannot be made without arguments: {error}") from error
    if not callable(getattr(plug, method, None)):
        raise SettingError(origin, f"it has no method `{method}`, so it is no {setting}")
    return plug
