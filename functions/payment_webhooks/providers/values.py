"""Reads what stands in providers' JSON, whichever of its forms a value comes in."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from shared.clock import WIB

#: The longest text that is kept; every identifier of every provider is shorter.
_LONGEST: Final = 256
#: No payment comes near.
_MOST_RUPIAH: Final = 10**15
#: Three digits behind a point would be thousands to some, and decimals to others: neither is taken.
_WHOLE_RUPIAH: Final = re.compile(r"([0-9]{1,16})(?:\.0{1,2})?")
#: In which there are electronic payments.
_YEARS: Final = range(2000, 2200)
#: What joins the names of a nested value.
_WITHIN: Final = "."


def object_of(body: bytes) -> Mapping[str, Any] | None:
    """Return the JSON object that a body is; None if it is anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def text(value: Any) -> str | None:
    """Return a text or number as text without spaces around it; None if there is nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    # Half a character, which JSON can escape, can be neither stored nor sent on.
    whole = str(value).encode("utf-8", "replace").decode()
    return whole.strip()[:_LONGEST] or None


def rupiah(value: Any) -> int | None:
    """Return an amount as whole rupiah: 3500, "3500" or "3500.00"; None if it is no such amount."""
    written = _WHOLE_RUPIAH.fullmatch(text(value) or "")
    if written is None or int(written[1]) > _MOST_RUPIAH:
        return None
    return int(written[1])


def instant(value: Any) -> datetime | None:
    """Return an instant; one that names no offset is in WIB.

    None if it cannot be read, or is none of this age: some write the year 1 for no time at all.
    """
    try:
        found = datetime.fromisoformat(text(value) or "")
    except ValueError:
        return None
    if found.year not in _YEARS:
        return None
    return found if found.tzinfo else found.replace(tzinfo=WIB)


def mapping(value: Any) -> Mapping[str, Any]:
    """Return an object; the first of an array of them; one that is wrapped in a string; else {}."""
    return next(objects(value), {})


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of an array, or the one that stands where an array should."""
    if isinstance(value, str):
        value = object_of(value.encode("utf-8", "replace"))
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield one


def first(body: Mapping[str, Any], *names: str) -> Any:
    """Return the first value that is there under any of `names`, which may be nested: "a.b"."""
    for name in names:
        found: Any = body
        for part in name.split(_WITHIN):
            found = mapping(found).get(part)
        if found not in (None, "", [], {}):
            return found
    return None


def first_text(body: Mapping[str, Any], *names: str) -> str | None:
    """Return the first text that is there under any of `names`."""
    return next(filter(None, (text(first(body, name)) for name in names)), None)


def first_instant(body: Mapping[str, Any], *names: str) -> datetime | None:
    """Return the first instant that can be read under any of `names`."""
    return next(filter(None, (instant(first(body, name)) for name in names)), None)
