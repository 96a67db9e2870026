"""Nothing of a reporter is left anywhere, whatever comes late."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from secrets import randbits
from typing import Any

import pytest
from botocore.client import BaseClient

from functions.complaint_intake import on_erasure, on_photo
from functions.complaint_intake.rights.stores import complaints, photos, register
from shared import aws, ids
from shared.complaints.events import photos_claimed
from shared.complaints.examples import Examples
from shared.complaints.law import Status
from shared.complaints.photos import upload_key
from tests.aws_double import (
    COMPLAINTS,
    NOTICES_QUEUE,
    PHOTOS_BUCKET,
    items,
    messages,
)
from tests.builders import (
    CONTEXT,
    NOW,
    TOKEN_SECRET,
    a_complaint,
    a_number,
    an_sqs_event,
)
from tests.integration.rights.reporters import (
    GONE,
    OVER,
    SECRET,
    everything,
    forget,
    path,
    present,
    reported,
    token,
)
from tests.integration.test_intake_api import call, json_of
from tests.photo_files import a_photo

pytestmark = [pytest.mark.usefixtures("small_config", "aws_double")]


@pytest.mark.parametrize("reason", ["request", "retention"])
def test_nothing_of_the_reporter_is_left_anywhere(reason):
    complaint = reported()
    if reason == "request":
        call("DELETE", path(complaint), headers=token(complaint))
    forget(complaint.complaint_id, reason)
    left = everything()
    assert SECRET not in left
    assert "081200000081" not in left
    assert left.count("gawai") == 1  # the count of a device's day, which names no complaint
    (day,) = (one for one in items(COMPLAINTS) if one["sk"] == {"S": "DEVICE"})
    assert day.keys() == {"pk", "sk", "expires_at"}
    assert "photos/" not in left
    after = present(complaint)
    assert after.description == (GONE if reason == "request" else OVER)
    assert (after.status, after.service_code, after.assignments) == (
        complaint.status,
        complaint.service_code,
        complaint.assignments,
    )
    assert after.clock is None
    logged = {one["what"]: one["by"] for one in register().held(complaint.complaint_id).log}
    assert logged["contact read"] == "client:semarang-dpu"
    assert logged["erased" if reason == "request" else "term over, erased"] == "simpul"


def test_what_was_learned_from_a_complaint_is_forgotten_with_it():
    complaint, other = reported(), reported()
    learned = {one.complaint_id for one in Examples(COMPLAINTS).all("semarang")}
    assert learned == {complaint.complaint_id, other.complaint_id}
    forget(complaint.complaint_id)
    left = {one.complaint_id for one in Examples(COMPLAINTS).all("semarang")}
    assert left == {other.complaint_id}


def test_a_photo_that_is_another_complaints_is_not_deleted():
    victim = reported()
    thief = reported(photo_ids=victim.photo_ids)
    call("DELETE", path(thief), headers=token(thief))
    forget(thief.complaint_id)
    assert present(thief).photo_ids == ()
    left = everything()
    assert all(f"photos/{one}.jpg".lower() in left for one in victim.photo_ids)
    assert set(photos().many(victim.photo_ids)) == set(victim.photo_ids)


def test_the_parts_of_what_is_erased_are_withdrawn_and_erased_too():
    whole = reported(parts=(a_number(), a_number()))
    for number, status in zip(whole.parts, (Status.ACCEPTED, Status.RESOLVED), strict=True):
        part = a_complaint(
            complaint_id=number,
            status=status,
            part_of=whole.complaint_id,
            description=f"Halo {SECRET}",
            closed_at=NOW if status is Status.RESOLVED else None,
        )
        complaints().submit(part)
    forget(whole.complaint_id)
    for number, status in zip(whole.parts, (Status.WITHDRAWN, Status.RESOLVED), strict=True):
        after = complaints().get(number)
        assert after is not None
        assert (after.status, after.description) == (status, GONE)
        assert after.erasure_requested_at
        forget(number)
    assert SECRET not in everything()


@pytest.mark.parametrize("typed", [GONE, OVER])
@pytest.mark.parametrize("reason", ["request", "retention"])
def test_who_types_what_stands_for_erased_words_has_the_rest_erased_too(reason, typed):
    complaint = reported(description=typed)
    if reason == "request":
        call("DELETE", path(complaint), headers=token(complaint))
    forget(complaint.complaint_id, reason)
    assert SECRET not in everything()
    assert present(complaint).token_epoch == 1


@contextmanager
def photos_worked() -> Iterator[Callable[[Any], None]]:
    """Yield what works a message of the photos' queue."""
    on_photo.files.cache_clear()
    on_photo.photos.cache_clear()

    def work(message: Any) -> None:
        assert on_photo.handler(an_sqs_event(message), CONTEXT) == {"batchItemFailures": []}

    yield work


def upload(photo_id: str) -> dict[str, str]:
    key = upload_key(photo_id)
    aws.s3().put_object(Bucket=PHOTOS_BUCKET, Key=key, Body=a_photo(), ContentType="image/jpeg")
    return {"type": "photo_uploaded.v1", "key": key}


@pytest.mark.parametrize("late", ["upload", "claim", "both", "both, claimed first"])
def test_a_photo_that_is_worked_only_after_erasing_is_not_kept(late):
    complaint = reported()
    (photo_id,) = complaint.photo_ids
    claimed = photos_claimed(complaint)
    call("DELETE", path(complaint), headers=token(complaint))
    forget(complaint.complaint_id)
    with photos_worked() as work:
        for _ in range(2):
            if late.endswith("first"):
                work(claimed)
            if late != "claim":
                work(upload(photo_id))
            if late in ("claim", "both"):
                work(claimed)
    assert "Contents" not in aws.s3().list_objects_v2(Bucket=PHOTOS_BUCKET)
    (left,) = (one for one in items(COMPLAINTS) if one["pk"]["S"] == f"P#{photo_id}")
    assert "expires_at" in left
    assert messages(NOTICES_QUEUE) == []


@pytest.mark.parametrize("operation", ["PutObject", "UpdateItem", "PutObjectTagging"])
def test_a_photo_that_is_being_drawn_anew_while_it_is_erased_is_not_kept(operation):
    complaint = reported()
    (photo_id,) = complaint.photo_ids
    uploaded = upload(photo_id)
    really: Callable[..., Any] = BaseClient._make_api_call  # type: ignore[attr-defined]
    erased: list[str] = []

    def watched(client: Any, name: str, arguments: Any) -> Any:
        if name == operation and not erased:
            erased.append(name)
            call("DELETE", path(complaint), headers=token(complaint))
            forget(complaint.complaint_id)
        return really(client, name, arguments)

    with photos_worked() as work, pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", watched)
        work(uploaded)
    assert erased
    assert "Contents" not in aws.s3().list_objects_v2(Bucket=PHOTOS_BUCKET)


def test_what_is_erased_takes_no_photos_any_more():
    """Sending the draft again gives its sender the new token: there is nothing behind it."""
    complaint = reported(status=Status.RESOLVED)
    forget(complaint.complaint_id, "retention")
    fresh = ids.tracking_token(TOKEN_SECRET, complaint.complaint_id, 1)
    answer = call(
        "POST",
        f"/complaints/{complaint.complaint_id}/photos",
        body={"photo_ids": [ids.photo_id(randbits(128))]},
        headers={"X-Tracking-Token": fresh},
    )
    assert json_of(answer)["code"] == "complaint_over"
    assert not photos().add_to(complaint.complaint_id, [ids.photo_id(1)], most=5)
    assert present(complaint).photo_ids == ()


@pytest.mark.parametrize("reason", ["request", "retention"])
def test_nobody_adds_words_to_what_is_erased(reason):
    complaint = reported(status=Status.RESOLVED)
    forget(complaint.complaint_id, reason)
    answer = call(
        "POST",
        f"/complaints/{complaint.complaint_id}/not-fixed",
        body={"device_id": "gawai-tetangga-01", "note": "Bu Rahasia benar, masih rusak"},
    )
    assert json_of(answer)["code"] == "illegal_action"
    assert SECRET not in everything()


def test_what_is_erased_or_unknown_is_erased_again_without_harm():
    complaint = reported()
    forget(complaint.complaint_id)
    before = everything()
    forget(complaint.complaint_id)
    forget(a_number())
    assert everything() == before


def test_an_event_of_another_kind_fails_and_comes_again():
    event = an_sqs_event({"type": "unheard_of.v1", "complaint_id": a_number()})
    assert on_erasure.handler(event, CONTEXT)["batchItemFailures"]
