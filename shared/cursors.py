"""Cursors of lists by date: the place where the next page begins, as an opaque word."""

import base64
import re
from typing import Final

from shared.errors import InvalidInput
from shared.text import Text

#: A place in a list by date, as the stores give it: an instant and a complaint's number.
_PLACE: Final = re.compile(r"[0-9TZ:.-]{24}#[A-Z]{3}-[0-9A-Z]{13}")
_SHORT_NUMBER: Final = re.compile(r"[0-9]{1,3}")
_PAGE: Final = 50
_LONGEST_PAGE: Final = 100


def cursor_to(place: str | None) -> str | None:
    """Return the cursor of a place; None where the list ends."""
    return base64.urlsafe_b64encode(place.encode()).decode() if place else None


def place_at(cursor: str | None) -> str:
    """Return the place that a cursor stands for; the beginning if there is none.

    Raises:
        InvalidInput: it is not a cursor of ours.
    """
    if cursor is None:
        return ""
    try:
        place = base64.b64decode(cursor, altchars=b"-_", validate=True).decode("ascii")
    except ValueError:
        place = ""
    if not _PLACE.fullmatch(place):
        raise InvalidInput.at(
            "cursor",
            "invalid_cursor",
            Text("Pakai cursor dari halaman sebelumnya.", "Use the cursor of the previous page."),
        )
    return place


def page_size(asked: str | None) -> int:
    """Return how many a page holds.

    Raises:
        InvalidInput: it is no number from 1 to 100.
    """
    if asked is None:
        return _PAGE
    if not (_SHORT_NUMBER.fullmatch(asked) and 1 <= int(asked) <= _LONGEST_PAGE):
        raise InvalidInput.at(
            "limit",
            "out_of_range",
            Text(f"Isi 1 sampai {_LONGEST_PAGE}.", f"Give 1 to {_LONGEST_PAGE}."),
        )
    return int(asked)
