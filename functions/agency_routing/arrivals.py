"""What the HTTP twin learns of messages: that a program took them, and that it dealt with them."""

import re
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from shared import config
from shared.complaints import delivery
from shared.complaints.acting import StaleVersion
from shared.complaints.clocks import wound
from shared.complaints.record import Complaint

#: A message's own id, before the receipt that SQS gave: see `receipt`.
_MARKED: Final = re.compile(
    r"(?P<number>[A-Z]{3}-[0-9A-Z]{13}):(?P<no>[1-9][0-9]{0,4})\|(?P<rest>.*)"
)
#: How often an acknowledgement is tried when others change the complaint at the same time.
_TRIES: Final = 3


class Arrival(NamedTuple):
    """An assignment that a message brought."""

    complaint_id: str
    assignment_no: int


class Store(Protocol):
    """What arrivals need of the complaint store."""

    def get(self, complaint_id: str) -> Complaint | None:
        """Return a complaint as it is now."""
        ...

    def change(self, before: Complaint, after: Complaint) -> None:
        """Write a change that makes no step, on the version that it was made from."""
        ...


def receipt(message_id: str, handle: str) -> str:
    """Return the receipt that a client is given: SQS's own, and before it what the message is of."""
    return f"{message_id}|{handle}" if message_id else handle


def read_receipt(given: str) -> tuple[Arrival | None, str]:
    """Return the assignment that a receipt is of, None if it is of none, and SQS's own receipt."""
    found = _MARKED.fullmatch(given)
    if found is None:
        return None, given
    return Arrival(found["number"], int(found["no"])), found["rest"]


def acknowledge(arrival: Arrival, agency: str, *, now: datetime, store: Store) -> bool:
    """Record that an agency has dealt with a message; return whether that was news.

    It makes no step and no new version, so that an action that the agency takes next is still on
    the version that the message named. Nothing is recorded of what is no longer the agency's.
    """
    for _ in range(_TRIES):
        complaint = store.get(arrival.complaint_id)
        current = complaint.assignment if complaint else None
        if complaint is None or current is None or current.acknowledged_at:
            return False
        if current.no != arrival.assignment_no or current.agency != agency:
            return False
        known = delivery.acknowledged(complaint, now)
        try:
            store.change(complaint, wound(known, config.load(complaint.jurisdiction_id)))
        except StaleVersion:
            continue
        return True
    return False
