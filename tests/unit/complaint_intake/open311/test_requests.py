"""What the public reads of a complaint over Open311, and what it never does."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake.open311.requests import (
    extended_request,
    request_update,
    service_request,
    update_id,
)
from shared.complaints.law import Action, Actor, Status
from shared.text import Text
from tests.builders import NOW, a_complaint, an_assignment, an_entry
from tests.small_config import JATENG, SEMARANG, changed
from tests.strategies import complaints, entries

pytestmark = pytest.mark.usefixtures("small_config")

languages = st.sampled_from(["id", "en"])
SECRET = re.compile("SECRET-[a-z]+")


def test_a_public_complaint_is_shown_with_the_standards_fields():
    complaint = a_complaint(
        status=Status.IN_PROGRESS,
        lat=-6.99,
        long=110.42,
        address_string="Pasar Johar",
        updated_at=NOW + timedelta(hours=1),
    )
    assert service_request(complaint, SEMARANG, "en").model_dump() == {
        "service_request_id": complaint.complaint_id,
        "status": "open",
        "status_notes": "Being worked on.",
        "service_name": "Damaged road",
        "service_code": "jalan-rusak",
        "description": "Jalan berlubang di depan pasar",
        "agency_responsible": "semarang-dpu (en)",
        "service_notice": None,
        "requested_datetime": "2026-11-20T12:00:00+07:00",
        "updated_datetime": "2026-11-20T13:00:00+07:00",
        "expected_datetime": "2026-11-25T12:00:00+07:00",
        "address": "Pasar Johar",
        "address_id": None,
        "zipcode": None,
        "lat": -6.99,
        "long": 110.42,
        "media_url": None,
    }


@given(complaints(), st.lists(entries(), max_size=3), languages)
def test_nothing_that_is_ours_or_the_reporters_alone_is_ever_shown(complaint, timeline, language):
    complaint = replace(
        complaint,
        key_hash="SECRET-key",
        fingerprint="SECRET-fingerprint",
        client="SECRET-client",
        device="SECRET-device",
        vehicle_code="SECRET-vehicle",
        media_url="SECRET-link",
        attributes={"patokan": "SECRET-landmark", "pemilik_jalan": "kota"},
    )
    timeline = [
        replace(
            entry,
            actor="SECRET-actor",
            internal_note="SECRET-note",
            fingerprint="SECRET-fingerprint",
            action_id="SECRET-id",
        )
        for entry in timeline
    ]
    shown = extended_request(complaint, SEMARANG, language, timeline=timeline).model_dump_json()
    told = [request_update(complaint, entry, language).model_dump_json() for entry in timeline]
    assert SECRET.findall(shown + "".join(told)) == []


@given(complaints(), st.lists(entries(), max_size=3), languages)
def test_what_is_not_public_shows_only_how_it_stands(complaint, timeline, language):
    hidden = replace(
        complaint,
        visibility="private",
        description="SECRET-text",
        address_string="SECRET-place",
        lat=-6.5,
        long=110.5,
        attributes={"pemilik_jalan": "kota"},
        assignments=tuple(
            replace(one, because=Text("SECRET-a", "SECRET-b")) for one in complaint.assignments
        ),
    )
    timeline = [replace(entry, public_note="SECRET-note") for entry in timeline]
    shown = extended_request(hidden, SEMARANG, language, timeline=timeline)
    assert SECRET.findall(shown.model_dump_json()) == []
    assert (shown.lat, shown.long, shown.attributes) == (None, None, [])
    assert shown.status in ("open", "closed")


def test_a_suspected_complaint_is_not_shown_either():
    shown = service_request(a_complaint(suspicion="honeypot"), SEMARANG, "id")
    assert (shown.description, shown.lat) == (None, None)


def test_what_finds_a_person_in_the_reporters_words_is_masked():
    complaint = a_complaint(
        status=Status.REOPENED,
        description="Hubungi 081234567890",
        address_string="Jl. Pandanaran No. 5",
    )
    note = an_entry(
        action=Action.REOPEN,
        role=Actor.REPORTER,
        status=Status.REOPENED,
        public_note="Telepon 085612345678 ya",
    )
    shown = extended_request(complaint, SEMARANG, "id", timeline=[note])
    written = shown.model_dump_json() + request_update(complaint, note, "id").model_dump_json()
    assert "081234567890" not in written
    assert "085612345678" not in written
    assert "No. 5" not in written
    assert "Pandanaran" in written


def test_the_notes_are_the_last_words_with_which_the_status_came():
    complaint = a_complaint(status=Status.RESOLVED)
    timeline = [
        an_entry(action=Action.ACCEPT, status=Status.ACCEPTED, public_note="Kami cek."),
        an_entry(action=Action.RESOLVE, status=Status.RESOLVED, public_note="Sudah ditambal."),
        an_entry(action=Action.NOTE, status=Status.RESOLVED, internal_note="arsip"),
    ]
    assert service_request(complaint, SEMARANG, "id", timeline=timeline).status_notes == (
        "Sudah ditambal."
    )
    earlier = service_request(complaint, SEMARANG, "id", timeline=timeline[:1])
    assert earlier.status_notes == "Selesai ditangani."


def test_a_category_that_is_not_known_yet_is_something_else():
    unsettled = a_complaint(service_code=None, visibility="private")
    shown = service_request(unsettled, SEMARANG, "id")
    assert (shown.service_code, shown.service_name) == ("lainnya", "Lainnya")
    without_other = service_request(replace(unsettled, jurisdiction_id="jateng"), JATENG, "id")
    assert (without_other.service_code, without_other.service_name) == ("", None)


def test_what_a_category_has_to_say_beforehand_is_its_notice():
    notice = Text("Ditangani dalam 3 hari.", "Handled within 3 days.")
    road = SEMARANG.categories[0].model_copy(update={"notice": notice})
    shown = service_request(a_complaint(), changed(SEMARANG, categories=(road,)), "en")
    assert shown.service_notice == "Handled within 3 days."


def test_answers_from_lists_are_shown_by_name_and_typed_ones_are_not():
    complaint = a_complaint(
        attributes={"pemilik_jalan": "kota", "patokan": "rumah Bu Tutik", "lama": "x"}
    )
    found = extended_request(complaint, SEMARANG, "en", timeline=[]).attributes
    assert [one.model_dump() for one in found] == [
        {
            "label": "Jalan siapa? (en)",
            "code": "kota",
            "name": "pemilik_jalan",
            "value": "Kota (en)",
        }
    ]


def test_an_answer_that_is_no_choice_any_more_is_shown_as_it_was():
    complaint = a_complaint(attributes={"pemilik_jalan": "desa"})
    (found,) = extended_request(complaint, SEMARANG, "en", timeline=[]).attributes
    assert found.value == "desa"


def test_the_steps_are_told_in_order_with_their_public_words():
    complaint = a_complaint(status=Status.RESOLVED, supporters=3)
    timeline = [
        an_entry(at=NOW + timedelta(hours=1)),
        an_entry(action=Action.NOTE, status=Status.ACCEPTED, internal_note="Alat rusak"),
        an_entry(
            at=NOW + timedelta(hours=2),
            action=Action.RESOLVE,
            status=Status.RESOLVED,
            public_note="Beres.",
        ),
    ]
    shown = extended_request(complaint, SEMARANG, "id", timeline=timeline)
    assert [(one.type, one.description) for one in shown.notes] == [
        ("submit", "Diterima, menunggu diteruskan."),
        ("route", "Jalan kota milik DPU."),
        ("accept", "Diterima oleh dinas."),
        ("resolve", "Beres."),
    ]
    assert shown.notes[2].datetime == "2026-11-20T13:00:00+07:00"
    assert shown.extended_attributes.model_dump() == {
        "detailed_status": "resolved",
        "supporters": 3,
        "photos": [],
    }


def test_a_step_is_an_update_with_the_finer_status_and_ours():
    complaint = a_complaint(status=Status.CLOSED, assignments=(an_assignment(),))
    entry = an_entry(
        version=7, action=Action.RESOLVE, status=Status.RESOLVED, public_note="Sudah ditambal."
    )
    assert request_update(complaint, entry, "id").model_dump() == {
        "update_id": f"{complaint.complaint_id}:7",
        "service_request_id": complaint.complaint_id,
        "status": "fixed",
        "updated_datetime": "2026-11-20T12:00:00+07:00",
        "description": "Sudah ditambal.",
        "media_url": None,
        "external_status_code": "resolved",
    }
    assert request_update(complaint, an_entry(), "en").description == "Accepted by the agency."
    assert update_id("SMG-1", entry) == "SMG-1:7"


def test_pictures_are_linked_the_first_in_the_standards_field():
    pictures = {"B": "https://api/b", "A": "https://api/a"}
    complaint = a_complaint(photo_ids=("B", "A"))
    shown = extended_request(complaint, SEMARANG, "id", timeline=[], pictures=pictures)
    assert shown.media_url == "https://api/b"
    assert shown.extended_attributes.photos == ["https://api/b", "https://api/a"]
    entry = an_entry(photo_ids=("C", "A"))
    assert request_update(complaint, entry, "id", pictures).media_url == "https://api/a"
    assert request_update(complaint, an_entry(), "id", pictures).media_url is None
