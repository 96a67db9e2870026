"""Tickets with which a page may add photos to a complaint, and do nothing else.

A tracking token must not stand in an address, but S3 sends a browser back to one. So the address
carries a ticket: it is signed with the token and does not tell it, and it runs out soon.
"""

from datetime import UTC, datetime

from shared import ids

_SEPARATOR = "."
_PARTS = 3
_SIGNATURE_CHARACTERS = 32


def made(token: str, complaint_id: str, until: datetime) -> str:
    """Return a ticket for a complaint, by its tracking token, that is good until an instant."""
    ends = str(int(until.timestamp()))
    return _SEPARATOR.join((complaint_id, ends, _signature(token, complaint_id, ends)))


def complaint_of(ticket: str) -> str:
    """Return the number of the complaint that a ticket claims to be for; nothing is checked yet."""
    return ticket.split(_SEPARATOR, 1)[0]


def admits(ticket: str, token: str, complaint_id: str, now: datetime) -> bool:
    """Tell whether a ticket is a real one for the complaint with this token, and still good."""
    parts = ticket.split(_SEPARATOR)
    if len(parts) != _PARTS:
        return False
    number, ends, signature = parts
    real = ids.same(signature, _signature(token, number, ends))
    return real and number == complaint_id and now < datetime.fromtimestamp(int(ends), UTC)


def _signature(token: str, complaint_id: str, ends: str) -> str:
    return ids.keyed_hash(token.encode(), "add photos", complaint_id, ends)[:_SIGNATURE_CHARACTERS]
