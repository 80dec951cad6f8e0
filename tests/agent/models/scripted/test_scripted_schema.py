"""Instances of JSON Schemas: small, full, and the only one."""

import json

import jsonschema
import pytest
from fontes.agent.models.scripted.schema import filled, minimal, only_instance
from hypothesis import given
from hypothesis import strategies as st

DRAFT = {
    "type": "object",
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string", "minLength": 2},
                    "labels": {"type": "array", "items": {"enum": ["S1", "S2"]}, "minItems": 1, "maxItems": 2},
                    "quote": {"type": ["string", "null"]},
                },
                "required": ["text", "labels", "quote"],
                "additionalProperties": False,
            },
            "maxItems": 8,
        }
    },
    "required": ["sentences"],
    "additionalProperties": False,
}

_LEAVES = st.one_of(
    st.builds(lambda n: {"type": "string", "minLength": n}, st.integers(0, 4)),
    st.builds(lambda a, b: {"type": "integer", "minimum": a, "maximum": a + b}, st.integers(-9, 9), st.integers(0, 9)),
    st.builds(lambda a: {"type": "number", "exclusiveMinimum": a}, st.integers(-9, 9)),
    st.builds(lambda words: {"enum": words}, st.lists(st.text(max_size=3), min_size=1, max_size=3)),
    st.builds(lambda value: {"const": value}, st.one_of(st.integers(), st.text(max_size=3), st.none())),
    st.sampled_from([{"type": "boolean"}, {"type": "null"}, {"$ref": "#/$defs/word"}]),
)


def _wider(inner: st.SearchStrategy[dict[str, object]]) -> st.SearchStrategy[dict[str, object]]:
    objects = st.builds(
        lambda held, needed: {"type": "object", "properties": held, "required": list(held)[:needed]},
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.integers(0, 3),
    )
    arrays = st.builds(
        lambda held, least: {"type": "array", "items": held, "minItems": least, "maxItems": least + 1},
        inner,
        st.integers(0, 2),
    )
    return st.one_of(objects, arrays, st.builds(lambda held: {"anyOf": held}, st.lists(inner, min_size=1, max_size=2)))


schemas = st.recursive(_LEAVES, _wider, max_leaves=8).map(
    lambda held: {**held, "$defs": {"word": {"type": "string", "enum": ["one"]}}}
)


@given(schema=schemas)
def test_the_smallest_instance_is_valid(schema: dict[str, object]) -> None:
    jsonschema.validate(minimal(schema), schema)


@given(schema=schemas)
def test_the_full_instance_is_valid(schema: dict[str, object]) -> None:
    jsonschema.validate(filled(schema, lambda _: "some words"), schema)


def test_the_smallest_draft_has_no_sentence_and_the_full_one_some() -> None:
    assert minimal(DRAFT) == {"sentences": []}
    full = filled(DRAFT, lambda _: "words")
    assert full["sentences"][0] == {"text": "words", "labels": ["S2", "S2"], "quote": "words"}
    assert len(full["sentences"]) == 3


def test_a_full_instance_grants_what_can_be_granted() -> None:
    schema = {
        "properties": {"verdict": {"enum": ["contradicted", "supported", "unsupported"]}, "ok": {"type": "boolean"}}
    }
    assert filled(schema, lambda _: "") == {"verdict": "supported", "ok": True}


@pytest.mark.parametrize(
    ("schema", "only"),
    [
        ({"const": [1]}, [1]),
        ({"enum": ["ja"]}, "ja"),
        ({"properties": {"a": {"const": 1}}, "required": ["a"], "additionalProperties": False}, {"a": 1}),
    ],
)
def test_a_schema_may_leave_no_choice(schema: dict[str, object], only: object) -> None:
    text = only_instance(schema)
    assert text is not None
    assert json.loads(text) == only


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"enum": ["a", "b"]},
        {"type": "string"},
        {"properties": {"a": {"const": 1}}, "additionalProperties": False},
        {"properties": {"a": {"const": 1}}, "required": ["a"]},
        {"properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False},
        DRAFT,
    ],
)
def test_others_leave_one(schema: dict[str, object]) -> None:
    assert only_instance(schema) is None
