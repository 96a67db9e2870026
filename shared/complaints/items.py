"""How complaints and timeline entries lie in the table, as plain values (see `shared.dynamo`)."""

import zlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from shared.clock import from_text, to_text
from shared.complaints.law import OPEN, Action, Status
from shared.complaints.record import Assignment, Complaint, TimelineEntry
from shared.text import Text

RECORD = "RECORD"
#: Shards of the index of undelivered complaints, so that a flood of them has no hot key.
UNDELIVERED_SHARDS = 8


def partition(complaint_id: str) -> str:
    """Return the partition key of everything about a complaint."""
    return f"C#{complaint_id}"


def worklist(agency: str, status: Status) -> str:
    """Return the partition of `by_agency` that lists an agency's complaints in a status."""
    return f"{agency}#{status}"


def undelivered_shard(complaint_id: str) -> str:
    """Return the partition of `by_undelivered` to which a complaint belongs."""
    return f"U#{zlib.crc32(complaint_id.encode()) % UNDELIVERED_SHARDS}"


def undelivered_mark(now: datetime, assignment_no: int) -> str:
    """Return the mark set when assignment `assignment_no` (0: none yet) is to be delivered."""
    return f"{to_text(now)}#{assignment_no}"


def index_keys(complaint: Complaint) -> dict[str, str | None]:
    """Return the index attributes that follow from a complaint's state; None where absent."""
    assignment = complaint.assignment
    by = complaint.due_at if complaint.status in OPEN else complaint.updated_at
    return {
        "worklist": worklist(assignment.agency, complaint.status) if assignment else None,
        "worklist_key": f"{to_text(by)}#{complaint.complaint_id}" if assignment else None,
        "undelivered_shard": undelivered_shard(complaint.complaint_id)
        if complaint.undelivered_since
        else None,
    }


def complaint_values(complaint: Complaint) -> dict[str, Any]:
    """Return the whole record item of a complaint, keys and index attributes included."""
    return {
        "pk": partition(complaint.complaint_id),
        "sk": RECORD,
        **_values(complaint),
        **index_keys(complaint),
        "assignments": [assignment_values(one) for one in complaint.assignments] or None,
    }


def assignment_values(assignment: Assignment) -> dict[str, Any]:
    """Return an assignment as the map in which the record holds it."""
    return _values(assignment) | {"because": text_values(assignment.because)}


def text_values(text: Text) -> dict[str, str]:
    """Return a text as a map of its languages."""
    return {"id": text.id, "en": text.en}


def complaint_from(values: Mapping[str, Any]) -> Complaint:
    """Return the complaint that a record item holds."""
    known = {name: values[name] for name in _COMPLAINT_FIELDS if name in values}
    known["status"] = Status(values["status"])
    for name in _COMPLAINT_INSTANTS & known.keys():
        known[name] = from_text(known[name])
    for name in ("lat", "long"):
        if name in known:
            known[name] = float(known[name])
    known["assignments"] = tuple(map(_assignment, values.get("assignments", ())))
    return Complaint(**({"service_code": None} | known))


def _assignment(values: Mapping[str, Any]) -> Assignment:
    because, at = Text(**values["because"]), from_text(values["at"])
    return Assignment(**{**values, "because": because, "at": at})


def entry_values(complaint_id: str, entry: TimelineEntry) -> dict[str, Any]:
    """Return the item of a timeline entry. Its key is the action's id, so it is written once."""
    return {"pk": partition(complaint_id), "sk": entry_key(entry.action_id), **_values(entry)}


def entry_key(action_id: str) -> str:
    """Return the sort key of the timeline entry that an action made."""
    return f"ACTION#{action_id}"


def entry_from(values: Mapping[str, Any]) -> TimelineEntry:
    """Return the timeline entry that an item holds."""
    known = {name: values[name] for name in _ENTRY_FIELDS if name in values}
    known |= {
        "at": from_text(values["at"]),
        "action": Action(values["action"]),
        "status": Status(values["status"]),
    }
    return TimelineEntry(**known)


_COMPLAINT_FIELDS = tuple(field.name for field in fields(Complaint))
_COMPLAINT_INSTANTS = {
    "drafted_at",
    "created_at",
    "updated_at",
    "dispatch_due_at",
    "due_at",
}
_ENTRY_FIELDS = tuple(field.name for field in fields(TimelineEntry))


def _values(record: Complaint | Assignment | TimelineEntry) -> dict[str, Any]:
    return {
        field.name: to_text(value) if isinstance(value, datetime) else value
        for field in fields(record)
        if (value := getattr(record, field.name)) is not None
    }
