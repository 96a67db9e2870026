"""A reporter's rights through the handlers: what is held is told, and erased wherever it lies."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from secrets import randbits
from typing import Any

import pytest
from botocore.client import BaseClient

from functions.complaint_intake import every_day, on_erasure, on_photo, on_rights_request
from functions.complaint_intake.enrichment import Enrichment
from functions.complaint_intake.rights import erasure
from functions.complaint_intake.rights.stores import complaints, photos, register
from shared import aws, ids
from shared.clock import now, to_text
from shared.complaints.clocks import wound
from shared.complaints.events import erasure_requested, photos_claimed
from shared.complaints.examples import Examples, example_values
from shared.complaints.law import Action, Actor, Status
from shared.complaints.photos import picture_keys, upload_key
from shared.complaints.record import Complaint
from shared.dynamo import to_item
from tests.aws_double import (
    COMPLAINTS,
    ERASURES_QUEUE,
    NOTICES_QUEUE,
    PHOTOS_BUCKET,
    REPORTERS,
    items,
    messages,
)
from tests.builders import (
    CONTEXT,
    NOW,
    TOKEN_SECRET,
    a_complaint,
    a_number,
    an_action,
    an_assignment,
    an_entry,
    an_sqs_event,
    client_claims,
)
from tests.integration.test_intake_api import call, json_of
from tests.photo_files import a_photo
from tests.small_config import SEMARANG

pytestmark = [pytest.mark.usefixtures("small_config", "aws_double")]


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


def test_the_reporter_is_told_all_that_is_held():
    complaint = reported()
    told = json_of(call("GET", path(complaint), headers=token(complaint)))
    assert told["contact"] == CONTACT
    assert told["complaint"]["description"] == complaint.description
    assert told["complaint"]["attributes"] == dict(complaint.attributes)
    assert told["complaint"]["device"] is True
    assert [one["note"] for one in told["said"]] == ["Rahasia: belum selesai"]
    assert [one["photo_id"] for one in told["photos"]] == list(complaint.photo_ids)
    assert told["notices"] == [
        {
            "occasion": "resolved",
            "channel": "email",
            "outcome": "sent",
            "at": "2026-11-20T05:00:00Z",
        }
    ]
    assert [(one["what"], one["by"]) for one in told["processing"]] == [
        ("contact read", "client:semarang-dpu"),
        ("exported", "tracking token"),
    ]
    assert [(one["kind"], one["what"]) for one in told["shared_with"]] == [
        ("agency", "complaint"),
        ("partner", "progress"),
        ("public", "public view"),
    ]
    assert told["retention"]["days"] == 730
    assert told["retention"]["erase_at"] == "2028-11-19T05:00:00Z"
    assert told["erased_at"] is None


def test_of_what_nobody_gave_nothing_is_told():
    complaint = a_complaint(visibility="private", client="kota-lain")
    complaints().submit(complaint)
    told = json_of(call("GET", path(complaint), headers=token(complaint)))
    assert told["contact"] is None
    assert (told["photos"], told["notices"], told["said"]) == ([], [], [])
    assert [one["kind"] for one in told["shared_with"]] == ["client"]
    assert told["retention"]["erase_at"] is None


def test_asking_often_fills_no_log():
    complaint = reported()
    for _ in range(3):
        call("GET", path(complaint), headers=token(complaint))
    assert len(register().held(complaint.complaint_id).log) == 2


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize(("visibility", "status"), [("public", 403), ("secret", 404)])
def test_without_the_token_nothing_is_told_or_erased(method, visibility, status):
    complaint = reported(visibility=visibility)
    before = everything()
    for headers in ({}, {"X-Tracking-Token": "x"}, token(a_complaint())):
        assert call(method, path(complaint), headers=headers)["statusCode"] == status
    assert call(method, path(a_complaint()), headers=token(complaint))["statusCode"] == 404
    assert everything() == before


def test_erasing_hides_at_once_and_answers_by_when_it_is_done():
    complaint = reported()
    answer = call("DELETE", path(complaint), headers=token(complaint))
    receipt = json_of(answer)
    assert answer["statusCode"] == 202
    asked = present(complaint).erasure_requested_at
    assert asked is not None
    assert receipt["erase_by"] == (asked + timedelta(hours=72)).isoformat().replace("+00:00", "Z")
    shown = json_of(call("GET", f"/complaints/{complaint.complaint_id}"))
    assert (shown["description"], shown["address_string"], shown["lat"]) == (GONE, None, -6.991)
    assert json_of(call("DELETE", path(complaint), headers=token(complaint))) == receipt


def test_after_erasing_the_token_opens_nothing_but_the_proof_of_it():
    complaint = reported()
    call("DELETE", path(complaint), headers=token(complaint))
    forget(complaint.complaint_id)
    number = complaint.complaint_id
    assert call("GET", f"/complaints/{number}", headers=token(complaint))["statusCode"] == 403
    again = an_action("reopen", note="Rahasia")
    reply = {"action": "reopen", "action_id": again["action_id"], "note": "Rahasia"}
    refused = call("POST", f"/complaints/{number}/replies", headers=token(complaint), body=reply)
    assert refused["statusCode"] == 403
    told = json_of(call("GET", path(complaint), headers=token(complaint)))
    assert told["erased_at"]
    assert (told["contact"], told["photos"], told["notices"]) == (None, [], [])
    assert told["said"][0]["note"] == GONE
    assert [one["what"] for one in told["processing"]] == [
        "contact read",
        "erasure requested",
        "erased",
        "exported",
    ]
    receipt = json_of(call("DELETE", path(complaint), headers=token(complaint)))
    assert receipt["erased_at"] == told["erased_at"]


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


class Died(BaseException):
    """The function's process is gone."""


@contextmanager
def dying(when: str, call_no: int) -> Iterator[list[str]]:
    """Let the process die before or after its numbered call of AWS; yields the calls made."""
    made: list[str] = []

    def strike(model: Any, **_: Any) -> None:
        made.append(model.name)
        if len(made) == call_no:
            raise Died

    events = [(client, f"{when}.*.*") for client in (aws.dynamodb(), aws.s3())]
    for client, event in events:
        client.meta.events.register_first(event, strike)
    try:
        yield made
    finally:
        for client, event in events:
            client.meta.events.unregister(event, strike)


@pytest.mark.parametrize("reason", ["request", "retention"])
@pytest.mark.parametrize("when", ["before-call", "after-call"])
def test_wherever_the_function_dies_a_repeat_finishes_the_erasure(reason, when):
    def start() -> Complaint:
        complaint = reported()
        if reason == "request":
            call("DELETE", path(complaint), headers=token(complaint))
        return complaint

    complaint = start()
    with dying(when, 0) as made:
        forget(complaint.complaint_id, reason)
    calls = len(made)
    assert {"Query", "UpdateItem", "DeleteItem", "DeleteObject", "PutItem"} <= set(made)
    for call_no in range(1, calls + 1):
        complaint = start()
        with pytest.raises(Died), dying(when, call_no):
            forget(complaint.complaint_id, reason)
        forget(complaint.complaint_id, reason)
        assert present(complaint).erased_at
        assert SECRET not in everything()
        log = register().held(complaint.complaint_id).log
        assert len([one for one in log if one["by"] == "simpul"]) == 1
    print(f"{reason}, {when}: {calls} crash points")


def test_whoever_changes_the_complaint_meanwhile_has_it_erased_a_little_later(monkeypatch):
    complaint = reported()
    call("DELETE", path(complaint), headers=token(complaint))
    take_words_out = erasure.Eraser._take_words_out

    def meanwhile(self: Any, complaint_id: str, *more: Any) -> None:
        monkeypatch.setattr(erasure.Eraser, "_take_words_out", take_words_out)
        before = present(complaint)
        note = an_entry(action=Action.NOTE, internal_note="Bu Rahasia lagi")
        complaints().record_action(before, replace(before, version=before.version + 1), note)
        take_words_out(self, complaint_id, *more)

    monkeypatch.setattr(erasure.Eraser, "_take_words_out", meanwhile)
    event = an_sqs_event(erasure_requested(complaint.complaint_id, "request"))
    assert on_erasure.handler(event, CONTEXT)["batchItemFailures"]
    forget(complaint.complaint_id)
    assert SECRET not in everything()


def test_the_daily_look_sends_what_is_over_and_what_is_late():
    long_ago = now() - timedelta(days=800)
    over = reported(closed_at=long_ago)
    reported(closed_at=now())
    late = reported(closed_at=now(), erasure_requested_at=now() - timedelta(hours=2))
    reported(closed_at=now(), erasure_requested_at=now())
    reported(closed_at=long_ago, erased_at=long_ago)
    assert every_day.handler({}, IN_TIME) == {"late": 1, "over": 1}
    sent = {one["complaint_id"]: one["reason"] for one in messages(ERASURES_QUEUE)}
    assert sent == {late.complaint_id: "request", over.complaint_id: "retention"}


def test_the_daily_look_stops_in_time_and_goes_on_tomorrow():
    for _ in range(3):
        reported(closed_at=now() - timedelta(days=800))
    left = iter([True, False])
    assert every_day.look(now(), lambda: next(left, False)) == {"late": 0, "over": 1}
    assert len(messages(ERASURES_QUEUE)) == 1
    assert every_day.look(now(), lambda: True) == {"late": 0, "over": 3}


def ask(**request: Any) -> Any:
    return on_rights_request.handler({"by": OFFICER, **request}, CONTEXT)


def test_an_officer_finds_exports_and_erases_by_telephone():
    mine = [reported(), reported(status=Status.ACCEPTED, closed_at=None)]
    complaints().submit(a_complaint(), reporter=(REPORTERS, CONTACT | {"phone": "+62811111111"}))
    numbers = {one.complaint_id for one in mine}
    found = ask(action="find", phone="0812-0000-0081")["complaints"]
    assert {one["complaint_id"] for one in found} == numbers
    exported = ask(action="export", phone="+6281200000081")["complaints"]
    assert {one["contact"]["name"] for one in exported} == {"Bu Rahasia"}
    erased = ask(action="erase", phone="081200000081")["complaints"]
    assert {one["status"] for one in erased} == {"closed", "withdrawn"}
    for number in numbers:
        logged = [(one["what"], one["by"]) for one in register().held(number).log]
        assert ("exported", OFFICER) in logged
        assert ("erasure requested", OFFICER) in logged
        forget(number)
    assert ask(action="find", phone="081200000081") == {"complaints": [], "alerts": []}


def test_an_officer_finds_by_e_mail_in_any_spelling_and_by_number_as_read_out():
    complaint = reported()
    number = complaint.complaint_id
    by_email = ask(action="find", email=" Rahasia@Example.ID")["complaints"]
    by_number = ask(action="find", complaint_ids=[number.lower().replace("-", " ")])["complaints"]
    assert (
        by_email
        == by_number
        == [
            {
                "complaint_id": number,
                "status": "closed",
                "erasure_requested_at": None,
                "erase_by": None,
                "erased_at": None,
            }
        ]
    )
    both = ask(action="find", email="rahasia@example.id", complaint_ids=[number])
    assert len(both["complaints"]) == 1


@pytest.mark.parametrize("action", ["find", "export", "erase"])
def test_a_number_that_there_is_not_is_its_own_problem(action):
    complaint, unknown = reported(), a_number()
    first, second = ask(action=action, complaint_ids=[unknown, complaint.complaint_id])[
        "complaints"
    ]
    assert first == {"complaint_id": unknown, "problem": "not_found"}
    assert "problem" not in second
    assert register().held(unknown).log == []


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"action": "steal", "complaint_ids": []}, ["action"]),
        ({"action": "find", "phone": "12"}, ["phone"]),
        ({"action": "find", "email": "x"}, ["email"]),
        ({"action": "find", "by": ""}, ["by"]),
        ({"action": "find", "complaint_ids": ["x"] * 101}, ["complaint_ids"]),
        ({"action": "find", "secret": "x"}, ["secret"]),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_by_its_fields(wrong, fields):
    assert ask(**wrong) == {"problem": "invalid_input", "fields": fields}


def test_no_log_line_holds_anything_of_the_reporter(caplog):
    complaint = reported()
    number = complaint.complaint_id
    steps: list[Callable[[], Any]] = [
        lambda: call("GET", path(complaint), headers=token(complaint)),
        lambda: call("DELETE", path(complaint), headers=token(complaint)),
        lambda: ask(action="export", phone=CONTACT["phone"], email=CONTACT["email"]),
        lambda: ask(action="find", phone="rahasia"),
        lambda: forget(number),
        lambda: every_day.handler({}, IN_TIME),
        lambda: on_erasure.handler(an_sqs_event({"type": "rahasia", "complaint_id": "x"}), CONTEXT),
    ]
    with caplog.at_level("INFO", logger="complaint_intake"):
        for step in steps:
            step()
    written = json.dumps([vars(record) for record in caplog.records], default=str).lower()
    assert number.lower() in written
    for personal in ("rahasia", "81200000081", "example.id"):
        assert personal not in written


def test_agencies_reading_the_contact_stand_in_the_log():
    complaint = reported(status=Status.ACCEPTED, closed_at=None, assignments=(an_assignment(),))
    answer = call(
        "GET",
        f"/complaints/{complaint.complaint_id}/contact",
        claims=client_claims("client-of-dpu"),
    )
    assert answer["statusCode"] == 200
    told = json_of(call("GET", path(complaint), headers=token(complaint)))
    reads = [one for one in told["processing"] if one["what"] == "contact read"]
    assert [one["by"] for one in reads] == ["client:semarang-dpu"] * 2
