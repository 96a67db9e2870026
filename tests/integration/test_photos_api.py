"""The photos' routes through the API's handler."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from functions.complaint_intake.api import handler
from functions.complaint_intake.photos import upload
from functions.complaint_intake.photos.kinds import UNCLAIMED
from functions.complaint_intake.photos.showing import add, store
from functions.complaint_intake.stores import complaints
from functions.complaint_intake.submission import MOST_NAMED
from shared import aws, ids
from shared.complaints.acting import VersionConflict
from shared.complaints.law import Status
from shared.complaints.record import Complaint
from shared.text import Text
from tests.aws_double import COMPLAINTS, PHOTOS_BUCKET, answering, items
from tests.builders import (
    CONTEXT,
    NOW,
    TOKEN_SECRET,
    a_complaint,
    a_number,
    an_api_event,
    client_claims,
)

pytestmark = pytest.mark.usefixtures("small_config", "aws_double")
IDS = [ids.photo_id(number) for number in range(8)]


def call(method: str, path: str, **event: Any) -> Any:
    answer = handler(an_api_event(method, path, **event), CONTEXT)
    headers = {name: values[-1] for name, values in answer["multiValueHeaders"].items()}
    body = json.loads(answer["body"]) if answer["body"] else None
    return answer["statusCode"], body, headers


def stored(**changes: Any) -> tuple[Complaint, dict[str, str]]:
    """Store a complaint and return it, and the headers of its reporter."""
    complaint = a_complaint(**changes)
    assert complaints().submit(complaint) is None
    token = ids.tracking_token(TOKEN_SECRET, complaint.complaint_id, 0)
    return complaint, {"X-Tracking-Token": token}


def made_ready(photo_id: str, complaint_id: str) -> None:
    store().looked_at(photo_id, NOW)
    store().tie(store().claim(photo_id, complaint_id, NOW))


class TestOffer:
    def test_a_photo_is_offered_a_place_without_any_call(self) -> None:
        made: list[str] = []
        for client in (aws.s3(), aws.dynamodb()):
            client.meta.events.register("before-call", lambda model, **_: made.append(model.name))
        status, offer, headers = call("POST", "/photos", body={"content_type": "image/webp"})
        assert status == 201
        assert made == []
        assert items(COMPLAINTS) == []
        assert ids.is_photo_id(offer["photo_id"])
        assert offer["max_bytes"] == 10 * 1024 * 1024
        assert headers["Cache-Control"] == "no-store"
        form = offer["upload"]
        assert form["url"] == f"https://{PHOTOS_BUCKET}.s3.ap-southeast-3.amazonaws.com/"
        assert form["fields"]["key"] == f"uploads/{offer['photo_id']}"
        assert form["fields"]["Content-Type"] == "image/webp"

    def test_every_offer_has_an_id_of_its_own(self) -> None:
        assert len({upload.offer("image/png").photo_id for _ in range(20)}) == 20

    def test_the_form_allows_that_key_that_type_and_that_size_alone(self) -> None:
        offer = upload.offer("image/png", at=NOW)
        policy = json.loads(base64.b64decode(offer.upload.fields["policy"]))
        conditions = policy["conditions"]
        assert {"Content-Type": "image/png"} in conditions
        assert ["content-length-range", 1, offer.max_bytes] in conditions
        assert {"bucket": PHOTOS_BUCKET} in conditions
        assert {"key": f"uploads/{offer.photo_id}"} in conditions
        assert not any("starts-with" in str(one) for one in conditions)
        assert (offer.expires_at - NOW).total_seconds() == 15 * 60

    def test_a_page_without_script_claims_nothing_and_is_sent_on(self) -> None:
        offer = upload.offer(None, redirect="https://api/v1/lapor?key=1")
        policy = json.loads(base64.b64decode(offer.upload.fields["policy"]))
        assert offer.upload.fields["Content-Type"] == UNCLAIMED
        assert {"Content-Type": UNCLAIMED} in policy["conditions"]
        assert {"success_action_redirect": "https://api/v1/lapor?key=1"} in policy["conditions"]

    @pytest.mark.parametrize("body", [{}, {"content_type": "image/gif"}, {"content_type": None}])
    def test_other_types_are_refused(self, body: dict[str, Any]) -> None:
        status, problem, _ = call("POST", "/photos", body=body)
        assert status == 400
        assert problem["errors"][0]["field"] == "content_type"

    def test_on_a_local_cloud_the_bucket_stands_in_the_path(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:4566")
        aws._client.cache_clear()
        try:
            assert upload.offer("image/png").upload.url == f"http://localhost:4566/{PHOTOS_BUCKET}"
            assert store().link(IDS[0]).startswith(f"http://localhost:4566/{PHOTOS_BUCKET}/photos/")
        finally:
            aws._client.cache_clear()


class TestShow:
    def test_a_ready_photo_of_a_public_complaint_is_answered_with_a_link(self) -> None:
        complaint, _ = stored(photo_ids=(IDS[0],))
        made_ready(IDS[0], complaint.complaint_id)
        path = f"/complaints/{complaint.complaint_id}/photos/{IDS[0]}"
        status, _, headers = call("GET", path)
        assert status == 302
        assert f"/photos/{IDS[0]}.jpg?" in headers["Location"]
        assert headers["Cache-Control"] == "public, max-age=60"
        _, _, headers = call("GET", path, query={"size": "thumb"})
        assert f"/thumbnails/{IDS[0]}.jpg?" in headers["Location"]
        status, problem, _ = call("GET", path, query={"size": "huge"})
        assert (status, problem["errors"][0]["field"]) == (400, "size")
        _, view, _ = call("GET", f"/complaints/{complaint.complaint_id}")
        assert [one["url"] for one in view["photos"]] == [path]

    def test_a_part_shows_the_photos_of_its_whole_while_both_are_public(self) -> None:
        number = a_number()
        whole, _ = stored(photo_ids=(IDS[0],), parts=(number,), status=Status.IN_PROGRESS)
        part, _ = stored(complaint_id=number, part_of=whole.complaint_id)
        made_ready(IDS[0], whole.complaint_id)
        path = f"/complaints/{whole.complaint_id}/photos/{IDS[0]}"
        _, view, _ = call("GET", f"/complaints/{number}")
        assert [one["url"] for one in view["photos"]] == [path]
        assert call("GET", path)[0] == 302
        complaints().change(whole, replace(whole, version=whole.version + 1, hidden=True))
        _, view, _ = call("GET", f"/complaints/{part.complaint_id}")
        assert view["photos"] == []
        assert call("GET", path)[0] == 404

    def test_a_part_that_may_turn_out_private_shows_none(self) -> None:
        number = a_number()
        whole, _ = stored(photo_ids=(IDS[0],), parts=(number,), status=Status.IN_PROGRESS)
        unsettled: dict[str, Any] = {"visibility": "private", "visibility_chosen": False}
        stored(complaint_id=number, part_of=whole.complaint_id, service_code=None, **unsettled)
        made_ready(IDS[0], whole.complaint_id)
        status, view, _ = call("GET", f"/complaints/{number}")
        assert (status, view["photos"]) == (200, [])

    @pytest.mark.parametrize("hidden", [{"visibility": "private"}, {"suspicion": "honeypot"}])
    def test_nobody_sees_a_photo_of_what_is_not_public(self, hidden: dict[str, Any]) -> None:
        complaint, token = stored(photo_ids=(IDS[0],), service_code=None, **hidden)
        made_ready(IDS[0], complaint.complaint_id)
        path = f"/complaints/{complaint.complaint_id}/photos/{IDS[0]}"
        assert call("GET", path)[0] == call("GET", path, headers=token)[0] == 404
        _, view, _ = call("GET", f"/complaints/{complaint.complaint_id}", headers=token)
        assert view["photos"][0]["status"] == "ready"
        assert "X-Amz-Signature" in view["photos"][0]["url"]

    def test_what_is_not_ready_not_its_own_or_not_there_is_not_found(self) -> None:
        complaint, _ = stored(photo_ids=tuple(IDS[:2]))
        store().claim(IDS[0], complaint.complaint_id, NOW)
        made_ready(IDS[1], "SMG-1111111111111")
        made_ready(IDS[2], complaint.complaint_id)
        for photo_id in (*IDS[:4], "x"):
            path = f"/complaints/{complaint.complaint_id}/photos/{photo_id}"
            assert call("GET", path)[0] == 404
        assert call("GET", f"/complaints/nonsense/photos/{IDS[0]}")[0] == 404
        nobodys = a_complaint().complaint_id
        assert call("GET", f"/complaints/{nobodys}/photos/{IDS[0]}")[0] == 404

    def test_a_complaint_without_photos_costs_no_further_read(self) -> None:
        complaint, token = stored()
        made: list[str] = []
        with answering(aws.dynamodb(), "before-call", lambda model, **_: made.append(model.name)):
            for headers in ({}, token):
                _, view, _ = call("GET", f"/complaints/{complaint.complaint_id}", headers=headers)
                assert view["photos"] == []
        assert made == ["Query", "Query"]

    def test_what_may_yet_turn_out_private_shows_no_photo(self) -> None:
        complaint, _ = stored(
            photo_ids=(IDS[0],), service_code=None, visibility="private", visibility_chosen=False
        )
        made_ready(IDS[0], complaint.complaint_id)
        status, view, _ = call("GET", f"/complaints/{complaint.complaint_id}")
        assert (status, view["photos"]) == (200, [])


class TestAdd:
    def test_the_reporter_adds_photos_and_sees_them_all(self) -> None:
        complaint, token = stored(photo_ids=(IDS[0],))
        path = f"/complaints/{complaint.complaint_id}/photos"
        for _ in range(2):
            status, body, _ = call("POST", path, body={"photo_ids": IDS[:3]}, headers=token)
            assert status == 200
            assert [one["photo_id"] for one in body["photos"]] == IDS[:3]
        stored_now = complaints().get(complaint.complaint_id)
        assert stored_now is not None
        assert stored_now.photo_ids == tuple(IDS[:3])

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"photo_ids": tuple(IDS[3:6])}, "too_many_photos"),
            ({"status": Status.WITHDRAWN}, "complaint_over"),
            ({"status": Status.CLOSED}, "complaint_over"),
            ({"erasure_requested_at": NOW}, "complaint_over"),
        ],
    )
    def test_a_complaint_that_is_full_or_over_takes_none(
        self, changes: dict[str, Any], code: str
    ) -> None:
        complaint, token = stored(**changes)
        path = f"/complaints/{complaint.complaint_id}/photos"
        status, problem, _ = call("POST", path, body={"photo_ids": IDS[:3]}, headers=token)
        assert (status, problem["code"]) == (409, code)

    def test_a_rejected_photo_leaves_its_place_to_another_but_not_without_end(self) -> None:
        complaint, token = stored(photo_ids=tuple(IDS[:5]))
        path = f"/complaints/{complaint.complaint_id}/photos"
        for photo_id in IDS[:2]:
            store().looked_at(photo_id, NOW, ("not_a_photo", Text("bukan foto", "no photo")))
        assert call("POST", path, body={"photo_ids": IDS[5:8]}, headers=token)[0] == 409
        status, body, _ = call("POST", path, body={"photo_ids": IDS[5:7]}, headers=token)
        assert (status, [one["photo_id"] for one in body["photos"]]) == (200, IDS[:7])
        assert call("POST", path, body={"photo_ids": IDS[7:8]}, headers=token)[0] == 409

    def test_so_many_rejected_photos_are_enough(self) -> None:
        *many, one_more = (ids.photo_id(number) for number in range(MOST_NAMED + 1))
        complaint, token = stored(photo_ids=tuple(many))
        for photo_id in many:
            store().looked_at(photo_id, NOW, ("not_a_photo", Text("bukan foto", "no photo")))
        path = f"/complaints/{complaint.complaint_id}/photos"
        status, problem, _ = call("POST", path, body={"photo_ids": [one_more]}, headers=token)
        assert (status, problem["code"]) == (409, "too_many_photos")

    def test_another_complaints_photo_is_refused(self) -> None:
        complaint, token = stored()
        store().claim(IDS[1], "SMG-1111111111111", NOW)
        path = f"/complaints/{complaint.complaint_id}/photos"
        status, problem, _ = call("POST", path, body={"photo_ids": IDS[:2]}, headers=token)
        assert (status, problem["code"]) == (409, "photo_taken")

    def test_nobody_else_adds_any(self) -> None:
        public, _ = stored()
        private, _ = stored(visibility="private")
        for complaint, expected in ((public, 403), (private, 404)):
            path = f"/complaints/{complaint.complaint_id}/photos"
            for headers in ({}, {"X-Tracking-Token": "A" * 22}):
                status, _, _ = call("POST", path, body={"photo_ids": IDS[:1]}, headers=headers)
                assert status == expected
        nobodys = f"/complaints/{a_complaint().complaint_id}/photos"
        assert call("POST", nobodys, body={"photo_ids": IDS[:1]})[0] == 404

    @pytest.mark.parametrize(
        "photo_ids", [[], ["x"], ["a" * 26], [IDS[0] + "\n"], IDS[:6], "x", None]
    )
    def test_what_names_no_photos_is_refused(self, photo_ids: Any) -> None:
        complaint, token = stored()
        path = f"/complaints/{complaint.complaint_id}/photos"
        status, problem, _ = call("POST", path, body={"photo_ids": photo_ids}, headers=token)
        assert status == 400
        assert problem["errors"][0]["field"].startswith("photo_ids")

    def test_photos_that_came_meanwhile_count(self) -> None:
        complaint, _ = stored()
        assert store().add_to(complaint.complaint_id, IDS[:3], most=5)
        grown = add(complaint, IDS[2:5], complaints=complaints(), photos=store())
        assert set(grown.photo_ids) == set(IDS[:5])

    def test_a_complaint_that_keeps_changing_is_given_up(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        complaint, _ = stored()
        monkeypatch.setattr(store(), "add_to", lambda *_, **__: False)
        with pytest.raises(VersionConflict):
            add(complaint, IDS[:1], complaints=complaints(), photos=store())


def test_the_agency_sees_the_photos_with_links_that_run_out() -> None:
    from functions.agency_routing.api import handler as desk

    complaint, _ = stored(status=Status.ASSIGNED, photo_ids=(IDS[0], IDS[1]), visibility="secret")
    made_ready(IDS[0], complaint.complaint_id)
    path = f"/agencies/semarang-dpu/complaints/{complaint.complaint_id}"
    event = an_api_event("GET", path, claims=client_claims("client-of-dpu"))
    detail = json.loads(desk(event, CONTEXT)["body"])
    ready, waiting = detail["photos"]
    assert "X-Amz-Signature" in ready["url"]
    assert waiting["status"] == "waiting"
    without, _ = stored(status=Status.ASSIGNED)
    path = f"/agencies/semarang-dpu/complaints/{without.complaint_id}"
    event = an_api_event("GET", path, claims=client_claims("client-of-dpu"))
    assert json.loads(desk(event, CONTEXT)["body"])["photos"] == []


def test_more_photos_are_told_to_the_photos_queue() -> None:
    from functions.complaint_intake.outbox import PHOTOS, written
    from tests.builders import a_stream_record

    old = a_complaint(photo_ids=(IDS[0],))
    new = replace(old, photo_ids=tuple(IDS[:2]))
    found = written(a_stream_record(new, old))
    assert found is not None
    assert [(queue, event["photo_ids"]) for queue, event in found.events()] == [(PHOTOS, IDS[:2])]


def test_a_photo_named_twice_is_one_photo() -> None:
    body = {"jurisdiction_id": "semarang", "description": "x", "photo_ids": [IDS[0]] * 3}
    status, receipt, _ = call("POST", "/complaints", body=body)
    complaint = complaints().get(receipt["complaint_id"])
    assert complaint is not None
    assert (status, complaint.photo_ids) == (201, (IDS[0],))
