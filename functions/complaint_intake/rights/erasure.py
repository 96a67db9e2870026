"""Forgets the reporter of a complaint, step by step; each may be repeated, and the mark of it is last.

Whatever is learned from complaints belongs here: what is made of one (a label, a count, a place in
a model) is forgotten by the complaint's number, in a step of its own in `Eraser.forget`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from botocore.exceptions import ClientError

from functions.complaint_intake.enrichment import device_entry, device_key
from functions.complaint_intake.rights.asking import ask_to_forget
from functions.complaint_intake.rights.forgetting import (
    Reason,
    forgotten,
    hidden,
    left_of,
)
from functions.complaint_intake.rights.register import ReporterRegister
from shared import aws, config
from shared.complaints.examples import Examples
from shared.complaints.items import entry_key, partition
from shared.complaints.record import Complaint, TimelineEntry
from shared.complaints.store import ComplaintStore
from shared.writes import refused

Found = tuple[Complaint, Sequence[TimelineEntry]]

#: What the processing log says, and that no person did it.
ERASED: Final[Mapping[Reason, str]] = {"request": "erased", "retention": "term over, erased"}
CLOCKWORK: Final = "simpul"


class Photos(Protocol):
    """What forgetting needs of the photo store."""

    def erase(self, photo_id: str, complaint_id: str, now: datetime) -> None:
        """Delete a photo, unless it is another complaint's."""
        ...


@dataclass(frozen=True, slots=True)
class Eraser:
    """Forgets reporters. Every step reads nothing that an earlier one has taken away.

    | access pattern                      | operation          | key                        | units   |
    | ----------------------------------- | ------------------ | -------------------------- | ------- |
    | the complaint and its timeline      | Query, consistent  | pk=C#<id>                  | 1 read / 4 KB |
    | hide its words (if not yet hidden)  | Update on version  | pk=C#<id> sk=RECORD        | 1 write |
    | ask for its parts to be erased too  | Get, Transaction   | pk=C#<part>                | 5 units each |
    | take the words out of a step        | Update if there    | pk=C#<id> sk=ACTION#<id>   | 1 write each |
    | take it out of its device's day     | Update (of a set)  | pk=D#<pseudonym> sk=DEVICE | 1 write |
    | forget it as an example             | Delete             | pk=X#<jurisdiction>#<shard> | 1 write |
    | mark its photos, delete their files | Update if theirs   | pk=P#<id> sk=PHOTO         | 1 write each |
    | it is erased                        | Update on version  | pk=C#<id> sk=RECORD        | 1 write |
    """

    table: str
    complaints: ComplaintStore
    register: ReporterRegister
    photos: Photos

    def forget(self, complaint_id: str, reason: Reason, *, now: Callable[[], datetime]) -> bool:
        """Forget a complaint's reporter; False if there was nothing (any more) to forget.

        Raises:
            StaleVersion: the complaint changed meanwhile; the same may be done again.
        """
        found = self.complaints.with_timeline(complaint_id, consistent=True)
        if found is None or found[0].erased_at:
            return False
        complaint, timeline = self._hidden(found, reason, now())
        if reason == "request":  # parts have its words, and a term of their own
            for part in complaint.parts:
                ask_to_forget(part, by=CLOCKWORK, now=now(), store=self.complaints)
        for photo_id in complaint.photo_ids:
            self.photos.erase(photo_id, complaint_id, now())
        for entry in timeline:
            self._take_words_out(complaint_id, entry, reason)
        self._take_out_of_its_day(complaint)
        self._unlearn(complaint)
        self.register.forget(complaint_id)
        self.register.note(complaint_id, ERASED[reason], by=CLOCKWORK, at=now(), once="ERASED")
        jurisdiction = config.load(complaint.jurisdiction_id)
        self.complaints.change(complaint, forgotten(complaint, now(), jurisdiction))
        return True

    def _hidden(self, found: Found, reason: Reason, now: datetime) -> Found:
        """Return a complaint and its timeline as they are once its words are hidden.

        It is read anew after that: from then on nobody adds what would be missed.
        """
        complaint = found[0]
        after = hidden(complaint, reason, config.load(complaint.jurisdiction_id))
        if after is complaint:
            return found
        after = replace(after, version=complaint.version + 1, updated_at=now)
        self.complaints.change(complaint, after)
        return self.complaints.with_timeline(complaint.complaint_id, consistent=True) or found

    def _take_words_out(self, complaint_id: str, entry: TimelineEntry, reason: Reason) -> None:
        left = left_of(entry, reason)
        if left == entry:
            return
        values = {":fingerprint": {"S": left.fingerprint}}
        sets = "fingerprint = :fingerprint"
        if left.public_note:
            values[":note"] = {"S": left.public_note}
            sets += ", public_note = :note"
        aws.dynamodb().update_item(
            TableName=self.table,
            Key={"pk": {"S": partition(complaint_id)}, "sk": {"S": entry_key(entry.action_id)}},
            UpdateExpression=f"SET {sets} REMOVE internal_note, replaced, photo_ids",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues=values,
        )

    def _unlearn(self, complaint: Complaint) -> None:
        """Delete what an operator's decision on a complaint was kept as, to learn from."""
        example = Examples(self.table).forget(complaint.jurisdiction_id, complaint.complaint_id)
        aws.dynamodb().delete_item(**example)

    def _take_out_of_its_day(self, complaint: Complaint) -> None:
        """Take a complaint out of its device's submissions of the day, which go by themselves soon."""
        if complaint.device is None:
            return
        try:
            aws.dynamodb().update_item(
                TableName=self.table,
                Key=device_key(complaint.device),
                UpdateExpression="DELETE submissions :this",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={":this": {"SS": [device_entry(complaint)]}},
            )
        except ClientError as error:
            if not refused(error):
                raise
