"""The frame for photos: opened by a ticket, its form goes to S3, which sends the browser back."""

from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from functions.complaint_intake import ticket
from functions.complaint_intake.pages.office import Office
from functions.complaint_intake.photos import showing
from functions.complaint_intake.photos.showing import PhotoTaken
from functions.complaint_intake.photos.upload import MAX_BYTES
from shared.complaints.law import Status
from shared.complaints.record import Complaint, Photo, PhotoStatus
from tests.builders import a_complaint
from tests.unit.complaint_intake.pages.conftest import BUCKET, PHOTO_ID, Desk
from tests.unit.complaint_intake.pages.forms import HOSTILE

pytestmark = pytest.mark.usefixtures("small_config")

FRAME = "/lapor/foto"


@pytest.fixture
def complaint(desk: Desk) -> Complaint:
    made = a_complaint()
    desk.store.complaints[made.complaint_id] = made
    return made


def a_ticket(desk: Desk, complaint: Complaint, minutes: int = 60) -> str:
    until = desk.now + timedelta(minutes=minutes)
    return ticket.made(desk.token(complaint), complaint.complaint_id, until)


@pytest.fixture(autouse=True)
def added(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Add photos without asking S3; those named `1…` are another's."""
    ids: list[str] = []

    def add_photo(self: Any, complaint: Complaint, photo_id: str) -> Complaint:
        if photo_id.startswith("1"):
            raise PhotoTaken
        ids.append(photo_id)
        return replace(complaint, photo_ids=(*complaint.photo_ids, photo_id))

    monkeypatch.setattr(Office, "add_photo", add_photo)
    return ids


@pytest.fixture(autouse=True)
def rejected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Know of some photos that they were rejected, without asking DynamoDB."""
    known: list[str] = []

    def many(photo_ids: Any, *, consistent: bool) -> dict[str, Photo]:
        assert consistent
        return {
            one: Photo(photo_id=one, status=PhotoStatus.REJECTED)
            for one in photo_ids
            if one in known
        }

    monkeypatch.setattr(showing, "store", lambda: SimpleNamespace(many=many))
    return known


def test_a_ticket_opens_a_form_that_goes_straight_to_the_bucket(desk, complaint):
    given = a_ticket(desk, complaint)
    page = desk.open(FRAME, ticket=given)
    assert desk.answer.status_code == HTTPStatus.OK
    form = page.form
    assert form.action == f"{BUCKET}/"
    assert form.enctype == "multipart/form-data"
    (file,) = page.all("input", type="file")
    assert file["name"] == "file"
    assert file["accept"] == "image/jpeg,image/png,image/webp"
    back = urlsplit(form.values["success_action_redirect"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == "https://api.example.id/v1/lapor/foto"
    assert parse_qs(back.query) == {"ticket": [given], "lang": ["id"]}
    assert f"paling besar {MAX_BYTES // 1024**2} MB" in page.text
    policy = desk.answer.headers["Content-Security-Policy"]
    assert f"form-action 'self' {BUCKET};" in policy
    assert "frame-ancestors 'self'" in policy
    assert desk.answer.headers["Referrer-Policy"] == "no-referrer"
    last = list(page.form.values)[-1]
    assert last != "file"  # S3 ignores what comes after the file; it has no value to list here
    assert desk.answer.body.index('type="file"') > desk.answer.body.rindex('type="hidden"')


def test_the_token_is_nowhere_in_it(desk, complaint):
    desk.open(FRAME, ticket=a_ticket(desk, complaint))
    assert desk.token(complaint) not in desk.answer.body


def test_when_s3_sends_the_browser_back_the_photo_is_added_and_the_next_offered(
    desk, complaint, added
):
    page = desk.open(
        FRAME, ticket=a_ticket(desk, complaint), bucket="b", key=f"uploads/{PHOTO_ID}", etag="e"
    )
    assert added == [PHOTO_ID]
    assert "Foto terkirim: 1 dari 5." in page.text
    assert page.form.action == f"{BUCKET}/"


def test_after_the_fifth_there_is_no_form(desk, complaint):
    full = replace(complaint, photo_ids=tuple(f"{n}" * 26 for n in range(4)))
    desk.store.complaints[complaint.complaint_id] = full
    page = desk.open(FRAME, ticket=a_ticket(desk, complaint), key=f"uploads/{PHOTO_ID}")
    assert "Foto terkirim: 5 dari 5." in page.text
    assert not page.forms


def test_where_one_was_rejected_another_may_be_chosen_though_five_were_sent(
    desk, complaint, rejected
):
    full = replace(complaint, photo_ids=tuple(f"{n}" * 26 for n in range(5)))
    desk.store.complaints[complaint.complaint_id] = full
    assert not desk.open(FRAME, ticket=a_ticket(desk, complaint)).forms
    rejected.extend(full.photo_ids[:2])
    page = desk.open(FRAME, ticket=a_ticket(desk, complaint))
    assert "Foto terkirim: 3 dari 5." in page.text
    assert page.form.action == f"{BUCKET}/"


def test_a_complaint_that_is_over_offers_no_form(desk, complaint):
    over = replace(complaint, status=Status.WITHDRAWN)
    desk.store.complaints[complaint.complaint_id] = over
    assert not desk.open(FRAME, ticket=a_ticket(desk, complaint)).forms


def test_a_photo_that_cannot_be_added_is_told_and_another_may_be_chosen(desk, complaint):
    page = desk.open(FRAME, ticket=a_ticket(desk, complaint), key=f"uploads/{'1' * 26}")
    assert desk.answer.status_code == HTTPStatus.CONFLICT
    assert "Foto ini sudah milik laporan lain" in page.text
    assert page.form.action == f"{BUCKET}/"


@pytest.mark.parametrize("spoilt", ["", "x", HOSTILE, "SMG-0000000000000.1.x"])
def test_what_is_no_ticket_opens_nothing(desk, complaint, added, spoilt):
    page = desk.open(FRAME, ticket=spoilt, key=f"uploads/{PHOTO_ID}")
    assert desk.answer.status_code == HTTPStatus.FORBIDDEN
    assert not page.forms
    assert added == []
    assert "script" not in page.tags


def test_a_ticket_that_ran_out_says_where_to_get_another(desk, complaint, added):
    given = a_ticket(desk, complaint, minutes=0)
    page = desk.open(FRAME, ticket=given, key=f"uploads/{PHOTO_ID}")
    assert desk.answer.status_code == HTTPStatus.FORBIDDEN
    assert "Buka lagi halaman laporan Anda." in page.text
    assert added == []


def test_it_speaks_the_language_of_the_page_around_it(desk, complaint):
    page = desk.open(FRAME, ticket=a_ticket(desk, complaint), lang="en")
    assert page.all("html", lang="en")
    assert "Send the photo" in page.form.buttons
    assert parse_qs(urlsplit(page.form.values["success_action_redirect"]).query)["lang"] == ["en"]


@pytest.mark.parametrize("lang", ["", "fr", HOSTILE])
def test_any_other_language_is_indonesian(desk, complaint, lang):
    page = desk.open(FRAME, ticket=a_ticket(desk, complaint), lang=lang)
    assert page.all("html", lang="id")
    assert "script" not in page.tags
