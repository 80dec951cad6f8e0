"""Instances of a JSON Schema: the smallest, and the only one.

Enough of JSON Schema for schemas that are given to language models: types, properties, items, enum, const, $ref,
anyOf/oneOf/allOf, and the bounds of lengths and numbers; a pattern is not kept to.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
Text = Callable[[Schema], str]

_MOST_DEPTH = 12
_ITEMS = 3
_GRANTS = re.compile(r"support|true|yes|allow|web|answer", re.IGNORECASE)


def minimal(schema: Schema) -> Any:
    """The smallest valid value: required properties only, as few items as allowed, the first word of an enum."""
    return _Instance(root=schema, text=_shortest, is_full=False).of(schema)


def filled(schema: Schema, text: Text) -> Any:
    """A valid value with all there can be: every property, up to three items, free texts by `text`, yes to everything.

    Of an enum it takes the word that grants most, such as "supported".
    """
    return _Instance(root=schema, text=text, is_full=True).of(schema)


def only_instance(schema: Schema) -> str | None:
    """The JSON text of the only value that the schema admits, None if there are several.

    A server that obeys schemas says this whatever its model would.
    """
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    if isinstance(held := schema.get("enum"), list):
        return json.dumps(held[0], ensure_ascii=False) if len(held) == 1 else None
    properties = schema.get("properties")
    if not properties or schema.get("additionalProperties") is not False:
        return None
    if set(schema.get("required", ())) != set(properties):
        return None
    parts = [(name, only_instance(held)) for name, held in properties.items()]
    if any(part is None for _, part in parts):
        return None
    return "{" + ", ".join(f"{json.dumps(name)}: {part}" for name, part in parts) + "}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Instance:
    root: Schema
    text: Text
    is_full: bool

    def of(self, schema: Schema, depth: int = 0) -> Any:
        schema = _resolved(schema, self.root)
        if depth > _MOST_DEPTH:
            return None
        if "const" in schema:
            return schema["const"]
        if words := schema.get("enum"):
            return _granting(words) if self.is_full else words[0]
        match kind_of(schema):
            case "object":
                return self._object(schema, depth)
            case "array":
                return [self.of(schema.get("items", {}), depth + 1) for _ in range(self._length(schema))]
            case "string":
                return self.text(schema)
            case "integer" | "number":
                return _number(schema, self.is_full)
            case "boolean":
                return self.is_full
            case _:
                return None

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        known = schema.get("properties", {})
        names = known if self.is_full else schema.get("required", ())
        return {name: self.of(known.get(name, {}), depth + 1) for name in names}

    def _length(self, schema: Schema) -> int:
        least = int(schema.get("minItems", 0))
        return max(least, min(int(schema.get("maxItems", _ITEMS)), _ITEMS)) if self.is_full else least


def _granting(words: Sequence[Any]) -> Any:
    return next((word for word in words if _GRANTS.match(str(word))), words[-1])


def _resolved(schema: Schema, root: Schema) -> Schema:
    """The schema without references and choices: the first of each."""
    for _ in range(_MOST_DEPTH):
        if isinstance(ref := schema.get("$ref"), str):
            schema = _at(root, ref.removeprefix("#").strip("/").split("/"))
        elif options := schema.get("anyOf") or schema.get("oneOf"):
            schema = {**schema, "anyOf": None, "oneOf": None, **options[0]}
        elif parts := schema.get("allOf"):
            schema = {**schema, "allOf": None, **{key: held for part in parts for key, held in part.items()}}
        else:
            break
    return schema


def _at(root: Schema, path: Sequence[str]) -> Schema:
    held = root
    for name in path:
        held = held[name] if name else held
    return held


def kind_of(schema: Schema) -> str:
    """The type of the values; the first where several are admitted, an object where only properties are named."""
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next(iter(kind), "null")
    if kind is None:
        kind = "object" if "properties" in schema else "array" if "items" in schema else "string"
    return str(kind)


def _shortest(schema: Schema) -> str:
    return "x" * int(schema.get("minLength", 0))


def _number(schema: Schema, is_full: bool) -> float:
    if is_full and "maximum" in schema:
        return float(schema["maximum"]) if kind_of(schema) == "number" else int(schema["maximum"])
    if "exclusiveMinimum" in schema:
        return max(0, int(schema["exclusiveMinimum"]) + 1)
    least: float = max(0, schema.get("minimum", 0))
    most: float = schema.get("maximum", least)
    return min(least, most)
