"""The rules of the Common Alerting Protocol 1.2 (OASIS), section 3.2 and its schema, for messages.

Written from the specification: which elements there are, in which order and how often, their values
and times; then what a schema cannot say: names, references, polygons.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree import ElementTree as ET

CAP: Final = "urn:oasis:names:tc:emergency:cap:1.2"


@dataclass(frozen=True)
class Rule:
    """An element: what it may hold, and how often it stands there."""

    name: str
    holds: "str | tuple[Rule, ...]" = ".*"  #: a pattern, or elements in this order
    least: int = 0
    most: int | None = 1  #: None: any number


def one_of(*values: str) -> str:
    """Return the pattern of some values alone."""
    return "|".join(values)


def must(name: str, holds: "str | tuple[Rule, ...]" = ".*") -> Rule:
    """Return the rule of an element that stands there once."""
    return Rule(name, holds, least=1)


def may_repeat(name: str, holds: "str | tuple[Rule, ...]" = ".*", least: int = 0) -> Rule:
    """Return the rule of an element that stands there any number of times."""
    return Rule(name, holds, least=least, most=None)


TIME: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d"
_NUMBER: Final = r"[-+]?\d+(\.\d*)?"
_NAMED: Final = (must("valueName"), must("value"))
_AREA: Final = (
    must("areaDesc"),
    may_repeat("polygon"),
    may_repeat("circle"),
    may_repeat("geocode", _NAMED),
    Rule("altitude", _NUMBER),
    Rule("ceiling", _NUMBER),
)
_RESOURCE: Final = (
    must("resourceDesc"),
    must("mimeType"),
    Rule("size", r"\d+"),
    Rule("uri"),
    Rule("derefUri"),
    Rule("digest"),
)
_CATEGORIES: Final = (
    *("Geo", "Met", "Safety", "Security", "Rescue", "Fire"),
    *("Health", "Env", "Transport", "Infra", "CBRNE", "Other"),
)
_RESPONSES: Final = (
    *("Shelter", "Evacuate", "Prepare", "Execute", "Avoid"),
    *("Monitor", "Assess", "AllClear", "None"),
)
_INFO: Final = (
    Rule("language", r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*"),
    may_repeat("category", one_of(*_CATEGORIES), least=1),
    must("event"),
    may_repeat("responseType", one_of(*_RESPONSES)),
    must("urgency", one_of("Immediate", "Expected", "Future", "Past", "Unknown")),
    must("severity", one_of("Extreme", "Severe", "Moderate", "Minor", "Unknown")),
    must("certainty", one_of("Observed", "Likely", "Possible", "Unlikely", "Unknown")),
    Rule("audience"),
    may_repeat("eventCode", _NAMED),
    Rule("effective", TIME),
    Rule("onset", TIME),
    Rule("expires", TIME),
    Rule("senderName"),
    Rule("headline"),
    Rule("description"),
    Rule("instruction"),
    Rule("web"),
    Rule("contact"),
    may_repeat("parameter", _NAMED),
    may_repeat("resource", _RESOURCE),
    may_repeat("area", _AREA),
)
ALERT: Final = must(
    "alert",
    (
        must("identifier", r"[^\s,<&]+"),
        must("sender", r"[^\s,<&]+"),
        must("sent", TIME),
        must("status", one_of("Actual", "Exercise", "System", "Test", "Draft")),
        must("msgType", one_of("Alert", "Update", "Cancel", "Ack", "Error")),
        Rule("source"),
        must("scope", one_of("Public", "Restricted", "Private")),
        Rule("restriction"),
        Rule("addresses"),
        may_repeat("code"),
        Rule("note"),
        Rule("references", rf"[^\s,]+,[^\s,]+,{TIME}( [^\s,]+,[^\s,]+,{TIME})*"),
        Rule("incidents"),
        may_repeat("info", _INFO),
    ),
)


def faults(text: str) -> list[str]:
    """Return what is wrong with a message; nothing if it keeps all rules."""
    root = ET.fromstring(text)  # noqa: S314 (written by us)
    if root.tag != f"{{{CAP}}}alert":
        return [f"{root.tag} is no alert"]
    return [*_structure(root, ALERT), *_meaning(root)]


def _structure(element: ET.Element, rule: Rule) -> Iterator[str]:
    if element.attrib:
        yield f"{rule.name} has attributes"
    if isinstance(rule.holds, str):
        yield from _value(element, rule.name, rule.holds)
    else:
        yield from _children(element, rule.name, rule.holds)


def _value(element: ET.Element, name: str, pattern: str) -> Iterator[str]:
    text = element.text or ""
    if len(element):
        yield f"{name} holds elements"
    if not text.strip() or not re.fullmatch(pattern, text, re.DOTALL):
        yield f"{name} is {text!r}"
    elif pattern == TIME and not _is_time(text):
        yield f"{name} is no time: {text}"


def _children(element: ET.Element, name: str, rules: Sequence[Rule]) -> Iterator[str]:
    if (element.text or "").strip():
        yield f"{name} holds text"
    known: Mapping[str, int] = {f"{{{CAP}}}{one.name}": n for n, one in enumerate(rules)}
    places = [known.get(child.tag, -1) for child in element]
    if -1 in places:
        yield f"{name} holds an unknown element"
    if places != sorted(places):
        yield f"{name} holds elements out of order"
    for number, one in enumerate(rules):
        found = places.count(number)
        if found < one.least or (one.most is not None and found > one.most):
            yield f"{name} holds {found} {one.name}"
    for child, place in zip(element, places, strict=True):
        if place >= 0:
            yield from _structure(child, rules[place])


def _meaning(root: ET.Element) -> Iterator[str]:
    def text(name: str) -> str:
        return root.findtext(f"{{{CAP}}}{name}") or ""

    if text("msgType") in {"Update", "Cancel", "Ack", "Error"} and not text("references"):
        yield "a message that follows another names none"
    if text("scope") == "Restricted" and not text("restriction"):
        yield "a restricted message names no restriction"
    if text("scope") == "Private" and not text("addresses"):
        yield "a private message names nobody"
    for named in (*text("references").split(), f",,{text('sent')}"):
        if not _is_time(named.rpartition(",")[2]):
            yield f"no time: {named}"
    for polygon in root.iter(f"{{{CAP}}}polygon"):
        corners = (polygon.text or "").split(" ")
        if len(corners) < 4 or corners[0] != corners[-1]:
            yield "a polygon is not closed"
        if not all(map(_is_place, corners)):
            yield "a polygon's corner is no place"


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_place(text: str) -> bool:
    found = re.fullmatch(rf"({_NUMBER}),({_NUMBER})", text)
    return found is not None and abs(float(found[1])) <= 90 and abs(float(found[3])) <= 180
