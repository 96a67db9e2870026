"""Complaints in DynamoDB."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any, Final

from botocore.exceptions import ClientError

from shared import aws
from shared.clock import from_text, to_text
from shared.complaints import items
from shared.complaints.acting import ActionRepeated, StaleVersion
from shared.complaints.changes import differences, update_of
from shared.complaints.events import ComplaintReceivedV1
from shared.complaints.following import FollowedComplaints, counted, knowing_all, record_of
from shared.complaints.indexes import BY_AGENCY, BY_UNDELIVERED
from shared.complaints.law import Status
from shared.complaints.record import Assignment, Complaint, TimelineEntry
from shared.dynamo import from_item, to_attribute, to_item
from shared.reads import queried
from shared.writes import old_item, patiently, refused

SWEEP_PAGE = 100  #: marks that a query of the sweep reads at a time
CONTACT: Final = "CONTACT"  #: sort key of a reporter's contact data in the `reporters` table


class ComplaintStore(FollowedComplaints):
    """Complaints in DynamoDB.

    Units are for records up to 1 KB; those of the indexes come on top (by_agency 1 write on
    assignment, 1 on unmarking and 2 on a change of status; by_undelivered and by_due 1 on setting
    and 1 on removing; of public complaints by_received 1 on each change, by_updated 1, then 2 on
    each change, by_cell 1, with a place). `ComplaintListings` reads what the public may list.

    | access pattern                      | operation           | key / index                 | units         |
    | ----------------------------------- | ------------------- | --------------------------- | ------------- |
    | submit, once per idempotency key    | Put if absent       | pk=C#<id> sk=RECORD         | 1 write       |
    | submit with contact data            | Transaction, 2 puts | the same, and `reporters`   | 4 writes      |
    | read a complaint                    | Get, consistent     | pk=C#<id> sk=RECORD         | 1 read        |
    | read it with its timeline           | Query               | pk=C#<id>                   | 0.5 read / 4 KB |
    | a decision, once for a version      | Update if received  | pk=C#<id> sk=RECORD         | 1 write       |
    | delivered: remove the mark          | Update if same mark | pk=C#<id> sk=RECORD         | 1 write       |
    | an action, once, on one version     | Transaction: put + update | sk=ACTION#<id>, RECORD | 4 writes      |
    | a merger, or the end of one         | and an update       | pk=C#<other> sk=RECORD      | 2 writes      |
    | another change, on one version      | Update              | pk=C#<id> sk=RECORD         | 1 write       |
    | an agency's work by due date        | Query a status      | by_agency                   | 0.5 read / 4 KB |
    | what was not delivered by a time    | Query a shard       | by_undelivered              | 0.5 read / 4 KB |
    """

    def submit(
        self, complaint: Complaint, *, reporter: tuple[str, Mapping[str, Any]] | None = None
    ) -> Complaint | None:
        """Store a new complaint, with its reporter's (table, values) or without.

        Returns:
            None if it was stored; else the complaint that holds this number already.

        Raises:
            Busy: others kept writing the same items.
        """
        put = self._new(items.complaint_values(complaint)) | {
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD"
        }
        try:
            if reporter is None:
                patiently(lambda: aws.dynamodb().put_item(**put))
            else:
                table, values = reporter
                key = {"pk": items.partition(complaint.complaint_id), "sk": CONTACT}
                contact = {"TableName": table, "Item": to_item(key | dict(values))}
                _transact([{"Put": put}, {"Put": contact}])
        except ClientError as error:
            old = old_item(error) if refused(error) else None
            if old is None:
                raise
            return items.complaint_from(from_item(old))
        return None

    def get(self, complaint_id: str) -> Complaint | None:
        """Return a complaint as it is now, or None."""
        found = self._read(complaint_id, items.RECORD)
        return items.complaint_from(found) if found else None

    def action(self, complaint_id: str, action_id: str) -> TimelineEntry | None:
        """Return the timeline entry that an action made, or None."""
        found = self._read(complaint_id, items.entry_key(action_id))
        return items.entry_from(found) if found else None

    def with_timeline(
        self, complaint_id: str, *, consistent: bool = False
    ) -> tuple[Complaint, Sequence[TimelineEntry]] | None:
        """Return a complaint and what was done to it, oldest first; None if there is none."""
        record: Complaint | None = None
        entries: list[TimelineEntry] = []
        for values in self._query(
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": items.partition(complaint_id)}},
            ConsistentRead=consistent,
        ):
            if values["sk"] == items.RECORD:
                record = items.complaint_from(values)
            elif values["sk"].startswith(items.ACTION):
                entries.append(items.entry_from(values))
        return (record, sorted(entries, key=lambda one: one.version)) if record else None

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
        """Record the decision on a received complaint once; return it as it now stands.

        `settled` are further attributes that the decision fixes (None removes one); `public` says
        whether the public may see the complaint then. Returns None if there is no such complaint.
        """
        complaint_id = event["complaint_id"]
        listed = items.public_keys(
            complaint_id,
            jurisdiction_id=event["jurisdiction_id"],
            service_code=service_code,
            created_at=from_text(event["created_at"]),
            updated_at=assignment.at,
            place=items.place_of(event["lat"], event["long"]),
            public=public,
        )
        update, arguments = update_of(
            dict(settled)
            | listed
            | {
                "due_at": due_at,
                "status": Status.ASSIGNED,
                "service_code": service_code,
                "updated_at": to_text(assignment.at),
                "version": event.get("version", 1) + 1,
                "worklist": items.worklist(assignment.agency, Status.ASSIGNED),
                "worklist_key": f"{due_at}#{complaint_id}",
            }
        )
        added = "assignments = list_append(if_not_exists(assignments, :none), :assignment)"
        arguments["ExpressionAttributeValues"] |= {
            ":none": to_attribute([]),
            ":assignment": to_attribute([items.assignment_values(assignment)]),
            ":seen": to_attribute(event.get("version", 1)),
            ":received": to_attribute(Status.RECEIVED),
        }
        try:
            written = aws.dynamodb().update_item(
                **self._record(complaint_id),
                **arguments,
                UpdateExpression=update.replace("SET ", f"SET {added}, ", 1),
                ConditionExpression="version = :seen AND #status = :received",
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if not refused(error):
                raise
            return _complaint(old_item(error))
        return _complaint(written["Attributes"])

    def delivered(
        self, complaint_id: str, mark: str, *, queued: tuple[int, datetime] | None = None
    ) -> None:
        """Remove the mark, if it is still the one of what was delivered.

        `queued` is the assignment that was among it, by its number, and when it was put there.
        """
        values = {":mark": {"S": mark}}
        said = ""
        if queued:
            no, at = queued
            said = f"SET assignments[{no - 1}].queued_at = :at "
            values[":at"] = {"S": to_text(at)}
        try:
            aws.dynamodb().update_item(
                **self._record(complaint_id),
                UpdateExpression=said
                + "REMOVE undelivered_since, undelivered_shard, undelivered_action",
                ConditionExpression="undelivered_since = :mark",
                ExpressionAttributeValues=values,
            )
        except ClientError as error:
            if not refused(error):
                raise

    def record_action(
        self,
        before: Complaint,
        after: Complaint,
        entry: TimelineEntry,
        *,
        created: Sequence[Complaint] = (),
        learned: Mapping[str, Any] | None = None,
    ) -> None:
        """Write an action's change, its timeline entry and what comes with it, or nothing of it.

        Raises:
            ActionRepeated: the action has been recorded already.
            StaleVersion: the complaint is no longer the one that `before` describes, or the one
                that it is merged into cannot be merged into any more.
            Busy: others kept writing the same items.
        """
        put = self._new(items.entry_values(after, entry))
        try:
            _transact(
                [
                    {"Put": put},
                    {"Update": self._change(before, after)},
                    *counted(self._table, before, after),
                    *({"Put": self._new(items.complaint_values(one))} for one in created),
                    *(
                        [{"Put": {"TableName": self._table, "Item": to_item(learned)}}]
                        if learned
                        else []
                    ),
                ]
            )
        except ClientError as error:
            if refused(error, 0):
                raise ActionRepeated from None
            if refused(error, 1) or (after.duplicate_of and refused(error, 2)):
                raise StaleVersion from None
            raise

    def change(self, before: Complaint, after: Complaint) -> None:
        """Write a change that makes no step of the timeline, on the version that it was made from.

        Raises:
            StaleVersion: the complaint is no longer the one that `before` describes.
            Busy: others kept writing the same item.
        """
        try:
            patiently(lambda: aws.dynamodb().update_item(**self._change(before, after)))
        except ClientError as error:
            if not refused(error):
                raise
            raise StaleVersion from None

    def work(
        self,
        agency: str,
        statuses: Sequence[Status],
        *,
        after: str = "",
        before: datetime | None = None,
        limit: int,
    ) -> tuple[Sequence[Complaint], str | None]:
        """Return an agency's complaints in some statuses by due date, and where to go on.

        One query a status, each of at most a page; `after` is the place that the last page
        returned, None at the end. With `before` only what is due before that.
        """
        until = to_text(before) if before else "~"  # which comes after every place
        left = statuses if after < until else ()
        pages = [self._in_status(agency, status, after, until, limit + 1) for status in left]
        merged = sorted(chain.from_iterable(pages), key=lambda one: str(one["worklist_key"]))
        page, more = merged[:limit], merged[limit:]
        place = str(page[-1]["worklist_key"]) if more else None
        return [items.complaint_from(values) for values in page], place

    def undelivered(self, shard: int, before: datetime) -> Iterator[str]:
        """Yield the ids of complaints in a shard whose mark was set before an instant, oldest first.

        Pages are fetched as they are asked for, so a flood of marks takes no more memory than one.
        """
        found = self._query(
            IndexName=BY_UNDELIVERED,
            KeyConditionExpression="undelivered_shard = :shard AND undelivered_since < :before",
            ExpressionAttributeValues={
                ":shard": {"S": f"U#{shard}"},
                ":before": {"S": to_text(before)},
            },
            Limit=SWEEP_PAGE,
        )
        return (str(values["pk"]).removeprefix("C#") for values in found)

    def _in_status(
        self, agency: str, status: Status, after: str, until: str, limit: int
    ) -> Iterator[Mapping[str, Any]]:
        found = self._query(
            IndexName=BY_AGENCY,
            KeyConditionExpression="worklist = :worklist AND worklist_key BETWEEN :after AND :until",
            ExpressionAttributeValues={
                ":worklist": {"S": items.worklist(agency, status)},
                ":after": {"S": f"{after} "},  # the first that may follow: no key begins another
                ":until": {"S": until},
            },
            Limit=limit,
        )
        return islice(found, limit)

    def _query(self, **arguments: Any) -> Iterator[Mapping[str, Any]]:
        return queried(TableName=self._table, **arguments)

    def _read(self, complaint_id: str, sort_key: str) -> Mapping[str, Any] | None:
        key = {"pk": {"S": items.partition(complaint_id)}, "sk": {"S": sort_key}}
        found = aws.dynamodb().get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return from_item(found["Item"]) if "Item" in found else None

    def _change(self, before: Complaint, after: Complaint) -> Any:
        """Return the update that makes `after` of `before`, and of nothing else.

        Counts are left alone: others raise them without a new version, as they do what they know of
        an assignment's delivery. Photos come without one too, so a change of theirs wants them to
        be the ones that it was made from.
        """
        old, new = items.complaint_values(before), items.complaint_values(after)
        changed = differences(old, new)
        update, arguments = update_of(changed)
        said = arguments["ExpressionAttributeValues"]
        said[":before"] = to_attribute(before.version)
        condition = "version = :before"
        if "photo_ids" in changed and before.photo_ids:
            said[":photos"] = to_attribute(before.photo_ids)
            condition += " AND photo_ids = :photos"
        elif "photo_ids" in changed:
            condition += " AND attribute_not_exists(photo_ids)"
        of_others, values = knowing_all(before, after)
        said.update(values)
        return {
            **self._record(before.complaint_id),
            **arguments,
            "UpdateExpression": update,
            "ConditionExpression": condition + of_others,
        }

    def _new(self, values: Mapping[str, Any]) -> Any:
        """Return the put of an item that is not there yet."""
        return {
            "TableName": self._table,
            "Item": to_item(values),
            "ConditionExpression": "attribute_not_exists(pk)",
        }

    def _record(self, complaint_id: str) -> Any:
        return record_of(self._table, complaint_id)


def _complaint(item: Mapping[str, Any] | None) -> Complaint | None:
    return items.complaint_from(from_item(item)) if item else None


def _transact(writes: Sequence[Any]) -> None:
    patiently(lambda: aws.dynamodb().transact_write_items(TransactItems=writes))
