"""Variables of the environment that look like settings and are none: told, for they change nothing."""

from difflib import get_close_matches

from ..settings import Settings, unknown_variables
from .door import say


def tell_unknown_variables() -> None:
    """Say on stderr which FONTES_ variables name no setting, and which setting is the nearest."""
    known = [f"FONTES_{name.upper()}" for name in Settings.model_fields]
    for variable in unknown_variables():
        near = get_close_matches(variable, known, n=1, cutoff=0.7)
        meant = f"did you mean {near[0]}?" if near else "`fontes config` lists them"
        say(f"{variable} is set in the environment, but there is no such setting; {meant}")
