"""Writes an answer as the standard's XML, or as its JSON, which is the XML without the root.

Both are written from one tree of plain values, so they say the same: a list is an element that
holds one element for each member, an absent value an empty element.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree as ET

from pydantic import BaseModel

from functions.complaint_intake.open311.paths import Format

#: What a list is called in the standard, and each of its members.
MEMBERS: Final[Mapping[str, str]] = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "notes": "note",
    "photos": "photo",
    "service_request_updates": "request_update",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}
Answered = BaseModel | Sequence[BaseModel]


def written(root: str, answered: Answered, form: Format) -> str:
    """Return an answer in a format; `root` is the name of XML's root element."""
    tree = _tree(
        answered.model_dump()
        if isinstance(answered, BaseModel)
        else [one.model_dump() for one in answered]
    )
    if form == "json":
        return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
    element = _element(root, tree)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(element, encoding="unicode")


def _tree(value: Any) -> Any:
    """Return a value with all its texts writable in both formats."""
    match value:
        case str():
            return value if value.isprintable() else _writable(value)
        case Mapping():
            return {name: _tree(inner) for name, inner in value.items()}
        case list():
            return [_tree(inner) for inner in value]
    return value


def _element(name: str, value: Any) -> ET.Element:
    element = ET.Element(name)
    match value:
        case Mapping():
            element.extend(_element(*pair) for pair in value.items())
        case list():
            element.extend(_element(MEMBERS[name], member) for member in value)
        case bool():
            element.text = "true" if value else "false"
        case float():
            element.text = _plain(value)
        case None:
            pass
        case _:
            element.text = str(value)
    return element


def _writable(text: str) -> str:
    """Return a text without what XML 1.0 cannot hold even escaped, and other control characters."""
    return "".join(
        one
        for one in text.replace("\r\n", "\n")
        if one in "\t\n"
        or not (
            one < " "
            or "\x7f" <= one <= "\x9f"
            or "\ud800" <= one <= "\udfff"
            or one in "\ufffe\uffff"
        )
    )


def _plain(number: float) -> str:
    """Return a number without an exponent, which some readers of XML do not know."""
    written = repr(number)
    if "e" not in written:
        return written
    from decimal import Decimal  # hardly any coordinate is that small

    return format(Decimal(written), "f")
