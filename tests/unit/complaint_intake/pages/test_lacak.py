"""The tracking page: opened by number and code alone, it shows all and offers what is possible."""

import base64
import hashlib
from datetime import timedelta
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from functions.complaint_intake.pages import lacak, words
from functions.complaint_intake.views import ReportersComplaint
from shared.complaints.law import DONE, Action, Status
from shared.complaints.photo_views import PhotoView
from shared.complaints.record import Complaint
from tests.builders import NOW, a_complaint, an_assignment, an_entry
from tests.plain_browser import Page
from tests.small_config import SEMARANG
from tests.unit.complaint_intake.pages.conftest import BUCKET, PHOTO_ID, Desk
from tests.unit.complaint_intake.pages.forms import HOSTILE, TAGS

pytestmark = pytest.mark.usefixtures("small_config")

#: What the page offers in each status; nothing where it is not named.
OFFERED = {
    Status.RECEIVED: {"Tarik laporan ini"},
    Status.ASSIGNED: {"Tarik laporan ini"},
    Status.ACCEPTED: {"Tarik laporan ini"},
    Status.IN_PROGRESS: {"Tarik laporan ini"},
    Status.NEEDS_INFORMATION: {"Kirim jawaban", "Tarik laporan ini"},
    Status.RETURNED: {"Kirim dengan kategori ini", "Tarik laporan ini"},
    Status.REOPENED: {"Tarik laporan ini"},
    Status.RESOLVED_CONDITIONALLY: {"Belum selesai", "Tarik laporan ini"},
    Status.REJECTED: {"Belum selesai"},
    Status.DUPLICATE: {"Tarik laporan ini"},
    Status.RESOLVED: {"Ya, sudah selesai", "Belum selesai"},
    Status.CLOSED: {"Belum selesai"},
}


def stored(desk: Desk, **changes: Any) -> Complaint:
    complaint = a_complaint(**changes)
    desk.store.complaints[complaint.complaint_id] = complaint
    return complaint


def seen(desk: Desk, complaint: Complaint, **more: str) -> Page:
    sent = {"complaint_id": complaint.complaint_id, "token": desk.token(complaint), **more}
    return desk.post("/lacak", sent)


def form_with(page: Page, button: str) -> Any:
    return next(form for form in page.forms if button in form.buttons)


def test_the_page_asks_for_number_and_code(desk):
    page = desk.open("/lacak")
    assert desk.answer.status_code == HTTPStatus.OK
    assert page.form.values == {"complaint_id": "", "token": ""}
    assert (page.form.action, page.form.method) == ("lacak", "post")
    assert {one.get("for") for one in page.all("label")} == {"f-complaint_id", "f-token"}
    headers = desk.answer.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_its_only_script_is_the_one_that_the_policy_names(desk):
    desk.open("/lacak")
    script = desk.answer.body.split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = desk.answer.headers["Content-Security-Policy"]
    assert f"script-src 'sha256-{digest}';" in policy
    assert "unsafe" not in policy
    assert script == lacak.SCRIPT
    assert "</" not in script


def test_the_script_keeps_to_the_fragment():
    for forbidden in ("cookie", "fetch", "XMLHttp", "localStorage", "innerHTML", "http"):
        assert forbidden not in lacak.SCRIPT


@pytest.mark.parametrize("status", list(Status))
def test_each_status_is_shown_with_what_is_possible_in_it(desk, status):
    done = status in DONE
    complaint = stored(desk, status=status, closed_at=NOW if done else None)
    page = seen(desk, complaint)
    assert desk.answer.status_code == HTTPStatus.OK
    assert words.status(status) in page.text
    buttons = {one for form in page.forms for one in form.buttons}
    assert buttons == OFFERED.get(status, set())
    assert page.tags <= TAGS | {"ol", "br", "details", "summary", "strong"}
    ids = [one["id"] for _, one in page.elements if "id" in one]
    assert len(ids) == len(set(ids))


def test_every_action_and_status_has_words_in_both_languages():
    assert set(words.STATUSES) == set(Status)
    assert {*Action, "submit", "route"} == set(words.STEPS)
    assert words.status(Status.CLOSED, "en") == "Closed"


def test_reopening_has_its_term(desk):
    complaint = stored(desk, status=Status.CLOSED, closed_at=NOW)
    desk.now = NOW + timedelta(days=29)
    assert not seen(desk, complaint).forms


def test_the_page_shows_report_agency_history_and_due_date(desk):
    complaint = stored(
        desk,
        status=Status.ACCEPTED,
        description="Lubang besar\ndi tikungan",
        address_string="Jl. Pemuda",
        supporters=2,
    )
    entry = an_entry(public_note="Kami cek besok.")
    desk.store.entries[complaint.complaint_id, entry.action_id] = entry
    page = seen(desk, complaint)
    for part in (
        complaint.complaint_id,
        "Lubang besar",
        "di tikungan",
        "Jl. Pemuda",
        "2 warga lain juga mengalaminya.",
        "Jalan kota milik DPU.",
        "SEMARANG-DPU",
        "Kami cek besok.",
        "Dijanjikan selesai paling lambat 25-11-2026.",
    ):
        assert part in page.text
    assert "script" not in page.tags


def test_a_planned_and_an_owed_day_are_shown(desk):
    planned = stored(desk, status=Status.IN_PROGRESS, planned_at=NOW + timedelta(days=8))
    assert "Dijadwalkan paling lambat 28-11-2026." in seen(desk, planned).text
    owed = stored(desk, status=Status.RESOLVED_CONDITIONALLY, owed_by=NOW + timedelta(days=9))
    assert "Sisanya dijanjikan paling lambat 29-11-2026." in seen(desk, owed).text


def test_a_rejection_is_shown_with_the_law_that_it_stands_on(desk):
    reason = SEMARANG.desk.reasons[0]
    page = seen(
        desk,
        stored(desk, status=Status.REJECTED, closed_at=NOW, rejected_for=reason.code),
    )
    assert reason.text.id in page.text
    assert f"Dasar hukum: {reason.basis.id}" in page.text
    unknown = stored(desk, status=Status.REJECTED, closed_at=NOW, rejected_for="gone")
    assert "Dasar hukum" not in seen(desk, unknown).text


def test_a_question_is_shown_with_its_date_and_answered_in_place(desk):
    complaint = stored(
        desk,
        status=Status.NEEDS_INFORMATION,
        clock="answer",
        clock_at=NOW + timedelta(days=10),
        version=3,
    )
    ask = an_entry(
        action=Action.ASK, status=Status.NEEDS_INFORMATION, public_note="Tiang nomor berapa?"
    )
    desk.store.entries[complaint.complaint_id, ask.action_id] = ask
    page = seen(desk, complaint)
    assert "jawab paling lambat 30-11-2026" in page.text
    assert "Tiang nomor berapa?" in page.text
    after = desk.send(form_with(page, "Kirim jawaban"), note="Nomor 12")
    assert desk.answer.status_code == HTTPStatus.OK
    assert "Terkirim" in after.text
    assert "Nomor 12" in after.text
    assert desk.only.status is Status.IN_PROGRESS


def test_each_reply_is_done_once_however_often_it_is_sent(desk):
    complaint = stored(desk, status=Status.RESOLVED, closed_at=NOW)
    form = form_with(seen(desk, complaint), "Ya, sudah selesai")
    for _ in range(2):
        page = desk.send(form)
        assert desk.answer.status_code == HTTPStatus.OK
        assert "Terkirim" in page.text
    assert desk.only.status is Status.CLOSED
    assert len(desk.store.entries) == 1


def test_not_done_wants_a_reason_and_opens_it_again(desk):
    complaint = stored(desk, status=Status.RESOLVED, closed_at=NOW)
    form = form_with(seen(desk, complaint), "Belum selesai")
    page = desk.send(form)
    assert desk.answer.status_code == HTTPStatus.BAD_REQUEST
    assert "Tulis jawaban atau alasannya." in page.text
    desk.send(form_with(page, "Belum selesai"), note="Masih berlubang")
    assert desk.only.status is Status.REOPENED


def test_a_returned_report_goes_on_in_another_category_with_its_number(desk):
    complaint = stored(
        desk,
        status=Status.RETURNED,
        assignments=(
            an_assignment(),
            an_assignment(no=2, agency="semarang-diskominfo", rule="returned"),
        ),
    )
    page = seen(desk, complaint)
    form = form_with(page, "Kirim dengan kategori ini")
    offered = [one["value"] for one in page.all("option")]
    assert "jalan-rusak" not in offered
    page = desk.send(form)
    assert desk.answer.status_code == HTTPStatus.BAD_REQUEST
    desk.send(form_with(page, "Kirim dengan kategori ini"), service_code="sampah")
    assert (desk.only.status, desk.only.service_code) == (Status.RECEIVED, "sampah")


def test_withdrawing_is_two_steps_away_and_possible(desk):
    complaint = stored(desk)
    page = seen(desk, complaint)
    assert "details" in page.tags
    desk.send(form_with(page, "Tarik laporan ini"), note="Sudah beres sendiri")
    assert desk.only.status is Status.WITHDRAWN


def test_what_is_not_possible_any_more_is_told_beside_how_it_stands_now(desk):
    complaint = stored(desk, status=Status.RESOLVED, closed_at=NOW)
    confirm = form_with(seen(desk, complaint), "Ya, sudah selesai")
    desk.store.complaints[complaint.complaint_id] = a_complaint(
        complaint_id=complaint.complaint_id, status=Status.IN_PROGRESS
    )
    page = desk.send(confirm)
    assert desk.answer.status_code == HTTPStatus.CONFLICT
    assert 'class="error"' in desk.answer.body
    assert words.status(Status.IN_PROGRESS) in page.text


@pytest.mark.parametrize(
    "action", [{"action": "accept"}, {"action": "confirm", "action_id": "x"}, {"action": HOSTILE}]
)
def test_a_form_that_was_tampered_with_does_nothing(desk, action):
    complaint = stored(desk, status=Status.RESOLVED, closed_at=NOW)
    page = seen(desk, complaint, **({"action_id": str(uuid4())} | action))
    assert desk.answer.status_code == HTTPStatus.BAD_REQUEST
    assert desk.only.status is Status.RESOLVED
    assert "script" not in page.tags


@pytest.mark.parametrize(
    "changes",
    [
        {"token": "wrong"},
        {"token": ""},
        {"token": HOSTILE},
        {"complaint_id": "SMG-0000000000000"},
        {"complaint_id": HOSTILE},
        {"complaint_id": ""},
        {"token": "wrong", "action": "withdraw", "action_id": str(uuid4())},
    ],
)
def test_a_wrong_number_or_code_opens_nothing_and_tells_nothing(desk, changes):
    complaint = stored(desk)
    page = seen(desk, complaint, **changes)
    assert desk.answer.status_code == HTTPStatus.FORBIDDEN
    assert "tidak cocok" in page.text
    assert complaint.description not in desk.answer.body
    assert "script" not in page.tags
    assert desk.only.status is Status.RECEIVED
    assert (
        page.form.values["complaint_id"]
        == changes.get("complaint_id", complaint.complaint_id).strip()
    )


def test_a_number_may_be_typed_in_any_way(desk):
    complaint = stored(desk)
    typed = complaint.complaint_id.lower().replace("-", " ")
    page = desk.post("/lacak", {"complaint_id": typed, "token": desk.token(complaint)})
    assert complaint.complaint_id in page.text


@pytest.mark.parametrize("body", ["\udcff", "a=" + "b" * 70_000])
def test_an_unreadable_form_is_answered_with_an_empty_one(desk, body):
    page = desk.post("/lacak", body)
    assert desk.answer.status_code in {400, 413}
    assert page.form.values["token"] == ""


def test_an_unknown_vehicle_is_told_politely_and_a_known_one_not_at_all(desk):
    unknown = stored(desk, vehicle_code="GJK-1", vehicle_known=False, status=Status.ASSIGNED)
    assert "GJK-1 belum kami kenal" in seen(desk, unknown).text
    for known in (True, None):
        other = stored(desk, vehicle_code="GJK-2", vehicle_known=known)
        assert "belum kami kenal" not in seen(desk, other).text


def test_it_speaks_english_to_who_prefers_it(desk):
    desk.language = "en"
    complaint = stored(desk, status=Status.RESOLVED, closed_at=NOW)
    page = seen(desk, complaint)
    assert page.all("html", lang="en")
    assert "Said to be resolved" in page.text
    assert {one for form in page.forms for one in form.buttons} == {
        "Yes, it is done",
        "It is not done",
    }
    assert desk.open("/lacak").title == "See your report"


def test_hostile_words_of_anyone_are_shown_as_text(desk):
    complaint = stored(
        desk, status=Status.ACCEPTED, description=HOSTILE, address_string=HOSTILE, version=3
    )
    entry = an_entry(public_note=HOSTILE)
    desk.store.entries[complaint.complaint_id, entry.action_id] = entry
    page = seen(desk, complaint)
    assert page.tags <= TAGS | {"ol", "br", "details", "summary", "strong"}
    assert page.text.count("<script>alert(1)</script>") == 3


def test_the_token_stands_in_forms_only(desk):
    complaint = stored(desk)
    page = seen(desk, complaint)
    token = desk.token(complaint)
    for _, found in page.elements:
        for name in ("href", "src", "action"):
            assert token not in str(found.get(name))
    assert form_with(page, "Tarik laporan ini").values["token"] == token


def photos(monkeypatch: pytest.MonkeyPatch, *views: PhotoView) -> None:
    """Let the reporter's view have photos."""
    original = ReportersComplaint.__init__

    def with_photos(self: Any, **values: Any) -> None:
        original(self, **(values | {"photos": list(views)}))

    monkeypatch.setattr(ReportersComplaint, "__init__", with_photos)


def test_photos_are_shown_from_the_bucket_and_rejected_ones_say_why(desk, monkeypatch):
    complaint = stored(desk)
    common: dict[str, Any] = {"photo_id": PHOTO_ID, "url": None, "thumbnail_url": None}
    photos(
        monkeypatch,
        PhotoView(
            photo_id=PHOTO_ID,
            status="ready",
            url=f"{BUCKET}/p/1.jpg?X=1&Y=2",
            thumbnail_url=f"{BUCKET}/t/1.jpg?X=1&Y=2",
            reason=None,
        ),
        PhotoView(**common, status="waiting", reason=None),
        PhotoView(**common, status="rejected", reason="Berkas ini PDF."),
    )
    page = seen(desk, complaint)
    (image,) = page.all("img")
    assert image["src"] == f"{BUCKET}/t/1.jpg?X=1&Y=2"
    assert image["alt"] == "Foto 1"
    assert "Foto 2: Sedang diperiksa" in page.text
    assert "Foto 3: Berkas ini PDF." in page.text
    assert f"img-src {BUCKET};" in desk.answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("changes", "takes"),
    [
        ({}, True),
        ({"photo_ids": tuple(f"{n}" * 26 for n in range(5))}, False),
        ({"status": Status.CLOSED, "closed_at": NOW}, False),
        ({"status": Status.WITHDRAWN, "closed_at": NOW}, False),
        ({"status": Status.RESOLVED, "closed_at": NOW}, True),
    ],
)
def test_photos_may_be_added_while_there_is_room(desk, monkeypatch, changes, takes):
    photos(monkeypatch)
    monkeypatch.setattr("functions.complaint_intake.photos.showing.for_reporter", lambda *_: [])
    nothing_known = SimpleNamespace(many=lambda *_, **__: {})
    monkeypatch.setattr("functions.complaint_intake.photos.showing.store", lambda: nothing_known)
    page = seen(desk, stored(desk, **changes))
    assert bool(page.all("iframe")) is takes
