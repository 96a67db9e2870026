"""What a reporter is told of what is held: all of it, by whom it was processed, and whom it reached."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake.rights.held import Held, PersonalData, personal_data
from shared.complaints.law import Action, Actor, Status
from shared.complaints.photo_views import PhotoView
from shared.complaints.record import Complaint
from tests.builders import NOW, a_complaint, an_assignment, an_entry
from tests.small_config import SEMARANG
from tests.strategies import complaints, entries

pytestmark = pytest.mark.usefixtures("small_config")

AT = "2026-11-20T05:00:00.000Z"
NOTHING = Held(contact=None, notices=(), log=())


def told(complaint: Complaint, held: Held = NOTHING, **changes: Any) -> PersonalData:
    given = {"timeline": (), "photos": (), "language": "id"} | changes
    return personal_data(
        complaint, given["timeline"], held, given["photos"], SEMARANG, given["language"]
    )


@given(complaints())
def test_every_field_that_the_reporter_filled_is_told(complaint):
    written = told(complaint).complaint
    for name in ("description", "address_string", "lat", "long", "media_url", "vehicle_code"):
        assert getattr(written, name) == getattr(complaint, name)
    assert written.attributes == complaint.attributes
    assert written.device is (complaint.device is not None)


@given(st.lists(entries(), max_size=6))
def test_of_the_timeline_only_the_reporters_own_words_are_theirs(timeline):
    said = told(a_complaint(), timeline=timeline).said
    own = [one for one in timeline if one.role is Actor.REPORTER]
    assert [(one.at, one.action, one.note) for one in said] == [
        (one.at, one.action, one.public_note) for one in own
    ]


def test_the_contact_is_told_as_it_was_given_and_nothing_of_how_it_is_stored():
    contact = {"pk": "C#1", "sk": "CONTACT", "phone": "+6281200000081", "notify": ["sms"]}
    shown = told(a_complaint(), Held(contact=contact, notices=(), log=())).contact
    assert shown is not None
    assert shown.model_dump(exclude_defaults=True) == {"phone": "+6281200000081", "notify": ["sms"]}


@pytest.mark.parametrize(
    ("item", "outcome", "at"),
    [
        ({"sent_at": AT}, "sent", NOW),
        ({"failed_at": AT, "reason": "no such address"}, "failed", NOW),
        ({"lease_until": AT}, "on its way", None),
    ],
)
def test_a_notice_is_told_with_what_became_of_it(item, outcome, at):
    notice = {"channel": "email", "occasion": "resolved", **item}
    (shown,) = told(a_complaint(), Held(contact=None, notices=[notice], log=())).notices
    assert (shown.channel, shown.occasion, shown.outcome, shown.at) == (
        "email",
        "resolved",
        outcome,
        at,
    )


def test_who_processed_it_is_told_in_order():
    log = [{"what": "contact read", "by": "client:semarang-dpu", "at": AT, "sk": "LOG#1"}]
    (shown,) = told(a_complaint(), Held(contact=None, notices=(), log=log)).processing
    assert (shown.what, shown.by, shown.at) == ("contact read", "client:semarang-dpu", NOW)


def test_every_agency_that_had_it_is_named_once_since_the_first_time():
    later = NOW + timedelta(days=1)
    complaint = a_complaint(
        status=Status.ASSIGNED,
        visibility="private",
        assignments=(
            an_assignment(1, "semarang-dpu"),
            an_assignment(2, "semarang-diskominfo", at=later),
            an_assignment(3, "semarang-dpu", at=later),
        ),
    )
    shared = told(complaint).shared_with
    assert [(one.name, one.since) for one in shared] == [
        ("semarang-dpu (id)", NOW),
        ("semarang-diskominfo (id)", later),
    ]


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({"visibility": "public"}, ["public"]),
        ({"visibility": "public", "suspicion": "honeypot"}, []),
        ({"visibility": "secret", "client": "kota-lain"}, ["client"]),
        ({"visibility": "private", "vehicle_partner": "gojek"}, ["partner"]),
    ],
)
def test_whoever_else_was_given_something_is_named(changes, kinds):
    assert [one.kind for one in told(a_complaint(**changes)).shared_with] == kinds


def test_when_it_will_be_erased_is_told_once_it_is_known():
    closed = a_complaint(status=Status.CLOSED, closed_at=NOW)
    assert told(closed).retention.erase_at == NOW + timedelta(days=730)
    assert told(a_complaint()).retention.erase_at is None
    erased = a_complaint(status=Status.CLOSED, closed_at=NOW, erased_at=NOW)
    assert told(erased).retention.erase_at is None
    assert told(erased).erased_at == NOW


def test_what_was_asked_to_be_erased_is_due_within_72_hours():
    asked = a_complaint(status=Status.CLOSED, closed_at=NOW, erasure_requested_at=NOW)
    assert told(asked).erase_by == NOW + timedelta(hours=72)
    assert told(a_complaint()).erase_by is None


def test_photos_and_names_come_in_the_language_asked_for():
    photo = PhotoView(photo_id="1", status="ready", url="u", thumbnail_url="t", reason=None)
    shown = told(a_complaint(), photos=[photo], language="en")
    assert shown.photos == [photo]
    assert shown.shared_with[-1].name == "Semarang City"


def test_a_step_of_an_agency_is_not_the_reporters():
    answer = an_entry(action=Action.RESOLVE, public_note="Sudah.")
    assert told(a_complaint(), timeline=[answer]).said == []
