"""A checkpoint gives back the state that was written: every field of every type, nested tuples included."""

from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from itertools import count
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from fontes.agent.checkpoints import serializer
from fontes.agent.state import HELD, Candidate, State, Update

PLAIN = (str, int, float, bool)


def parts(annotation: Any) -> Iterator[Any]:
    """The types an annotation is made of, from the outside in; a dataclass with those of its fields."""
    yield annotation
    if is_dataclass(annotation):
        for hint in get_type_hints(annotation).values():
            yield from parts(hint)
    elif get_origin(annotation) is not Literal:
        for inner in get_args(annotation):
            if inner is not Ellipsis:
                yield from parts(inner)


def filled(annotation: Any, numbers: Iterator[int]) -> Any:
    """A value of that type that is no field's default, different each time."""
    number = next(numbers)
    if annotation is str:
        return f"é😀“{number}”\n"
    if annotation is int:
        return 2**63 - 1 - number
    if annotation is float:
        return number / 7
    if annotation is bool:
        return True
    if get_origin(annotation) is Literal:
        return get_args(annotation)[-1]
    if get_origin(annotation) in (Union, UnionType):
        return filled(next(arm for arm in get_args(annotation) if arm is not NoneType), numbers)
    if get_origin(annotation) is tuple:
        arms = get_args(annotation)
        arms = (arms[0], arms[0]) if arms[1:] == (Ellipsis,) else arms
        return tuple(filled(arm, numbers) for arm in arms)
    return annotation(**{name: filled(hint, numbers) for name, hint in get_type_hints(annotation).items()})


def through_a_checkpoint(value: object) -> object:
    held = serializer()
    return held.loads_typed(held.dumps_typed(value))


@pytest.mark.parametrize("kind", HELD, ids=lambda kind: kind.__name__)
def test_a_value_with_every_field_filled_comes_back_equal_and_hashes_the_same(kind: type) -> None:
    value = filled(kind, count(1))
    for field in fields(kind):
        if field.default is not MISSING:
            assert getattr(value, field.name) != field.default, f"{field.name} is not filled"
    back = through_a_checkpoint(value)
    assert type(back) is kind
    assert back == value
    assert hash(back) == hash(value)


def test_a_state_with_nothing_filled_comes_back_equal() -> None:
    state = State(run="r", question="q", asked="2026-01-01T00:00:00Z")
    assert through_a_checkpoint(state) == state


def test_lists_become_tuples_however_deep_they_are_nested() -> None:
    lists: Any = [["lexical", 1.5], ["dense", 0.25]]
    candidate = Candidate(passage=1, score=1.0, stages=lists)
    assert candidate.stages == (("lexical", 1.5), ("dense", 0.25))
    hash(candidate)


def test_the_serialiser_knows_every_type_that_a_state_can_hold_and_no_other() -> None:
    assert {part for part in parts(State) if is_dataclass(part)} == set(HELD)


def test_what_a_state_holds_is_tuples_and_plain_values_only() -> None:
    for part in parts(State):
        allowed = part in PLAIN or part is NoneType or is_dataclass(part)
        assert allowed or get_origin(part) in (tuple, Literal, Union, UnionType), part


def test_a_step_can_change_only_what_a_state_has() -> None:
    state = get_type_hints(State)
    for name, hint in get_type_hints(Update).items():
        assert hint in (state[name], *get_args(state[name])), name


def test_a_step_before_understand_is_told_so() -> None:
    with pytest.raises(RuntimeError, match="ran before understand"):
        _ = State(run="r", question="q", asked="").understood
