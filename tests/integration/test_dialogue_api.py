"""What follows a submission, through the handler: replies, voices, similar ones, who may read what."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from functions.complaint_intake.api import handler
from functions.complaint_intake.stores import complaints
from functions.complaint_intake.voices import VoiceStore
from shared import aws, ids
from shared.clock import now
from shared.complaints import marks
from shared.complaints.law import Action, Status
from shared.complaints.record import Complaint
from shared.errors import Busy
from tests import aws_double
from tests.aws_double import COMPLAINTS, answering
from tests.builders import (
    CONTEXT,
    TOKEN_SECRET,
    a_complaint,
    a_number,
    an_api_event,
    an_assignment,
    an_entry,
    assign,
)

pytestmark = [pytest.mark.usefixtures("small_config", "aws_double")]

HERE = {"lat": -6.99, "long": 110.42}
ASK = {"jurisdiction_id": "semarang", "lat": "-6.99", "lng": "110.42"}


def call(method: str, path: str, **event: Any) -> Any:
    answer = handler(an_api_event(method, path, **event), CONTEXT)
    return {**answer, "json": json.loads(answer["body"] or "null")}


def stored(**changes: Any) -> Complaint:
    complaint = a_complaint(**changes)
    assert complaints().submit(complaint) is None
    return complaint


def token_of(complaint: Complaint) -> str:
    return ids.tracking_token(TOKEN_SECRET, complaint.complaint_id, complaint.token_epoch)


def send(complaint: Complaint, token: str | None = None, **body: Any) -> Any:
    """Reply to a complaint with its own token, or with another."""
    token = token_of(complaint) if token is None else token
    path = f"/complaints/{complaint.complaint_id}/replies"
    body = {"action_id": str(uuid4()), **body}
    return call("POST", path, body=body, headers={"X-Tracking-Token": token} if token else {})


def code_of(answer: Any) -> tuple[int, str]:
    return answer["statusCode"], answer["json"]["code"]


class TestReplies:
    def test_an_answer_is_taken_once_and_answered_alike(self):
        asked = stored(
            status=Status.NEEDS_INFORMATION, clock="answer", clock_at=now() + timedelta(days=1)
        )
        reply = {"action": "answer", "action_id": str(uuid4()), "note": "Di depan nomor 12."}
        first, again = send(asked, **reply), send(asked, **reply)
        assert first["statusCode"] == again["statusCode"] == 200
        assert first["body"] == again["body"]
        assert first["json"] == {
            "complaint_id": asked.complaint_id,
            "action_id": reply["action_id"],
            "version": 3,
            "status": "in_progress",
            "possible": ["withdraw"],
        }
        assert code_of(send(asked, **reply | {"note": "Lain."})) == (409, "action_id_reused")

    def test_the_reporter_is_told_what_was_asked_and_what_to_do(self):
        asked = stored(status=Status.ACCEPTED)
        until = now() + timedelta(days=10)
        after = replace(
            asked, status=Status.NEEDS_INFORMATION, version=3, clock="answer", clock_at=until
        )
        entry = an_entry(action=Action.ASK, status=after.status, public_note="Tiang berapa?")
        complaints().record_action(asked, after, entry)
        path = f"/complaints/{asked.complaint_id}"
        view = call("GET", path, headers={"X-Tracking-Token": token_of(asked)})["json"]
        assert view["question"] == "Tiang berapa?"
        assert view["possible"] == ["answer", "withdraw"]
        assert view["answer_due_at"] is not None
        public = call("GET", path)["json"]
        assert {"question", "possible", "answer_due_at"}.isdisjoint(public)

    @pytest.mark.parametrize("token", ["", "x", "A" * 22, "é"])
    @pytest.mark.parametrize(("changes", "status"), [({}, 403), ({"visibility": "private"}, 404)])
    def test_without_the_token_nothing_is_done(self, token, changes, status):
        complaint = stored(status=Status.ASSIGNED, **changes)
        answer = send(complaint, token=token, action="withdraw")
        assert answer["statusCode"] == status
        assert complaints().get(complaint.complaint_id) == complaint

    def test_a_known_action_id_is_no_proof_of_who_one_is(self):
        complaint = stored(status=Status.ASSIGNED)
        reply = {"action": "withdraw", "action_id": str(uuid4())}
        assert send(complaint, **reply)["statusCode"] == 200
        assert send(complaint, token="", **reply)["statusCode"] == 403

    @pytest.mark.parametrize(
        ("body", "field", "code"),
        [
            ({"action": "accept"}, "action", "literal_error"),
            ({"action": "fly"}, "action", "literal_error"),
            ({"action": "reopen"}, "note", "missing"),
            ({"action": "reopen", "note": "x" * 4001}, "note", "string_too_long"),
            ({"action": "reopen", "note": "x", "foto": []}, "foto", "unknown_field"),
            ({"action": "confirm", "action_id": "1"}, "action_id", "uuid_parsing"),
            ({"action": "confirm", "photo_ids": ["x"]}, "photo_ids.0", "string_pattern_mismatch"),
            (
                {"action": "confirm", "service_code": "sampah"},
                "service_code",
                "not_with_this_action",
            ),
        ],
    )
    def test_a_bad_reply_names_the_field_at_fault(self, body, field, code):
        answer = send(stored(status=Status.RESOLVED, closed_at=now()), **body)
        assert answer["statusCode"] == 400
        assert [(one["field"], one["code"]) for one in answer["json"]["errors"]] == [(field, code)]

    def test_what_the_law_does_not_allow_says_what_it_does(self):
        answer = send(stored(status=Status.RESOLVED, closed_at=now()), action="withdraw")
        assert code_of(answer) == (409, "illegal_action")
        assert answer["json"]["detail"].endswith("yang bisa: confirm, reopen.")

    def test_a_returned_complaint_is_sent_elsewhere_in_one_step(self):
        at_triage = an_assignment(2, "semarang-diskominfo", rule="returned")
        returned = stored(
            status=Status.RETURNED, version=3, assignments=(an_assignment(1), at_triage)
        )
        answer = send(returned, action="reroute", service_code="sampah")
        assert (answer["statusCode"], answer["json"]["status"]) == (200, "received")
        after = complaints().get(returned.complaint_id)
        assert after is not None
        assert (after.service_code, len(after.assignments)) == ("sampah", 2)
        assert after.undelivered_since is not None

    def test_an_unrouted_complaint_that_is_withdrawn_stays_with_nobody(self):
        complaint = stored()
        assert send(complaint, action="withdraw")["json"]["status"] == "withdrawn"
        assert assign(complaints(), complaint).status is Status.WITHDRAWN
        after = complaints().get(complaint.complaint_id)
        assert after is not None
        assert (after.assignments, after.undelivered_since) == ((), None)

    @pytest.mark.parametrize("number", ["not-a-number", a_number()])
    def test_a_complaint_that_is_not_there_is_not_found(self, number):
        path = f"/complaints/{number}/replies"
        assert call("POST", path, body={"action": "withdraw"})["statusCode"] == 404


def support(number: str, device: str, what: str = "support", **more: Any) -> Any:
    return call("POST", f"/complaints/{number}/{what}", body={"device_id": device, **more})


class TestVoices:
    def test_a_supporter_is_counted_once_and_everyone_sees_how_many(self):
        number = stored(status=Status.ASSIGNED).complaint_id
        answers = [support(number, "gawai-1") for _ in range(10)]
        assert [one["statusCode"] for one in answers] == [201] + [200] * 9
        assert {one["json"]["supporters"] for one in answers} == {1}
        assert call("GET", f"/complaints/{number}")["json"]["supporters"] == 1

    def test_fifty_who_all_read_before_any_of_them_wrote_are_fifty(self, monkeypatch):
        before = stored(status=Status.ASSIGNED)
        number = before.complaint_id
        with monkeypatch.context() as patch:
            patch.setattr(complaints(), "get", lambda _: before)
            answers = [support(number, f"gawai-{one}") for one in range(50)]
        assert {one["statusCode"] for one in answers} == {201}
        found = complaints().get(number)
        assert found is not None
        assert (found.supporters, found.version) == (50, 2)

    def test_what_is_called_done_and_is_not_is_told_to_its_agency(self):
        number = stored(status=Status.RESOLVED).complaint_id
        answer = support(number, "gawai-1", "not-fixed", note="Masih gelap.")
        assert (answer["statusCode"], answer["json"]["not_fixed"]) == (201, 1)
        found = complaints().get(number)
        assert found is not None
        assert len(marks.untold(found)) == 1
        public = call("GET", f"/complaints/{number}")
        assert public["json"]["not_fixed"] == 1
        assert "Masih gelap" not in public["body"]

    @pytest.mark.parametrize(
        ("body", "field", "code"),
        [
            ({}, "device_id", "missing"),
            ({"device_id": ""}, "device_id", "string_too_short"),
            ({"device_id": "x" * 129}, "device_id", "string_too_long"),
            ({"device_id": "x", "notes": "y"}, "notes", "unknown_field"),
        ],
    )
    @pytest.mark.parametrize("what", ["support", "not-fixed"])
    def test_a_bad_body_names_the_field_at_fault(self, what, body, field, code):
        number = stored().complaint_id
        answer = call("POST", f"/complaints/{number}/{what}", body=body)
        assert answer["statusCode"] == 400
        assert [(one["field"], one["code"]) for one in answer["json"]["errors"]] == [(field, code)]

    def test_no_device_is_kept_as_it_is_named(self):
        number = stored(status=Status.RESOLVED).complaint_id
        support(number, "gawai-bu-tutik", "not-fixed")
        support(stored().complaint_id, "gawai-bu-tutik")
        assert "gawai-bu-tutik" not in json.dumps(aws_double.items(COMPLAINTS))


class TestConflicts:
    """What the local cloud never answers: DynamoDB's own account of others' writes."""

    @pytest.fixture
    def waits(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        waited: list[float] = []
        monkeypatch.setattr("shared.writes.time.sleep", waited.append)
        return waited

    @staticmethod
    def add(number: str) -> bool:
        store = VoiceStore(COMPLAINTS)
        return store.add(number, "d", "supporters", among=[Status.ASSIGNED], until=now())

    @pytest.fixture
    def refusing(self) -> Iterator[Any]:
        """Let DynamoDB refuse the next transactions for these reasons."""
        left: list[tuple[str, str]] = []

        def answer(**_: Any) -> Any:
            if not left:
                return None
            reasons = [{"Code": code} for code in left.pop(0)]
            error = {"Code": "TransactionCanceledException", "Message": "cancelled"}
            body = {"Error": error, "CancellationReasons": reasons}
            return SimpleNamespace(status_code=400), body

        event = "before-call.dynamodb.TransactWriteItems"
        with answering(aws.dynamodb(), event, answer):
            yield left.extend

    def test_a_supporter_in_conflict_with_another_waits_and_is_counted(self, waits, refusing):
        number = stored(status=Status.ASSIGNED).complaint_id
        refusing([("None", "TransactionConflict")] * 2)
        assert self.add(number)
        assert waits == [0.05, 0.2]
        found = complaints().get(number)
        assert found is not None
        assert found.supporters == 1

    def test_a_conflict_that_does_not_end_is_told_as_busy(self, waits, refusing):
        number = stored(status=Status.ASSIGNED).complaint_id
        refusing([("None", "TransactionConflict")] * 9)
        with pytest.raises(Busy) as caught:
            self.add(number)
        assert caught.value.headers == {"Retry-After": "1"}

    def test_whatever_else_is_wrong_is_left_to_fail(self, refusing):
        refusing([("None", "ValidationError")])
        with pytest.raises(ClientError):
            self.add(stored(status=Status.ASSIGNED).complaint_id)


class TestNearby:
    def test_similar_ones_around_a_place_are_shown_the_nearest_first(self):
        far = stored(lat=-6.9885, long=110.42)  # 167 m
        near = stored(lat=-6.9901, long=110.42, supporters=2)  # 11 m
        stored(lat=-6.9875, long=110.42)  # 278 m
        stored(**HERE, service_code="sampah")
        answer = call("GET", "/complaints/nearby", query=ASK | {"category": "jalan-rusak"})
        assert answer["statusCode"] == 200
        found = answer["json"]["complaints"]
        assert [one["complaint_id"] for one in found] == [near.complaint_id, far.complaint_id]
        assert [one["distance_m"] for one in found] == [11, 167]
        assert found[0]["supporters"] == 2

    def test_without_a_category_every_one_counts(self):
        stored(**HERE)
        stored(**HERE, service_code="sampah")
        answer = call("GET", "/complaints/nearby", query=ASK)
        codes = {one["service_code"] for one in answer["json"]["complaints"]}
        assert codes == {"jalan-rusak", "sampah"}

    def test_what_finds_a_person_is_masked(self):
        stored(**HERE, description="Hubungi 081234567890")
        (one,) = call("GET", "/complaints/nearby", query=ASK)["json"]["complaints"]
        assert one["description"] == "Hubungi [nomor disamarkan]"

    def test_what_is_open_is_found_behind_all_that_was_done_long_ago(self):
        for _ in range(70):
            stored(**HERE, status=Status.CLOSED, closed_at=now() - timedelta(weeks=13))
        behind = stored(lat=-6.9901, long=110.42)
        (one,) = call("GET", "/complaints/nearby", query=ASK)["json"]["complaints"]
        assert one["complaint_id"] == behind.complaint_id

    def test_an_unchanged_answer_is_304(self):
        stored(**HERE)
        first = call("GET", "/complaints/nearby", query=ASK)
        etag = first["multiValueHeaders"]["ETag"][0]
        again = call("GET", "/complaints/nearby", query=ASK, headers={"If-None-Match": etag})
        assert again["statusCode"] == 304

    @pytest.mark.parametrize("name", ["jurisdiction_id", "lat", "lng", "category"])
    def test_what_is_not_possible_is_refused_by_its_name(self, name):
        answer = call("GET", "/complaints/nearby", query=ASK | {name: "?"})
        assert answer["statusCode"] == 400
        assert [one["field"] for one in answer["json"]["errors"]] == [name]
