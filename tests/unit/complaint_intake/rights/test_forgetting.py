"""What is left of a complaint and its history when its reporter is forgotten."""

import json
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake.rights.forgetting import (
    MARKERS,
    Reason,
    forgotten,
    hidden,
    left_of,
)
from shared.complaints.items import complaint_values, entry_values
from shared.complaints.law import ACTORS, Action, Actor, Status
from shared.complaints.record import Complaint, TimelineEntry
from shared.text import Text
from tests.builders import NOW, a_complaint, an_assignment, an_entry
from tests.small_config import SEMARANG
from tests.strategies import complaints

reasons: st.SearchStrategy[Reason] = st.sampled_from(["request", "retention"])

#: Words that nobody else would write; each names where it stood.
SECRETS = {
    "description": "Rahasia-uraian 081200000081",
    "public_description": "Rahasia-uraian",
    "address_string": "Rahasia-alamat no 12",
    "attributes": {"patokan": "Rahasia-patokan", "pemilik_jalan": "kota"},
    "media_url": "https://rahasia-gambar.example/1.jpg",
    "vehicle_code": "RAHASIA-KENDARAAN",
    "device": "rahasia-gawai",
    "photo_ids": ("RAHASIA-FOTO",),
    "assignments": (
        an_assignment(because=Text("Kata “rahasia-kata” menunjuk.", "The words “rahasia-kata”.")),
        an_assignment(2),
    ),
}
#: What stays: what happened, when, whose it was, and where by some hundred metres.
STAYS = {
    "complaint_id",
    "jurisdiction_id",
    "key_hash",
    "fingerprint",
    "status",
    "kind",
    "service_code",
    "visibility",
    "visibility_chosen",
    "anonymous",
    "channel",
    "client",
    "vehicle_known",
    "vehicle_partner",
    "suspicion",
    "language",
    "legal_due_at",
    "paused_at",
    "escalation",
    "planned_at",
    "owed_by",
    "rejected_for",
    "hidden",
    "duplicates",
    "part_of",
    "parts",
    "duplicate_of",
    "created_at",
    "dispatch_due_at",
    "due_at",
    "closed_at",
    "supporters",
    "not_fixed",
    "erasure_requested_at",
    "undelivered_since",
    "undelivered_action",
}


def whole(**changes: Any) -> Complaint:
    """Return a complaint that says something in every field."""
    values: dict[str, Any] = SECRETS | {
        "status": Status.CLOSED,
        "lat": -6.9912345,
        "long": 110.4212345,
        "drafted_at": NOW,
        "closed_at": NOW,
        "contact_shared": True,
        "notify": True,
        "anonymous": False,
    }
    return a_complaint(**(values | changes))


def erased(complaint: Complaint, reason: Reason = "request") -> Complaint:
    return forgotten(hidden(complaint, reason, SEMARANG), NOW, SEMARANG)


def test_nothing_that_the_reporter_wrote_or_sent_is_left():
    left = json.dumps(complaint_values(erased(whole())), default=str)
    assert "rahasia" not in left.lower()


def test_every_field_either_stays_or_is_known_to_go():
    before, after = whole(), erased(whole())
    changed = {
        field.name
        for field in fields(Complaint)
        if getattr(before, field.name) != getattr(after, field.name)
        and field.name != "complaint_id"
    }
    assert changed == {
        *SECRETS,
        *("lat", "long", "drafted_at", "contact_shared", "notify"),
        *("token_epoch", "version", "erased_at"),
    }
    rest = {"complaint_id"} | {field.name for field in fields(Complaint)} - changed
    assert rest - {"updated_at", "clock", "clock_at"} == STAYS


@given(complaints(), reasons)
def test_what_stays_is_as_it_was(complaint, reason):
    after = erased(complaint, reason)
    assert {name: getattr(after, name) for name in STAYS} == {
        name: getattr(complaint, name) for name in STAYS
    }


@given(complaints(), reasons, reasons)
def test_hiding_twice_changes_nothing_more(complaint, first, second):
    once = hidden(complaint, first, SEMARANG)
    assert hidden(once, second, SEMARANG) is once
    assert once.description == MARKERS[first]


@pytest.mark.parametrize("reason", MARKERS)
@pytest.mark.parametrize("typed", MARKERS.values())
def test_who_types_a_marker_has_the_rest_hidden_too(typed, reason):
    after = erased(whole(description=typed), reason)
    assert (after.address_string, after.token_epoch) == (None, 1)


def test_what_configuration_no_longer_lists_is_hidden_later_by_the_token_of_before():
    asked = replace(hidden(whole(), "request", SEMARANG), erasure_requested_at=NOW)
    again = hidden(replace(asked, attributes={"dahulu": "y"}), "request", SEMARANG)
    assert (again.attributes, again.token_epoch) == ({}, asked.token_epoch)


def test_the_tracking_token_is_revoked_once():
    complaint = whole(token_epoch=4)
    assert erased(complaint).token_epoch == 5


def test_a_place_is_rounded_to_a_hundred_metres():
    after = erased(whole())
    assert (after.lat, after.long) == (-6.991, 110.421)
    assert erased(whole(lat=None, long=None)).lat is None


def test_answers_chosen_from_a_list_stay_and_written_ones_go():
    after = erased(whole(attributes={"pemilik_jalan": "kota", "patokan": "x", "dahulu": "y"}))
    assert after.attributes == {"pemilik_jalan": "kota"}


def test_a_reason_without_quotes_stays():
    after = erased(whole())
    assert [one.because.id for one in after.assignments] == [
        "Alasannya dihapus bersama isi laporan.",
        "Jalan kota milik DPU.",
    ]
    english = an_assignment(because=Text("Tanpa kutipan.", "It mentions “one”."))
    (left,) = erased(whole(assignments=(english,))).assignments
    assert left == replace(english, because=left.because) != english


def test_photos_and_the_device_are_kept_until_they_are_deleted_where_they_lie():
    halfway = hidden(whole(), "request", SEMARANG)
    assert (halfway.photo_ids, halfway.device) == (SECRETS["photo_ids"], SECRETS["device"])


def test_what_is_forgotten_has_no_clock_any_more():
    complaint = whole(clock="retention", clock_at=NOW - timedelta(days=1))
    after = erased(complaint, "retention")
    assert (after.clock, after.clock_at, after.erased_at) == (None, None, NOW)


def entry_by(actor: Actor) -> st.SearchStrategy[TimelineEntry]:
    actions = [action for action in Action if actor in ACTORS[action]]
    notes = st.none() | st.text(min_size=1, max_size=20)
    return st.builds(
        an_entry,
        role=st.just(actor),
        action=st.sampled_from(actions),
        public_note=notes,
        internal_note=notes,
        replaced=notes,
        photo_ids=st.sampled_from([(), ("RAHASIA-FOTO",)]),
    )


@given(st.sampled_from([Actor.REPORTER, Actor.PUBLIC]).flatmap(entry_by), reasons)
def test_of_a_step_of_citizens_only_that_it_was_taken_is_left(entry, reason):
    after = left_of(entry, reason)
    assert after == replace(
        entry,
        public_note=MARKERS[reason] if entry.public_note else None,
        internal_note=None,
        replaced=None,
        photo_ids=(),
        fingerprint="",
    )


@given(st.sampled_from([Actor.AGENCY, Actor.DESK, Actor.CLOCK]).flatmap(entry_by), reasons)
def test_what_an_agency_told_the_public_stays_without_numbers_that_find_anyone(entry, reason):
    said = replace(entry, public_note="Sudah kami telepon di 081200000081.")
    after = left_of(said, reason)
    assert after.public_note == "Sudah kami telepon di [nomor disamarkan]."
    assert after.fingerprint == entry.fingerprint
    assert (after.internal_note, after.replaced) == (None, None)
    assert left_of(replace(entry, public_note=None), reason).public_note is None


@given(st.sampled_from(list(Actor)).flatmap(entry_by), reasons)
def test_what_is_left_of_a_step_is_left_for_good(entry, reason):
    once = left_of(entry, reason)
    assert left_of(once, reason) == once
    json.dumps(entry_values(a_complaint(), once))


@pytest.mark.parametrize("reason", MARKERS)
def test_a_marker_says_why_in_brackets(reason):
    assert MARKERS[reason].startswith("[dihapus ")
    assert MARKERS[reason].endswith("]")
