"""Reads the standard's XML back, as a client would: by what each element is called."""

import json
from typing import Any
from xml.etree import ElementTree as ET

from jsonschema import Draft202012Validator

from functions.complaint_intake.open311.writing import MEMBERS, Answered, written
from tests.georeport_schemas import Schema

#: What JSON writes as something else than a text.
_NUMBERS = {"lat": float, "long": float, "order": int, "supporters": int, "code": int}
_TRUTHS = {"metadata", "required", "variable"}


def tree_of(xml: str) -> Any:
    """Return the values that an XML document holds, as its JSON twin would hold them."""
    assert xml.startswith('<?xml version="1.0" encoding="utf-8"?>\n<')
    root = ET.fromstring(xml.encode())  # noqa: S314 (it is our own)
    return _value(root, errors=root.tag == "errors")


def _value(element: ET.Element, *, errors: bool) -> Any:
    if element.tag in MEMBERS:
        assert {member.tag for member in element} <= {MEMBERS[element.tag]}
        return [_value(member, errors=errors) for member in element]
    if len(element):
        return {inner.tag: _value(inner, errors=errors) for inner in element}
    if not element.text:
        return None
    if element.tag in _TRUTHS:
        return {"true": True, "false": False}[element.text]
    if element.tag in _NUMBERS and (element.tag != "code" or errors):
        return _NUMBERS[element.tag](element.text)
    return element.text


def without_empty(tree: Any) -> Any:
    """Return a tree as XML tells it: an empty text is as good as none."""
    match tree:
        case dict():
            return {name: without_empty(value) for name, value in tree.items()}
        case list():
            return [without_empty(value) for value in tree]
        case "":
            return None
    return tree


def check(root: str, answered: Answered, schema: Schema) -> None:
    """Check an answer's JSON by its schema, and its XML by its JSON."""
    tree = json.loads(written(root, answered, "json"))
    Draft202012Validator(schema).validate(tree)
    assert tree_of(written(root, answered, "xml")) == without_empty(tree)
