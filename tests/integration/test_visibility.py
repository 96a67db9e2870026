"""Who may read what of a complaint, and of who reported it: every public way, in one table."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from functions.complaint_intake import api
from functions.complaint_intake.notices.fanning import webhooks_of
from functions.complaint_intake.notices.partners import Partner, webhook
from functions.complaint_intake.open311 import api as open311
from functions.complaint_intake.open_data import rows
from functions.complaint_intake.photos import showing as photos
from functions.complaint_intake.stores import complaints, reporters
from infra.routes import ROUTES
from shared import config, ids
from shared.clock import now
from shared.complaints import events
from shared.complaints.events import to_deliver
from shared.complaints.law import Action, Actor, Status
from shared.complaints.record import Complaint
from shared.dynamo import from_item
from tests import aws_double
from tests.aws_double import COMPLAINTS, REPORTERS
from tests.builders import (
    CONTEXT,
    TOKEN_SECRET,
    a_complaint,
    a_contact,
    a_submission,
    an_api_event,
    an_entry,
    assign,
    client_claims,
    officer_claims,
)

pytestmark = [pytest.mark.usefixtures("small_config", "aws_double")]

DPU = client_claims("client-of-dpu")
DESK = officer_claims("operator:semarang")
HERE: dict[str, Any] = {"lat": -6.99, "long": 110.42}
PHOTO, OTHER_PHOTO = ids.photo_id(1), ids.photo_id(2)
AROUND = {"jurisdiction_id": "semarang", "lat": "-6.99", "lng": "110.42"}


@pytest.fixture(autouse=True)
def _anew() -> None:
    for remembered in (photos.store, open311.complaints, open311.listings, open311.keys):
        remembered.cache_clear()


def call(method: str, path: str, handler: Any = api.handler, **event: Any) -> Any:
    return handler(an_api_event(method, path, **event), CONTEXT)


def by_number(method: str, rest: str = "", **body: Any) -> Callable[[Complaint], Any]:
    """Return the way of a stranger to a complaint whose number they know."""

    def go(one: Complaint) -> Any:
        return call(method, f"/complaints/{one.complaint_id}{rest}", body=body or None)

    return go


def listed(path: str, **query: str) -> Callable[[Complaint], Any]:
    """Return the way of a stranger by a list of the open standard."""

    def go(one: Complaint) -> Any:
        named = {name: value.replace("NUMBER", one.complaint_id) for name, value in query.items()}
        where = f"/open311/v2{path.replace('NUMBER', one.complaint_id)}"
        return call("GET", where, open311.handler, query={"jurisdiction_id": "semarang", **named})

    return go


#: Every way on which a stranger may come to a complaint, and the answer if it is public.
WAYS: Mapping[str, tuple[Callable[[Complaint], Any], int]] = {
    "showComplaint": (by_number("GET"), 200),
    "supportComplaint": (by_number("POST", "/support", device_id="gawai-1"), 201),
    "sayNotFixed": (by_number("POST", "/not-fixed", device_id="gawai-1"), 201),
    "replyToComplaint": (
        by_number("POST", "/replies", action="withdraw", action_id=str(uuid4())),
        403,
    ),
    "chooseNotices": (by_number("PUT", "/notices", email=False), 403),
    "addPhotos": (by_number("POST", "/photos", photo_ids=[OTHER_PHOTO]), 403),
    "showPhoto": (by_number("GET", f"/photos/{PHOTO}"), 302),
    "listNearby": (lambda _: call("GET", "/complaints/nearby", query=AROUND), 200),
    "Open311 request": (listed("/requests/NUMBER.json"), 200),
    "Open311 requests by number": (listed("/requests.json", service_request_id="NUMBER"), 200),
    "Open311 requests by time": (listed("/requests.json"), 200),
    "Open311 requests by change": (
        listed("/requests.json", updated_after=f"{now() - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"),
        200,
    ),
}
#: The ways that show what the complaint says, and those that find none rather than refuse.
SHOWING = {name for name in WAYS if name.startswith("Open311")} | {"showComplaint", "listNearby"}
SHOWING_PHOTOS = SHOWING - {"listNearby"} | {"showPhoto"}
FINDING = {name for name in WAYS if name.startswith("Open311 requests")} | {"listNearby"}
HIDDEN: list[dict[str, Any]] = [
    {"visibility": "private"},
    {"visibility": "secret"},
    {"suspicion": "honeypot"},
    {"hidden": True},
]


def one_for(way: str, **changes: Any) -> Complaint:
    """Store a complaint of a minute ago that is fit for a way to it."""
    status = Status.RESOLVED if way == "sayNotFixed" else Status.ASSIGNED
    at = now() - timedelta(minutes=1)
    complaint = a_complaint(
        status=status,
        description="RAHASIA",
        photo_ids=(PHOTO,),
        created_at=at,
        updated_at=at,
        **HERE,
        **changes,
    )
    assert complaints().submit(complaint) is None
    photos.store().looked_at(PHOTO, at)
    photos.store().tie(photos.store().claim(PHOTO, complaint.complaint_id, at))
    return complaint


class TestEveryWay:
    @pytest.mark.parametrize("way", WAYS)
    def test_what_is_public_is_found(self, way):
        go, status = WAYS[way]
        answer = go(one_for(way))
        assert answer["statusCode"] == status, answer["body"]
        assert ("RAHASIA" in answer["body"]) == (way in SHOWING)
        assert (PHOTO in json.dumps(answer)) == (way in SHOWING_PHOTOS)

    @pytest.mark.parametrize(("way", "changes"), list(product(WAYS, HIDDEN)))
    def test_what_is_not_public_is_found_nowhere(self, way, changes):
        complaint = one_for(way, **changes)
        answer = WAYS[way][0](complaint)
        assert answer["statusCode"] == (200 if way in FINDING else 404)
        assert "RAHASIA" not in answer["body"]
        assert complaint.complaint_id not in answer["body"]
        assert PHOTO not in json.dumps(answer)
        assert complaints().get(complaint.complaint_id) == complaint

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            (route.method, route.path)
            for route in ROUTES
            if not route.scopes and route.path.startswith("/complaints/{complaint_id}")
        ],
    )
    @pytest.mark.parametrize("changes", HIDDEN)
    def test_no_public_route_tells_a_stranger_that_it_exists(self, method, path, changes):
        """Whatever routes there are, those of tomorrow too, with the least that one may send."""
        complaint = one_for("showComplaint", **changes)
        where = path.format(complaint_id=complaint.complaint_id, photo_id=PHOTO)
        answer = call(method, where, body={})
        assert answer["statusCode"] in {400, 404}
        assert "RAHASIA" not in answer["body"]
        assert complaints().get(complaint.complaint_id) == complaint


class TestWhatDesksWrite:
    """Internal notes are read by the agency and the desk; what was redacted by them and the reporter."""

    NOTE = "CATATAN-DALAM"

    def noted(self, way: str, **changes: Any) -> Complaint:
        """Store a complaint of which every step that a desk or an agency takes has such a note."""
        before = one_for(way, **changes)
        for version, action in enumerate(Action, start=before.version + 1):
            entry = an_entry(
                version=version,
                action=action,
                status=before.status,
                at=now(),
                role=Actor.DESK,
                actor="officer:CATATAN-DALAM",
                internal_note=self.NOTE,
                public_note="Sudah." if version % 2 else None,
            )
            after = replace(before, version=version)
            complaints().record_action(before, after, entry)
            before = after
        return before

    @pytest.mark.parametrize("way", WAYS)
    def test_no_internal_note_comes_out_by_a_public_way(self, way):
        answer = WAYS[way][0](self.noted(way))
        assert answer["statusCode"] == WAYS[way][1], answer["body"]
        assert self.NOTE not in json.dumps(answer)

    @pytest.mark.parametrize("extensions", ["false", "true"])
    def test_nor_by_an_update_or_an_extension_of_the_open_standard(self, extensions):
        one = self.noted("showComplaint")
        window = {
            "start_date": f"{now() - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
            "end_date": f"{now() + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}",
        }
        updates = listed("/servicerequestupdates.json", **window)(one)
        extended = listed("/requests/NUMBER.json", extensions=extensions)(one)
        assert one.complaint_id in updates["body"] + extended["body"]
        assert self.NOTE not in json.dumps([updates, extended])

    def test_nor_to_its_reporter(self):
        one = self.noted("showComplaint")
        token = ids.tracking_token(TOKEN_SECRET, one.complaint_id, 0)
        answer = call("GET", f"/complaints/{one.complaint_id}", headers={"X-Tracking-Token": token})
        assert answer["statusCode"] == 200
        assert self.NOTE not in json.dumps(answer)

    def test_nor_in_what_the_stream_or_a_partner_is_told(self):
        one = self.noted("showComplaint")
        progressed = events.progressed(one, "assigned")
        told = [to_deliver(one), progressed, events.photos_claimed(one)]
        partner = Partner(partner_id="p", url="https://p.example")
        due = next(iter(webhooks_of(progressed, [partner])))
        assert self.NOTE not in json.dumps([*told, webhook(partner, due, one)])

    def test_nor_in_open_data(self):
        one = self.noted("showComplaint")
        (_, line) = rows.lines([one], config.load("semarang"))
        assert one.complaint_id.encode() in line
        assert self.NOTE.encode() not in line

    @pytest.mark.parametrize("way", sorted(SHOWING))
    def test_what_was_redacted_is_read_in_place_of_the_words(self, way):
        answer = WAYS[way][0](one_for(way, public_description="Jalan TERTUTUP"))
        assert answer["statusCode"] == 200
        assert "RAHASIA" not in answer["body"]
        assert "Jalan TERTUTUP" in answer["body"]

    def test_it_is_read_so_in_open_data_too(self):
        (_, line) = rows.lines(
            [one_for("showComplaint", public_description="Jalan TERTUTUP")], config.load("semarang")
        )
        assert b"Jalan TERTUTUP" in line
        assert b"RAHASIA" not in line

    def test_what_is_hidden_is_in_no_open_data_and_no_partner_hears_more_than_its_number(self):
        hidden = one_for("showComplaint", hidden=True)
        assert len(list(rows.lines([hidden], config.load("semarang")))) == 1
        progressed = events.progressed(hidden, "assigned")
        stranger = Partner(partner_id="p", url="https://p.example")
        assert list(webhooks_of(progressed, [stranger])) == []


class TestContact:
    CONTACT = a_contact(share_with_agency=True)

    @staticmethod
    def submitted(**changes: Any) -> str:
        answer = call("POST", "/complaints", body=a_submission(**changes))
        number: str = json.loads(answer["body"])["complaint_id"]
        complaint = complaints().get(number)
        assert complaint is not None
        assign(complaints(), complaint)
        return number

    @pytest.mark.parametrize(
        ("visibility", "shared", "claims", "status"),
        [
            ("public", True, DPU, 200),
            ("public", False, DPU, 404),
            ("private", True, DPU, 200),
            ("private", True, DESK, 403),
            ("secret", True, DPU, 403),
            ("secret", True, DESK, 200),
            ("secret", False, DESK, 200),  # the desk alone, and always
            ("secret", True, officer_claims("operator:jateng"), 403),
            ("secret", True, officer_claims("agency:semarang-dpu"), 403),
            ("secret", True, officer_claims("agency:semarang-diskominfo"), 403),
        ],
    )
    def test_who_reads_who_reported_it(self, visibility, shared, claims, status):
        contact = a_contact(share_with_agency=shared)
        number = self.submitted(visibility=visibility, contact=contact)
        answer = call("GET", f"/complaints/{number}/contact", claims=claims)
        assert answer["statusCode"] == status
        assert ("Tutik" in answer["body"]) == (status == 200)

    def test_each_reading_is_written_down_by_whom_and_when(self):
        number = self.submitted(visibility="secret", contact=self.CONTACT)
        for _ in range(2):
            call("GET", f"/complaints/{number}/contact", claims=DESK)
        call("GET", f"/complaints/{number}/contact", claims=DPU)  # refused: nothing was read
        kept = [from_item(one) for one in aws_double.items(REPORTERS)]
        log = [one for one in kept if one["sk"].startswith("LOG#")]
        assert [(one["pk"], one["what"], one["by"]) for one in log] == [
            (f"C#{number}", "contact read", "officer:5f0c")
        ] * 2
        assert all(one["sk"].startswith(f"LOG#{one['at']}#") for one in log)

    def test_what_cannot_be_written_down_is_not_shown(self, monkeypatch):
        number = self.submitted(contact=self.CONTACT)
        monkeypatch.setattr(reporters(), "log", lambda *_, **__: 1 / 0)
        answer = call("GET", f"/complaints/{number}/contact", claims=DPU)
        assert answer["statusCode"] == 500
        assert "Tutik" not in answer["body"]

    def test_an_anonymous_reporter_leaves_no_trace_in_any_table(self):
        number = self.submitted(anonymous=True, contact=self.CONTACT)
        kept = json.dumps([aws_double.items(COMPLAINTS), aws_double.items(REPORTERS)])
        assert number in kept
        for said in ("Bu Tutik", "8120000063", "tutik@example.id"):
            assert said not in kept
        assert aws_double.items(REPORTERS) == []
        for claims in (DPU, DESK):
            answer = call("GET", f"/complaints/{number}/contact", claims=claims)
            assert answer["statusCode"] in {403, 404}
        token = ids.tracking_token(TOKEN_SECRET, number, 0)
        view = call("GET", f"/complaints/{number}", headers={"X-Tracking-Token": token})
        assert json.loads(view["body"])["anonymous"] is True
