"""Whatever a client sends is bounded: every text, list and map of every model has a longest."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest

import functions
from shared.models import Body

#: Texts of these formats are refused unless they are as short as their kind.
SHORT_FORMATS = {"date", "date-time", "uuid"}


def models() -> list[type[Body]]:
    """Return every model of what a client sends, once everything that holds one is imported."""
    for module in pkgutil.walk_packages(functions.__path__, "functions."):
        importlib.import_module(module.name)
    found: list[type[Body]] = []
    waiting = [Body]
    while waiting:
        more = waiting.pop().__subclasses__()
        found += more
        waiting += more
    return sorted(set(found), key=lambda model: f"{model.__module__}.{model.__name__}")


def unbounded(schema: Any, where: str) -> Iterator[str]:
    """Yield the places of a JSON schema where a value may be of any length."""
    match schema.get("type"):
        case "string" if not is_short(schema):
            yield where
        case "array":
            yield from [] if "maxItems" in schema else [where]
            yield from unbounded(schema.get("items", {}), f"{where}[]")
        case "object":
            yield from unbounded_names(schema, where)
    for name, inner in schema.get("properties", {}).items():
        yield from unbounded(inner, f"{where}.{name}")
    for branch in ("anyOf", "oneOf", "allOf"):
        for inner in schema.get(branch, ()):
            yield from unbounded(inner, where)


def unbounded_names(schema: Any, where: str) -> Iterator[str]:
    """Yield what of a map, or of an object's unknown fields, may be of any length."""
    others = schema.get("additionalProperties")
    if not isinstance(others, dict):
        yield from [] if others is False else [f"{where} (unknown fields)"]
        return
    yield from [] if "maxProperties" in schema else [where]
    yield from [] if is_short(schema.get("propertyNames", {})) else [f"{where} (names)"]
    yield from unbounded(others, f"{where}.*")


def is_short(schema: Any) -> bool:
    """Tell whether a text has a longest form: by number, by choice, or by a pattern that says it."""
    return (
        bool(schema.keys() & {"maxLength", "enum", "const"})
        or schema.get("format") in SHORT_FORMATS
        or re.fullmatch(r"\^[^*+]*\{\d+\}\$", schema.get("pattern", "")) is not None
    )


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_a_body_is_bounded_in_every_field(model):
    schema = model.model_json_schema()
    places = list(unbounded(schema, model.__name__))
    for name, inner in schema.get("$defs", {}).items():
        places += unbounded(inner, name)
    assert places == []


def test_the_walk_finds_what_is_not_bounded():
    anything = {"type": "object", "additionalProperties": {"type": "string"}}
    schema = {
        "type": "object",
        "properties": {"a": {"anyOf": [{"type": "string"}, {"type": "array"}]}, "b": anything},
    }
    assert list(unbounded(schema, "x")) == [
        "x (unknown fields)",
        "x.a",
        "x.a",
        "x.b",
        "x.b (names)",
        "x.b.*",
    ]


def test_the_models_of_every_context_are_walked():
    names = {model.__name__ for model in models()}
    assert {"Submission", "Contact", "ActionRequest", "Reply", "RightsRequest"} <= names
