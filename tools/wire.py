"""Types for the bodies of answers: strict about the shape of the whole, forgiving about single results."""

from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

T = TypeVar("T")


class Body(BaseModel):
    """What of an answer is read; all else in it is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


def _text_or_nothing(value: object) -> str:
    return value if isinstance(value, str) else ""


def _date_or_nothing(value: object) -> str | float | None:
    return value if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def _readable(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Leave out what does not fit, unless nothing would be left: then the format has changed."""
    try:
        return handler(value)
    except ValidationError as error:
        if not isinstance(value, list):
            raise
        unfit = {details["loc"][0] for details in error.errors(include_url=False, include_input=False)}
        kept = [item for number, item in enumerate(value) if number not in unfit]
        if not kept:
            raise
        return handler(kept)


Text = Annotated[str, BeforeValidator(_text_or_nothing)]
"""A title or snippet; "" for anything that is no string."""
When = Annotated[str | float | None, BeforeValidator(_date_or_nothing)]
"""A date in any form; None for what can be none."""
Results = Annotated[list[T], WrapValidator(_readable)]
"""A list of which the elements that do not fit are left out; none fitting is an error."""
