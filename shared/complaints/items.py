"""How complaints and timeline entries lie in the table, as plain values (see `shared.dynamo`)."""

import zlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Final

from shared.clock import from_text, to_text
from shared.complaints import cells, delivery
from shared.complaints.law import OPEN, Action, Actor, Status
from shared.complaints.record import Assignment, Complaint, Level, TimelineEntry
from shared.text import Text

RECORD = "RECORD"
ACTION = "ACTION#"
#: Shards of the index of undelivered complaints, so that a flood of them has no hot key.
UNDELIVERED_SHARDS = 8
#: Shards of a month in the lists by time, and of each kind of clock.
TIME_SHARDS = 4
DUE_SHARDS = 4
#: The lists of a jurisdiction's late complaints: for its triage desk alone, for everyone, and of
#: what is still owed to everyone. Each complaint is in one of them at most.
LATE: Final = "late"
OVERDUE: Final = "overdue"
DEBTS: Final = "debts"


def partition(complaint_id: str) -> str:
    """Return the partition key of everything about a complaint."""
    return f"C#{complaint_id}"


def worklist(agency: str, status: Status) -> str:
    """Return the partition of `by_agency` that lists an agency's complaints in a status."""
    return f"{agency}#{status}"


def undelivered_shard(complaint_id: str) -> str:
    """Return the partition of `by_undelivered` to which a complaint belongs."""
    return f"U#{_shard(complaint_id, UNDELIVERED_SHARDS)}"


def undelivered_mark(now: datetime, version: int) -> str:
    """Return the mark set when what happened at a version is still to be delivered."""
    return f"{to_text(now)}#{version}"


def index_keys(complaint: Complaint) -> dict[str, str | None]:
    """Return the index attributes that follow from a complaint's state; None where absent."""
    assignment = complaint.assignment
    by = complaint.due_at if complaint.status in OPEN else complaint.updated_at
    number = complaint.complaint_id
    return {
        "worklist": worklist(assignment.agency, complaint.status) if assignment else None,
        "worklist_key": f"{to_text(by)}#{number}" if assignment else None,
        "undelivered_shard": undelivered_shard(number) if complaint.undelivered_since else None,
        "due_shard": due_shard(complaint.clock, number) if complaint.clock else None,
        "follows": complaint.follows,
        **_stuck_keys(complaint),
        **late_keys(complaint),
        **public_keys(
            number,
            jurisdiction_id=complaint.jurisdiction_id,
            service_code=complaint.service_code,
            created_at=complaint.created_at,
            updated_at=complaint.updated_at,
            place=place_of(complaint.lat, complaint.long),
            public=complaint.is_public,
        ),
    }


def _stuck_keys(complaint: Complaint) -> dict[str, str | None]:
    assignment = complaint.assignment
    if assignment is None or assignment.stuck_at is None or not delivery.is_stuck(complaint):
        return {"stuck": None, "stuck_since": None}
    since = f"{to_text(assignment.stuck_at)}#{complaint.complaint_id}"
    return {"stuck": complaint.jurisdiction_id, "stuck_since": since}


def late_keys(complaint: Complaint) -> dict[str, str | None]:
    """Return the attributes by which the lists of what is late, and of debts, find a complaint."""
    found: tuple[str, datetime] | None = None
    if complaint.status is Status.RESOLVED_CONDITIONALLY:
        if complaint.owed_by and complaint.is_public:
            found = DEBTS, complaint.owed_by
    elif complaint.status in OPEN and complaint.escalation >= Level.TRIAGE:
        told = complaint.is_public and complaint.escalation >= Level.PUBLIC
        found = OVERDUE if told else LATE, complaint.due_at
    return {
        "late_list": late_list(complaint.jurisdiction_id, found[0]) if found else None,
        "late_key": f"{to_text(found[1])}#{complaint.complaint_id}" if found else None,
    }


def late_list(jurisdiction_id: str, kind: str) -> str:
    """Return the partition of `by_late` that is one of a jurisdiction's lists."""
    return f"{jurisdiction_id}#{kind}"


def public_keys(
    complaint_id: str,
    *,
    jurisdiction_id: str,
    service_code: str | None,
    created_at: datetime,
    updated_at: datetime,
    place: tuple[float, float] | None,
    public: bool,
) -> dict[str, str | None]:
    """Return the attributes by which the public's lists find a complaint; None if it is not public."""
    if not public:
        return dict.fromkeys(("received_bucket", "updated_bucket", "cell", "cell_key"))
    return {
        "received_bucket": bucket(jurisdiction_id, created_at, complaint_id),
        "updated_bucket": f"R#{bucket(jurisdiction_id, updated_at, complaint_id)}",
        "cell": cells.cell_of(*place) if place else None,
        "cell_key": f"{service_code or ''}#{created_at.astimezone(UTC):%Y%m%d}" if place else None,
    }


def place_of(lat: float | None, long: float | None) -> tuple[float, float] | None:
    """Return a place as one value, or None if either half is missing."""
    return None if lat is None or long is None else (lat, long)


def bucket(jurisdiction_id: str, at: datetime, complaint_id: str) -> str:
    """Return the time bucket of an instant: the jurisdiction, the month (UTC) and a shard."""
    return f"{month_bucket(jurisdiction_id, at)}#{_shard(complaint_id, TIME_SHARDS)}"


def month_bucket(jurisdiction_id: str, at: datetime) -> str:
    """Return a time bucket without its shard."""
    return f"{jurisdiction_id}#{at.astimezone(UTC):%Y-%m}"


def due_shard(clock: str, complaint_id: str) -> str:
    """Return the partition of `by_due` in which a complaint's running clock stands."""
    return f"{clock}#{_shard(complaint_id, DUE_SHARDS)}"


def _shard(complaint_id: str, shards: int) -> int:
    return zlib.crc32(complaint_id.encode()) % shards


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
    for name in ("photo_ids", "parts"):
        known[name] = tuple(values.get(name, ()))
    return Complaint(**({"service_code": None} | known))


def _assignment(values: Mapping[str, Any]) -> Assignment:
    instants = {name: from_text(values[name]) for name in _ASSIGNMENT_INSTANTS & values.keys()}
    return Assignment(**{**values, **instants, "because": Text(**values["because"])})


def entry_values(complaint: Complaint, entry: TimelineEntry) -> dict[str, Any]:
    """Return the item of a timeline entry, `complaint` being what it led to.

    Its key is the action's id, so it is written once. What the public may know of is listed
    among the updates of its time.
    """
    number = complaint.complaint_id
    listed = {
        "updated_bucket": f"U#{bucket(complaint.jurisdiction_id, entry.at, number)}",
        "updated_at": to_text(entry.at),
    }
    return {
        "pk": partition(number),
        "sk": entry_key(entry.action_id),
        **_values(entry),
        **(listed if complaint.is_public and seen_by_public(entry) else {}),
    }


def seen_by_public(entry: TimelineEntry) -> bool:
    """Whether a step is shown to the public: it moved the complaint, or says something to all."""
    return entry.public_note is not None or entry.action not in _SILENT


def entry_key(action_id: str) -> str:
    """Return the sort key of the timeline entry that an action made."""
    return f"{ACTION}{action_id}"


def entry_from(values: Mapping[str, Any]) -> TimelineEntry:
    """Return the timeline entry that an item holds."""
    known = {name: values[name] for name in _ENTRY_FIELDS if name in values}
    known |= {
        "at": from_text(values["at"]),
        "action": Action(values["action"]),
        "status": Status(values["status"]),
        "role": Actor(values["role"]),
    }
    if "until" in values:
        known["until"] = from_text(values["until"])
    for name in ("photo_ids", "related"):
        known[name] = tuple(values.get(name, ()))
    return TimelineEntry(**({"agency": None} | known))


_COMPLAINT_FIELDS = tuple(field.name for field in fields(Complaint))
_COMPLAINT_INSTANTS = {
    "drafted_at",
    "created_at",
    "updated_at",
    "dispatch_due_at",
    "due_at",
    "legal_due_at",
    "paused_at",
    "planned_at",
    "owed_by",
    "closed_at",
    "clock_at",
    "erasure_requested_at",
    "erased_at",
}
_ASSIGNMENT_INSTANTS = {
    "at",
    "queued_at",
    "resent_at",
    "stuck_at",
    "received_at",
    "acknowledged_at",
    "accepted_at",
}
#: Of what has a default, only what differs from it is stored, save what conditions are on.
_ALWAYS_STORED = {"version", "status"}
#: Steps that, without a public note, are nobody's business but the agency's.
_SILENT = (
    Action.ACKNOWLEDGE,
    Action.NOTE,
    Action.NOT_FIXED,
    Action.HIDE,
    Action.SHOW,
    Action.REDACT,
    Action.RESEND,
    Action.WARN,
)
_ENTRY_FIELDS = tuple(field.name for field in fields(TimelineEntry))


def _values(record: Complaint | Assignment | TimelineEntry) -> dict[str, Any]:
    return {
        field.name: to_text(value) if isinstance(value, datetime) else value
        for field in fields(record)
        if (value := getattr(record, field.name)) is not None
        and (value != field.default or field.name in _ALWAYS_STORED)
        and value != {}
    }
