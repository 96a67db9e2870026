"""In-memory twins of what costs time: the suite of `ComplaintStore` holds this one to the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from functions.complaint_intake.support import Count
from shared.clock import from_text, to_text
from shared.complaints.acting import ActionRepeated, StaleVersion
from shared.complaints.events import ComplaintReceivedV1
from shared.complaints.items import (
    complaint_from,
    complaint_values,
    index_keys,
    undelivered_shard,
)
from shared.complaints.law import DONE, OPEN, Status
from shared.complaints.record import Assignment, Complaint, TimelineEntry
from shared.dynamo import from_item, to_item


class ComplaintStoreTwin:
    """Complaints in dictionaries; `reporters` holds the contact data by (table, number)."""

    def __init__(self) -> None:
        self.complaints: dict[str, Complaint] = {}
        self.entries: dict[tuple[str, str], TimelineEntry] = {}
        self.learned: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.reporters: dict[tuple[str, str], Mapping[str, Any]] = {}

    def submit(
        self, complaint: Complaint, *, reporter: tuple[str, Mapping[str, Any]] | None = None
    ) -> Complaint | None:
        number = complaint.complaint_id
        if number in self.complaints:
            return self.complaints[number]
        self.complaints[number] = _stored(complaint)
        if reporter is not None:
            table, values = reporter
            self.reporters[table, number] = values
        return None

    def get(self, complaint_id: str) -> Complaint | None:
        return self.complaints.get(complaint_id)

    def action(self, complaint_id: str, action_id: str) -> TimelineEntry | None:
        return self.entries.get((complaint_id, action_id))

    def with_timeline(
        self, complaint_id: str, *, consistent: bool = False
    ) -> tuple[Complaint, Sequence[TimelineEntry]] | None:
        complaint = self.complaints.get(complaint_id)
        own = [entry for (number, _), entry in self.entries.items() if number == complaint_id]
        return (complaint, sorted(own, key=lambda one: one.version)) if complaint else None

    def assign(
        self,
        event: ComplaintReceivedV1,
        assignment: Assignment,
        *,
        due_at: str,
        service_code: str | None,
        settled: Mapping[str, Any],
        public: bool,
    ) -> Complaint | None:
        complaint = self.complaints.get(event["complaint_id"])
        if (
            complaint is not None
            and complaint.status is Status.RECEIVED
            and complaint.version == event.get("version", 1)
        ):
            decided = replace(
                complaint,
                assignments=(*complaint.assignments, assignment),
                status=Status.ASSIGNED,
                service_code=service_code,
                due_at=from_text(due_at),
                updated_at=assignment.at,
                version=complaint.version + 1,
            )
            values = complaint_values(decided) | dict(settled)
            complaint = complaint_from(from_item(to_item(values)))
            self.complaints[complaint.complaint_id] = complaint
        return complaint

    def delivered(
        self, complaint_id: str, mark: str, *, queued: tuple[int, datetime] | None = None
    ) -> None:
        complaint = self.complaints.get(complaint_id)
        if complaint is not None and complaint.undelivered_since == mark:
            assignments = complaint.assignments
            if queued:
                no, at = queued
                known = replace(assignments[no - 1], queued_at=at)
                assignments = (*assignments[: no - 1], known, *assignments[no:])
            self.complaints[complaint_id] = replace(
                complaint,
                assignments=assignments,
                undelivered_since=None,
                undelivered_action=None,
            )

    def change(self, before: Complaint, after: Complaint) -> None:
        number = before.complaint_id
        if number not in self.complaints or self.complaints[number].version != before.version:
            raise StaleVersion
        self._check_mergers(before, after)
        self.complaints[number] = _written_over(self.complaints[number], before, after)

    def deliver_more(self, before: Complaint, after: Complaint) -> None:
        complaint = self.complaints.get(before.complaint_id)
        if complaint is not None and complaint.undelivered_since == before.undelivered_since:
            self.complaints[before.complaint_id] = replace(
                complaint,
                undelivered_since=after.undelivered_since,
                undelivered_action=after.undelivered_action,
            )

    def followers(self, complaint_id: str, *, after: str, limit: int) -> Sequence[str]:
        found = sorted(n for n, one in self.complaints.items() if one.follows == complaint_id)
        return [number for number in found if number > after][:limit]

    def count_followers(self, complaint_id: str) -> int:
        return len(self.followers(complaint_id, after="", limit=len(self.complaints)))

    def _check_mergers(self, before: Complaint, after: Complaint) -> None:
        done = after.status in DONE and before.status not in DONE
        ends = done or (after.follows and not before.follows)
        if ends and self.complaints[before.complaint_id].duplicates != before.duplicates:
            raise StaleVersion

    def _count(self, before: Complaint, after: Complaint) -> None:
        if before.duplicate_of == after.duplicate_of:
            return
        number = after.duplicate_of or before.duplicate_of or ""
        other = self.complaints[number]
        if after.duplicate_of and (
            other.follows or other.status not in (Status.RECEIVED, *OPEN) or other.is_forgotten
        ):
            raise StaleVersion
        more = 1 if after.duplicate_of else -1
        self.complaints[number] = replace(other, duplicates=other.duplicates + more)

    def record_action(
        self,
        before: Complaint,
        after: Complaint,
        entry: TimelineEntry,
        *,
        created: Sequence[Complaint] = (),
        learned: Mapping[str, Any] | None = None,
    ) -> None:
        number = before.complaint_id
        if (number, entry.action_id) in self.entries:
            raise ActionRepeated
        if number not in self.complaints or self.complaints[number].version != before.version:
            raise StaleVersion
        self._check_mergers(before, after)
        self._count(before, after)
        self.complaints[number] = _written_over(self.complaints[number], before, after)
        self.entries[number, entry.action_id] = entry
        assert not self.complaints.keys() & {one.complaint_id for one in created}
        self.complaints |= {one.complaint_id: one for one in created}
        if learned:
            self.learned[learned["pk"], learned["sk"]] = learned

    def work(
        self,
        agency: str,
        statuses: Sequence[Status],
        *,
        after: str = "",
        before: datetime | None = None,
        limit: int,
    ) -> tuple[Sequence[Complaint], str | None]:
        places = {
            str(index_keys(one)["worklist_key"]): one
            for one in self.complaints.values()
            if one.assignment and one.assignment.agency == agency and one.status in statuses
        }
        until = to_text(before) if before else "~"
        found = sorted(place for place in places if after < place < until)
        page, more = found[:limit], found[limit:]
        return [places[place] for place in page], page[-1] if more else None

    def undelivered(self, shard: int, before: datetime) -> Iterator[str]:
        marks = sorted(
            (one.undelivered_since, number)
            for number, one in self.complaints.items()
            if one.undelivered_since and undelivered_shard(number) == f"U#{shard}"
        )
        return (number for mark, number in marks if mark < to_text(before))


@dataclass
class VoiceStoreTwin:
    """Voices in memory, beside the twin of the complaints."""

    complaints: ComplaintStoreTwin
    kept: dict[tuple[str, str, str], datetime] = field(default_factory=dict)

    def add(
        self,
        complaint_id: str,
        device: str,
        count: Count,
        *,
        among: Sequence[Status],
        until: datetime,
    ) -> bool:
        if (complaint_id, count, device) in self.kept:
            return False
        complaint = self.complaints.complaints[complaint_id]
        if not complaint.is_public or complaint.status not in among:
            raise StaleVersion
        more: dict[str, Any] = {count: getattr(complaint, count) + 1}
        self.complaints.complaints[complaint_id] = replace(complaint, **more)
        self.kept[complaint_id, count, device] = until
        return True


def _stored(complaint: Complaint) -> Complaint:
    """Return a complaint as the table would give it back."""
    return complaint_from(from_item(to_item(complaint_values(complaint))))


def _written_over(now: Complaint, before: Complaint, after: Complaint) -> Complaint:
    """Return what is stored once `after` is written for `before`: only what differs between them."""
    changed: dict[str, Any] = {
        one.name: getattr(after, one.name)
        for one in fields(Complaint)
        if getattr(before, one.name) != getattr(after, one.name)
    }
    return _stored(replace(now, **changed))
