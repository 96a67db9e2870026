"""A reporter of whom everything is held, and what is left of them."""

import json
from dataclasses import replace
from secrets import randbits
from typing import Any

from functions.complaint_intake import on_erasure
from functions.complaint_intake.enrichment import Enrichment
from functions.complaint_intake.rights.stores import complaints, photos
from shared import aws, ids
from shared.clock import to_text
from shared.complaints.clocks import wound
from shared.complaints.events import erasure_requested
from shared.complaints.examples import example_values
from shared.complaints.law import Action, Actor, Status
from shared.complaints.photos import picture_keys, upload_key
from shared.complaints.record import Complaint
from shared.dynamo import to_item
from tests.aws_double import (
    COMPLAINTS,
    PHOTOS_BUCKET,
    REPORTERS,
    items,
)
from tests.builders import (
    CONTEXT,
    NOW,
    TOKEN_SECRET,
    a_complaint,
    a_number,
    an_entry,
    an_sqs_event,
)
from tests.small_config import SEMARANG


class InTime:
    """An invocation with five minutes left."""

    def get_remaining_time_in_millis(self) -> int:
        return 300_000


IN_TIME = InTime()
OFFICER = "arn:aws:iam::123456789012:user/dpo"
GONE = "[dihapus atas permintaan pelapor]"
OVER = "[dihapus setelah masa simpannya habis]"
#: No word that the reporter wrote is anywhere else.
SECRET = "rahasia"
CONTACT = {
    "name": "Bu Rahasia",
    "phone": "+6281200000081",
    "email": "rahasia@example.id",
    "language": "id",
    "notify": ["email"],
    "share_with_agency": True,
}


def reported(**changes: Any) -> Complaint:
    """Store a closed complaint with all that can be held of its reporter, and return it."""
    photo_ids = (ids.photo_id(randbits(128)),)
    complaint = a_complaint(
        **{
            "status": Status.CLOSED,
            "closed_at": NOW,
            "anonymous": False,
            "notify": True,
            "contact_shared": True,
            "description": "Rahasia: jalan rusak, hub 081200000081",
            "address_string": "Jl. Rahasia no 12",
            "attributes": {"patokan": "warung rahasia", "pemilik_jalan": "kota"},
            "media_url": "https://rahasia.example/1.jpg",
            "vehicle_code": "RAHASIA-1",
            "vehicle_partner": "gojek",
            "device": f"gawai-{a_number()}",
            "lat": -6.9912345,
            "long": 110.4212345,
            "drafted_at": NOW,
            "photo_ids": photo_ids,
            **changes,
        }
    )
    number = complaint.complaint_id
    assert complaints().submit(wound(complaint, SEMARANG), reporter=(REPORTERS, CONTACT)) is None
    Enrichment(COMPLAINTS).of([complaint])
    if example := example_values(complaint, "semarang-dlh", "sampah", NOW):
        aws.dynamodb().put_item(TableName=COMPLAINTS, Item=to_item(example))
    for photo_id in photo_ids:
        photos().claim(photo_id, number, NOW)
        for key in (upload_key(photo_id), *picture_keys(photo_id)):
            aws.s3().put_object(Bucket=PHOTOS_BUCKET, Key=key, Body=b"rahasia")
    before = complaints().get(number)
    assert before is not None
    reopened = an_entry(
        action=Action.REOPEN,
        role=Actor.REPORTER,
        public_note="Rahasia: belum selesai",
        fingerprint="rahasia",
    )
    noted = an_entry(action=Action.NOTE, public_note="Sudah.", internal_note="Bu Rahasia ditelepon")
    redacted = an_entry(action=Action.REDACT, role=Actor.DESK, replaced="Bu Rahasia di pasar")
    for entry in (reopened, noted, redacted):
        after = replace(before, version=before.version + 1)
        complaints().record_action(before, after, entry)
        before = after
    put(
        REPORTERS,
        f"C#{number}",
        "NOTICE#2#email",
        channel="email",
        sent_at=to_text(NOW),
        occasion="resolved",
        kept="rahasia",
    )
    put(
        REPORTERS,
        f"C#{number}",
        "LOG#2026#1",
        what="contact read",
        by="client:semarang-dpu",
        at=to_text(NOW),
    )
    return before


def put(table: str, pk: str, sk: str, **values: str) -> None:
    item = {name: {"S": value} for name, value in {"pk": pk, "sk": sk, **values}.items()}
    aws.dynamodb().put_item(TableName=table, Item=item)


def token(complaint: Complaint) -> dict[str, str]:
    return {"X-Tracking-Token": ids.tracking_token(TOKEN_SECRET, complaint.complaint_id, 0)}


def path(complaint: Complaint) -> str:
    return f"/complaints/{complaint.complaint_id}/personal-data"


def forget(number: str, reason: Any = "request") -> None:
    event = an_sqs_event(erasure_requested(number, reason))
    assert on_erasure.handler(event, CONTEXT) == {"batchItemFailures": []}


def everything() -> str:
    """Return all that is stored anywhere, as one text in small letters."""
    objects = aws.s3().list_objects_v2(Bucket=PHOTOS_BUCKET).get("Contents", [])
    return json.dumps(
        [items(COMPLAINTS), items(REPORTERS), [one["Key"] for one in objects]]
    ).lower()


def present(complaint: Complaint) -> Complaint:
    found = complaints().get(complaint.complaint_id)
    assert found is not None
    return found
